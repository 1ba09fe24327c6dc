"""What our connector makes of HubSpot's records: each of every pass, deletions, merges, the named failures."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.hubspot import people
from chalicelib.connectors.port import (
    Grant,
    NotPermitted,
    OverQuota,
    Page,
    Person,
    Provider,
    Source,
    Stream,
)
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.hubspot.seed import CANARY, OF_CONTACTS, forbid
from infra.simulators.hubspot.simulator import HubSpot
from tests.support import hubspot_app
from tests.support.hubspot_app import ALL, COMPANIES, CONTACTS, Tokens, assert_minimal, emptied, walk

VENDOR = vendors.of(Provider.HUBSPOT)
TIER = VENDOR.tiers[0]


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own, emptied."""
    yield from emptied(cloud)


@pytest.fixture
def source(hubspot: HubSpot) -> Source:
    """The contacts, by tokens that renew themselves."""
    return sourced(hubspot, Stream.CONTACTS)


def sourced(hubspot: HubSpot, stream: Stream, *scopes: str, until: float | None = None) -> Source:
    tokens = Tokens(hubspot_app.App(hubspot), scopes or ALL)
    return VENDOR.source(stream, tokens, Grant("", scopes=TIER.scopes), until)


def add(hubspot: HubSpot, count: int, *, every_ms: int = 1000, ago_s: int = 7200) -> list[str]:
    """So many contacts, each changed a while after the one before; their ids."""
    first = clock.now() - timedelta(seconds=ago_s)
    return [
        hubspot.objects.add(
            "contacts",
            {"firstname": f"P{n}", "email": f"p{n}@a.example", **OF_CONTACTS},
            at=first + timedelta(milliseconds=n * every_ms),
        )
        for n in range(count)
    ]


def idents(pages: list[Page]) -> list[str]:
    return [person.external_id for page in pages for person in page.people]


def gone(pages: list[Page]) -> list[str]:
    return [ident for page in pages for ident in page.gone]


def searches(hubspot: HubSpot) -> int:
    return sum(entry["path"].endswith("/search") for entry in hubspot.log)


def test_a_full_pass_reads_everybody_with_the_listed_properties_alone(hubspot: HubSpot, source: Source) -> None:
    forbid(hubspot.objects)
    company = hubspot.objects.add("companies", {"name": "Nord", "domain": "nord.example", "annualrevenue": CANARY})
    known = add(hubspot, 230)
    told = {"firstname": "Ada", "lastname": "Q", "email": "ada@nord.example", "jobtitle": "CEO"}
    told |= {"associatedcompanyid": company, "hs_email_optout": "true", **OF_CONTACTS}
    ada = hubspot.objects.add("contacts", told)
    pages = walk(source, [])
    assert idents(pages) == [*known, ada]
    assert [len(page.people) for page in pages] == [100, 100, 31]
    assert pages[-1].people[-1] == Person(
        ada,
        first_name="Ada",
        last_name="Q",
        emails=("ada@nord.example",),
        title="CEO",
        company_external_id=company,
        opted_out=True,
        modified_at=clock.rfc3339(hubspot.objects._kept["contacts"][int(ada)].updated),
    )
    companies = sourced(hubspot, Stream.COMPANIES)
    found = [each for page in walk(companies, []) for each in page.organizations]
    assert [(each.external_id, each.name, each.domain) for each in found] == [(company, "Nord", "nord.example")]
    assert (source.count(), companies.count()) == (231, 1)
    walk(source, pages)
    source.look([ada])
    assert_minimal(hubspot)


def test_changes_deletions_and_merges_follow_and_a_quiet_pass_brings_nothing(hubspot: HubSpot, source: Source) -> None:
    known, objects = add(hubspot, 6), hubspot.objects
    full = walk(source, [])
    quiet = walk(source, full)
    assert (idents(quiet), gone(quiet), len(quiet)) == ([], [], 2)
    clock.advance(3600)
    objects.change("contacts", known[0], {"firstname": "New", "hs_email_optout": "true"})
    objects.archive("contacts", known[1])
    objects.merge("contacts", known[2], known[3], anew=False)  # as it was once
    merged = objects.merge("contacts", known[4], known[5])
    made = objects.add("contacts", {"firstname": "Made"})
    changed = walk(source, quiet)
    assert list(dict.fromkeys(idents(changed))) == [known[0], known[3], merged, made]
    assert (changed[0].people[0].first_name, changed[0].people[0].opted_out) == ("New", True)
    assert set(gone(changed)) == {known[1], known[2], known[4], known[5]}
    became = {known[2]: known[3], known[4]: merged, known[5]: merged}
    assert changed[0].renamed == became
    looked = source.look([*known[:5], "999", "no-id"])
    assert {person.external_id for person in looked.people} == {known[0], known[3], merged}
    assert looked.gone == (known[1], known[2], known[4], "999", "no-id"), "a merged record is not the one that answers"
    assert looked.renamed == became
    assert source.count() == 4
    assert walk(source, [])[0].renamed == became, "a full pass tells, too"
    clock.advance(3600)
    objects.restore("contacts", known[1])
    restored = walk(source, changed)
    assert known[1] in idents(restored)
    assert known[1] not in gone(restored)


def test_a_change_that_searches_see_late_is_not_missed(hubspot: HubSpot, source: Source) -> None:
    known = add(hubspot, 2)
    full = walk(source, [])
    hubspot.objects.lag_s = 60
    hubspot.objects.change("contacts", known[0], {"firstname": "Late"})
    clock.advance(30)
    first = walk(source, full)
    assert idents(first) == []
    clock.advance(60)
    assert idents(walk(source, first)) == [known[0]]


def test_more_changes_than_a_search_may_have_are_all_read(hubspot: HubSpot, source: Source) -> None:
    full = walk(source, [])
    hubspot.crm.cap = 300  # in place of 10,000
    known = add(hubspot, 450, every_ms=1, ago_s=-60)  # later than the pass before, by HubSpot's clock
    known += add(hubspot, 420, every_ms=0, ago_s=-120)  # of one moment, as an import makes them
    changed = walk(source, full)
    assert set(idents(changed)) == set(known)
    assert len(idents(changed)) <= len(known) + 2 * people.FOUND, "few are read twice"
    assert all("after" not in entry["body"] for entry in hubspot.log if entry["path"].endswith("/search"))


@pytest.mark.parametrize("kind", ["repeat", "change", "vanish"])
@pytest.mark.parametrize("full", [True, False])
def test_what_happens_between_two_pages_loses_nobody(hubspot: HubSpot, source: Source, kind: str, full: bool) -> None:
    before = [] if full else walk(source, [])
    clock.advance(3600)
    known = add(hubspot, 430, every_ms=1, ago_s=60)
    hubspot.fault(kind)
    pages = walk(source, before)
    missing = set(known) - set(idents(pages))
    assert len(missing) == (kind == "vanish"), "what vanished before it was read was never ours"
    settled = [*pages, *walk(source, pages)]
    last = {person.external_id: person for page in settled for person in page.people}
    assert hubspot.pending() == 0, "it did happen"
    there = {str(record.ident): record.properties.get("jobtitle", "") for record in hubspot.objects.listed("contacts")}
    assert {ident: person.title for ident, person in last.items() if ident in there} == there
    assert set(known) - set(there) <= set(gone(settled))


def test_a_page_that_repeats_for_ever_is_a_failure_and_never_an_end(hubspot: HubSpot, source: Source) -> None:
    add(hubspot, 150)
    first = source.page(source.start())
    hubspot.fault("repeat", times=None)
    with pytest.raises(ProviderDown):
        source.page(first.position)
    hubspot.heal()
    assert len(source.page(first.position).people) == 50


def test_an_expired_token_is_renewed_once(hubspot: HubSpot, source: Source) -> None:
    add(hubspot, 1)
    assert source.count() == 1
    hubspot.fault("expired")
    hubspot.log.clear()
    assert source.count() == 1
    assert [entry["status"] for entry in hubspot.log if entry["path"].endswith("/search")] == [401, 200]
    hubspot.fault("status", status=401, on="/crm/")
    with pytest.raises(NotPermitted) as refused:
        source.count()
    assert refused.value.reason == "session_refused"


@pytest.mark.parametrize(
    ("reason", "seconds", "pause"),
    [("TEN_SECONDLY_ROLLING", 7, 7), ("TEN_SECONDLY_ROLLING", 0, 10), ("DAILY", 0, 3600)],
)
def test_a_limit_says_how_long_to_wait(hubspot: HubSpot, source: Source, reason: str, seconds: int, pause: int) -> None:
    hubspot.fault("limit", reason=reason, seconds=seconds, on="/crm/")
    with pytest.raises(OverQuota) as limited:
        source.page(source.start())
    assert limited.value.retry_after == pause


def test_what_the_grant_does_not_reach_is_named(hubspot: HubSpot) -> None:
    with pytest.raises(NotPermitted) as refused:
        walk(sourced(hubspot, Stream.COMPANIES, "oauth", CONTACTS), [])
    assert (refused.value.reason, COMPANIES in str(refused.value)) == ("scope_missing", False)
    with pytest.raises(KeyError):
        sourced(hubspot, Stream.MAIL)


def test_a_short_fault_is_outlasted_and_a_long_one_is_named(hubspot: HubSpot, source: Source) -> None:
    add(hubspot, 1)
    hubspot.fault("status", status=502, times=1, on="/crm/")
    hubspot.fault("down", times=1, on="/crm/")
    assert len(source.page(source.start()).people) == 1
    hubspot.fault("status", status=503, on="/crm/")
    with pytest.raises(ProviderDown) as down:
        source.look(["401"])
    assert not isinstance(down.value, OverQuota)
    hubspot.heal()
    hubspot.fault("slow", seconds=30, on="/crm/")
    hurried = sourced(hubspot, Stream.CONTACTS, until=clock.monotonic() + 0.3)
    with pytest.raises(ProviderDown):
        hurried.count()


def test_a_long_recycle_bin_is_not_read_to_its_end_and_the_count_tells(hubspot: HubSpot, source: Source) -> None:
    add(hubspot, 1)
    full, most = walk(source, []), 2000
    for ident in add(hubspot, most + 50):
        hubspot.objects.archive("contacts", ident)
    changed = walk(source, full)
    assert (len(gone(changed)), changed[-1].done, source.count()) == (most, True, 1)
    # The pass after begins like any other: no deletion is known for sure but by a full pass, which the count leads to.
    assert changed[-1].position.at.keys() == full[-1].position.at.keys()
