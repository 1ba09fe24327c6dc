"""The worker of one connection: its streams are read in order, page by page, with a checkpoint after each page, so that a
killed worker goes on where it was; what came of it is written down in every outcome that leaves somebody to write it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import GrantEnded, Misconfigured, NotReady, OverQuota, RefreshRefused
from chalicelib.core import clock, ids, log
from chalicelib.core.actor import Lives
from chalicelib.core.codes import RunOutcome
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.connections import held, notices, registrations, repository, suspension, tiers, unshown
from chalicelib.domain.connections.model import PREFIX, SYNC_DUE, ConnectionPayload, ConnectionState, Health
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.connections.tokens import TokensBroken
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.sync import belief, disconnect_cleanup, incomplete, on_demand, unread
from chalicelib.domain.sync.runs import Run
from chalicelib.domain.sync.stream_pass import Stuck
from chalicelib.domain.sync.streams import LeaseOver, Streams
from chalicelib.store import rows
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, after

_SENT_AHEAD = timedelta(minutes=3)  # a message may come up to two minutes before its due row's time
_CLOSED_AGAIN = timedelta(hours=1)
_NEXT_TURN, _OURS_AGAIN = timedelta(seconds=30), timedelta(seconds=60)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 60.0, 3600.0  # after failures of the provider in a row
_SHORTEST_PAUSE_S, _DAY_S = 5.0, 86_400.0  # whatever a provider asks for
_READY_AFTER = [timedelta(minutes=each) for each in (2, 5, 15, 60)]  # asked again, the last time and time again
_MOMENT_S = 120.0  # a mailbox has its units of a minute, HubSpot its requests of ten seconds
_SPREAD = 0.1  # of the time between two passes, so that connections made together do not stay together


def _advance(turn: Turn) -> Outcome:
    """Read the connection on, by a page of each stream at least."""
    tenant, owned = turn.due.tenant, ids.parse_owned(turn.due.about, PREFIX)
    if owned is None:
        return DONE
    team, record = retention_settings.of_team(tenant), repository.find(tenant, str(owned))
    state = record.unsealed(ConnectionPayload).state if record else None
    if team is None or team.state is TenantState.PURGED or record is None or state is ConnectionState.ENDING:
        return DONE
    if team.state is not TenantState.ACTIVE or not team.has(owned.owner):
        return after(_CLOSED_AGAIN, "closed")
    if state is ConnectionState.NEEDS_CONSENT:  # a worker was killed before it had said so
        suspension.needs_consent(record, record.unsealed(ConnectionPayload).reason)
        return DONE
    return _Run(turn, record, team.of(owned.owner)).go()


# By `tenant.connection`. Where it is planned for later nothing is done; where the key is gone the workspace was purged.
WORK = Work(SYNC_DUE, "sync", (_advance,), shredded=lambda _: DONE, early=_SENT_AHEAD)


def _nothing(_: ConnectionPayload) -> None:
    pass


class _Run:
    """One run of a connection that can be read, under its lease."""

    def __init__(self, turn: Turn, record: ConnectionRecord, lives: Lives) -> None:
        self._turn, self._record, self._run, self._lives = turn, record, Run(record), lives
        self._streams = Streams(record, lives, self._run, turn.until, alone=turn.alone)

    def go(self) -> Outcome:
        """Carry the run to its end and return its outcome.

        Where another worker has taken over, or the connection goes, nothing more is written.
        """
        before = self._record.unsealed(ConnectionPayload)
        if before.state is ConnectionState.ACTIVE and tiers.stale(before):
            log.metric("sync", "StaleConnections", 1)  # an alarm of infra/resources.yaml waits for it
        try:
            return self._go()
        except (LeaseOver, VersionConflict) as error:
            log.failure("sync_taken_over", error, tenant=self._record.tenant)
            return self._later(RunOutcome.TAKEN_OVER, _OURS_AGAIN)
        finally:
            self._streams.release()  # the turn, before the lease: whoever comes next shall not wait for it

    def _go(self) -> Outcome:
        try:
            complete = self._without_mail() and self._streams.read(self._turn.has_time)
        except (GrantEnded, TokensBroken, RefreshRefused) as error:
            return self._without_token(error)
        except writer_lock.WriterBusy:
            return self._later(RunOutcome.WAITS_FOR_ITS_TURN, _NEXT_TURN)
        except NotReady:
            return self._waits_for_it()
        except (ProviderDown, ProviderRefused, registrations.NotRegistered, Stuck) as error:
            log.failure("sync_failed", error, tenant=self._record.tenant)
            if isinstance(error, Misconfigured | registrations.NotRegistered):
                self._operators(incomplete.why(error))
            return self._failed(incomplete.why(error), error.retry_after if isinstance(error, OverQuota) else 0.0)
        except Unavailable:
            self._run.end(RunOutcome.UNAVAILABLE)
            raise
        if complete:
            return self._read()
        before = self._record.unsealed(ConnectionPayload)
        refused = before.refused_since or before.forbidden_since or before.state is ConnectionState.FAILED
        if refused and self._run.tally.pages:
            self._change(_answered)
        self._run.end(RunOutcome.TO_BE_CONTINUED)
        return AGAIN

    def _without_token(self, error: GrantEnded | TokensBroken | RefreshRefused) -> Outcome:
        """No token comes, now or ever."""
        if isinstance(error, RefreshRefused):
            log.failure("sync_failed", error, tenant=self._record.tenant)
            return self._not_refreshed()
        if isinstance(error, GrantEnded) and error.forbidden:
            return self._fails(error.reason)
        why = error.reason if isinstance(error, GrantEnded) else suspension.TOKENS_BROKEN
        return self._stops(RunOutcome.NEEDS_CONSENT, lambda: suspension.needs_consent(self._record, why))

    def _not_refreshed(self) -> Outcome:
        """A refusal that no table knows: tried again for a day, and believed then."""
        before = self._record.unsealed(ConnectionPayload)
        if self._believed(before.refused_since, belief.UNKNOWN_REFUSAL):
            return self._fails(before.reason or suspension.REFRESH_REFUSED)

        def note(payload: ConnectionPayload) -> None:
            payload.refused_since = payload.refused_since or clock.now()

        return self._failed(RunOutcome.PROVIDER_UNAVAILABLE, note=note)

    def _forbidden(self, reason: str) -> Outcome:
        """Nothing of all that is to be read may be read: tried again for an hour or a day, and believed then; at once where the
        consent says so itself."""
        since = self._record.unsealed(ConnectionPayload).forbidden_since
        renewable = self._streams.renewable
        if not self._streams.passes_by or self._believed(since, belief.after(reason, renewable=renewable)):
            self._write(lambda _: ())  # which streams cannot be read
            if belief.needs_consent(reason, renewable=renewable):
                return self._stops(RunOutcome.NEEDS_CONSENT, lambda: suspension.needs_consent(self._record))
            return self._fails(reason)

        def note(payload: ConnectionPayload) -> None:
            payload.forbidden_since = payload.forbidden_since or clock.now()
            payload.health = payload.health.model_copy(update={"incomplete": reason})

        return self._failed(RunOutcome.NOT_PERMITTED, note=note)

    def _believed(self, since: datetime | None, lasts: timedelta) -> bool:
        """Whether the provider has refused for so long, or had failed before, and has given nothing meanwhile."""
        if self._run.tally.pages:
            return False
        failed = self._record.unsealed(ConnectionPayload).state is ConnectionState.FAILED
        return failed or (since is not None and clock.now() - since > lasts)

    def _fails(self, reason: str) -> Outcome:
        return self._stops(RunOutcome.NOT_PERMITTED, lambda: suspension.failed(self._record, reason))

    def _without_mail(self) -> bool:
        """Whether nothing is here any more of the mail that the member wants to be read no more."""
        if not self._record.unsealed(ConnectionPayload).mail_ended:
            return True
        owned = ids.owned_of(PREFIX, self._record.sk)
        if not disconnect_cleanup.forget_mail(self._record.tenant, owned, self._turn.has_time):
            return False
        self._change(_mail_gone)
        return True

    def _read(self) -> Outcome:
        """Every stream was read to its end, but for those that the grant does not reach."""
        refused = self._streams.refused
        if refused and not self._streams.completed:
            return self._forbidden(refused)
        health, since, wanted = self._streams.health(refused), self._streams.since, self._streams.wanted

        def complete(payload: ConnectionPayload) -> rows.TransactItems:
            health.held = [each for each in payload.health.held if each.stream in wanted]
            held.note(payload, health)
            payload.deletions_confirmed = payload.deletions_confirmed if health.held else {}
            _healthy(payload, health)
            waits = on_demand.waits(payload, since)
            return () if waits else on_demand.answer(self._record.tenant, payload, self._run.tally)

        self._run.end(RunOutcome.COMPLETE)  # before its job is done: whoever waits for that looks here then
        payload = self._change(complete)
        if on_demand.waits(payload, since):
            return AGAIN
        if not wanted:
            return DONE  # until its member asks for it, or consents to more
        spread = random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - jitter, no secret
        pause = timedelta(seconds=self._streams.every_s * spread)
        second_looks = [left for each in payload.health.held if (left := each.again_at - clock.now()) > timedelta()]
        return after(min([pause, *second_looks]), RunOutcome.COMPLETE)

    def _stops(self, outcome: RunOutcome, stop: Callable[[], timedelta | None]) -> Outcome:
        """Nothing is read any more, or after the pause that `stop` returns, and whoever asked for it hears so: before, should
        this worker be killed; and after, should somebody have asked meanwhile."""
        self._run.end(outcome)
        on_demand.fail(self._record, self._run.tally, outcome)
        unread.stop(self._record, self._lives)
        pause = stop()
        on_demand.fail(self._record, self._run.tally, outcome)
        return DONE if pause is None else after(pause, outcome)

    def _later(self, outcome: RunOutcome, pause: timedelta) -> Outcome:
        self._run.end(outcome)
        return after(pause, outcome)

    def _failed(
        self, why: RunOutcome, at_least: float = 0.0, note: Callable[[ConnectionPayload], None] = _nothing
    ) -> Outcome:
        """The provider's failure: each in a row doubles the longest pause; a run that got on begins anew. Who asked is told,
        unless it is only to wait a moment. `note` says more of it."""
        got_on = self._run.tally.pages and why != RunOutcome.PAGES_REPEAT
        failures = 1 if got_on else self._record.unsealed(ConnectionPayload).failures + 1

        def write(payload: ConnectionPayload) -> rows.TransactItems:
            _troubled(payload, why, failures, answered=bool(self._run.tally.pages))
            note(payload)
            return ()

        self._change(write)
        if notices.watch(self._record):
            moves = () if why == RunOutcome.PAGES_REPEAT else self._streams.got_on
            unread.stop(self._record, self._lives, {*moves, *(each.stream for each in self._streams.tried)})
        longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** (failures - 1))
        pause = max(min(at_least, _DAY_S), _SHORTEST_PAUSE_S, random.uniform(0, longest))  # noqa: S311 - full jitter, no secret
        self._run.end(why)
        if why != RunOutcome.OVER_QUOTA or pause > _MOMENT_S:
            on_demand.fail(self._record, self._run.tally, why, self._run.tally.began_at)
        held.tell(self._record)  # what one stream holds back, whose other one fails
        return after(timedelta(seconds=pause), why)

    def _waits_for_it(self) -> Outcome:
        """The provider is still preparing what it gives: it took the token, nothing is wrong, and nothing was read."""
        before = self._record.unsealed(ConnectionPayload)
        tries = before.failures + 1 if before.health.incomplete == RunOutcome.NOT_READY else 1

        self._change(lambda payload: _troubled(payload, RunOutcome.NOT_READY, tries, answered=True))
        self._run.end(RunOutcome.NOT_READY)
        if tries > 1:  # whoever asked waits a moment, not for hours
            on_demand.fail(self._record, self._run.tally, RunOutcome.NOT_READY, self._run.tally.began_at)
        return after(_READY_AFTER[min(tries, len(_READY_AFTER)) - 1], RunOutcome.NOT_READY)

    def _operators(self, reason: RunOutcome) -> None:
        """A mistake of the operator's: an alarm of infra/resources.yaml waits for it, and the line says what to look at."""
        provider = self._record.unsealed(ConnectionPayload).provider
        log.event("provider_misconfigured", provider=str(provider), reason=reason)
        log.metric("sync", "Misconfigured", 1)

    def _change(self, change: Callable[[ConnectionPayload], rows.TransactItems]) -> ConnectionPayload:
        """Write the connection as `_write` does, with what that means for how long what came of it is kept, and tell."""
        payload = self._write(change)
        unread.note(self._record, self._lives, self._streams.tried, {each.stream for each in payload.health.held})
        unshown.tell(self._record, payload)
        return payload

    def _write(self, change: Callable[[ConnectionPayload], rows.TransactItems]) -> ConnectionPayload:
        """Write the connection and how its streams are, on what its consent or its tokens wrote meanwhile, with what `change`
        gives beside it; what it is then. LeaseOver where another may know better by now; VersionConflict where it is gone or
        going."""
        if clock.now() >= self._turn.until:
            raise LeaseOver

        def write(payload: ConnectionPayload) -> rows.TransactItems:
            more = change(payload)
            payload.health.streams = self._streams.told()
            return more

        return repository.change(self._record, write)


def _mail_gone(payload: ConnectionPayload) -> rows.TransactItems:
    payload.mail_ended, payload.watched_until = False, None
    return ()


def _answered(payload: ConnectionPayload) -> rows.TransactItems:
    suspension.answered(payload)
    return ()


def _healthy(payload: ConnectionPayload, health: Health) -> None:
    payload.health, payload.failures = health, 0
    suspension.mended(payload)


def _troubled(payload: ConnectionPayload, why: RunOutcome, failures: int, *, answered: bool) -> rows.TransactItems:
    if answered:
        suspension.answered(payload)
    payload.health, payload.failures = payload.health.model_copy(update={"incomplete": why}), failures
    return ()
