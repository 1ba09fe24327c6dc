"""What is held back of much less than there was, and what is not: by number, by stream, by what came meanwhile."""

from collections.abc import Callable

import pytest

from chalicelib.connectors.port import Organization, Person
from chalicelib.domain import kinds
from chalicelib.domain.retention import sweep
from chalicelib.store import steps
from tests.support.scripted_connection import Synced, person

HOUR, DAY = 3600.0, 86_400


def begun(connect: Callable[..., Synced], people: int) -> Synced:
    hub = connect()
    hub.account.put(*(person(number) for number in range(people)))
    hub.run()
    assert len(hub.contacts()) == people
    return hub


def gone(hub: Synced, *numbers: int, silently: bool = False) -> None:
    hub.account.delete(*(f"p{number}" for number in numbers), silently=silently)


def state(hub: Synced) -> str:
    return str(hub.seen()["health"]["state"])


def left(hub: Synced) -> int:
    return len(hub.contacts())


def later(hub: Synced, seconds: float = HOUR) -> None:
    hub.cloud.advance(seconds)
    hub.run()


def swept(hub: Synced) -> int:
    """How many are left after the daily pass."""
    assert steps.run(sweep.work(kinds.RECORDS), hub.member.tenant, lambda: True).state == "passed"
    return left(hub)


@pytest.mark.parametrize("silently", [False, True])
@pytest.mark.parametrize(
    ("people", "going", "holds"),
    [(2, 2, False), (3, 1, False), (3, 2, True), (4, 2, False), (10, 5, False), (10, 6, True), (10, 10, True)],
)
def test_less_than_half_is_held(
    connect: Callable[..., Synced], people: int, going: int, *, silently: bool, holds: bool
) -> None:
    hub = begun(connect, people)
    gone(hub, *range(going), silently=silently)
    later(hub, 8 * DAY)
    assert (state(hub), left(hub)) == (("held", people) if holds else ("ok", people - going))
    later(hub, HOUR - 60)
    assert left(hub) == (people if holds else people - going)
    later(hub, 60)
    assert (state(hub), left(hub)) == ("ok", people - going)


def test_each_stream_is_held_for_itself(connect: Callable[..., Synced]) -> None:
    hub = begun(connect, 2)
    hub.account.put(*(Organization(f"c{number}", f"Firm {number}") for number in range(11)))
    hub.run()
    hub.account.delete(*(f"c{number}" for number in range(7)), stream="companies")
    gone(hub, 0)
    hub.run()
    (told,) = hub.seen()["health"]["held"]
    assert (told["stream"], told["before"], told["shown"], told["would_delete"]) == ("companies", 11, 4, 7)
    assert (len(hub.companies()), left(hub)) == (11, 1)
    later(hub)
    assert (state(hub), len(hub.companies())) == ("ok", 4)


def test_as_many_records_as_before_with_other_ids_are_less_than_half_of_those_before(
    connect: Callable[..., Synced],
) -> None:
    hub = begun(connect, 10)
    gone(hub, *range(10), silently=True)
    hub.account.put(*(Person(f"n{number}", "Eva", f"Other{number}") for number in range(10)))
    later(hub, 8 * DAY)
    assert (state(hub), left(hub)) == ("held", 20)
    later(hub)
    assert (state(hub), sorted({name[:5] for name in hub.contacts()})) == ("ok", ["Other"])


def test_what_goes_while_something_is_held_goes_with_that(connect: Callable[..., Synced]) -> None:
    hub = begun(connect, 20)
    gone(hub, *range(12))
    hub.run()
    assert (state(hub), left(hub)) == ("held", 20)
    hub.account.put(person(30))
    gone(hub, 19)
    later(hub, HOUR / 2)
    assert (state(hub), left(hub)) == ("held", 21)
    later(hub, HOUR / 2)
    assert (state(hub), left(hub)) == ("ok", 8)


def test_what_halves_once_more_is_held_anew(connect: Callable[..., Synced]) -> None:
    hub = begun(connect, 30)
    gone(hub, *range(18))
    hub.run()
    first = hub.seen()["health"]["held"][0]
    gone(hub, *range(18, 26))
    later(hub)
    second = hub.seen()["health"]["held"][0]
    assert (first["shown"], second["shown"], second["would_delete"], left(hub)) == (12, 4, 26, 30)
    assert second["since"] > first["since"]
    later(hub)
    assert (state(hub), left(hub)) == ("ok", 4)


def test_a_rest_under_ten_that_goes_as_well_is_looked_at_twice(connect: Callable[..., Synced]) -> None:
    hub = begun(connect, 20)
    gone(hub, *range(17))
    hub.run()
    gone(hub, *range(17, 20))
    later(hub)
    (told,) = hub.seen()["health"]["held"]
    assert (told["shown"], told["would_delete"], left(hub)) == (0, 20, 20)
    later(hub, HOUR - 60)
    assert left(hub) == 20
    later(hub, 60)
    assert (state(hub), left(hub)) == ("ok", 0)


@pytest.mark.parametrize("silently", [False, True])
def test_what_its_member_deleted_here_is_not_held(connect: Callable[..., Synced], *, silently: bool) -> None:
    hub = begun(connect, 20)
    contacts = hub.contacts()
    for number in range(15):
        assert hub.api.delete(f"/v1/contacts/{contacts[f'Person{number}']['id']}").status_code == 204
    gone(hub, *range(15), silently=silently)
    later(hub, 8 * DAY)
    assert (state(hub), left(hub), len(hub.rows("copy"))) == ("ok", 5, 5)


def test_a_list_that_is_back_for_more_than_half_lets_the_rest_go(connect: Callable[..., Synced]) -> None:
    hub = begun(connect, 20)
    gone(hub, *range(15))
    hub.run()
    hub.account.put(*(person(number) for number in range(12)))
    later(hub)
    assert (state(hub), left(hub)) == ("ok", 17)
    gone(hub, *range(8))
    hub.run()
    assert (state(hub), left(hub)) == ("ok", 9), "of those that there are now"


def test_the_daily_pass_takes_nothing_of_it(connect: Callable[..., Synced]) -> None:
    """With the shortest life that a workspace may give to copies."""
    hub = begun(connect, 12)
    answer = hub.api.patch("/v1/workspace/settings", {"connection_copy_days": 1})
    assert answer.status_code == 200, answer.text
    for _ in range(5):
        later(hub, DAY / 4 - 60)
    gone(hub, *range(12))
    later(hub, DAY / 4 - 60)
    assert state(hub) == "held"
    hub.cloud.advance(HOUR - 60)
    assert swept(hub) == 12


def test_what_was_not_seen_for_nearly_30_days_when_it_was_held_does_not_expire_meanwhile(
    connect: Callable[..., Synced],
) -> None:
    hub = begun(connect, 12)
    hub.cloud.advance(30 * DAY - 1800)
    gone(hub, *range(8))
    hub.run()
    assert state(hub) == "held"
    hub.cloud.advance(HOUR - 60)
    assert (left(hub), swept(hub)) == (12, 12)
    later(hub, 60)
    assert (state(hub), left(hub)) == ("ok", 4)
    hub.cloud.advance(31 * DAY)
    assert left(hub) == 0, "a connection that shows nothing is silent again"
