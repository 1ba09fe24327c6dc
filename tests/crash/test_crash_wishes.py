"""What a person says of the use of its data, and takes back, killed at any call: repeated, it holds, in the log too."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.certificates import wished
from chalicelib.domain.privacy import intake, officer, repository
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.reasons import Decision
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from infra.local.cloud import Cloud
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event, take_off
from tests.support.wishes import lift_path, mails, somebody

pytestmark = pytest.mark.crash


@dataclass
class Wisher:
    """Somebody with a verified request for one right."""

    cloud: Cloud
    id: str
    address: str
    right: RightKind

    def done(self) -> list[dict[str, Any]]:
        return [mail for mail in mails(self.cloud, self.address) if mail["subject"].startswith("Done:")]


def noted(address: str) -> set[str]:
    """What the replay log has of an address."""
    base, _, exact = wishes.place_of(address).split()[0].partition(".")
    entry = wished.find(base, exact)
    return set(entry.said) if entry else set()


@pytest.mark.parametrize("right", [RightKind.OBJECTION, RightKind.RESTRICTION, RightKind.CONSENT_WITHDRAWN])
def test_a_wish_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing, right: RightKind) -> None:
    def ready() -> Wisher:
        address, ident = somebody(), f"req_{uuid.uuid4().hex[:26]}"
        asked = intake.Asked(rights=[right], certain=False, language="en", text="no more")
        origin = Origin(way=Way.PROVEN, digest=ident)
        intake.open_request(EmailAddress.parse(address), asked, origin, ident)
        cloud.drain()
        officer.decide(ident, "officer", Decision.VERIFIED, "other_proof")
        take_off(cloud, "deletions")
        return Wisher(cloud, ident, address, right)

    def job(wisher: Wisher) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "request", "id": wisher.id}), None]

    def holds(wisher: Wisher) -> None:
        for _ in range(2):
            cloud.advance(400)
            cloud.drain()
        assert wishes.standing([wisher.address])[wisher.address] == {Wish(right)}
        assert noted(wisher.address) == {str(right)}
        found = repository.find(wisher.id)
        assert found
        assert [each.state for each in found[1].rights] == [RightState.CLOSED]
        if not wisher.done():  # whether it went is not known: our officer sends it again
            assert len(found[1].unknown_mails) == 1
            officer.rerun(wisher.id, "officer")
            cloud.drain()
        (told,) = wisher.done()
        assert lift_path(cloud, told)

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    holds(first)
    killing(str(right), alive, points(alive["calls"], 3), ready, job, holds)


def test_taking_a_wish_back_killed_at_any_call(crasher: Crasher, killing: Killing) -> None:
    def ready() -> str:
        address = somebody()
        wishes.record(address, [Wish.OBJECTION], "req_one", clock.now())
        wishes.record(address, [Wish.RESTRICTION], "req_other", clock.now())
        return address

    def job(address: str) -> tuple[str, list[Any]]:
        return "chalicelib.domain.suppression.wishes:lift", [wishes.place_of(address), "req_one"]

    def lifted(address: str) -> None:
        wishes.lift(wishes.place_of(address), "req_one")  # by whoever saw no answer
        assert wishes.standing([address])[address] == {Wish.RESTRICTION}
        assert noted(address) == {"restriction"}
        wishes.lift(wishes.place_of(address), "req_other")
        assert (wishes.standing([address])[address], noted(address)) == (frozenset(), set())

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    lifted(first)
    killing("lift", alive, points(alive["calls"], 2), ready, job, lifted)


def test_taking_the_last_wish_back_killed_at_any_call(crasher: Crasher, killing: Killing) -> None:
    def ready() -> str:
        address = somebody()
        wishes.record(address, [Wish.OBJECTION], "req_one", clock.now())
        return address

    def job(address: str) -> tuple[str, list[Any]]:
        return "chalicelib.domain.suppression.wishes:lift", [wishes.place_of(address), "req_one"]

    def lifted(address: str) -> None:
        wishes.lift(wishes.place_of(address), "req_one")
        assert (wishes.standing([address])[address], noted(address)) == (frozenset(), set())

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    lifted(first)
    killing("lift of all", alive, points(alive["calls"], 1), ready, job, lifted)


def test_an_erasure_of_who_said_something_killed_at_any_call(crasher: Crasher, killing: Killing) -> None:
    """Its part that takes the wishes away: an erased person's are neither in the table nor in the log."""

    def ready() -> str:
        address = somebody()
        wishes.record(address, list(Wish), "req_one", clock.now())
        return address

    def job(address: str) -> tuple[str, list[Any]]:
        return "tests.crash.acting:forget_wishes", [address]

    def forgotten(address: str) -> None:
        list(wishes.erase_at(wishes.place_of(address), lambda _: True))
        assert (wishes.standing([address])[address], noted(address)) == (frozenset(), set())

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    forgotten(first)
    killing("wishes of the erased", alive, points(alive["calls"], 1), ready, job, forgotten)
