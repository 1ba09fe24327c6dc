"""Bringing drafts into contacts, and what of a contact may be shared."""

from dataclasses import replace

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.contacts.merge import ContactDraft, follow, merge, without_sources
from chalicelib.domain.contacts.model import MEMBER, ContactPayload, Kept

T1, T2, T3, T4 = (f"2026-0{month}-01T00:00:00.000Z" for month in range(1, 5))
DRAFT = ContactDraft(
    first_name=" Zoë ",
    last_name="Fischer",
    emails=(EmailAddress.parse("Zoe@x.example"), EmailAddress.parse("zoe@X.example")),
    phones=("+33 6 12 34 56 78", "0033612345678", "12"),
    profile_urls=("linkedin.com/in/zoe",),
    company_name="x" * 400,
    source_id="row:1",
)


def _merged(
    payload: ContactPayload, draft: ContactDraft = DRAFT, source: str = "import:linkedin_csv"
) -> ContactPayload:
    merged = merge(payload, draft, source, T2)
    assert merged is not None
    return merged


def test_an_empty_contact_is_filled() -> None:
    made = _merged(ContactPayload(created_at=T2))
    assert made.first_name == Kept(value="Zoë", sources={"import:linkedin_csv": T2})
    assert [kept.value for kept in made.emails] == ["Zoe@x.example"]
    assert [kept.value for kept in made.phones] == ["+33 6 12 34 56 78"]
    assert made.company_name is not None
    assert len(made.company_name.value) == 300
    assert (made.source_ids, made.updated_at, made.shown_at) == (["row:1"], T2, T2)
    assert made.sources == {"import:linkedin_csv": T2}


def test_the_same_again_changes_nothing() -> None:
    assert merge(_merged(ContactPayload()), DRAFT, "import:linkedin_csv", "2026-03-01T00:00:00.000Z") is None


def test_rows_of_one_person_say_what_the_first_says_and_the_same_file_again_nothing() -> None:
    rows = (
        ContactDraft(last_name="Doe", title="Buyer", phones=("+49 30 1234567",)),
        ContactDraft(last_name="Doe", title="Boss", phones=("0049 30 1234567",), company_name="Nord"),
    )

    def imported(payload: ContactPayload, at: str) -> ContactPayload:
        for number, row in enumerate(rows):
            payload = merge(payload, row.beside(rows[:number]), "import:vcard", at) or payload
        return payload

    made = imported(ContactPayload(created_at=T1), T1)
    assert [said(made.title), said(made.phones[0])] == [
        ("Buyer", {"import:vcard": T1}),
        ("+49 30 1234567", {"import:vcard": T1}),
    ]
    assert (said(made.company_name), made.beside) == (("Nord", {"import:vcard": T1}), {})
    assert imported(made, T2) is made


def test_what_is_there_stands_and_lists_are_united() -> None:
    before = ContactPayload(
        first_name=Kept(value="Zoé", sources={MEMBER: T1}),
        last_name=Kept(value="Fischer", sources={MEMBER: T1}),
        emails=[Kept(value="zf@x.example", sources={MEMBER: T1})],
        created_at=T1,
    )
    made = _merged(before)
    assert made.first_name == before.first_name
    assert said(made.last_name) == ("Fischer", {MEMBER: T1, "import:linkedin_csv": T2})
    assert [said(kept) for kept in made.beside["first_name"]] == [("Zoë", {"import:linkedin_csv": T2})]
    assert [kept.value for kept in made.emails] == ["zf@x.example", "Zoe@x.example"]
    assert made.created_at == T1


def test_marks_of_a_draft_are_those_of_its_contact() -> None:
    assert set(DRAFT.marks()) == set(_merged(ContactPayload()).held())


def test_nothing_that_only_a_crm_knows_is_shared() -> None:
    crm = _merged(ContactPayload(created_at=T1), source="hubspot:con_1")
    assert crm.shared(with_companies=True) is None
    known = _merged(crm, ContactDraft(last_name="Fischer"), source=MEMBER)
    shown = known.shared(with_companies=True)
    assert shown is not None
    assert (shown.first_name, shown.emails, shown.phones, shown.source_ids) == (None, [], [], [])
    assert shown.last_name == Kept(value="Fischer", sources={MEMBER: T2})
    assert shown.sources == {MEMBER: T2}


def test_a_change_that_is_not_shown_does_not_move_the_shared_time() -> None:
    known = _merged(ContactPayload(created_at=T1), ContactDraft(last_name="Fischer"), source=MEMBER)
    later = merge(known, ContactDraft(title="CTO"), "salesforce", "2026-03-01T00:00:00.000Z")
    assert later is not None
    assert later.shown_at == T2
    assert later.updated_at > T2


def test_what_a_file_says_is_the_members_own_to_share() -> None:
    assert _merged(ContactPayload(), source="import:vcard").shared(with_companies=True) is not None


CRM, OTHER = "salesforce:cxn_1", "google:cxn_2"


def said(kept: Kept | None) -> tuple[str, dict[str, str]] | None:
    """The value, and who says it since when."""
    return (kept.value, kept.sources) if kept else None


THERE = ContactDraft(
    first_name="Ana",
    last_name="Doe",
    emails=(EmailAddress.parse("ana@x.example"), EmailAddress.parse("old@x.example")),
    title="Buyer",
    source_id=f"{CRM}:1",
    company_id="com_1",
    company_name="Nord",
)


def test_what_only_a_source_said_follows_it_and_the_rest_stands() -> None:
    made = follow(ContactPayload(created_at=T1), THERE, CRM, T1)
    assert follow(made, THERE, CRM, T2) is made
    both = follow(made, ContactDraft(emails=(EmailAddress.parse("OLD@x.example"),), title="Boss"), OTHER, T2)
    mine = both.model_copy(update={"last_name": Kept(value="Roe", sources={MEMBER: T2})})
    moved = follow(mine, ContactDraft(first_name="Eva", last_name="Doe", source_id=f"{CRM}:1", opted_out=True), CRM, T2)
    assert moved.first_name == Kept(value="Eva", sources={CRM: T2})
    assert moved.last_name == Kept(value="Roe", sources={MEMBER: T2})
    assert (moved.company_name, moved.company_id) == (None, None)
    assert said(moved.title) == ("Boss", {OTHER: T2}), "the CRM says nothing any more, and the other still does"
    assert [said(kept) for kept in moved.emails] == [("OLD@x.example", {OTHER: T2})]
    assert [said(kept) for kept in moved.beside["last_name"]] == [("Doe", {CRM: T2})]
    assert (moved.opted_out, moved.source_ids) == (True, [f"{CRM}:1"])
    again = follow(moved, ContactDraft(first_name="Eva", last_name="Doe", source_id=f"{CRM}:1"), CRM, T2)
    assert again.opted_out, "nobody takes an opt-out back by leaving it out"


def test_a_company_that_the_member_linked_stays_linked() -> None:
    linked = ContactPayload(first_name=Kept(value="Ana", sources={MEMBER: T1}), company_id="com_9", created_at=T1)
    made = follow(linked, THERE, CRM, T1)
    assert (made.company_id, made.company_from) == ("com_9", "")
    assert without_sources(made, frozenset({CRM})).company_id == "com_9"


def test_without_a_source_only_what_others_say_is_left() -> None:
    made = follow(ContactPayload(created_at=T1), THERE, CRM, T1)
    assert not without_sources(made, frozenset({CRM})).says_who
    both = follow(made, ContactDraft(last_name="Doe", phones=("+49 30 1234567",)), OTHER, T2)
    left = without_sources(both, frozenset({CRM}))
    assert (left.first_name, left.emails, left.company_id, left.source_ids) == (None, [], None, [])
    assert said(left.last_name) == ("Doe", {OTHER: T2})


def test_what_a_crm_links_is_not_shown_to_colleagues() -> None:
    made = follow(ContactPayload(created_at=T1), THERE, CRM, T1)
    mine = made.model_copy(update={"last_name": Kept(value="Doe", sources={MEMBER: T1, CRM: T1})})
    shown = mine.shared(with_companies=True)
    assert shown is not None
    assert (shown.company_id, shown.company_name, shown.emails, shown.title) == (None, None, [], None)
    assert CRM not in shown.sources
    assert OTHER not in follow(mine, ContactDraft(last_name="Doe"), OTHER, T2).shared(with_companies=True).sources  # type: ignore[union-attr]


def test_a_change_of_what_is_not_shown_moves_no_time_but_a_colleagues() -> None:
    draft = ContactDraft(last_name="Doe", title="Buyer", emails=(EmailAddress.parse("ana@x.example"),))
    made = follow(ContactPayload(created_at=T1, updated_at=T1), draft, OTHER, T1)
    mine = made.model_copy(
        update={"title": Kept(value="Queen", sources={MEMBER: T1}), "beside": {"title": [made.title]}}
    )
    after = follow(mine, replace(draft, title="Boss"), OTHER, T2)
    assert [said(kept) for kept in after.beside["title"]] == [("Boss", {OTHER: T2})]
    assert (after.updated_at, after.differs_visibly(mine)) == (T1, False)
    crm = follow(made, replace(draft, title="CFO"), CRM, T1)
    crm = follow(crm, replace(draft, title="Chair"), CRM, T3)
    other = follow(crm, replace(draft, title="Boss", modified_at=T2), OTHER, T4)
    assert (said(crm.title), said(other.title)) == (("Chair", {CRM: T3}), ("Chair", {CRM: T3}))
    assert (other.updated_at, other.shown_at, other.bare_at) == (T3, T4, T4), "a colleague alone is shown the other's"
