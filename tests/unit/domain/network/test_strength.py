"""How well two know each other: sums that fade, and what they come to."""

import random
from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.domain.contacts.correspondence import Flow
from chalicelib.domain.network import decay
from chalicelib.domain.network.flows import Exchanged, exchanged
from chalicelib.domain.network.strength import Band, Evidence, Strength, scaled, strength


@pytest.mark.parametrize("age", [0, 0.04, 0.5, 1, 3, 7, 30, 90, 365, 700])
def test_what_is_one_message_fades_as_one_part_of_its_age_and_a_day(age: float) -> None:
    assert decay.total(decay.added([], 1.0, 0), age) == pytest.approx(1 / (1 + age), rel=0.02)
    assert decay.total(decay.added([], 1.0, age), 0) == pytest.approx(1 / (1 + age), rel=0.02)


def test_the_sums_are_those_of_all_messages_in_whatever_order_they_come() -> None:
    chance = random.Random(4)  # noqa: S311 - no secret
    ages = [chance.uniform(0, 400) for _ in range(300)]
    direct = sum(1 / (1 + age) for age in ages)
    for order in (sorted(ages), sorted(ages, reverse=True), ages):
        sums: list[float] = []
        newest = order[0]
        for age in order:
            if age < newest:  # a later message: the sums move on to its time
                sums, newest = decay.faded(sums, newest - age), age
            sums = decay.added(sums, 1.0, age - newest)
        assert decay.total(sums, newest) == pytest.approx(direct, rel=0.01)


def test_nothing_is_known_of_whom_only_one_side_writes_to() -> None:
    now = clock.now()
    told = strength(Exchanged(9, 0, now, 9.0, 0.0), [Evidence.MAIL, Evidence.ADDRESS_BOOK], now)
    assert (told.score, told.band) == (None, Band.UNKNOWN)
    connected = strength(Exchanged(), [Evidence.SOCIAL], now)
    assert (connected.score, connected.band, connected.recent) == (10, Band.WEAK, False)


def test_the_scale_is_of_what_goes_both_ways() -> None:
    weekly = sum(1 / (1 + 7 * week) for week in range(52))
    assert [scaled(weight) for weight in (0, 1e-9, 0.5, weekly, 5.9, 1e9)] == [0, 1, 50, 76, 92, 100]
    bands = [Strength(score, ()).band for score in (1, 19, 20, 49, 50, 100)]
    assert bands == [Band.WEAK] * 2 + [Band.FAIR] * 2 + [Band.STRONG] * 2


def test_flows_add_up_each_as_of_its_own_time() -> None:
    now = clock.now()
    flows = [
        Flow(sent=1, received=1, last_at=clock.rfc3339(now - timedelta(days=days)), outward=one, inward=one)
        for days, one in ((2, decay.added([], 1.0, 0)), (9, decay.added([], 0.5, 0)))
    ]
    found = exchanged(flows, now)
    assert (found.sent, found.received) == (2, 2)
    assert found.outward == pytest.approx(1 / 3 + 0.5 / 10, rel=0.02)
    assert strength(found, [], now).last_days == 2
