"""The directory's feed, its notices and the way out, killed at any call: each person is told once, and found only then."""

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.directory import feed, feed_files, notices, repository
from chalicelib.domain.directory.feed import Outcome
from chalicelib.domain.directory.model import NOTICE_WITHIN, ProfilePayload, Side
from infra.local.cloud import Cloud
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.directory import Person, put_feed
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash


@dataclass
class Fed:
    """A file of two people, of whom one stands there twice."""

    people: tuple[Person, Person]
    key: str


def told(cloud: Cloud, person: Person) -> None:
    """The person was told once; or, where its worker was killed at the mail, perhaps, and is not kept."""
    found = repository.find(Side.PUBLIC, person.address)
    assert found
    notice = found.unsealed(ProfilePayload).notice
    assert notice
    if notice.sent_at is not None:
        assert len(person.told()) == 1
        return
    assert notice.mails == {"notice": "claimed"}
    assert len(person.told()) <= 1
    cloud.advance(NOTICE_WITHIN.total_seconds())
    cloud.drain()
    assert repository.of_address(person.address) == []


def test_the_feed_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    def ready() -> Fed:
        one, two = Person(cloud), Person(cloud)
        lines = [one.line(), two.line(title="Old", days=3), one.line(source="other"), two.line(title="New", days=2)]
        return Fed((one, two), put_feed(cloud, f"{one.name}.jsonl", lines))

    def job(_: Fed) -> tuple[str, list[Any]]:
        return "chalicelib.jobs.directory_feed:handle", [{}, None]

    def read(fed: Fed) -> None:
        for _ in range(2):
            cloud.advance(400)
            cloud.drain()
        assert feed_files.waiting() == []
        shown = []
        for person in fed.people:
            ((_, profile),) = repository.of_address(person.address)
            shown.append((profile.shown(clock.now()).title, len(profile.said)))
            assert not state.due(notices.DUE_KIND, notices.due_of(person.address).id)
            assert len(person.told()) == 1
        assert shown == [("CEO", 2), ("New", 1)]

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["answer"] == "{'read': 1}", alive
    read(first)
    killing("feed", alive, points(alive["calls"], 5, 4), ready, job, read)


def test_a_notice_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    def ready() -> Person:
        person = Person(cloud)
        assert feed.take(person.line()) is Outcome.STORED
        take_off(cloud, "work")
        return person

    def job(person: Person) -> tuple[str, list[Any]]:
        piece = notices.due_of(person.address)
        return "chalicelib.jobs.work:handle", [sqs_event({"kind": piece.kind, "id": piece.id}), None]

    def once(person: Person) -> None:
        for _ in range(2):
            cloud.advance(400)
            cloud.drain()
        told(cloud, person)

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    once(first)
    killing("notice", alive, points(alive["calls"], 3), ready, job, once)


def test_the_way_out_killed_at_any_call(cloud: Cloud, crasher: Crasher, killing: Killing) -> None:
    def ready() -> Person:
        person = Person(cloud)
        assert feed.take(person.line()) is Outcome.STORED
        cloud.drain()
        return person

    def token(person: Person) -> str:
        return person.button().rpartition("/")[2].partition("?")[0]

    def job(person: Person) -> tuple[str, list[Any]]:
        return "chalicelib.domain.directory.notices:unlist", [token(person)]

    def out(person: Person) -> None:
        notices.unlist(token(person))  # by whoever saw no answer
        assert notices.stands(token(person)) is False
        assert repository.of_address(person.address) == []
        assert feed.take(person.line(days=0)) is Outcome.NOT_STORABLE

    first = ready()
    alive = crasher.run(*job(first))
    assert alive["code"] == 0, alive
    out(first)
    killing("unlisting", alive, points(alive["calls"], 2), ready, job, out)
