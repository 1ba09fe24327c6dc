"""Whatever goes wrong at a provider, in a first pass and in one of changes: the end is as the source has it, record by record.

Each simulator, each of its faults, in one of both passes at least. What it does not have is not in its table
(tests/support/provider_accounts.py): LinkedIn gives no changes, no refresh tokens, no 403 for its quota. To be quick, first
passes meet several faults one after the other, "limit" and "error" come in them alone, "quota" and "down" in passes of changes.
Answers slower than we wait for are in tests/crash, where a worker may be told to wait less; mailboxes in test_mail_faults.py.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.provider_account import Source
from tests.support.provider_accounts import SOURCES
from tests.support.provider_connection import Followed, equal
from tests.support.scripted_connection import written

PROVIDERS = tuple(SOURCES)
HOUR = 3600.0
PEOPLE = 5  # on three pages
RETRIED = {
    "limit": "over_quota",
    "quota": "over_quota",
    "error": "provider_unavailable",
    "down": "provider_unavailable",
    "token": "provider_unavailable",
}
MENDED = ("expired", "lost", "repeat", "change", "vanish")  # by the worker itself
FORBIDDEN = {
    "google": "admin_forbids",
    "salesforce": "no_access",
    "hubspot": "scope_missing",
    "linkedin": "not_open_to_this_member",
}
MOST_REQUESTS = 75  # in an hour in which nothing works: about eight tries of a few requests each
Sent = Callable[[str], list[dict[str, Any]]]


def begun(cloud: Cloud, provider: str, new_workspace: Callable[..., Member]) -> Followed:
    """A new connection; nothing is read yet."""
    source, member = SOURCES[provider](cloud), new_workspace()
    for number in range(PEOPLE):
        source.put(number)
    return Followed(cloud, member, source, source.connect(member))


def end(hub: Followed) -> None:
    hub.forget()
    hub.source.close()


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member], provider: str) -> Iterator[Followed]:
    made = begun(cloud, provider, new_workspace)
    yield made
    end(made)


ONE_STORY = True  # one connection, which test after test uses


@pytest.fixture(scope="module")
def kept() -> Iterator[dict[str, Followed]]:
    """One connection that one test after the other uses, each leaving it in order."""
    found: dict[str, Followed] = {}
    yield found
    for each in found.values():
        end(each)


@pytest.fixture
def read(
    kept: dict[str, Followed], cloud: Cloud, new_workspace: Callable[..., Member], provider: str
) -> Iterator[Followed]:
    """A connection whose first pass is complete."""
    for each in [*kept]:
        if each != provider:
            end(kept.pop(each))
    found = kept.pop(provider, None)
    if found is None:
        found = begun(cloud, provider, new_workspace)
        equal(found, found.settle())
    yield found
    if kept.get(provider) is not found:
        end(found)


def alter(source: Source) -> None:
    """More than two pages of changes, a deletion among them."""
    oldest, *others = source.there()
    source.drop(oldest)
    new = max(source.ids) + 1
    for number in others[-3:]:
        source.put(number, f"Chief {new}")
    for number in range(new, new + PEOPLE - len(others)):
        source.put(number)


def seen(hub: Followed) -> tuple[str, str]:
    found = hub.seen()
    return found["state"], found["reason"] or found["health"]["incomplete"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_first_pass_over_pages_that_do_not_stand_still(hub: Followed, provider: str) -> None:
    for fault in ("repeat", "change", "vanish"):
        if fault in hub.source.faults:
            hub.source.fault(fault)
    hub.begin()
    if "expired" in hub.source.faults:
        hub.source.fault("expired")
    hub.settle()
    assert hub.source.simulator.pending() == 0, "each was met"
    equal(hub, hub.settle())  # what changed under a pass is seen by the next one at the latest
    assert state.unpointed(hub.cloud, hub.member.tenant) == []
    if provider != "linkedin":  # which gives no changes: each of its passes reads and notes everything
        assert len(hub.shown()) == PEOPLE - 1
        with written() as seen:
            hub.run()
        kinds = {kind: count for kind, count in seen.items() if not kind.startswith("call ")}
        streams = 1 if provider == "google" else 2
        # `sync` is when it is due: asked for, taken, planned anew. HubSpot's tokens live half an hour.
        assert {**kinds, "credential": 0} == {
            "checkpoint": streams,
            "run": 1,
            "connection": 1,
            "sync": 3,
            "credential": 0,
        }


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_first_pass_through_limits_and_an_outage_of_an_hour(hub: Followed, provider: str) -> None:
    hub.begin()
    some = hub.shown()
    hub.source.fault("limit")
    hub.cloud.drain()
    assert seen(hub) == ("active", "over_quota")
    assert (hub.due_in() or 0) > 110
    hub.source.heal()
    hub.source.fault("error")
    asked, passed = hub.source.asked(), 0.0
    while passed < HOUR:
        passed += hub.wait(HOUR - passed)
    assert seen(hub) == ("active", "provider_unavailable")
    assert 0 < hub.source.asked() - asked <= MOST_REQUESTS
    assert hub.shown() == some
    hub.source.heal()
    equal(hub, hub.settle())


@pytest.mark.parametrize(
    ("provider", "fault"),
    [("google", "forbidden"), ("salesforce", "revoked"), ("hubspot", "forbidden"), ("linkedin", "revoked")],
)
def test_a_first_pass_that_only_somebody_else_can_mend(hub: Followed, sent_to: Sent, provider: str, fault: str) -> None:
    hub.begin()
    stops(hub, fault, sent_to)
    equal(hub, hub.settle())
    stops(hub, fault, sent_to)  # what was mended meanwhile is told of once more
    equal(hub, hub.settle())


def stops(hub: Followed, fault: str, sent_to: Sent) -> None:
    """Nothing is asked any more, the member is told once, nothing is taken away; and then it is mended."""
    stopped = ("needs_consent", "grant_ended") if fault == "revoked" else ("failed", FORBIDDEN[hub.source.provider])
    before, told = hub.shown(), len(sent_to(hub.member.email))
    hub.source.fault(fault)
    hub.wait()
    for _ in range(
        20
    ):  # a stream that was complete lately is not asked for again at once; a 403 is believed after an hour
        if hub.seen()["state"] == "active":
            hub.wait()
    assert seen(hub) == stopped
    asked = hub.source.asked()
    hub.cloud.advance(HOUR)
    hub.cloud.drain()
    assert (hub.source.asked(), hub.due_in() is None) == (asked, fault == "revoked")
    assert hub.shown() == before
    assert len(sent_to(hub.member.email)) == told + 1
    hub.source.heal()
    if fault == "revoked":
        assert hub.source.connect(hub.member) == hub.id
    else:
        assert hub.api.post(f"/v1/connections/{hub.id}/sync").status_code == 202


def cases() -> list[Any]:
    """Each provider, and each of the faults that it has; by default, for time, every third pair, so that each provider
    meets some of them; all of them with IKO_FAULTS_ALL=1."""
    every = {*MENDED, *RETRIED, "revoked", "forbidden"} - {"limit", "error"}
    own = {"google": every, "linkedin": {"repeat", "vanish", "down", "revoked", "forbidden"}}
    crm = every - {"lost"}
    pairs = [(provider, fault) for provider in PROVIDERS for fault in sorted(own.get(provider, crm))]
    chosen = pairs if os.environ.get("IKO_FAULTS_ALL") == "1" else pairs[::3]
    return [pytest.param(*pair, id="-".join(pair)) for pair in chosen]


@pytest.mark.parametrize(("provider", "fault"), cases())
def test_a_pass_of_changes(read: Followed, kept: dict[str, Followed], sent_to: Sent, provider: str, fault: str) -> None:
    ids, before = {item["last_name"]: item["id"] for item in read.items()}, read.shown()
    alter(read.source)
    if fault in MENDED:
        read.source.fault(fault)
    elif fault in RETRIED:
        if fault == "token":
            read.source.fault("expired")
        read.source.fault(fault)
        read.wait()
        assert (seen(read), read.shown()) == (("active", RETRIED[fault]), before)
        read.source.heal()
    else:
        stops(read, fault, sent_to)
    health = read.settle()
    if fault in ("repeat", "change", "vanish"):
        health = read.settle()
    equal(read, health)
    after = {item["last_name"]: item["id"] for item in read.items()}
    assert [name for name in ids.keys() & after.keys() if ids[name] != after[name]] == [], "nobody was made anew"
    assert read.source.simulator.pending() == 0, "it was met"
    kept[provider] = read
