"""While a stream cannot be read, what came of it does not count as unseen; the time before and after does."""

import pytest

from chalicelib.domain import kinds
from chalicelib.domain.retention import sweep
from chalicelib.store import steps
from tests.support.provider_connection import Followed
from tests.support.unreadable import DAY, again, hide, streams


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
