"""Who is the same person: an identifier of their own, and names that agree."""

import pytest

from chalicelib.core import ids
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import MemberId, SortKey
from chalicelib.domain.contacts.merge import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload, Kept
from chalicelib.domain.ingest.identity import Who, agree, chosen, name_of, same, who_comes, who_is

CXN = f"salesforce:{ids.new_owned('cxn', MemberId('mem_01m8bv7tx9ttqzbgemprmpfx7b'))}"


def who(name: str = "", email: str = "ana@one.example", url: str = "", source_id: str | None = None) -> Who:
    first, _, last = name.partition(" ")
    emails = (EmailAddress.parse(email),) if email else ()
    return who_comes(ContactDraft(first, last, emails, profile_urls=(url,) if url else (), source_id=source_id))


AGREE = [
    ("Anna Keller", "anna KELLER"),
    ("Anna Keller", "Keller Anna"),
    ("Anna Keller", "A. Keller"),
    ("A K", "Anna Keller"),
    ("Jean-Pierre Roux", "J.P. Roux"),
    ("Anna Maria Keller", "Anna Keller"),
    ("Anna Keller", "Anna"),
    ("Anna Keller", ""),
    ("Ána Muñoz", "Ana Munoz"),
    ("Jörg Müller", "Joerg Mueller"),
    ("Sean O’Brien", "Sean OBrien"),
    ("伟 王", "王伟"),
    ("Jeanpierre Roux", "Jean Pierre Roux"),
    ("राम शर्मा", "शर्मा राम"),
    ("علی\u200cرضا کریمی", "علیرضا کریمی"),
]
DIFFER = [
    ("Ann Smith", "Bob Smith"),
    ("Ana Doe", "Ben Roe"),
    ("Anna Keller", "Anna Weber"),
    ("A. Smith", "Bob Smith"),
    ("John Smith Jr", "John Smith Sr"),
    ("Amy Smith", "May Smith"),
    ("Mr Smith", "Mrs Smith"),
    ("राम शर्मा", "रमा शर्मा"),  # signs for vowels tell names apart
    ("রহিম উদ্দিন", "রহমা উদ্দিন"),
    ("สมชาย ดี", "สมชาย ดำ"),
]


@pytest.mark.parametrize(("one", "other", "expected"), [(*n, True) for n in AGREE] + [(*n, False) for n in DIFFER])
def test_names_agree_where_one_is_missing_shorter_turned_or_spelt_otherwise(
    one: str, other: str, expected: bool
) -> None:
    ours, theirs = (name_of(*each.split(" ", 1)) if " " in each else name_of(each, "") for each in (one, other))
    assert agree([ours], [theirs]) is agree([theirs], [ours]) is expected
    assert same(who(one), who(other)) is expected


def test_a_contact_is_known_by_each_name_that_a_source_has() -> None:
    at = "2026-01-01T00:00:00Z"
    names = [("csv", "Anna", "Berg"), ("google", "Anna", "Dahl"), ("x", "Anna", "")]
    first, *firsts = (Kept(value=one, sources={source: at}) for source, one, _ in names)
    last, *lasts = (Kept(value=other, sources={source: at}) for source, _, other in names if other)
    emails = [Kept(value="ana@one.example", sources={"csv": at})]
    beside = {"first_name": firsts, "last_name": lasts}
    contact = ContactPayload(first_name=first, last_name=last, emails=emails, beside=beside, created_at=at)
    assert contact.names() == [("Anna", "Berg"), ("Anna", "Dahl"), ("Anna", "")]
    there = {SortKey("contact#a"): contact}
    assert chosen(who("Anna Berg"), there) == chosen(who("Anna Dahl"), there) == chosen(who("A. Dahl"), there)
    assert chosen(who("Anna Dahl"), there) is not None
    assert chosen(who("Anna Weber"), there) is chosen(who("Ben Berg"), there) is None


def test_a_name_alone_or_an_identifier_of_nobody_joins_nothing() -> None:
    assert not same(who("Ana Doe", "ana@one.example"), who("Ana Doe", "ana@two.example"))
    assert not same(who("Ana Doe", "info@one.example"), who("Ana Doe", "info@one.example"))
    team, own = "https://shop.example/team", "https://linkedin.com/in/ana"
    assert not same(who("Ana Doe", "", team), who("Ana Doe", "", team))
    assert same(who("Ana Doe", "", own), who("Ana", "", "http://www.LinkedIn.com/in/ana/"))
    assert same(who("Ana Doe", "ana.doe@gmail.com"), who("Ana Doe", "AnaDoe@googlemail.com"))


def test_one_record_is_one_whatever_it_says_and_two_of_one_connection_are_two() -> None:
    assert same(who("Ana Doe", "old@one.example", source_id=f"{CXN}:1"), who("Eva Roe", source_id=f"{CXN}:1"))
    assert not same(who("Ana Doe", source_id=f"{CXN}:1"), who("Ana Doe", source_id=f"{CXN}:2"))
    assert same(who("Ana Doe", source_id="import:hubspot_csv:1"), who("Ana Doe", source_id="import:hubspot_csv:2"))


def test_the_oldest_of_several_contacts_is_chosen_and_none_of_strangers() -> None:
    def contact(first: str, created_at: str) -> ContactPayload:
        return ContactPayload(
            first_name=Kept(value=first), emails=[Kept(value="ana@one.example")], created_at=created_at
        )

    a, b, c = map(SortKey, "abc")
    there = {c: contact("Ana", "2026-03"), b: contact("A.", "2026-02"), a: contact("Bob", "2026-01")}
    assert chosen(who("Ana Doe"), there) == b
    assert chosen(who("Bob Doe"), there) == a
    assert chosen(who("Eve Doe"), there) is None
    assert same(who("Ana Doe"), who_is(there[c]))


def test_an_address_that_is_not_shown_tells_who_a_contact_is() -> None:
    at = "2026-01-01T00:00:00Z"
    beside = {"emails": [Kept(value="anna@example.com", sources={"google_contacts:cxn_1": at})]}
    there = ContactPayload(first_name=Kept(value="Anna", sources={"member": at}), beside=beside)
    draft = ContactDraft(first_name="Anna", emails=(EmailAddress.parse("anna@example.com"),))
    assert chosen(who_comes(draft), {SortKey("contact#x#y"): there}) == "contact#x#y"


def test_one_character_is_an_initial_only_where_letters_have_a_case() -> None:
    assert agree([name_of("A", "Keller")], [name_of("Anna", "Keller")])
    assert agree([name_of("А", "Иванов")], [name_of("Анна", "Иванов")])
    assert not agree([name_of("小", "王")], [name_of("小明", "王")])
