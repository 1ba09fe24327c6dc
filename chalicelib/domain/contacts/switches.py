"""Telling those who follow changes what a member's switches changed for them, so that no client has to read everything anew.

A walk over what the member brought, asked for in the write of the switch itself, with its checkpoint in the member's row. What
colleagues see any more is read again, what they saw and do not see is dropped, and of what they never saw nothing is told. Until
it is told, reading hides it already. What is read may change at once: so a row of the feed bears the time before it was read,
and says `delete` only where the member shows nothing of that kind, however the record stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from chalicelib.core import clock, ids
from chalicelib.core.ids import TenantId
from chalicelib.core.versions import version_of
from chalicelib.domain.accounts import retention_settings, sharing
from chalicelib.domain.accounts.model import MemberPayload, Switch, Telling, TenantState
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import MOST_ENTRIES, SETTLING_S, SWITCHES, Effect, Shown, ShownPayload, shares_of
from chalicelib.domain.audit.timeline import Place, in_order
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import PREFIX as COMPANY_PREFIX
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import queries
from chalicelib.domain.contacts.model import PREFIX as CONTACT_PREFIX
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.visibility.ranges import Range
from chalicelib.store import batch, rows, shown
from chalicelib.store.declaration import Share
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, after, later

_AT_ONCE = MOST_ENTRIES  # records between two checkpoints
_WRITTEN_WITHIN = timedelta(seconds=30)  # from the time that a row bears; clients look again for a minute
_SETTLES = timedelta(seconds=SETTLING_S + 1)
_CLOSED_AGAIN = timedelta(hours=1)
_WRITES_MS = 2000  # by which a lock may be ahead of the time when its row was made: a millisecond for each write since
_KINDS: Sequence[type[CompanyRecord | ContactRecord]] = (CompanyRecord, ContactRecord)


def _tell(turn: Turn) -> Outcome:
    """Tell of the switches that are not told yet, by a page of records at least; a minute later of what was being written."""
    tenant, owner = turn.due.tenant, sharing.owner_of(turn.due)
    team = retention_settings.of_team(tenant)
    row = sharing.row_of(tenant, owner)
    if team is None or team.state is TenantState.PURGED or not team.has(owner) or row is None:
        return DONE
    if team.state is TenantState.CLOSING:
        return after(_CLOSED_AGAIN, "closing")
    where = Range(owner, row.member, mine=False, lives=team.of(owner))
    while row is not None and any(each.told_at is None for each in row.unsealed(MemberPayload).switches):
        _Telling(tenant, where, row).go_on()
        if not turn.has_time():
            return AGAIN
        row = rows.get(MemberRow, row.pk, row.sk)
    waits = _settle(_Telling(tenant, where, row)) if row is not None else None
    return later(waits) if waits else DONE


WORK = Work(sharing.SHARING_DUE, "work", (_tell,), shredded=lambda _: DONE)


@dataclass
class _Telling:
    """The switches of one member, as its row was read."""

    tenant: TenantId
    where: Range
    row: MemberRow

    @property
    def member(self) -> MemberPayload:
        return self.row.unsealed(MemberPayload)

    @cached_property
    def untold(self) -> list[Switch]:
        return [each for each in self.member.switches if each.told_at is None]

    @property
    def now(self) -> str:
        """The view that colleagues have now."""
        return sharing.view(self.member.settings)

    def go_on(self) -> None:
        """Tell a page of one part, and write down how far that is. Nothing is told where another switch came meanwhile: it may
        hide what was read. VersionConflict where the member was changed at that moment."""
        began = clock.now()
        at = self._begun(began)
        changes, then = self._part(at)
        standing = rows.get(MemberRow, self.row.pk, self.row.sk)
        if standing is None or standing.lock != self.row.lock or clock.now() - began > _WRITTEN_WITHIN:
            return
        self.write(began, changes)
        if then.part <= len(_KINDS):
            self.save({"telling": then})
        else:
            self._end()

    def _begun(self, now: datetime) -> Telling:
        """Where to go on. From the beginning where there is another switch, or none was looked at before: from that moment on
        certainly nobody sees by the view before it."""
        at, last = self.member.telling, self.untold[-1].at
        if at is None or at.to != last:
            at = Telling(to=last)
            switches = [each if each.until else each.model_copy(update={"until": now}) for each in self.member.switches]
            self.save({"telling": at, "switches": switches})
            del self.untold
        return at

    def _part(self, at: Telling) -> tuple[list[Shown], Telling]:
        if at.part == len(_KINDS):
            return list(self._gone()), Telling(to=at.to, part=at.part + 1)
        record = _KINDS[at.part]
        seen = {_of(record, view) for view in (self.now, *(each.was for each in self.untold))}
        if len(seen) == 1:  # none of the switches is about these
            return [], Telling(to=at.to, part=at.part + 1)
        prefix = ids.key_range(record.declared.kind, self.where.code)
        page = shown.page(record, self.tenant, prefix, limit=_AT_ONCE, after=at.after or None)
        changes = [change for row in page.records if (change := self._change(row))]
        return changes, Telling(to=at.to, part=at.part + (page.last is None), after=page.last or "")

    def _change(self, row: CompanyRecord | ContactRecord) -> Shown | None:
        """What colleagues are told of a record that still shows something."""
        payload = row.sound(_payload(row), "switch_not_told")
        if payload is None:
            return None  # nobody can read it
        had = [(_shown(payload, each.was), each) for each in self.untold]
        seen = any(view is not None and _was_there(row, payload, switch) for view, switch in had)
        if not _of(type(row), self.now):
            return _told(row, Effect.DELETE) if seen else None
        has = _shown(payload, self.now)
        if (seen or self._is_seen(row)) and any(view != has for view, _ in had):
            return _told(row, Effect.UPSERT, _version(has))
        return None

    def _is_seen(self, row: CompanyRecord | ContactRecord) -> bool:
        """Whether colleagues see it now, as its life is not over."""
        where = replace(self.where, with_companies=Share.TAGS in shares_of(self.now))
        if isinstance(row, ContactRecord):
            return queries.VIEW.see(where, row) is not None
        return companies.VIEW.see(where, row) is not None

    def _gone(self) -> Iterator[Shown]:
        """What colleagues are told of records that they saw and that went, or show nothing any more, since they did."""
        found: dict[tuple[str, str], Shown] = {}
        for switch in self.untold:
            last = clock.rfc3339(switch.until or clock.now())
            for change in self._entries(switch.was, begin=ids.ulid_floor(switch.at)):
                if change.effect is Effect.DELETE and change.since <= last:
                    record = next(each for each in _KINDS if each.declared.kind == change.kind)
                    effect = Effect.UPSERT if _of(record, self.now) else Effect.DELETE
                    found[change.kind, change.id] = Shown(kind=change.kind, id=change.id, effect=effect)
        yield from found.values()

    def _entries(self, view: str, *, begin: str, end: str = "") -> Iterator[Shown]:
        places = [Place(self.where.code, view, begin, end)] if view else []
        for noted in in_order(self.tenant, places, size=1000):
            yield from noted.record.unsealed(ShownPayload).changes

    def in_flight(self, switch: Switch) -> list[Shown]:
        """What is told of records that were being written when the switch was told: their entries may be older than it. Nothing
        of those that are as they were then."""
        last: dict[str, Shown] = {}
        begin = ids.ulid_floor(switch.at - timedelta(seconds=SETTLING_S))
        for change in self._entries(self.now, begin=begin, end=ids.ulid_floor(switch.at)):
            last[change.id] = change
        if not last:
            return []
        told = {change.id: change.version for change in self._entries(SWITCHES, begin=ids.ulid_floor(switch.at))}
        there = self._versions(last, switch.was)
        changed = [each for key, each in last.items() if there.get(key, 0) != told.get(key, 0)]
        return [Shown(kind=each.kind, id=each.id, effect=Effect.UPSERT) for each in changed]

    def _versions(self, idents: Iterable[str], was: str) -> dict[str, int]:
        """Of those of the records that show something else now than in the view before, the versions of that."""
        found: dict[str, int] = {}
        for record, prefix in zip(_KINDS, (COMPANY_PREFIX, CONTACT_PREFIX), strict=True):
            parsed = [each for ident in idents if (each := ids.parse_owned(ident, prefix))]
            keys = [(self.tenant, ids.sort_key(record.declared.kind, each.owner, each.local)) for each in parsed]
            for row in batch.get_all(record, keys).values() if keys else ():
                payload = row.sound(_payload(row), "switch_not_told")
                if payload is not None and (has := _shown(payload, self.now)) != _shown(payload, was):
                    found[str(ids.owned_of(prefix, row.sk))] = _version(has)
        return found

    def write(self, began: datetime, changes: Sequence[Shown]) -> None:
        """Write rows of the feed that bear that time."""
        for chunk in batch.chunks(changes, MOST_ENTRIES):
            local = ids.ulid_at(began, ids.ulid())
            rows.put_new(journal.of_switches(self.tenant, self.where.code, local, chunk))

    def save(self, update: dict[str, object]) -> None:
        """Write the member's row over what was read."""
        self.row.reseal(self.member.model_copy(update=update))
        rows.put_if_unchanged(self.row, visible=False)

    def _end(self) -> None:
        """All is told: what only hides has settled with that."""
        now, views = clock.now(), [each.was for each in self.member.switches[1:]]
        ended = [
            each.model_copy(update={"told_at": now, "settled": set(shares_of(then)) <= set(shares_of(each.was))})
            if each.told_at is None
            else each
            for each, then in zip(self.member.switches, [*views, self.now], strict=True)
        ]
        self.save({"telling": None, "switches": ended})


def _settle(telling: _Telling) -> datetime | None:
    """Tell of what was being written when something was switched on, once all of it is written. Return when that will be, None
    where nothing is left."""
    began = clock.now()
    left = [each for each in telling.member.switches if not each.settled]
    ripe = [each for each in left if each.until is not None and each.until + _SETTLES <= began]
    if ripe:
        telling.write(began, [change for each in ripe for change in telling.in_flight(each)])
        done = {"settled": True, "told_at": clock.now()}
        telling.save(
            {"switches": [each.model_copy(update=done) if each in ripe else each for each in telling.member.switches]}
        )
    return min(((each.until or began) + _SETTLES for each in left if each not in ripe), default=None)


def _payload(row: CompanyRecord | ContactRecord) -> type[CompanyPayload] | type[ContactPayload]:
    return ContactPayload if isinstance(row, ContactRecord) else CompanyPayload


def _of(record: type[CompanyRecord | ContactRecord], view: str) -> str:
    """What of a view counts for records of the kind; empty where it shows none of them."""
    shares = shares_of(view)
    if not set(record.declared.shared_by) <= set(shares):
        return ""
    return view if record is ContactRecord else str(Share.TAGS)


def _shown(payload: CompanyPayload | ContactPayload, view: str) -> CompanyPayload | ContactPayload | None:
    """What those who have the view are shown of it, with the time of its last change: that is another one for those who are shown
    companies, of a contact that has lost its company since, which looks alike to everybody else."""
    if isinstance(payload, CompanyPayload):
        return payload.shared() if _of(CompanyRecord, view) else None
    return payload.shared(with_companies=Share.TAGS in shares_of(view)) if _of(ContactRecord, view) else None


def _was_there(row: CompanyRecord | ContactRecord, payload: CompanyPayload | ContactPayload, switch: Switch) -> bool:
    """Whether there was anything to see of it before the switch held for everybody. What an import brings bears the time of the
    import, which may be long before: so the row counts too."""
    until = switch.until or clock.now()
    made = int(row.lock) <= clock.milliseconds(until) + _WRITES_MS
    return made and payload.first_shown <= clock.rfc3339(until)


def _version(has: CompanyPayload | ContactPayload | None) -> int:
    return version_of(has.model_dump_json()) if has is not None else 0


def _told(row: CompanyRecord | ContactRecord, effect: Effect, version: int = 0) -> Shown:
    view = queries.VIEW if isinstance(row, ContactRecord) else companies.VIEW
    return Shown(kind=row.declared.kind, id=str(ids.owned_of(view.prefix, row.sk)), effect=effect, version=version)
