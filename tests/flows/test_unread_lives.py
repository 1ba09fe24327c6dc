"""While a stream cannot be read, what came of it does not count as unseen; the time before and after does."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalicelib.core.actor import Unread
from chalicelib.domain import kinds
from chalicelib.domain.retention import sweep
from chalicelib.store import steps
from tests.crash import state
from tests.support.provider_connection import Followed
from tests.support.unreadable import DAY, HOUR, again, hide, streams

Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def crm(org: Followed) -> Followed:
    """An org with three people, as it was read."""
    for number in range(3):
        org.source.put(number)
    org.settle()
    return org


def swept(followed: Followed) -> int:
    """How many contacts there are after the daily pass."""
    assert steps.run(sweep.work(kinds.RECORDS), followed.member.tenant, lambda: True).state == "passed"
    rows = len(followed.rows("contact"))
    assert len(followed.shown()) == rows
    return rows


def lives(followed: Followed) -> Mapping[str, Unread]:
    """Which of its member's streams could not be read, and when."""
    return state.unread(followed.member.tenant)


def unread(followed: Followed, days: int) -> None:
    """So many days pass, with a pass on each eighth."""
    for _ in range(days // 8):
        again(followed, 8 * DAY)


@pytest.mark.parametrize("hidden", ["Contact.Email", "Contact"])
def test_contacts_whose_stream_cannot_be_read_do_not_expire(crm: Followed, hidden: str) -> None:
    hide(crm, hidden)
    unread(crm, 48)
    assert streams(crm)["contacts"]["state"] == "unreadable"
    assert swept(crm) == 3
    assert crm.api.get("/v1/contacts?expiring=true").json()["items"] == []
    assert len(crm.api.get("/v1/companies").json()["items"]) == 3, "their stream is read"


def test_once_it_is_read_again_the_stream_says_who_is_there(crm: Followed) -> None:
    hide(crm, "Contact.Email")
    unread(crm, 40)
    crm.source.drop(1)
    hide(crm)
    assert crm.shown() == crm.source.people()
    assert swept(crm) == 2
    unread(crm, 40)
    assert swept(crm) == 2
    crm.cloud.advance(31 * DAY)
    assert swept(crm) == 0, "a connection that is silent shows nothing"


def test_companies_whose_stream_cannot_be_read_do_not_expire(crm: Followed) -> None:
    hide(crm, "Account.Name")
    unread(crm, 48)
    assert (streams(crm)["companies"]["state"], swept(crm)) == ("unreadable", 3)
    assert len(crm.api.get("/v1/companies").json()["items"]) == 3


def test_when_the_grant_ends_after_that_only_the_time_before_and_after_counts(crm: Followed) -> None:
    hide(crm, "Contact.Email")
    unread(crm, 40)
    crm.source.fault("revoked")
    again(crm)
    assert crm.seen()["state"] == "needs_consent"
    assert swept(crm) == 3
    crm.cloud.advance(20 * DAY)
    assert swept(crm) == 3
    crm.cloud.advance(11 * DAY)
    assert swept(crm) == 0


def fails(crm: Followed, days: float = 0) -> None:
    """So many days later, the provider is down from then on."""
    crm.source.simulator.fault("status", status=503)
    again(crm, days * DAY + HOUR)
    assert crm.seen()["health"]["incomplete"] == "provider_unavailable"


def test_a_provider_that_then_answers_no_more_is_silent_from_then_on(crm: Followed) -> None:
    hide(crm, "Contact.Email")
    unread(crm, 40)
    fails(crm)
    again(crm, DAY)
    for days in (20, 0, 11):  # with a try after each, in vain
        assert swept(crm) == 3
        again(crm, days * DAY)
    assert swept(crm) == 0
    assert (crm.seen()["state"], streams(crm)["contacts"]["state"]) == ("active", "unreadable")


def test_its_member_is_told_of_that_7_days_before(crm: Followed, sent_to: Sent) -> None:
    hide(crm, "Contact.Email")
    unread(crm, 40)
    fails(crm, 1)
    told = len(sent_to(crm.member.email))
    for days in (0, 1.1, 22.9):
        crm.cloud.advance(days * DAY)
        crm.cloud.drain()
    (mail,) = sent_to(crm.member.email)[told:]
    assert "Contacts: 3. Companies: 3." in mail["text"]


def test_a_provider_that_is_down_for_less_than_a_day_is_not_silent(crm: Followed) -> None:
    hide(crm, "Contact.Email")
    unread(crm, 40)
    fails(crm)
    again(crm, 20 * HOUR)
    crm.cloud.advance(31 * DAY)
    assert swept(crm) == 3


def test_a_daily_try_that_fails_says_nothing_of_a_stream_that_it_did_not_try(crm: Followed) -> None:
    hide(crm, "Contact", "Account.Name")
    again(crm, 2 * HOUR)
    assert crm.seen()["state"] == "failed"
    fails(crm, 1)
    crm.cloud.advance(30 * DAY)
    assert swept(crm) == 0


def test_after_a_disconnection_a_connection_of_the_same_account_begins_anew(crm: Followed) -> None:
    hide(crm, "Contact.Email")
    assert lives(crm)
    assert crm.api.delete(f"/v1/connections/{crm.id}").status_code == 202
    crm.cloud.drain()
    assert lives(crm) == {}
    assert crm.source.connect(crm.member) == crm.id
