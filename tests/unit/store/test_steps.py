"""The runner of due work: leases, time, retries, and what becomes of the due row."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.connectors.http import ProviderDown
from chalicelib.core import clock, log, settings
from chalicelib.core.errors import KeyShredded, Unavailable, VersionConflict
from chalicelib.jobs.messages import carry_on
from chalicelib.store import due, rows, steps
from chalicelib.store.due import Due, DueRecord
from chalicelib.store.steps import AGAIN, DONE, NEXT, Outcome, Step, Turn, Work
from infra.local.cloud import Cloud
from tests.support.queues import sqs_event, take_off


@pytest.fixture(autouse=True)
def _alone(cloud: Cloud) -> Iterator[None]:
    yield
    take_off(cloud, "work")


@pytest.fixture
def ident() -> str:
    return f"ten_{uuid.uuid4().hex}.job_x"


def work(*each: Step, shredded: Step | None = None, early: timedelta | None = None) -> Work:
    return Work("probe", "work", each, shredded=shredded, early=early)


def run(what: Work, ident: str, *, time: bool = True) -> Outcome:
    return steps.run(what, ident, lambda: time)


def row(ident: str) -> DueRecord | None:
    return rows.get(DueRecord, Due("probe", ident).pk, due.SK)


def seconds_to(ident: str) -> float:
    """Until it is due."""
    found = row(ident)
    assert found
    assert not found.lease
    return (clock.parse_rfc3339(str(found.due_at)) - clock.now()).total_seconds()


def waiting(cloud: Cloud) -> list[dict[str, str]]:
    """The messages on the work queue."""
    url = next(each.url for each in cloud.consumers if each.name == "work")
    found = cloud.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


def failing(error: Exception) -> Step:
    def step(_: Turn) -> Outcome | None:
        raise error

    return step


def test_done_work_leaves_nothing(ident: str) -> None:
    assert run(work(lambda _: None, lambda _: NEXT, lambda _: None), ident) == DONE
    assert row(ident) is None


def test_a_lease_lasts_as_long_as_the_settings_say(ident: str) -> None:
    seen: list[float] = []

    def step(turn: Turn) -> None:
        seen.append((turn.until - clock.now()).total_seconds())

    run(work(step), ident)
    assert seen[0] == pytest.approx(settings.current().waits.lease, abs=2)


def test_what_another_has_is_left_to_it(ident: str) -> None:
    taken = due.lease(Due("probe", ident), 60)
    assert run(work(failing(AssertionError())), ident).state == "leased"
    due.release(taken, clock.now())
    assert run(work(), ident) == DONE


def test_what_is_planned_for_later_is_not_taken_early(ident: str) -> None:
    due.schedule(Due("probe", ident), clock.now() + timedelta(seconds=200))
    assert run(work(early=timedelta(seconds=100)), ident).state == "early"
    assert seconds_to(ident) == pytest.approx(200, abs=2)
    assert run(work(early=timedelta(seconds=300)), ident) == DONE


def test_without_time_it_goes_on_in_another_message(cloud: Cloud, ident: str) -> None:
    done: list[str] = []

    def part(name: str) -> Step:
        def step(_: Turn) -> Outcome | None:
            if name in done:
                return None
            done.append(name)
            return NEXT

        return step

    parts = work(part("a"), part("b"), part("c"))
    assert run(parts, ident, time=False) == AGAIN
    assert (done, seconds_to(ident) <= 0) == (["a"], True)
    assert waiting(cloud) == [{"kind": "probe", "id": ident}]
    assert run(parts, ident, time=False) == AGAIN, "a part at least is done in each run"
    assert run(parts, ident, time=False) == DONE
    assert done == ["a", "b", "c"]


@pytest.mark.parametrize("error", [Unavailable(), ProviderDown("paypal"), VersionConflict()])
def test_a_failure_that_passes_is_tried_again_ever_more_rarely(ident: str, error: Exception) -> None:
    pauses = []
    for _ in range(9):
        run(work(failing(error)), ident)
        pauses.append(seconds_to(ident))
    if isinstance(error, VersionConflict):
        assert pauses.pop(0) <= 0, "what another wrote is looked at at once"
        pauses.insert(0, 10)
    for number, pause in enumerate(pauses):
        longest = min(900, 15 * 2**number)
        assert longest / 2 - 2 <= pause <= longest, (number, pause)
    run(work(lambda _: steps.after(timedelta(seconds=5))), ident)
    run(work(failing(Unavailable())), ident)
    assert seconds_to(ident) <= 15, "a run that got through ends the row of failures"


def test_what_keeps_failing_raises_the_alarm(ident: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, log._LOGGER)
    for number in range(1, 10):
        run(work(failing(Unavailable())), ident)
        assert caplog.text.count('"StuckWork":1') == max(0, number - 7)


def test_a_failure_that_does_not_pass_fails_the_message(ident: str) -> None:
    with pytest.raises(ZeroDivisionError):
        run(work(failing(ZeroDivisionError())), ident)
    found = row(ident)
    assert found
    assert found.due_at == found.lease_until, "it comes again when the lease has ended"


def test_what_is_about_a_shredded_key_ends_where_its_work_says_so(ident: str) -> None:
    with pytest.raises(KeyShredded):
        run(work(failing(KeyShredded())), ident)
    other = f"{ident}2"
    assert run(work(failing(KeyShredded()), shredded=lambda _: None), other) == DONE
    assert row(other) is None


@pytest.mark.parametrize("end", [DONE, AGAIN, Outcome("later", clock.now() + timedelta(days=1))])
def test_a_wake_that_comes_meanwhile_is_not_lost(ident: str, end: Outcome) -> None:
    def step(turn: Turn) -> Outcome:
        assert due.wake(turn.due, clock.now() + timedelta(minutes=2)) is False
        return end

    run(work(step), ident)
    assert seconds_to(ident) <= 0


def test_what_is_planned_while_its_worker_ends_it_is_not_lost(ident: str) -> None:
    def step(turn: Turn) -> Outcome:
        due.ensure(turn.due, clock.now() + timedelta(days=1))
        return DONE

    run(work(step), ident)
    assert seconds_to(ident) <= 0
    due.ensure(Due("probe", ident), clock.now() - timedelta(days=1))
    assert seconds_to(ident) > -60, "what is planned stays"


@pytest.mark.parametrize("wait", [None, timedelta(days=1)])
def test_who_has_no_lease_plans_over_what_stood_before_its_work_only(ident: str, wait: timedelta | None) -> None:
    piece, end = Due("probe", ident), DONE if wait is None else Outcome("later", clock.now() + wait)
    first = due.schedule(piece, clock.now() + timedelta(seconds=30))
    second = due.schedule(piece, clock.now() + timedelta(seconds=50))  # another looks too, and what it sees is newer
    steps.plan(piece, end, first)
    assert seconds_to(ident) == pytest.approx(50, abs=2)
    steps.plan(piece, end, second)
    assert row(ident) is None if end.at is None else seconds_to(ident) > 3600


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("end", [DONE, Outcome("later", clock.now() + timedelta(days=1))])
def test_a_plan_that_others_made_meanwhile_stands(ident: str, end: Outcome, gone: bool) -> None:
    def step(turn: Turn) -> Outcome:
        if gone:
            due.done(turn.due)
        due.schedule(turn.due, clock.now() + timedelta(seconds=50))
        return end

    run(work(step), ident)
    assert seconds_to(ident) == pytest.approx(50, abs=2)


def test_a_slow_worker_leaves_the_work_to_whoever_has_it_now(cloud: Cloud, ident: str) -> None:
    taken: list[DueRecord] = []

    def step(turn: Turn) -> Outcome:
        cloud.advance(settings.current().waits.lease + 1)
        taken.append(due.lease(turn.due, 60))
        return DONE

    run(work(step), ident)
    found = row(ident)
    assert found
    assert (found.lease, taken[0].alone) == (taken[0].lease, False)


def test_a_run_that_is_killed_between_steps_goes_on_where_it_was(cloud: Cloud, ident: str) -> None:
    class Killed(BaseException):
        """As if the process had ended."""

    done: list[str] = []

    def first(_: Turn) -> Outcome | None:
        if "first" in done:
            return None
        done.append("first")
        return NEXT

    def second(_: Turn) -> None:
        if not done.count("killed"):
            done.append("killed")
            raise Killed
        done.append("second")

    with pytest.raises(Killed):
        run(work(first, second), ident)
    assert run(work(first, second), ident).state == "leased"
    cloud.advance(settings.current().waits.lease + 1)
    assert Due("probe", ident) in list(due.find(clock.now()))
    assert run(work(first, second), ident) == DONE
    assert done == ["first", "killed", "second"]


@pytest.mark.parametrize(
    "body", [{"kind": "other", "id": "x"}, {"kind": "probe", "id": ""}, {"id": "x"}, {"kind": "far", "id": "x"}]
)
def test_what_is_no_work_of_the_queue_fails_its_message(body: dict[str, str]) -> None:
    known = {"probe": work(), "far": Work("far", "sync", ())}
    assert carry_on(sqs_event(body), None, "work", known) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def test_the_messages_of_an_invocation_share_its_time() -> None:
    """The reserve is a part of the whole time, not of what the messages before have left."""

    class Context:
        left_ms = 300_000

        def get_remaining_time_in_millis(self) -> int:
            return self.left_ms

    context, had_time = Context(), list[bool]()

    def step(turn: Turn) -> None:
        had_time.append(turn.has_time())
        context.left_ms = 20_000

    bodies = [{"kind": "probe", "id": f"ten_{uuid.uuid4().hex}"} for _ in range(2)]
    event = {"Records": [record for body in bodies for record in sqs_event(body)["Records"]]}
    assert carry_on(event, context, "work", {"probe": work(step)}) == {"batchItemFailures": []}
    assert had_time == [True, False]
