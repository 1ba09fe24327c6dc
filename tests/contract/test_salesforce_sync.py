"""What our connector makes of a member's Salesforce: contacts and accounts, what has changed, and every fault by its name."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import Grant, GrantEnded, NotPermitted, OverQuota, Page, PositionLost, Stream
from chalicelib.connectors.salesforce import people
from chalicelib.connectors.salesforce.oauth import Unreadable
from chalicelib.connectors.salesforce.vendor import VENDOR, ForeignInstance
from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from infra.local.people import KNOWN
from infra.local.salesforce.seed import FORBIDDEN
from infra.local.salesforce.simulator import Salesforce
from infra.local.server import Said, Server
from tests.support.salesforce import VERIFIER, app_of, callback, connect, consented, walk


@pytest.fixture
def crm(salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch) -> Iterator[Salesforce]:
    """The same org as the one that members connect."""
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", salesforce.url)
    settings.current.cache_clear()
    yield salesforce
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
def seven(cloud: Cloud, crm: Salesforce) -> list[str]:
    """The ids of seven contacts of an hour ago, answered three at once."""
    crm.page_size = 3
    made = [crm.crm.add("Contact", FirstName="N", LastName=str(n), Email=f"n{n}@x.example") for n in range(7)]
    cloud.advance(3600)
    return made


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
    selected = [{*people.ACCOUNT_FIELDS, "Account"}, {*people.CONTACT_FIELDS, "Contact"}]
    assert sorted(map(sorted, words)) == sorted(map(sorted, selected))
    counted = {query for query in asked if "COUNT()" in query}
    assert counted == {"SELECT COUNT() FROM Account", "SELECT COUNT() FROM Contact"}
    signing_in = {"/services/oauth2/authorize", "/services/oauth2/token"}
    assert {entry["path"] for entry in crm.log} - signing_in == {"/services/data/v62.0/query"}


def test_each_field_has_its_purpose_and_there_are_no_more_than_these() -> None:
    allowed = "Id FirstName LastName Email Title AccountId HasOptedOutOfEmail SystemModstamp IsDeleted Name Website"
    assert {**people.CONTACT_FIELDS, **people.ACCOUNT_FIELDS}.keys() == set(allowed.split())
    assert all([*people.CONTACT_FIELDS.values(), *people.ACCOUNT_FIELDS.values()])


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
    with pytest.raises(PositionLost):
        source.page(position)


def test_a_refused_token_is_refreshed_once_and_a_rotated_one_is_kept(crm: Salesforce, seven: list[str]) -> None:
    member = connect(crm)
    crm.fault("expired")
    assert member.source().count() == len(seven)
    assert [grant.refresh_token for grant in member.refreshes] == [""], "not rotated: the former one stays"
    assert member.refreshes[0].base_url == member.grant.base_url == crm.url
    crm.login.rotate = True
    stolen = member.grant
    crm.fault("expired")
    assert member.source().count() == len(seven)
    assert member.grant.refresh_token not in ("", stolen.refresh_token)
    crm.fault("status", status=401, on="/services/data")
    with pytest.raises(NotPermitted, match="session_refused"):
        member.source().count()
    assert len(member.refreshes) == 3, "one fresh token, not more"
    crm.heal()
    with pytest.raises(GrantEnded):
        VENDOR.refresh(app_of(crm), stolen)
    with pytest.raises(GrantEnded):
        member.source().count()


def test_a_grant_ends_where_it_is_revoked_by_either_side(crm: Salesforce) -> None:
    member, other = connect(crm), connect(crm)
    VENDOR.revoke(app_of(crm), member.grant)
    VENDOR.revoke(app_of(crm), member.grant)
    with pytest.raises(GrantEnded):
        member.source().count()
    assert other.source().count() == 0, "another consent of the same user stands"
    crm.fault("revoked")
    with pytest.raises(GrantEnded):
        other.source().page(other.source().start())


def test_a_no_and_a_wrong_code_give_no_grant(crm: Salesforce) -> None:
    assert consented(crm, answer="deny") == {
        "error": "access_denied",
        "error_description": "end-user denied authorization",
        "state": "s-1",
    }
    code = consented(crm)["code"]
    for verifier in ("w" * 43, VERIFIER):  # the first use ends the code, right or wrong
        with pytest.raises(ProviderRefused) as refused:
            VENDOR.exchange(app_of(crm), code=code, verifier=verifier, redirect_uri=callback())
        assert (refused.value.status, refused.value.answer) == (400, None)
    grant = connect(crm, account="005000000000012AAA").grant
    assert (grant.account, grant.scopes, grant.expires_at) == (
        "00D000000000001AAA/005000000000012AAA",
        ("api", "refresh_token"),
        None,
    )


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


def test_a_token_for_an_instance_that_is_not_the_configured_one_is_refused(
    crm: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    server = Server(lambda _: Said(200, {"access_token": "t", "refresh_token": "r", "instance_url": named[-1]}))
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", server.url)
    settings.current.cache_clear()
    grant, app = Grant("t", "r", base_url=server.url), app_of(crm)
    for instance in ("https://evil.example", crm.url, f"{server.url}.evil.example", f"{server.url}/x", ""):
        named.append(instance)
        with pytest.raises(ForeignInstance):
            VENDOR.exchange(app, code="c", verifier=VERIFIER, redirect_uri=callback())
        with pytest.raises(ForeignInstance):
            VENDOR.refresh(app, grant)
    named.append(server.url)
    assert VENDOR.refresh(app, grant).base_url == server.url
    server.stop()


def test_outside_local_mode_an_org_is_on_a_host_of_salesforce_over_tls(
    crm: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = connect(crm)
    monkeypatch.setenv("IKO_MODE", "aws")
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", "")
    settings.current.cache_clear()

    def reaches(url: str) -> str:
        source = VENDOR.source(Stream.CONTACTS, member, Grant("", base_url=url), None)
        assert isinstance(source, people.Records)
        return source.org.url

    for host in ("acme.my.salesforce.com", "acme--dev.sandbox.my.salesforce.com", "acme.force.com"):
        assert reaches(f"https://{host}") == reaches(f"https://{host}/") == f"https://{host}"
    for url in (
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "https://evilsalesforce.com",
        "https://u@acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://evil.example/.salesforce.com",
        "https://evil.example?.salesforce.com",
        "https://evil.example\\.salesforce.com",
        "https://[x.salesforce.com",
        crm.url,
        "",
    ):
        with pytest.raises(ForeignInstance):
            reaches(url)
    with pytest.raises(KeyError):
        VENDOR.source(Stream.MAIL, member, Grant("", base_url="https://acme.my.salesforce.com"), None)
    with pytest.raises(KeyError):
        VENDOR.mailbox(member, member.grant, None)
