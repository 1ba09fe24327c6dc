"""What the officer does, killed at any call: repeated, it is done once, and its person is mailed once at most."""

import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core.errors import Conflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import intake, officer, repository, splitting
from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.reasons import Decision, Opening
from chalicelib.domain.privacy.states import RightKind, RightState
from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.officer import ACCESS
from tests.support.privacy_mail import mail
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
WORDS = "This is all that we hold."


@dataclass
class Waiting:
    """A request that our officer has to decide, and the mails of its person."""

    cloud: Cloud
    id: str
    address: str

    def mails(self) -> list[str]:
        return [m["text"] for m in self.cloud.sent_mail() if any(self.address in to for to in m["to"])]


@pytest.fixture
def begin(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[[], Waiting]:
    def make() -> Waiting:
        address = f"q{uuid.uuid4().hex[:12]}@crash.example"
        ident = id_of_mail(drop_mail(mail(address, ACCESS)))
        cloud.drain()
        take_off(cloud, "deletions")
        return Waiting(cloud, ident, address)

    return make


def opened(cloud: Cloud, rights: Sequence[RightKind], address: str) -> Waiting:
    """A request for these rights, which our officer has to decide."""
    ident = f"req_{uuid.uuid4().hex[:26]}"
    origin = Origin(way=Way.PROVEN, digest=ident)
    asked = intake.Asked(rights=rights, certain=False, language="en", text=f"I wish {rights}", marks=["agent"])
    intake.open_request(EmailAddress.parse(address), asked, origin, ident)
    cloud.drain()
    take_off(cloud, "deletions")
    return Waiting(cloud, ident, address)


def repeated(ready: Waiting) -> None:
    """The officer, who saw no answer, does it again; where it was done, it is told so."""
    with contextlib.suppress(Conflict):
        officer.answer(ready.id, "officer", WORDS)
    for _ in range(2):
        ready.cloud.advance(400)
        ready.cloud.drain()


def answered(ready: Waiting) -> None:
    repeated(ready)
    told = [text for text in ready.mails() if WORDS in text]
    found = repository.find(ready.id)
    assert found
    request = found[1]
    assert {right.state for right in request.rights} == {RightState.ANSWERED}
    assert len(told) == 1 or (not told and request.unknown_mails == ["answered-1"])
    if told and request.unknown_mails:
        return  # whether to send it again is the officer's to say; until then it stays on the desk
    if not told:
        officer.rerun(ready.id, "officer")
        ready.cloud.drain()
        assert sum(WORDS in text for text in ready.mails()) == 1
    assert state.due("request", ready.id) is False
    left = state.forgotten(ready.cloud, ready.id)
    assert {sk.split("#")[0] for sk in left} == {"officer_action"}


def test_an_answer_killed_at_any_call(begin: Callable[[], Waiting], crasher: Crasher, killing: Killing) -> None:
    def job(ready: Waiting) -> tuple[str, list[Any]]:
        return "chalicelib.domain.privacy.officer:answer", [ready.id, "officer", WORDS]

    ready = begin()
    alive = crasher.run(*job(ready))
    assert alive["code"] == 0, alive
    answered(ready)
    killing("officer's answer", alive, points(alive["calls"], 2), begin, job, answered)


def test_the_mail_of_an_answer_killed_at_any_call(
    begin: Callable[[], Waiting], crasher: Crasher, killing: Killing
) -> None:
    def decided() -> Waiting:
        ready = begin()
        officer.answer(ready.id, "officer", WORDS)
        take_off(ready.cloud, "deletions")
        return ready

    def job(ready: Waiting) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "request", "id": ready.id}), None]

    ready = decided()
    alive = crasher.run(*job(ready))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    answered(ready)
    killing("officer's mail", alive, points(alive["calls"], 5), decided, job, answered)


def test_a_reminder_killed_at_any_call(
    cloud: Cloud, begin: Callable[[], Waiting], crasher: Crasher, killing: Killing
) -> None:
    def near() -> Waiting:
        cloud.advance(3_600)  # a mail of its own
        ready = begin()
        found = repository.find(ready.id)
        assert found
        cloud.advance((found[1].due_at - found[1].received_at).total_seconds() - 6.9 * 86_400)
        return ready

    def job(ready: Waiting) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "request", "id": ready.id}), None]

    def reminded(ready: Waiting) -> None:
        found = repository.find(ready.id)
        assert found
        assert found[1].watch.reminded == 7
        assert state.due("request", ready.id)
        told = [m for m in cloud.sent_mail() if OFFICER_ADDRESS in m["to"] and ready.id in m["text"]]
        assert len(told) <= 1
        officer.answer(ready.id, "officer", WORDS)
        cloud.drain()

    ready = near()
    alive = crasher.run(*job(ready))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    reminded(ready)
    killing("reminder", alive, points(alive["calls"], 4), near, job, reminded)


def test_the_word_that_begins_an_erasure_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    word = (Decision.VERIFIED, "other_proof")

    def ready() -> Waiting:
        return opened(cloud, [RightKind.ERASURE], f"v{uuid.uuid4().hex[:12]}@crash.example")

    def job(waiting: Waiting) -> tuple[str, list[Any]]:
        return "chalicelib.domain.privacy.officer:decide", [waiting.id, "officer", *word]

    def erased(waiting: Waiting) -> None:
        with contextlib.suppress(Conflict):
            officer.decide(waiting.id, "officer", *word)
        for _ in range(3):
            cloud.advance(400)
            cloud.drain()
        found = repository.find(waiting.id)
        assert found
        assert [right.state for right in found[1].rights] == [RightState.CLOSED]
        assert sum("/certificates/" in text for text in waiting.mails()) == 1

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    erased(first)
    killing("officer's word", alive, points(alive["calls"], 1), ready, job, erased)


def test_bringing_duplicates_together_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    def ready() -> tuple[Waiting, Waiting]:
        address = f"d{uuid.uuid4().hex[:12]}@crash.example"
        return opened(cloud, [RightKind.ACCESS], address), opened(cloud, [RightKind.SOURCE], address)

    def job(pair: tuple[Waiting, Waiting]) -> tuple[str, list[Any]]:
        return "chalicelib.domain.privacy.officer:merge", [pair[1].id, "officer", pair[0].id]

    def together(pair: tuple[Waiting, Waiting]) -> None:
        first, again = pair
        with contextlib.suppress(Conflict):
            officer.merge(again.id, "officer", first.id)
        file, _ = officer.opened(first.id, "officer", Opening.READ)
        assert [right.kind for right in file.request.rights] == [RightKind.ACCESS, RightKind.SOURCE]
        assert list(file.person.more) == [again.id]
        cloud.drain()
        assert state.forgotten(cloud, again.id) == [sk for sk in state.forgotten(cloud, again.id) if "action" in sk]
        answered(first)

    both = ready()
    alive = crasher.run(*job(both))
    assert alive["code"] == 0, alive
    together(both)
    killing("duplicates", alive, points(alive["calls"], 3), ready, job, together)


def test_parting_a_letter_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    both = (RightKind.ACCESS, RightKind.SOURCE)

    def ready() -> Waiting:
        return opened(cloud, both, f"s{uuid.uuid4().hex[:12]}@crash.example")

    def job(waiting: Waiting) -> tuple[str, list[Any]]:
        return "chalicelib.domain.privacy.splitting:split", [waiting.id, "officer", [RightKind.SOURCE]]

    def parted(waiting: Waiting) -> None:
        made, _ = splitting.split(waiting.id, "officer", [RightKind.SOURCE])
        cloud.drain()
        for ident, right in ((waiting.id, RightKind.ACCESS), (made, RightKind.SOURCE)):
            file, _ = officer.opened(ident, "officer", Opening.READ)
            assert [each.kind for each in file.request.rights if not each.state.final] == [right]
            assert file.person.addresses[0].text == waiting.address
        answered(Waiting(cloud, made, waiting.address))
        officer.answer(waiting.id, "officer", "The rest.")
        cloud.drain()

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    parted(first)
    killing("parting", alive, points(alive["calls"], 3), ready, job, parted)
