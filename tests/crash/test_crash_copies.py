"""A copy, a member's answer and a rectification, killed at any call: done again, they are whole, and nobody is mailed twice."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.privacy import asking, intake, officer, own_part, repository
from chalicelib.domain.privacy.asking_model import TaskAnswer
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import PersonPayload
from chalicelib.domain.privacy.reasons import Decision
from chalicelib.domain.privacy.states import COPIES, RightKind, RightState
from chalicelib.domain.privacy.verification import person_of
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, Killing, points
from tests.support.member_tasks import answer_all
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash


@dataclass
class Asked:
    """A verified request about whom a member holds."""

    cloud: Cloud
    member: Member
    id: str
    address: str

    def mails(self, to: str) -> list[str]:
        return [each["text"] for each in self.cloud.sent_mail() if to in each["to"]]

    def goes_on(self) -> None:
        for _ in range(2):
            self.cloud.advance(400)
            self.cloud.drain()

    def answer(self, said: TaskAnswer) -> None:
        """What an app does that saw no answer: asks again which tasks wait, and answers them."""
        answer_all(self.member.tenant, self.member.id, self.id, str(said))
        self.cloud.drain()


def opened(cloud: Cloud, member: Member, right: RightKind) -> Asked:
    address, ident = f"c{uuid.uuid4().hex[:12]}@crash.example", f"req_{uuid.uuid4().hex[:26]}"
    member.api.token = cloud.issuer.token(member.email)  # hours pass at each kill
    made = member.api.post("/v1/contacts", {"first_name": "Ann", "title": "CTO", "emails": [address]})
    assert made.status_code == 201, made.text
    asked = intake.Asked(rights=[right], certain=False, language="en", text="all of it")
    intake.open_request(EmailAddress.parse(address), asked, Origin(way=Way.PROVEN, digest=ident), ident)
    cloud.drain()
    officer.decide(ident, "officer", Decision.VERIFIED, "other_proof")
    take_off(cloud, "deletions")
    return Asked(cloud, member, ident, address)


def states(asked: Asked) -> list[RightState]:
    found = repository.find(asked.id)
    assert found
    return [right.state for right in found[1].rights]


def work_on(asked: Asked) -> tuple[str, list[Any]]:
    return "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "request", "id": asked.id}), None]


def test_a_copy_killed_at_any_call(cloud: Cloud, member: Member, crasher: Crasher, killing: Killing) -> None:
    def ready() -> Asked:
        return opened(cloud, member, RightKind.ACCESS)

    def whole(asked: Asked) -> None:
        asked.goes_on()
        found = repository.find(asked.id)
        assert found
        own = own_part.read(f"request#{asked.id}")
        assert own
        assert own.addresses == [asked.address]
        assert len(asking.asked(found[0], COPIES)) == 1
        assert sum("/privacy/copy/" in text for text in asked.mails(asked.address)) <= 1
        asked.answer(TaskAnswer.COPY)
        given = asking.given(asking.asked(found[0], COPIES))
        assert [told.value for told in given if told.field == "title"] == ["CTO"]
        assert states(asked) == [RightState.GIVEN]
        assert sum("/privacy/copy/" in text for text in asked.mails(asked.address)) >= 1

    first = ready()
    alive = crasher.run(*work_on(first))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    whole(first)
    killing("copy", alive, points(alive["calls"], 6), ready, work_on, whole, alone=False)


def test_a_members_answer_killed_at_any_call(cloud: Cloud, member: Member, crasher: Crasher, killing: Killing) -> None:
    def ready() -> Asked:
        asked = opened(cloud, member, RightKind.ACCESS)
        cloud.drain()
        asked.goes_on()
        return asked

    def job(asked: Asked) -> tuple[str, list[Any]]:
        return "tests.support.member_tasks:answer_all", [member.tenant, member.id, asked.id, "copy"]

    def told(asked: Asked) -> None:
        asked.answer(TaskAnswer.COPY)
        asked.goes_on()
        found = repository.find(asked.id)
        assert found
        assert [payload.answer for _, payload in asking.asked(found[0], COPIES)] == [TaskAnswer.COPY]
        assert states(asked) == [RightState.GIVEN]
        assert sum("/privacy/copy/" in text for text in asked.mails(asked.address)) == 2

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    told(first)
    killing("member's answer", alive, points(alive["calls"], 4), ready, job, told, alone=False)


def test_a_rectification_killed_at_any_call(
    cloud: Cloud, member: Member, crasher: Crasher, killing: Killing, amended: Callable[[Asked], None]
) -> None:
    def ready() -> Asked:
        asked = opened(cloud, member, RightKind.RECTIFICATION)
        amended(asked)
        return asked

    def right(asked: Asked) -> None:
        asked.goes_on()
        asked.answer(TaskAnswer.CORRECTED)
        asked.goes_on()
        assert states(asked) == [RightState.CLOSED]
        titles = [
            row.unsealed(ContactPayload).title
            for row in rows.every(ContactRecord, member.tenant, "contact#")
            if asked.address in str(row.unsealed(ContactPayload).emails)
        ]
        assert [kept and kept.value for kept in titles] == ["CEO"]

    first = ready()
    alive = crasher.run(*work_on(first))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    right(first)
    killing("rectification", alive, points(alive["calls"], 4), ready, work_on, right, alone=False)


@pytest.fixture
def amended() -> Callable[[Asked], None]:
    """Lets the person say what is right, as the form's route does, before a worker takes it."""

    def make(asked: Asked) -> None:
        found = repository.find(asked.id)
        assert found
        record, request = found
        kept = person_of(record)
        person = kept.unsealed(PersonPayload)
        request.begin(RightKind.RECTIFICATION)
        repository.save_with_person(found, kept, person.model_copy(update={"changes": {"title": "CEO"}}))
        take_off(asked.cloud, "deletions")

    return make
