"""A restriction and its lifting, killed at any call: in the end each contact says what the person's wish says."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish, WishRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
BY = "req_restriction"


@dataclass
class Held:
    """Somebody of whom the member has two contacts, one by an alias."""

    cloud: Cloud
    member: Member
    address: str

    @property
    def place(self) -> str:
        return wishes.place_of(self.address)

    def says(self) -> list[bool]:
        """What their contacts say."""
        payloads = (row.unsealed(ContactPayload) for row in rows.every(ContactRecord, self.member.tenant, "contact#"))
        name = self.address.split("@")[0]
        return [each.restricted for each in payloads if name in str(each.emails)]

    def agrees(self) -> bool:
        """Lets the work go on to its end; whether the person is restricted, which the contacts say too."""
        for _ in range(4):
            self.cloud.advance(700)
            self.cloud.drain()
        standing = Wish.RESTRICTION in wishes.standing([self.address])[self.address]
        assert self.says() == [standing] * 2
        assert not state.due("restriction", self.place)
        return standing


def held(cloud: Cloud, member: Member) -> Held:
    address = f"r{uuid.uuid4().hex[:12]}@crash.example"
    member.api.token = cloud.issuer.token(member.email)  # hours pass at each kill
    for number, email in enumerate((address, address.replace("@", "+news@"))):
        made = member.api.post("/v1/contacts", {"first_name": f"Ann{number}", "emails": [email]})
        assert made.status_code == 201, made.text
    return Held(cloud, member, address)


def restricted(cloud: Cloud, member: Member) -> Held:
    one = held(cloud, member)
    wishes.record(one.address, [Wish.RESTRICTION], BY, clock.now())
    return one


def work_on(one: Held) -> tuple[str, list[Any]]:
    return "chalicelib.jobs.deletions:handle", [sqs_event({"kind": "restriction", "id": one.place}), None]


def test_contacts_follow_a_restriction_killed_at_any_call(
    cloud: Cloud, member: Member, crasher: Crasher, killing: Killing
) -> None:
    def ready() -> Held:
        one = restricted(cloud, member)
        take_off(cloud, "deletions")
        return one

    def whole(one: Held) -> None:
        assert one.agrees()

    first = ready()
    alive = crasher.run(*work_on(first))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    whole(first)
    killing("restriction", alive, points(alive["calls"], 5), ready, work_on, whole, alone=False)


def test_what_a_person_says_or_takes_back_killed_at_any_call_is_followed(
    cloud: Cloud, member: Member, crasher: Crasher, killing: Killing
) -> None:
    def lifting() -> Held:
        one = restricted(cloud, member)
        assert one.agrees()
        return one

    def lift(one: Held) -> tuple[str, list[Any]]:
        return "chalicelib.domain.suppression.wishes:lift", [one.place, BY]

    def agreed(one: Held) -> None:
        if one.agrees():  # killed before it was taken back: the page is pressed once more
            wishes.lift(one.place, BY)
            assert not one.agrees()
        assert rows.get(WishRecord, *(wishes.key_of_due(one.place).hash_key, wishes.key_of_due(one.place).sk)) is None

    first = lifting()
    alive = crasher.run(*lift(first))
    assert alive["code"] == 0, alive
    agreed(first)
    killing("lifted restriction", alive, points(alive["calls"], 4), lifting, lift, agreed, alone=False)
