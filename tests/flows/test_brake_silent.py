"""A connection that holds deletions back and whose provider then answers no more: what is held is not kept for ever, and its
member is told what becomes of it."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.connectors.port import Organization
from chalicelib.domain import kinds
from chalicelib.domain.retention import sweep
from chalicelib.store import steps
from tests.conftest import Member
from tests.support.scripted_connection import Synced, person

DAY, PEOPLE = 86_400.0, 12
REFUSALS = 60  # more than the runs of a test
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(connect: Callable[..., Synced], new_workspace: Callable[..., Member]) -> Synced:
    """Of 12 contacts that it had, 4 are left, and the 8 others are held back; a company is there."""
    made: Synced = connect(new_workspace())
    made.account.put(Organization("c1", "Nord AG"), *(person(number) for number in range(PEOPLE)))
    made.run()
    made.account.delete(*(f"p{number}" for number in range(8)))
    made.run()
    assert made.seen()["health"]["state"] == "held"
    return made


def fails(hub: Synced, stream: str) -> None:
    """The provider is down for good at that stream, and at those after it."""
    for _ in range(REFUSALS):
        hub.account.fault("down", stream)


def later(hub: Synced, days: float) -> None:
    """A try in vain, so many days later."""
    hub.cloud.advance(days * DAY)
    hub.run()
    assert (hub.seen()["health"]["state"], hub.seen()["health"]["incomplete"]) == ("held", "provider_unavailable")


def left(hub: Synced) -> tuple[int, int]:
    """Contacts and companies after the daily pass."""
    assert steps.run(sweep.work(kinds.RECORDS), hub.member.tenant, lambda: True).state == "passed"
    return len(hub.contacts()), len(hub.companies())


@pytest.mark.parametrize(("stream", "companies"), [("companies", 0), ("contacts", 1)])
def test_what_is_held_counts_as_unseen_once_nothing_answers_for_a_day(hub: Synced, stream: str, companies: int) -> None:
    fails(hub, stream)
    later(hub, 0.8)
    later(hub, 0.5)
    assert left(hub) == (PEOPLE, 1)
    later(hub, 28.5)
    assert left(hub) == (PEOPLE, 1), "what is held is not deleted for that"
    later(hub, 3)
    assert left(hub) == (0, companies), "but as all else that nobody shows"
    assert hub.seen()["state"] == "active"


def test_a_stream_that_goes_on_bit_by_bit_is_not_silent(hub: Synced) -> None:
    """Its full pass takes longer than the lives of copies: one page comes each time."""
    hub.account.set(page=1)
    hub.account.put(*(person(number) for number in range(20, 60)))
    for _ in range(20):
        hub.account.fault("down", after=1)
        later(hub, 2)
    left(hub)
    assert {f"Person{number}" for number in range(PEOPLE)} <= {*hub.contacts()}


def test_what_is_held_is_decided_once_it_answers_again(hub: Synced) -> None:
    fails(hub, "contacts")
    later(hub, 2)
    hub.account.set(faults=[])
    hub.cloud.advance(DAY)
    hub.run()
    assert (hub.seen()["health"]["state"], left(hub)) == ("ok", (4, 1))


@pytest.mark.parametrize("ends", ["down", "revoked"])
def test_its_member_is_told_what_becomes_of_what_is_held(hub: Synced, sent_to: Sent, ends: str) -> None:
    told = len(sent_to(hub.member.email))
    if ends == "revoked":
        hub.account.path.unlink()
        hub.run()
    else:
        fails(hub, "companies")
        for days in (1.1, 1.1, 22):
            later(hub, days)
            hub.cloud.drain()
    (mail,) = sent_to(hub.member.email)[told:]
    assert "8 contact(s) and 0 company(ies) are not deleted for" in mail["text"]
    assert "Contacts: 12." in mail["text"], "it goes with all else"
