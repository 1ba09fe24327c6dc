"""One rule, for companies and contacts alike: what a caller may see of a resource, and whose it is to change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalicelib.core import ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Forbidden, NotFound, VersionConflict
from chalicelib.core.models import Model
from chalicelib.core.versions import Versions, require
from chalicelib.domain.visibility.ranges import Range, Seen, ranges
from chalicelib.store import rows
from chalicelib.store.records import SharedRecord, TenantRecord

R = TypeVar("R", bound=SharedRecord)
P = TypeVar("P", bound=Model)
T = TypeVar("T")


def _whole(_where: Range, _row: TenantRecord, payload: Any) -> Any:
    return payload


@dataclass(frozen=True)
class View(Generic[R, P]):
    """The rule for one kind: `shares` says whether a colleague shows its own, `shared` what of a payload it shows, or None;
    `living` what of a payload is left to its owner, or None where its life is over."""

    record: type[R]
    payload: type[P]
    prefix: str
    shares: Callable[[Colleague], bool]
    shared: Callable[[P, Range], P | None]
    living: Callable[[Range, R, P], P | None] = _whole

    def get(self, actor: Actor, public: str) -> Seen[P]:
        """Return the resource as the caller may see it. NotFound where the caller may see none."""
        ident = ids.parse_owned(public, self.prefix)
        where = next((r for r in self.ranges(actor) if ident and r.code == ident.owner), None)
        row = self._row(actor, ident) if ident and where else None
        seen = self.see(where, row) if where and row else None
        if seen is None:
            raise NotFound
        return seen

    def own(self, actor: Actor, public: str) -> R:
        """Return the caller's own resource, to be changed.

        Forbidden(not_owner) for one that a colleague shares, else NotFound.
        """
        ident = ids.parse_owned(public, self.prefix)
        if ident is None:
            raise NotFound
        if ident.owner != actor.code:
            self.get(actor, public)
            raise Forbidden("A colleague shares this with you. Only its owner can change it.", code=Code.NOT_OWNER)
        row = self._row(actor, ident)
        if row is None or self.see(self.ranges(actor)[0], row) is None:
            raise NotFound
        return row

    def change_own(self, actor: Actor, public: str, if_match: Versions | None, write: Callable[[R], T]) -> T:
        """Do `write` on the caller's own resource as it stands; read and do it again where another write came between.

        Errors as in `own`; PreconditionFailed where `if_match` names other versions, Conflict where others always are faster.
        """

        def attempt() -> T:
            record = self.own(actor, public)
            require(if_match, record.version)
            return write(record)

        try:
            return rows.retry(attempt)
        except VersionConflict as error:
            kind = self.record.declared.kind
            raise Conflict(f"Someone else is changing this {kind}. Try again.") from error

    def ranges(self, actor: Actor) -> list[Range]:
        """Return the caller's own range, then those of the colleagues that share this kind now."""
        return ranges(actor, self.shares)

    def see(self, where: Range, row: R) -> Seen[P] | None:
        """Return the row as readers of that range may see it; None where nothing of it is shown."""
        payload = self.living(where, row, row.unsealed(self.payload))
        if payload is None:
            return None
        if where.mine:
            return Seen(self.public_id(row), payload, int(row.version), mine=True, member=where.member)
        shown: Any = self.shared(payload, where)
        if shown is None:
            return None
        return Seen(self.public_id(row), shown, int(row.version), mine=False, member=where.member)

    def seen_by_owner(self, actor: Actor, row: R) -> Seen[P]:
        """Return the caller's own resource as the caller sees it. NotFound where its life is over."""
        seen = self.see(self.ranges(actor)[0], row)
        if seen is None:
            raise NotFound
        return seen

    def public_id(self, row: R) -> str:
        """Return the resource's id in the API."""
        return str(ids.owned_of(self.prefix, row.sk))

    def _row(self, actor: Actor, ident: ids.OwnedId) -> R | None:
        return rows.get(self.record, actor.tenant, ids.sort_key(self.record.declared.kind, ident.owner, ident.local))
