"""A provider's refusal to refresh: final by the vendor's table, or believed when it has lasted for a day."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import followed
from tests.support.provider_connection import Followed, equal

HOUR = 3600.0
ENDED, FORBIDDEN = ("needs_consent", "grant_ended"), ("failed", "admin_forbids")
FINAL = {
    ("google", "invalid_grant"): ENDED,
    ("google", "access_denied"): ENDED,
    ("google", "invalid_rapt"): ("needs_consent", "sign_in_again"),
    ("google", "admin_policy_enforced"): FORBIDDEN,
    ("google", "policy_enforced"): FORBIDDEN,
    ("google", "org_internal"): FORBIDDEN,
    ("salesforce", "inactive_user"): ("failed", "account_inactive"),
    ("salesforce", "inactive_org"): ("failed", "account_inactive"),
    ("salesforce", "invalid_app_access"): FORBIDDEN,
    ("hubspot", "BAD_REFRESH_TOKEN"): ENDED,
}
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member], provider: str) -> Iterator[Followed]:
    with followed(cloud, new_workspace(), provider) as made:
        yield made


def refuse(hub: Followed, word: str) -> None:
    hub.source.simulator.fault("expired")
    hub.source.simulator.fault("no_refresh", reason=word)


def seen(hub: Followed) -> tuple[str, str]:
    found = hub.seen()
    return found["state"], found["reason"] or found["health"]["incomplete"]


@pytest.mark.parametrize(("provider", "word"), FINAL)
def test_a_final_refusal_stops_the_connection_and_is_told_once(
    hub: Followed, sent_to: Sent, provider: str, word: str
) -> None:
    told = len(sent_to(hub.member.email))
    refuse(hub, word)
    hub.wait()
    assert seen(hub) == FINAL[provider, word]
    asked = hub.source.asked()
    hub.cloud.advance(HOUR)
    hub.cloud.drain()
    assert hub.source.asked() == asked
    assert (hub.due_in() is None) is (FINAL[provider, word][0] == "needs_consent")  # else tried again the next day
    mails = sent_to(hub.member.email)[told:]
    assert len(mails) == 1
    meaning = render.meaning(FINAL[provider, word][1], "en")
    assert (meaning in mails[0]["text"]) is (FINAL[provider, word][0] == "failed")


@pytest.mark.parametrize("provider", ["google", "salesforce", "hubspot"])
def test_an_unknown_refusal_is_believed_after_a_day(hub: Followed, sent_to: Sent, provider: str) -> None:
    told, passed = len(sent_to(hub.member.email)), 0.0
    refuse(hub, "a_word_of_tomorrow")
    hub.wait()
    while passed < 22 * HOUR:
        assert seen(hub) == ("active", "provider_unavailable")
        passed += hub.late(1.5 * HOUR)
    assert len(sent_to(hub.member.email)) == told
    hub.cloud.advance(2 * HOUR)
    hub.cloud.drain()
    hub.wait()
    assert seen(hub) == ("failed", "refresh_refused")
    assert (hub.due_in() or 0) > 23 * HOUR
    assert len(sent_to(hub.member.email)) == told + 1
    hub.source.heal()
    assert hub.api.post(f"/v1/connections/{hub.id}/sync").status_code == 202
    equal(hub, hub.settle())
    assert (hub.seen()["state"], hub.seen()["reason"], hub.seen()["health"]["incomplete"]) == ("active", None, None)


@pytest.mark.parametrize("provider", ["google"])
def test_a_refresh_that_works_begins_the_day_anew(hub: Followed, provider: str) -> None:
    refuse(hub, "a_word_of_tomorrow")
    hub.wait()
    hub.source.heal()
    equal(hub, hub.settle())
    hub.cloud.advance(25 * HOUR)
    refuse(hub, "a_word_of_tomorrow")
    hub.cloud.drain()
    hub.wait()
    assert seen(hub) == ("active", "provider_unavailable")
