"""What each run of a connection did, for its member to read: one row a run, written when it ends, and before that when it
begins to write contacts or goes on to a further page."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.actor import Actor
from chalicelib.core.codes import RunOutcome
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.matching import wake
from chalicelib.domain.sync.records import RUN_DAYS, RunPayload, RunRecord
from chalicelib.store import rows


class Run:
    """One run; its `tally` is counted in meanwhile."""

    def __init__(self, record: ConnectionRecord) -> None:
        now = clock.now()
        self._provider = record.unsealed(ConnectionPayload).provider
        self.tally = RunPayload(began_at=now)
        sk = f"{_prefix(ids.owned_of(PREFIX, record.sk))}{ids.ulid()}"
        self._told = False
        self._row = RunRecord.build(record.tenant, sk, self.tally.model_copy(), ends=now + timedelta(days=RUN_DAYS))

    def begin(self) -> None:
        """Write that the run has begun, once. A killed run leaves this behind."""
        if not self._told:
            rows.put_new(self._row, deletable=True)
            self._told = True

    def end(self, outcome: RunOutcome) -> None:
        """Write how the run ended; the last one counts.

        Harmless where the connection took the row with it.
        """
        self.tally.ended_at, self.tally.outcome = clock.now(), outcome
        self._row.reseal(self.tally)
        try:
            rows.put_if_unchanged(self._row) if self._told else rows.put_new(self._row, deletable=True)
            self._told = True
        except VersionConflict:
            log.event("run_gone", tenant=self._row.tenant)
        if self.tally.created or self.tally.updated or self.tally.deleted:
            wake.changed(self._row.tenant, ids.owner_of(self._row.sk))
        counts = {name: getattr(self.tally, name) for name in ("pages", "seen", "created", "updated", "deleted")}
        log.event("sync_ran", tenant=self._row.tenant, provider=str(self._provider), state=outcome, counts=counts)


@dataclass(frozen=True)
class Noted:
    """One run as it is read: its id, its connection's, and what it did. `killed`: it will not say how it ended any more."""

    id: str
    connection: str
    payload: RunPayload
    killed: bool


def page(actor: Actor, connection_id: str, *, limit: int, after: str | None) -> tuple[list[Noted], str | None]:
    """Return the connection's runs, newest first, and the key to go on after. NotFound."""
    owned = ids.owned_of(PREFIX, repository.get(actor, connection_id).sk)
    found = rows.page(RunRecord, actor.tenant, _prefix(owned), limit=limit, after=after, forward=False)
    return [noted(row) for row in found.records], found.last


def noted(row: RunRecord) -> Noted:
    """Return the run of a row."""
    _, owner, connection, ident = row.sk.split("#")
    payload = row.unsealed(RunPayload)
    over = clock.now() - payload.began_at > timedelta(seconds=settings.current().waits.lease)
    named = ids.OwnedId(PREFIX, OwnerCode(owner), connection)
    return Noted(ident, str(named), payload, killed=payload.ended_at is None and over)


def _prefix(owned: ids.OwnedId) -> str:
    return ids.key_range(RunRecord.declared.kind, owned.owner, owned.local)
