"""A provider that refuses what is to be read: a connection ends by what has lasted, and is tried again for a week."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import followed
from tests.support.provider_connection import Followed, equal

HOUR, DAY = 3600.0, 86_400.0
SLACK = 600.0  # what the waits of a test take, and what a worker may come late
PROVIDERS = ("google", "salesforce", "hubspot")
WORDS = {"google": "admin_forbids", "salesforce": "no_access", "hubspot": "scope_missing"}
# What answers 401 to a token that was refreshed just now.
SESSIONS = {"google": "/v1/people", "salesforce": "/services/data", "hubspot": "/crm/"}
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member], provider: str) -> Iterator[Followed]:
    with followed(cloud, new_workspace(), provider) as made:
        yield made


def seen(hub: Followed) -> tuple[str, str | None]:
    found = hub.seen()
    return found["state"], found["reason"] or found["health"]["incomplete"]


def fails(hub: Followed) -> None:
    """It is refused until that is believed: after more than an hour, and not before."""
    passed, word = 0.0, WORDS[hub.source.provider]
    hub.source.fault("forbidden")
    hub.wait()
    while seen(hub) == ("active", word):
        assert passed <= 2 * HOUR + SLACK
        passed += hub.wait()
    assert seen(hub) == ("failed", word)
    assert passed > HOUR


@pytest.mark.parametrize("provider", PROVIDERS)
def test_two_refusals_end_nothing(hub: Followed, sent_to: Sent, provider: str) -> None:
    hub.source.fault("forbidden")
    hub.wait()
    assert seen(hub) == ("active", WORDS[provider])
    assert hub.wait() <= 2 * 60  # the first pauses are short
    assert seen(hub) == ("active", WORDS[provider])
    assert hub.outcomes()[:2] == ["not_permitted", "not_permitted"]
    hub.source.heal()
    equal(hub, hub.settle())
    assert seen(hub) == ("active", None)
    assert sent_to(hub.member.email) == []


@pytest.mark.parametrize("provider", SESSIONS)
def test_neither_does_a_session_that_is_refused_twice(hub: Followed, sent_to: Sent, provider: str) -> None:
    hub.source.simulator.fault("status", status=401, on=SESSIONS[provider])
    hub.wait()
    hub.wait()
    assert seen(hub) == ("active", "session_refused")
    hub.source.heal()
    equal(hub, hub.settle())
    assert sent_to(hub.member.email) == []


@pytest.mark.parametrize("provider", SESSIONS)
def test_tokens_of_the_moment_that_are_refused_for_a_day_are_told_once(
    hub: Followed, sent_to: Sent, provider: str
) -> None:
    told, passed = len(sent_to(hub.member.email)), 0.0
    hub.source.simulator.fault("status", status=401, on=SESSIONS[provider])
    hub.wait()
    while hub.seen()["state"] == "active":
        assert passed <= DAY + 2 * HOUR + SLACK
        passed += hub.late(1.4 * HOUR)
    assert (seen(hub), passed > DAY) == (("failed", "session_refused"), True)
    (mail,) = sent_to(hub.member.email)[told:]
    assert render.meaning("session_refused", "en") in mail["text"]
    assert DAY - SLACK < (hub.due_in() or 0) <= DAY, "tried once a day from then on"


@pytest.mark.parametrize("provider", ["linkedin"])
def test_neither_does_a_token_that_nothing_replaces(hub: Followed, sent_to: Sent, provider: str) -> None:
    hub.source.simulator.fault("status", status=401, times=2, on="/rest/")
    hub.wait()
    assert seen(hub) == ("active", "session_refused")
    hub.wait()
    equal(hub, hub.settle())
    assert (seen(hub), sent_to(hub.member.email)) == (("active", None), [])


@pytest.mark.parametrize("provider", ["linkedin"])
def test_one_that_is_refused_for_an_hour_needs_a_consent(hub: Followed, sent_to: Sent, provider: str) -> None:
    passed, told = 0.0, len(sent_to(hub.member.email))
    hub.source.simulator.fault("status", status=401, on="/rest/")
    hub.wait()
    while hub.seen()["state"] == "active":
        assert passed <= 2 * HOUR + SLACK
        passed += hub.wait()
    assert (seen(hub), passed > HOUR) == (("needs_consent", "grant_ended"), True)
    assert (hub.due_in(), len(sent_to(hub.member.email))) == (None, told + 1)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_has_failed_is_tried_once_a_day_for_a_week(hub: Followed, sent_to: Sent, provider: str) -> None:
    fails(hub)
    for _ in range(7):
        assert DAY - SLACK < (hub.due_in() or 0) <= DAY
        asked = hub.source.asked()
        hub.wait()
        assert hub.source.asked() > asked
        assert seen(hub) == ("failed", WORDS[provider])
    assert hub.due_in() is None
    assert len(sent_to(hub.member.email)) == 1
    hub.source.heal()
    assert hub.api.post(f"/v1/connections/{hub.id}/sync").status_code == 202
    equal(hub, hub.settle())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_try_that_succeeds_ends_the_failure(hub: Followed, sent_to: Sent, provider: str) -> None:
    fails(hub)
    hub.wait()
    hub.source.heal()
    hub.source.put(1)
    hub.wait()
    assert (hub.seen()["state"], hub.seen()["reason"], hub.seen()["health"]["incomplete"]) == ("active", None, None)
    equal(hub, hub.seen()["health"])
    assert len(sent_to(hub.member.email)) == 1
    fails(hub)
    assert len(sent_to(hub.member.email)) == 2, "of a new failure the member is told"
    assert (hub.due_in() or 0) > DAY - SLACK, "with a week of its own"


@pytest.mark.parametrize("provider", ["google"])
def test_a_good_answer_begins_the_hour_anew(hub: Followed, sent_to: Sent, provider: str) -> None:
    hub.source.fault("forbidden")
    hub.wait()
    hub.source.heal()
    equal(hub, hub.settle())
    hub.cloud.advance(2 * HOUR)
    hub.source.fault("forbidden")
    hub.cloud.drain()
    hub.wait()
    assert seen(hub) == ("active", WORDS[provider])
    assert sent_to(hub.member.email) == []
