"""What a connection's tier reads, stream by stream: companies before the contacts that refer to them, mail last."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.connectors import vendors
from chalicelib.connectors.port import NotPermitted, NotReady, Stream
from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Lives
from chalicelib.domain.connections import held, tiers
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, Health, StreamHealth, StreamState, source_of
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.connections.tokens import ConnectionTokens
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.ingest.linked import Connected
from chalicelib.domain.sync import brake, hidden, mail_stream
from chalicelib.domain.sync.checkpoint import Checkpoint
from chalicelib.domain.sync.mapping import Organizations, People
from chalicelib.domain.sync.records import CheckpointPayload
from chalicelib.domain.sync.runs import Run
from chalicelib.domain.sync.stream_pass import Pass

_AHEAD_S = 45  # the provider is asked nothing in the last seconds of a lease; the function's own time ends sooner


class LeaseOver(Exception):
    """This worker was too slow: another may have the connection by now."""


class Streams:
    """One run's. `until` is when its lease ends; `alone` as in `Checkpoint.claim`."""

    def __init__(self, record: ConnectionRecord, lives: Lives, run: Run, until: datetime, *, alone: bool) -> None:
        payload = record.unsealed(ConnectionPayload)
        self._record, self._lives, self._run, self._until, self._alone = record, lives, run, until, alone
        self._tally = run.tally
        self._owned = ids.owned_of(PREFIX, record.sk)
        self._vendor = vendors.of(payload.provider)
        tier = tiers.of(payload)
        self.wanted = tier.streams if tier else ()
        self.every_s = max(settings.current().sync.every, tier.every_s if tier else 0)  # between two passes
        self._source = source_of(payload.provider, str(self._owned))
        self._tokens = ConnectionTokens(record.tenant, str(self._owned))
        self._deadline = clock.monotonic() + (until - clock.now()).total_seconds() - _AHEAD_S
        self._turn = f"{self._owned}.{ids.ulid()}"  # of this run alone: a slow worker must not end the turn of the next
        self._has_turn = False
        self._ends: dict[Stream, CheckpointPayload] = {}
        self._confirmed = payload.deletions_confirmed
        self._tried: dict[Stream, StreamHealth] = {}
        self._got_on: set[Stream] = set()
        self.refused = ""  # why a stream was left out: the grant does not reach it
        self.passes_by = False  # for one of them that may be otherwise by itself

    @property
    def renewable(self) -> bool:
        """Return whether the token that was used last can be exchanged for another."""
        return self._tokens.renewable

    @property
    def completed(self) -> bool:
        """Whether any stream was read to its end."""
        return bool(self._ends)

    @property
    def since(self) -> datetime:
        """When the first of the passes that are complete now began: what changed at the provider before that was read."""
        return min((end.complete_from for end in self._ends.values() if end.complete_from), default=clock.now())

    def read(self, has_time: Callable[[], bool]) -> bool:
        """Read each on; whether all that the grant reaches are complete. Failures are the provider's, NotReady once the others
        are complete; LeaseOver, WriterBusy, Stuck, VersionConflict."""
        worked, not_ready = False, None
        for stream in [each for each in Stream if each in self.wanted]:
            if worked and not has_time():
                return False
            if stream is Stream.MAIL:  # which may take hours
                held.tell(self._record)
            checkpoint = Checkpoint(self._record.tenant, self._owned.owner, self._owned.local, stream)
            checkpoint.claim(alone=self._alone)
            if not self._done_before(stream, checkpoint.at):
                worked = True
                try:
                    if not self._one(stream, checkpoint, has_time):
                        return False
                except NotPermitted as error:
                    self.refused, self.passes_by = self.refused or error.reason, self.passes_by or not error.final
                    self._tell(stream, StreamState.UNREADABLE, checkpoint.at, error)
                    continue
                except NotReady as error:
                    not_ready = error
                    self._tell(stream, StreamState.NOT_READY, checkpoint.at)
                    continue
            self._ends[stream] = checkpoint.at
            self._ensure_lease()
            held.say(self._record, stream, checkpoint.at.held)
            self._tell(stream, StreamState.OK, checkpoint.at)
        held.tell(self._record)
        if not_ready is not None:
            raise not_ready
        return True

    @property
    def tried(self) -> tuple[StreamHealth, ...]:
        """Return how the streams are that this run itself has tried."""
        return tuple(self._tried.values())

    @property
    def got_on(self) -> frozenset[Stream]:
        """Return the streams of which this run has read a page."""
        return frozenset(self._got_on)

    def told(self) -> list[StreamHealth]:
        """Return how each wanted stream is: as this run found it, else as runs before did."""
        before = {each.stream: each for each in self._record.unsealed(ConnectionPayload).health.streams}
        known = {**before, **self._tried}
        return [known[stream] for stream in Stream if stream in self.wanted and stream in known]

    def health(self, refused: str) -> Health:
        """Return the evidence of the passes that are complete now."""
        ends = [end for stream, end in self._ends.items() if stream is not Stream.MAIL]
        skipped: dict[str, int] = {}
        for end in ends:
            for reason, count in end.skipped.items():
                skipped[reason] = skipped.get(reason, 0) + count
        differs = any(end.differs for end in ends)
        return Health(
            last_complete_at=clock.now(),
            last_full_at=min((end.full_at for end in ends if end.full_at), default=None),
            seen=sum(end.seen for end in ends),
            stored=sum(end.stored for end in ends),
            skipped=skipped,
            incomplete=refused or ("counts_differ" if differs else ""),
            streams=self.told(),
        )

    def release(self) -> None:
        """Let others write many contacts of the member, where this run had begun to do so."""
        if self._has_turn:
            writer_lock.release(self._record.tenant, self._owned.owner, self._turn)
            self._has_turn = False

    def _tell(
        self, stream: Stream, state: StreamState, at: CheckpointPayload, refused: NotPermitted | None = None
    ) -> None:
        known = {each.stream: each for each in self._record.unsealed(ConnectionPayload).health.streams}.get(stream)
        since = known.since if known and known.state is state else None
        self._tried[stream] = StreamHealth(
            stream=stream,
            state=state,
            reason=refused.reason if refused else None,
            since=(since or clock.now()) if refused else None,
            hidden_fields=hidden.kept(refused.hidden) if refused else at.hidden,
            last_complete_at=at.complete_at,
        )

    def _done_before(self, stream: Stream, at: CheckpointPayload) -> bool:
        """Whether an earlier run of this round read the stream to its end: the others go first."""
        health = self._record.unsealed(ConnectionPayload).health
        if at.began_at is not None or at.complete_at is None or at.recount:
            return False
        if brake.asks_for_full(at.held, self._confirmed.get(stream)):
            return False
        lately = clock.now() - at.complete_at < timedelta(seconds=settings.current().sync.every)
        return lately and (health.last_complete_at is None or at.complete_at > health.last_complete_at)

    def _one(self, stream: Stream, checkpoint: Checkpoint, has_time: Callable[[], bool]) -> bool:
        grant = self._tokens.grant()

        def further() -> bool:
            if self._tally.seen or stream is Stream.MAIL:
                self._run.begin()
            return has_time()

        if stream is Stream.MAIL:
            mailbox = self._vendor.mailbox(self._tokens, grant, self._deadline)
            before = checkpoint.at.page
            try:
                return mail_stream.run(self._record, checkpoint, mailbox, further)
            finally:
                self._tally.pages += max(0, checkpoint.at.page - before)
        origin = Connected.of(
            self._record.tenant,
            self._owned,
            self._source,
            self._lives,
            checkpoint.row,
            ensure_lease=self._ensure_lease,
            acquire_writer=self._acquire_writer,
        )
        origin = replace(origin, draw=lambda: checkpoint.draw, gone=lambda idents: source.look(idents).gone)
        stored = Organizations(origin) if stream is Stream.COMPANIES else People(origin)
        source = self._vendor.source(stream, self._tokens, grant, self._deadline)
        before = self._tally.pages
        try:
            return Pass(checkpoint, stored, source, self._tally, self._confirmed.get(stream)).run(further)
        finally:
            self._got_on |= {stream} if self._tally.pages > before else set()

    def _ensure_lease(self) -> None:
        if clock.now() >= self._until:
            raise LeaseOver

    def _acquire_writer(self) -> None:
        self._ensure_lease()
        self._run.begin()
        if not self._has_turn:
            seconds = int(
                (self._until - clock.now()).total_seconds()
            )  # not beyond the lease, which the next may wait for
            writer_lock.acquire(self._record.tenant, self._owned.owner, self._turn, seconds)
            self._has_turn = True
