"""Reading one mailbox's headers, a page at a time, within its quota; and keeping its provider telling us of news.

What is read is reduced at once (network.recording), in the transaction that moves the checkpoint on. A pass over everything
comes first, when the position was lost, and every so often: a contact that came in later gets its share of older mail then.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import CursorExpired, Mailbox, MailPage, NotPermitted, OverQuota, Position
from chalicelib.core import clock, log, settings
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.network.message_counter import Recorder
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.domain.sync.records import CheckpointPayload
from chalicelib.store import rows

# https://developers.google.com/workspace/gmail/api/reference/quota: units a minute for each user of a project.
UNITS_A_MINUTE = 6_000
_FIRST_PAGE = 2_000  # what a page is taken to cost until one has said
_WATCH_AHEAD = timedelta(days=6)  # a watch lasts seven days, and is to be renewed daily


def run(connection: ConnectionRecord, checkpoint: Checkpoint, mailbox: Mailbox, has_time: Callable[[], bool]) -> bool:
    """Go on from the claimed checkpoint as far as `has_time` and the quota let it, by one page at least.

    Return whether the pass is complete. OverQuota where the mailbox has no units left; ProviderDown, GrantEnded,
    NotPermitted of the provider; VersionConflict where another worker has taken over.
    """
    complete = _Reading(connection, checkpoint, mailbox).run(has_time)
    if complete:
        _renew_watch(connection, mailbox)
    return complete


class _Reading:
    def __init__(self, connection: ConnectionRecord, checkpoint: Checkpoint, mailbox: Mailbox) -> None:
        payload = connection.unsealed(ConnectionPayload)
        self._checkpoint, self._mailbox = checkpoint, mailbox
        self._provider, self._own = payload.provider, payload.address
        self._recorder = self._new_recorder()
        self._at = self._begun(checkpoint.at)
        self._page_units = _FIRST_PAGE

    def run(self, has_time: Callable[[], bool]) -> bool:
        restarted = False
        while True:
            self._needs_units()
            asked = Position(self._at.full, self._at.at or {})
            try:
                page = self._mailbox.page(asked)
            except CursorExpired as error:
                log.event("position_lost", tenant=self._checkpoint.tenant, provider=self._provider)
                if restarted:  # at the very beginning of a pass: no state of ours, so it must be theirs
                    raise ProviderDown(self._provider, sent=False) from error
                self._at, restarted = self._anew(self._at), True
                self._checkpoint.save(self._at)
                continue
            if not page.done and page.position == asked and page.stopped_by is None:  # it would for ever lead to itself
                raise ProviderDown(self._provider)
            self._keep(page)
            if page.stopped_by is not None:
                raise page.stopped_by
            if page.done or not has_time():
                return page.done

    def _begun(self, at: CheckpointPayload) -> CheckpointPayload:
        """Where the pass under way is, or the next one begins."""
        if at.at is not None and at.began_at is not None:
            return at
        every = timedelta(seconds=settings.current().sync.full)
        if at.at is None or at.full_at is None or at.full_at <= clock.now() - every:
            return self._anew(at)
        return _fresh(at)

    def _anew(self, at: CheckpointPayload) -> CheckpointPayload:
        start = self._mailbox.start()
        return _fresh(at).model_copy(update={"full": start.full, "at": start.at})

    def _needs_units(self) -> None:
        missing = _used(self._at) + min(self._page_units, UNITS_A_MINUTE) - UNITS_A_MINUTE
        if missing > 0:
            raise OverQuota(self._provider, retry_after=missing * 60 / UNITS_A_MINUTE)

    def _keep(self, page: MailPage) -> None:
        self._page_units = page.units or self._page_units
        try:
            self._record(page)
        except VersionConflict:
            # A contact went while its mail was counted: then it succeeds now. Or another worker has taken over: then not.
            self._recorder = self._new_recorder()
            self._record(page)

    def _record(self, page: MailPage) -> None:
        recorded = self._recorder.record(page.headers)
        here = self._at.model_copy(update={"units": _used(self._at) + page.units, "units_at": clock.now()})
        after = here.model_copy(
            update={
                "full": page.position.full,
                "at": page.position.at,
                "page": here.page + (page.stopped_by is None or bool(page.headers)),  # a run that gets nowhere has none
                "seen": here.seen + len(page.headers),
                "stored": here.stored + recorded.stored,
                "skipped": dict(Counter(here.skipped) + recorded.skipped),
            }
        )
        if page.done:
            now = clock.now()
            full_at = now if here.full else here.full_at
            ended = {"began_at": None, "complete_at": now, "complete_from": here.began_at, "full_at": full_at}
            after = after.model_copy(update=ended)
        for piece in recorded.pieces[:-1]:
            self._checkpoint.save(here, piece)  # a kill after this reads the page again, which counts nothing twice
        self._checkpoint.save(after, recorded.pieces[-1] if recorded.pieces else ())
        self._at = after

    def _new_recorder(self) -> Recorder:
        known = self._checkpoint
        return Recorder(known.tenant, known.owner_code, known.cxn_local, [self._own])


def _fresh(at: CheckpointPayload) -> CheckpointPayload:
    update = {"began_at": clock.now(), "seen": 0, "stored": 0, "skipped": {}}
    return at.model_copy(update=update)


def _used(at: CheckpointPayload) -> float:
    """Units of the bucket that are used now: it fills by itself, and is full after a minute."""
    if at.units_at is None:
        return 0
    gone = (clock.now() - at.units_at).total_seconds()
    return max(0.0, at.units - gone * UNITS_A_MINUTE / 60)


def _renew_watch(connection: ConnectionRecord, mailbox: Mailbox) -> None:
    """Once a day. Without it the mailbox is read by schedule all the same, so a refusal stops nothing."""
    payload = connection.unsealed(ConnectionPayload)
    if payload.watched_until is not None and payload.watched_until > clock.now() + _WATCH_AHEAD:
        return
    try:
        until = mailbox.watch()
    except (ProviderDown, ProviderRefused, NotPermitted) as error:
        log.failure("watch_failed", error, tenant=connection.tenant, provider=payload.provider)
        return
    if until is None:
        return
    connection.reseal(payload.model_copy(update={"watched_until": until}))
    try:
        rows.put_if_unchanged(connection, visible=False)
    except VersionConflict:
        connection.reseal(payload)  # its member, or its consent, has just changed it: the next run asks again
