"""Our Google connector through the simulator: consent and tokens, contacts, and what Google's refusals become."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.connectors import http
from chalicelib.connectors.google import people
from chalicelib.connectors.google.vendor import VENDOR
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import (
    CursorExpired,
    GrantEnded,
    NotPermitted,
    OverQuota,
    Page,
    Person,
    Position,
    Source,
)
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.google.simulator import Google
from tests.support.google_grant import CALLBACK, Linked, app, code, link, tier

GMAIL = "https://www.googleapis.com/auth/gmail."


@pytest.fixture
def google(cloud: Cloud) -> Iterator[Google]:
    """The one that the settings name as Google's base URL."""
    yield cloud.connectors.google
    cloud.connectors.google.heal()


def add(linked: Linked, **more: object) -> str:
    """The external id of a new contact."""
    made = linked.google.accounts.known(linked.address).contacts.add(described(**more))  # type: ignore[arg-type]
    return made.name.removeprefix("people/")


def changed_at(linked: Linked) -> str:
    """When the first contact last changed."""
    contacts = linked.google.accounts.known(linked.address).contacts
    return clock.rfc3339(contacts.listed("FIRST_NAME_ASCENDING")[0][1].updated)


def whole(source: Source, position: Position | None = None) -> tuple[list[Page], Position]:
    """Every page of a pass, and where the next one begins."""
    pages = [source.page(position or source.start())]
    while not pages[-1].done:
        pages.append(source.page(pages[-1].position))
    return pages, pages[-1].position


def test_a_consent_asks_for_one_tier_and_gives_tokens(google: Google) -> None:
    url = VENDOR.consent_url(app(google), tier("headers"), state="s", challenge="c", redirect_uri=CALLBACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{google.url}/o/oauth2/v2/auth?")
    assert asked == {
        "response_type": "code",
        "client_id": google.oauth.client_id,
        "redirect_uri": CALLBACK,
        "scope": f"openid email {people.SCOPE} {GMAIL}metadata",
        "state": "s",
        "code_challenge": "c",
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }
    linked = link(google)
    grant = linked.grant
    assert (grant.account, grant.address) == (google.accounts.known(linked.address).sub, linked.address)
    assert grant.refresh_token
    assert people.SCOPE in grant.scopes
    assert grant.expires_at is not None
    assert timedelta(minutes=55) < grant.expires_at - clock.now() < timedelta(minutes=61)
    assert grant.access_token not in repr(grant)


def test_a_code_is_good_once_and_for_its_verifier_only(google: Google) -> None:
    linked = link(google)
    for told in ({"verifier": "x" * 43}, {"code": "4/0never"}):
        given, verifier = code(google, linked.address, tier("contacts"))
        with pytest.raises(ProviderRefused):
            VENDOR.exchange(app(google), **{"code": given, "verifier": verifier, "redirect_uri": CALLBACK, **told})
    given, verifier = code(google, linked.address, tier("contacts"))
    VENDOR.exchange(app(google), code=given, verifier=verifier, redirect_uri=CALLBACK)
    with pytest.raises(ProviderRefused):
        VENDOR.exchange(app(google), code=given, verifier=verifier, redirect_uri=CALLBACK)


def test_tokens_are_refreshed_until_the_grant_is_revoked(google: Google) -> None:
    linked = link(google)
    fresh = VENDOR.refresh(app(google), linked.grant)
    assert fresh.access_token not in ("", linked.grant.access_token)
    assert (fresh.refresh_token, fresh.account) == ("", "")  # what a refresh leaves out keeps its value
    for _ in range(2):  # ended before is ended
        VENDOR.revoke(app(google), linked.grant)
    with pytest.raises(GrantEnded):
        VENDOR.refresh(app(google), linked.grant)
    with pytest.raises(GrantEnded):
        linked.contacts().page(Position(full=True))


def test_no_tier_asks_for_more_than_it_needs() -> None:
    asked = {each.name: set(each.scopes) - {"openid", "email", people.SCOPE} for each in VENDOR.tiers}
    assert asked == {
        "contacts": set(),
        "send": {f"{GMAIL}send"},
        "headers": {f"{GMAIL}metadata"},
        "body": {f"{GMAIL}send", f"{GMAIL}readonly"},
    }
    assert [each.name for each in VENDOR.tiers if each.offered] == ["contacts", "headers"]


def test_a_scope_that_was_not_given_stops_its_stream_alone(google: Google) -> None:
    linked = link(google, "headers", scopes=(f"{GMAIL}metadata",))
    with pytest.raises(NotPermitted, match="scope_missing"):
        linked.contacts().page(Position(full=True))
    assert google.log == []  # known without asking
    assert linked.mailbox().page(Position(full=True)).done


def test_contacts_come_whole_then_as_changes(google: Google) -> None:
    linked = link(google)
    kept = [add(linked, first_name=f"N{number}", emails=[f"n{number}@x.example"]) for number in range(1010)]
    pages, position = whole(linked.contacts())
    seen = [person.external_id for page in pages for person in page.people]
    assert (len(pages), sorted(seen), position.full) == (2, sorted(kept), False)
    assert linked.contacts().count() == len(kept)
    contacts = google.accounts.known(linked.address).contacts
    new = add(linked, first_name="New")
    contacts.change(f"people/{kept[0]}", described(title="CEO", company="Nord"))
    contacts.delete(f"people/{kept[1]}")
    renamed = contacts.rename(f"people/{kept[2]}").name.removeprefix("people/")
    pages, after = whole(linked.contacts(), position)
    assert {person.external_id for page in pages for person in page.people} == {new, kept[0], renamed}
    assert {ident for page in pages for ident in page.gone} == {kept[1], kept[2]}
    assert [page.renamed for page in pages if page.renamed] == [{kept[2]: renamed}]
    pages, _ = whole(linked.contacts(), after)
    assert [(page.people, page.gone) for page in pages] == [((), ())]


def test_only_the_fields_that_are_needed_are_asked_for(google: Google) -> None:
    linked = link(google)
    ident = add(linked, first_name="Ann")
    _, position = whole(linked.contacts())
    whole(linked.contacts(), position)
    linked.contacts().look([ident])
    linked.contacts().count()
    fields = "names,emailAddresses,phoneNumbers,organizations,urls,metadata"
    assert [entry["query"]["personFields"] for entry in google.log] == [fields] * 4
    assert {entry["path"] for entry in google.log} == {"/v1/people/me/connections", "/v1/people:batchGet"}
    assert {entry["query"].get("requestSyncToken") for entry in google.log[:2]} == {"true"}


def test_a_person_is_its_primary_name_and_present_work(google: Google) -> None:
    linked = link(google)
    ident = add(
        linked,
        emails=["Ann@Nord.example", "ann@home.example", "Ann@Nord.example"],
        phones=["+49 30 1234567"],
        urls=["https://www.linkedin.com/in/ann-b", "https://blog.example/in/ann", "de.linkedin.com/in/ann-c"],
        note="never asked for",
        names=[
            {"givenName": "Old", "metadata": {"primary": False}},
            {"givenName": "Ann", "familyName": "Berg", "metadata": {"primary": True}},
        ],
        organizations=[
            {"name": "Past", "title": "Clerk", "endDate": {"year": 2020}, "metadata": {"primary": True}},
            {"name": "Side", "title": "Advisor", "metadata": {"primary": False}},
            {"name": "Nord", "title": "CEO", "current": True, "metadata": {"primary": False}},
        ],
    )
    expected = Person(
        external_id=ident,
        first_name="Ann",
        last_name="Berg",
        emails=("Ann@Nord.example", "ann@home.example"),
        phones=("+49 30 1234567",),
        profile_urls=("https://www.linkedin.com/in/ann-b", "de.linkedin.com/in/ann-c"),
        title="CEO",
        company_name="Nord",
        modified_at=changed_at(linked),
    )
    assert whole(linked.contacts())[0][0].people == (expected,)
    assert linked.contacts().look([ident]).people == (expected,)


def test_a_hundred_are_looked_at_in_one_call(google: Google) -> None:
    linked = link(google)
    idents = [add(linked, first_name=f"N{number}") for number in range(100)]
    contacts = google.accounts.known(linked.address).contacts
    contacts.delete(f"people/{idents[0]}")
    renamed = contacts.rename(f"people/{idents[1]}").name.removeprefix("people/")
    page = linked.contacts().look(idents)
    assert set(page.gone) == {idents[0], idents[1]}
    assert {person.external_id for person in page.people} == {renamed, *idents[2:]}
    assert page.renamed == {idents[1]: renamed}
    assert [(entry["method"], entry["status"]) for entry in google.log] == [("GET", 200)]


def test_an_expired_sync_token_or_page_is_a_lost_position(google: Google) -> None:
    linked = link(google)
    add(linked, first_name="Ann")
    _, position = whole(linked.contacts())
    google.fault("sync_expired")
    with pytest.raises(CursorExpired):
        linked.contacts().page(position)
    with pytest.raises(CursorExpired):
        linked.contacts().page(Position(full=True, at={"page": "of-another-time"}))
    assert whole(linked.contacts())[1] != position


def test_a_refused_token_is_replaced_once(google: Google) -> None:
    linked = link(google)
    add(linked, first_name="Ann")
    google.fault("expired")
    assert len(linked.contacts().page(Position(full=True)).people) == 1
    assert linked.refreshed == 1
    google.fault("status", status=401, on="/v1/people")
    with pytest.raises(NotPermitted, match="session_refused"):
        linked.contacts().page(Position(full=True))
    assert linked.refreshed == 2


@pytest.mark.parametrize(
    ("reason", "failure", "said"),
    [
        ("userRateLimitExceeded", OverQuota, 60),
        ("rateLimitExceeded", OverQuota, 60),
        ("quotaExceeded", OverQuota, 60),
        ("dailyLimitExceeded", OverQuota, 3600),
        ("domainPolicy", NotPermitted, "admin_forbids"),
    ],
)
def test_the_reasons_of_a_refusal_are_told_apart(
    google: Google, reason: str, failure: type[Exception], said: object
) -> None:
    linked = link(google)
    google.fault("refuse", reason=reason, on="/v1/people")
    with pytest.raises(failure) as raised:
        linked.contacts().count()
    assert getattr(raised.value, "retry_after", None) == said or getattr(raised.value, "reason", None) == said
    assert len(google.log) == 1  # no storm


def test_google_says_when_to_come_again(google: Google) -> None:
    linked = link(google)
    google.fault("limit", seconds=7, on="/v1/people")
    with pytest.raises(OverQuota) as raised:
        linked.contacts().count()
    assert (raised.value.retry_after, raised.value.sent) == (7, False)
    later = (clock.now() + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 85 < http.asked_pause({"Retry-After": later}) <= 90
    for unreadable in ("soon", "²", "9" * 400):
        assert http.asked_pause({"Retry-After": unreadable}) == 0


def test_a_provider_that_stumbles_is_asked_again_and_one_that_is_down_is_down(google: Google) -> None:
    linked = link(google)
    add(linked, first_name="Ann")
    google.fault("status", status=503, times=2, on="/v1/people")
    assert len(linked.contacts().page(Position(full=True)).people) == 1
    google.fault("status", status=500, on="/v1/people")
    with pytest.raises(ProviderDown):
        linked.contacts().count()
    with pytest.raises(ProviderDown):
        linked.contacts(until=clock.monotonic() - 1).count()


def test_nothing_of_a_person_reaches_the_log(google: Google) -> None:
    linked = link(google)
    ident = add(linked, first_name="Ann", emails=["ann@nord.example"])
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        _, position = whole(linked.contacts())
        linked.contacts().look([ident])
        google.fault("refuse", reason="domainPolicy", on="/v1/people")
        with pytest.raises(NotPermitted) as raised:
            linked.contacts().page(position)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    told = "\n".join(lines)
    assert "ann@nord.example" not in told + repr(raised.value)
    assert linked.address not in told
    assert linked.grant.access_token not in told
    assert any("connections" in line for line in lines)  # urllib3's, at DEBUG: the handler did hear
