"""Ids sort by time."""

from datetime import timedelta

from chalicelib.core import clock, ids


def test_the_floor_of_a_moment_is_below_its_ids_and_above_what_is_older() -> None:
    before = clock.now()
    made = ids.ulid()
    after = clock.now() + timedelta(milliseconds=1)
    assert ids.ulid_floor(before) <= made < ids.ulid_floor(after)
    assert len(ids.ulid_floor(before)) == len(made)


def test_an_id_of_a_moment_is_the_same_each_time() -> None:
    moment, other = clock.now() - timedelta(days=3), ids.ulid()
    made = ids.ulid_at(moment, other)
    assert made == ids.ulid_at(moment, other)
    assert ids.ulid_floor(moment) <= made < ids.ulid_floor(moment + timedelta(milliseconds=1))
    assert made[10:] == other[10:]
