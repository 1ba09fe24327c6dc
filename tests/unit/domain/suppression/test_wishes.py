"""What persons said of the use of their data: kept, asked, lifted, noted for a restore, on the cloud of the test run."""

import uuid
from collections.abc import Callable

import pytest

from chalicelib.core import clock
from chalicelib.domain.certificates import replay_log, wished
from chalicelib.domain.suppression import tombstones, wishes
from chalicelib.domain.suppression.records import Wish, WishRecord
from chalicelib.domain.suppression.wishes import Use
from chalicelib.store import batch
from infra.local.cloud import Cloud
from tests.support.table_backup import Backup, empty_replay_log, replayed


@pytest.fixture
def somebody(cloud: Cloud) -> str:
    return f"p{uuid.uuid4().hex[:12]}@wish.example"


def say(address: str, *said: Wish, by: str = "req_1") -> None:
    wishes.record(address, said, by, clock.now())


def logged() -> list[str]:
    return [key for key in replay_log.keys("") if key.startswith("wished/")]


@pytest.mark.parametrize(
    ("wish", "forbidden"),
    [
        (Wish.OBJECTION, {Use.OUTREACH, Use.SCORING, Use.DIRECTORY}),
        (Wish.CONSENT_WITHDRAWN, {Use.OUTREACH, Use.SCORING, Use.DIRECTORY}),
        (Wish.RESTRICTION, set(Use)),
        (Wish.UNLISTED, {Use.DIRECTORY}),
    ],
)
def test_each_wish_forbids_its_uses_and_no_other(somebody: str, wish: Wish, forbidden: set[Use]) -> None:
    other = f"x{somebody}"
    assert {use for use in Use if wishes.forbidden(use, [somebody])} == set()
    say(somebody, wish)
    assert {use for use in Use if wishes.forbidden(use, [somebody, other]) == {somebody}} == forbidden
    assert wishes.standing([somebody, other]) == {somebody: {wish}, other: frozenset()}


def test_a_wish_of_a_mailbox_is_one_of_its_aliases_and_not_the_other_way_round(somebody: str) -> None:
    alias = somebody.replace("@", "+news@")
    say(alias, Wish.OBJECTION)
    assert wishes.forbidden(Use.OUTREACH, [somebody, alias]) == {alias}
    say(somebody, Wish.RESTRICTION)
    assert wishes.standing([alias])[alias] == {Wish.OBJECTION, Wish.RESTRICTION}


def test_several_stand_side_by_side_and_each_is_lifted_by_its_own_link(somebody: str) -> None:
    place = wishes.place_of(somebody)
    say(somebody, Wish.OBJECTION, by="req_1")
    say(somebody, Wish.RESTRICTION, Wish.UNLISTED, by="req_2")
    assert wishes.stands(place, "req_2") == [Wish.RESTRICTION, Wish.UNLISTED]
    assert wishes.lift(place, "req_2") == [Wish.RESTRICTION, Wish.UNLISTED]
    assert wishes.lift(place, "req_2") == []
    assert wishes.standing([somebody])[somebody] == {Wish.OBJECTION}
    say(somebody, Wish.OBJECTION, by="req_3")
    assert wishes.lift(place, "req_1") == [], "the link of an old answer lifted what was said anew"
    assert wishes.lift(place, "req_3") == [Wish.OBJECTION]
    assert wishes.standing([somebody])[somebody] == frozenset()


def test_a_restored_table_has_what_was_said_and_not_what_was_lifted(cloud: Cloud, somebody: str) -> None:
    empty_replay_log()
    other = f"x{somebody}"
    say(other, Wish.OBJECTION)
    backup = Backup(cloud)
    say(somebody, Wish.RESTRICTION)
    wishes.lift(wishes.place_of(other), "req_1")
    backup.put_back("privacy")
    assert wishes.standing([somebody, other]) == {somebody: frozenset(), other: {Wish.OBJECTION}}
    assert (replayed(), replayed()) == (2, 0)
    assert wishes.standing([somebody, other]) == {somebody: {Wish.RESTRICTION}, other: frozenset()}


def test_an_erasure_takes_the_wish_and_its_note(cloud: Cloud, somebody: str, erased: Callable[..., str]) -> None:
    empty_replay_log()
    alias, other = somebody.replace("@", "+news@"), f"x{somebody}"
    for address in (somebody, alias, other):
        say(address, Wish.OBJECTION)
    backup = Backup(cloud)
    erased(somebody)
    assert wishes.standing([somebody, alias, other]) == {
        somebody: frozenset(),
        alias: frozenset(),
        other: {Wish.OBJECTION},
    }
    assert len(logged()) == 1
    assert wishes.lift(wishes.place_of(somebody), "req_1") == []
    assert len(logged()) == 1, "the link of an old answer noted the erased address anew"
    backup.put_back("privacy")
    replayed()
    assert wishes.standing([somebody, other]) == {somebody: frozenset(), other: {Wish.OBJECTION}}


def test_the_log_keeps_by_what_records_are_found_after_a_restriction_was_lifted(somebody: str) -> None:
    place = wishes.place_of(somebody)
    say(somebody, Wish.RESTRICTION)
    base, _, exact = place.split()[0].partition(".")
    noted = wished.find(base, exact)
    assert noted
    assert noted.sought
    wishes.lift(place, "req_1")
    batch.delete_all(WishRecord, [tombstones.wish_key(base, exact)])  # as the work does that follows
    wishes.lift(place, "req_1")  # by whoever saw no answer
    say(somebody, Wish.UNLISTED, by="notice_1")
    last = wished.find(base, exact)
    assert last
    assert (set(last.said), last.sought) == ({"unlisted"}, noted.sought)
