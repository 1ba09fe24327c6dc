"""The runner of due work: it takes the lease, carries the steps on while there is time, retries, and leaves the due row.

A piece of work is a kind, a queue and a list of steps. Each step looks at what is stored and does what is left of its part,
so that a run may be killed anywhere and the next one goes on. Workers say what is to be done; how long a lease is, what is
tried again and when, and what becomes of the due row is said here.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import IkoError, KeyShredded, Unavailable, VersionConflict
from chalicelib.store import due, queues
from chalicelib.store.due import Due, DueRecord

HasTime = Callable[[], bool]
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 15.0, 900.0  # doubled with each failure in a row
_STUCK_FROM = 8  # failures in a row: a quarter of an hour at least
_OUR_ID = re.compile(r"[a-z0-9_.]+")


@dataclass(frozen=True)
class Outcome:
    """How a run ended: a stable word for the log, and when the work is due again; it has ended where that is None.

    `send`: it is put on its queue at once, and due now.
    """

    state: str
    at: datetime | None = None
    send: bool = False


DONE = Outcome("done")  # nothing is left to do
AGAIN = Outcome("again", send=True)  # the time is over, and something is left
NEXT = Outcome("next")  # of a step: its part is done, and it took time
_LEASED, _EARLY = Outcome("leased"), Outcome("early")


def later(at: datetime, state: str = "later") -> Outcome:
    """Say that the work is due again at that time."""
    return Outcome(state, at)


def after(pause: timedelta, state: str = "later") -> Outcome:
    """Say that the work is due again after that pause."""
    return Outcome(state, clock.now() + pause)


@dataclass(frozen=True)
class Turn:
    """One worker's turn at a piece of work, under its lease. `has_time` tells whether it may begin another part."""

    due: Due
    lease: DueRecord
    has_time: HasTime

    @property
    def id(self) -> str:
        """What the work is about."""
        return self.due.id

    @property
    def until(self) -> datetime:
        """When the lease ends; another may have the work from then on."""
        return clock.parse_rfc3339(self.lease.lease_until or "")

    @property
    def alone(self) -> bool:
        """Whether the worker before this one has said that it works no more."""
        return self.lease.alone


# What a step returns: None where nothing (more) of its part is to be done; NEXT where it is done and took time; any other
# outcome ends the run.
Step = Callable[[Turn], Outcome | None]


@dataclass(frozen=True)
class Work:
    """One kind of due work. `queue` is a name of settings.Queues; after the last of the `steps` the work is done.

    Unavailable and VersionConflict end a run that is tried again after a pause, for ever, with an alarm once it has failed
    _STUCK_FROM times in a row; other errors fail the message. `shredded` ends the work where a key was shredded; without it
    that is an error. `early`: a message that comes so long before its due row's time, or later, is taken; None: every message
    is.
    """

    kind: str
    queue: str
    steps: Sequence[Step]
    shredded: Step | None = None
    early: timedelta | None = None


def run(work: Work, ident: str, has_time: HasTime) -> Outcome:
    """Carry a piece of work on as far as `has_time` lets it, by a part at least, plan its next time, and return the outcome.

    Safe to call at any time, for any id, by several workers at once: one of them has the lease. A wake that comes meanwhile
    makes the work due as soon as the lease is given back. What is not retried is raised, and the lease left to its end.
    """
    piece = Due(work.kind, ident)
    try:
        by = clock.now() + work.early if work.early is not None else None
        lease = due.lease(piece, settings.current().waits.lease, by=by)
    except due.Leased:
        outcome = _LEASED  # its due row brings it again
    except due.NotDue:
        outcome = _EARLY  # one of several messages that waited long: another has brought it here before
    else:
        outcome = _under(work, Turn(piece, lease, has_time))
    log.event("work_ran", kind=work.kind, state=outcome.state, **_named(piece))
    return outcome


def plan(piece: Due, outcome: Outcome, over: DueRecord | None) -> None:
    """Leave the due row as an outcome says, for who has no lease on the work: over the row as it was before the work began, None
    where there was none. A plan that others made since stands: what they saw is newer. `send` is not regarded."""
    if over is not None:
        due.replan(over, outcome.at)
    elif outcome.at is not None:
        due.ensure(piece, outcome.at)


def send(queue: str, piece: Due) -> None:
    """Put a piece of work on a queue, a name of settings.Queues: its kind and id, nothing else."""
    queues.send(getattr(settings.current().queues, queue), {"kind": piece.kind, "id": piece.id})


def _under(work: Work, turn: Turn) -> Outcome:
    failed = 0
    try:
        outcome = _through(work, turn)
    except KeyShredded:
        if work.shredded is None:
            raise
        outcome = work.shredded(turn) or DONE
    except (Unavailable, VersionConflict) as error:
        failed = int(turn.lease.failures) + 1
        log.failure("work_postponed", error, kind=work.kind, attempt=failed, **_named(turn.due))
        if failed >= _STUCK_FROM:
            log.metric("work", "StuckWork", 1)  # an alarm of infra/resources.yaml waits for it
        outcome = _retry(error, failed)
    if outcome.send or outcome.at is not None:
        due.release(turn.lease, outcome.at or clock.now(), failures=failed)
    else:
        due.retire(turn.lease)
    if outcome.send:
        send(work.queue, turn.due)
    return outcome


def _through(work: Work, turn: Turn) -> Outcome:
    worked = False
    for step in work.steps:
        if worked and not turn.has_time():
            return AGAIN
        outcome = step(turn)
        if outcome is not None and outcome is not NEXT:
            return outcome
        worked = outcome is NEXT
    return DONE


def _retry(error: IkoError, failed: int) -> Outcome:
    """Where another was faster, what it wrote is looked at at once, the first time; all else waits."""
    if isinstance(error, VersionConflict) and failed == 1:
        return AGAIN
    longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** (failed - 1))
    return after(timedelta(seconds=random.uniform(longest / 2, longest)), "postponed")  # noqa: S311 - jitter, no secret


def _named(piece: Due) -> dict[str, str]:
    """What the log may say of it: our own ids, which are in small letters, and no provider's."""
    if not _OUR_ID.fullmatch(piece.id):
        return {}
    of_tenant = piece.id.startswith("ten_")
    return {"tenant": piece.tenant, "resource": piece.about} if of_tenant else {"request_id": piece.id}
