"""What our connector makes of a member's Salesforce: contacts and accounts, what has changed, and every fault by its name."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import CursorExpired, NotPermitted, OverQuota, Page, Stream
from chalicelib.connectors.salesforce import fields, people, soql
from chalicelib.connectors.salesforce.oauth import Unreadable
from chalicelib.connectors.salesforce.soql import Compared, Either, OneOf, Operator
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.people import KNOWN
from infra.simulators.salesforce.seed import FORBIDDEN
from infra.simulators.salesforce.simulator import Salesforce
from tests.support.salesforce_grant import connect, walk


def names(pages: list[Page]) -> dict[str, str]:
    return {person.external_id: person.last_name for page in pages for person in page.people}


def gone(pages: list[Page]) -> set[str]:
    return {ident for page in pages for ident in page.gone}


def test_everybody_is_read_once_and_nothing_but_the_fields_of_the_tables(crm: Salesforce) -> None:
    crm.seed()
    crm.page_size = 70
    member = connect(crm)
    companies, _ = walk(member.source(Stream.COMPANIES))
    contacts, _ = walk(member.source())
    seen = [person for page in contacts for person in page.people]
    employers = {company.external_id: company for page in companies for company in page.organizations}
    assert len(seen) == len({person.external_id for person in seen}) == len(KNOWN["salesforce"])
    assert all(p.emails[0].endswith(f"@{employers[p.company_external_id].domain}") and p.title for p in seen)
    assert sum(person.opted_out for person in seen) == len([n for n in KNOWN["salesforce"] if n % 17 == 0]) > 0
    assert (member.source().count(), member.source(Stream.COMPANIES).count()) == (len(seen), len(employers))
    assert FORBIDDEN not in repr((contacts, companies))
    asked = {re.split(r" WHERE | ORDER | LIMIT ", entry["query"].get("q", ""))[0] for entry in crm.log} - {""}
    words = [set(re.findall(r"\w+", query)) - {"SELECT", "FROM"} for query in asked if "COUNT()" not in query]
    selected = [{*fields.ACCOUNT_FIELDS, "Account"}, {*fields.CONTACT_FIELDS, "Contact"}]
    assert sorted(map(sorted, words)) == sorted(map(sorted, selected))
    counted = {query for query in asked if "COUNT()" in query}
    assert counted == {"SELECT COUNT() FROM Account", "SELECT COUNT() FROM Contact"}
    signing_in = {"/services/oauth2/authorize", "/services/oauth2/token"}
    assert {entry["path"] for entry in crm.log} - signing_in == {"/services/data/v62.0/query"}


def test_each_field_has_its_purpose_and_there_are_no_more_than_these() -> None:
    allowed = "Id FirstName LastName Email Title AccountId HasOptedOutOfEmail SystemModstamp IsDeleted"
    allowed += " MasterRecordId Name Website IsPersonAccount"
    assert {**fields.CONTACT_FIELDS, **fields.ACCOUNT_FIELDS}.keys() == set(allowed.split())
    assert all([*fields.CONTACT_FIELDS.values(), *fields.ACCOUNT_FIELDS.values()])


def test_changes_are_followed_from_where_the_full_pass_began(cloud: Cloud, crm: Salesforce, seven: list[str]) -> None:
    source = connect(crm).source()
    pages, position = walk(source)
    assert set(names(pages)) == set(seven)
    cloud.advance(3600)
    new = crm.crm.add("Contact", LastName="New")
    crm.crm.change("Contact", seven[0], LastName="Changed", HasOptedOutOfEmail=True)
    crm.crm.delete("Contact", seven[1])
    pages, position = walk(source, position)
    assert (names(pages), gone(pages)) == ({new: "New", seven[0]: "Changed"}, {seven[1]})
    assert [p.opted_out for page in pages for p in page.people if p.external_id == seven[0]] == [True]
    stamps = {each["Id"]: clock.parse_rfc3339(each["SystemModstamp"]) for each in crm.crm.all("Contact")}
    modified = {p.external_id: clock.parse_rfc3339(p.modified_at) for page in pages for p in page.people}
    assert modified == {ident: stamps[ident] for ident in (new, seven[0])}
    crm.crm.restore("Contact", seven[1])
    pages, position = walk(source, position)
    assert names(pages)[seven[1]] == "1", "what comes out of the recycle bin is there again"
    cloud.advance(3600)
    _, position = walk(source, position)
    pages, after = walk(source, position)
    assert [(page.people, page.gone) for page in pages] == [((), ())]
    assert not after.full


def test_more_changes_in_one_second_than_fit_a_page_are_all_seen(
    cloud: Cloud, crm: Salesforce, seven: list[str]
) -> None:
    source = connect(crm).source()
    _, position = walk(source)
    cloud.advance(3600)
    for ident in seven:
        crm.crm.change("Contact", ident, Title="Same second")
    pages, _ = walk(source, position)
    counted = Counter(person.external_id for page in pages for person in page.people)
    assert counted == dict.fromkeys(seven, 1)
    assert len(pages) == 3


@pytest.mark.parametrize("kind", ["vanish", "change", "repeat"])
def test_what_happens_between_pages_neither_loses_nor_doubles(crm: Salesforce, seven: list[str], kind: str) -> None:
    source = connect(crm).source()
    first = source.page(source.start())
    crm.fault(kind)
    pages, position = walk(source, first.position)
    counted = Counter(person.external_id for page in [first, *pages] for person in page.people)
    assert counted == dict.fromkeys(seven, 1)
    pages, _ = walk(source, position)
    assert (gone(pages), "Changed between pages" in names(pages).values()) == (
        {seven[3]} if kind == "vanish" else set(),
        kind == "change",
    )


def test_a_page_that_repeats_without_end_is_no_page(crm: Salesforce, seven: list[str]) -> None:
    source = connect(crm).source()
    first = source.page(source.start())
    crm.fault("repeat", times=9)
    with pytest.raises(Unreadable):
        source.page(first.position)


def test_records_are_looked_at_by_their_ids(crm: Salesforce, seven: list[str]) -> None:
    source = connect(crm).source()
    crm.crm.delete("Contact", seven[1])
    crm.crm.destroy("Contact", seven[2])
    page = source.look([*seven[:4], "no id of theirs"])
    assert set(names([page])) == {seven[0], seven[3]}
    assert sorted(page.gone) == sorted([*seven[1:3], "no id of theirs"])
    assert source.count() == 5
    assert source.look(["x"]).gone == ("x",)


def test_a_position_older_than_the_recycle_bin_is_lost(cloud: Cloud, crm: Salesforce, seven: list[str]) -> None:
    source = connect(crm).source()
    _, position = walk(source)
    crm.crm.delete("Contact", seven[0])
    cloud.advance(20 * 86_400)
    with pytest.raises(CursorExpired):
        source.page(position)


QUOTA = [
    ({"seconds": 40}, 40),
    ({"seconds": 40, "status": 429}, 40),
    ({"seconds": 0}, 900),
    ({"seconds": 0, "status": 429}, 60),
]


@pytest.mark.parametrize(("more", "seconds"), QUOTA)
def test_a_quota_says_when_to_come_again(crm: Salesforce, more: dict[str, int], seconds: int) -> None:
    source = connect(crm).source()
    crm.fault("quota", **more)
    for call in (source.count, lambda: source.page(source.start()), lambda: source.look(["003000000000001AAA"])):
        with pytest.raises(OverQuota) as over:
            call()
        assert over.value.retry_after == seconds
    crm.heal()
    assert source.count() == 0


def refused(reason: str) -> Callable[[Salesforce], None]:
    return lambda salesforce: salesforce.fault("refused", reason=reason)


def hidden(name: str) -> Callable[[Salesforce], None]:
    return lambda salesforce: salesforce.crm.hidden.add(name)


@pytest.mark.parametrize(
    ("breaks", "reason"),
    [
        (refused("INSUFFICIENT_ACCESS"), "no_access"),
        (refused("API_CURRENTLY_DISABLED"), "api_disabled"),
        (refused("SOMETHING_NEW"), "refused"),
        (hidden("Contact"), "no_access"),
        (hidden("Contact.Email"), "fields_hidden"),
    ],
)
def test_what_an_administrator_forbids_is_named(
    crm: Salesforce, breaks: Callable[[Salesforce], None], reason: str
) -> None:
    source = connect(crm).source()
    breaks(crm)
    with pytest.raises(NotPermitted) as forbidden:
        source.page(source.start())
    assert forbidden.value.reason == reason


def test_a_user_without_api_access_is_told_so(crm: Salesforce) -> None:
    with pytest.raises(NotPermitted, match="api_disabled"):
        connect(crm, account="005000000000013AAA").source().count()


def test_an_org_that_hides_opt_outs_and_titles_is_read_without(crm: Salesforce, seven: list[str]) -> None:
    crm.crm.hidden = {"Contact.HasOptedOutOfEmail", "Contact.Title"}
    source = connect(crm).source()
    assert set(names(walk(source)[0])) == set(seven)
    assert [entry["status"] for entry in crm.log if "q" in entry["query"]] == [400, 400, 200, 200, 200], (
        "asked for once"
    )


def test_a_short_fault_is_outlasted_and_a_long_or_slow_one_is_down(crm: Salesforce, seven: list[str]) -> None:
    member = connect(crm)
    crm.fault("status", status=503, times=2)
    assert member.source().count() == len(seven)
    for kind in ("status", "down"):
        crm.fault(kind)
        with pytest.raises(ProviderDown):
            member.source().count()
        crm.heal()
    crm.fault("slow", seconds=30)
    with pytest.raises(ProviderDown):
        member.source(until=clock.monotonic() + 0.3).count()


def test_no_value_becomes_a_part_of_a_query(crm: Salesforce) -> None:
    hostile = "x' OR Name != '') OR (Name > '\\' \\ \n\"%"
    ident = crm.crm.add("Account", Name=hostile)
    crm.crm.add("Account", Name="y")
    records = connect(crm).source(Stream.COMPANIES)
    assert isinstance(records, people.Records)
    equal = Compared("Name", Operator.EQUAL, hostile)
    for condition in (equal, OneOf("Name", (hostile,)), Either((equal, equal))):
        (found,) = records.org.query(soql.ascending(["Id"], "Account", [condition], order=["Id"], limit=9))
        assert found["Id"] == ident
    for wrong in ("Id FROM User", "Name) OR (Name", "Name = 'x' OR Name"):
        for of_name in (lambda name: Compared(name, Operator.EQUAL, "x"), lambda name: OneOf(name, ("x",)), soql.count):
            with pytest.raises(ValueError, match="no name"):
                str(of_name(wrong))
    with pytest.raises(ValueError, match="Operator"):
        str(Compared("Name", "!= '' OR Name =", "x"))  # type: ignore[arg-type]
