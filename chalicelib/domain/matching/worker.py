"""Matching as due work of each member: what the journal says has changed is compared with what is near to it.

A first run, or one whose place in the journal is too old, looks at everything. What is read of the journal's last minute is read
again a minute later, for its rows may appear that late.
"""

from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.audit.model import FEED_DAYS, SETTLING_S, JournalPayload
from chalicelib.domain.audit.model import KIND as JOURNAL
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import PREFIX as COMPANY_PREFIX
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import PREFIX as CONTACT_PREFIX
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.matching.pairing import VERSION, Pairing
from chalicelib.domain.matching.records import MATCHING_DUE, MATCHING_PREFIX, MatchingPayload, MatchingRecord
from chalicelib.store import batch, rows
from chalicelib.store.records import TenantRecord
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, after, later

_AT_ONCE = 50  # records between two looks at the clock
_ROWS = 20  # of the journal at a time, each with up to 500 entries
_NEXT_TURN, _CLOSED_AGAIN = timedelta(seconds=30), timedelta(hours=1)
_SETTLES = timedelta(seconds=SETTLING_S + 1)
_PREFIXES = {CONTACT: CONTACT_PREFIX, COMPANY: COMPANY_PREFIX}
_RECORDS: dict[str, type[TenantRecord]] = {CONTACT: ContactRecord, COMPANY: CompanyRecord}
_ALL = (CONTACT,)


def _advance(turn: Turn) -> Outcome:
    """Carry the member's matching on, by a part at least."""
    tenant, ident = turn.due.tenant, ids.parse_owned(turn.due.about, MATCHING_PREFIX)
    team = retention_settings.of_team(tenant)
    if ident is None or team is None or team.state is TenantState.PURGED or not team.has(ident.owner):
        return DONE
    if team.state is not TenantState.ACTIVE:
        return after(_CLOSED_AGAIN, "closed")

    def may_merge() -> None:
        writer_lock.acquire(tenant, ident.owner, turn.id, settings.current().waits.lease)

    pairing = Pairing(tenant, ident.owner, team.of(ident.owner), may_merge)
    try:
        return _Run(tenant, ident.owner, turn, pairing).go()
    except writer_lock.WriterBusy:
        return after(_NEXT_TURN, "waits_for_its_turn")
    finally:
        writer_lock.release(tenant, ident.owner, turn.id)


WORK = Work(MATCHING_DUE, "work", (_advance,), shredded=lambda _: DONE)  # by `tenant.mtg_owner code`, see wake.due_of


class _Run:
    def __init__(self, tenant: TenantId, owner: OwnerCode, turn: Turn, pairing: Pairing) -> None:
        self._tenant, self._owner, self._turn, self._pairing = tenant, owner, turn, pairing
        self._sk = ids.sort_key(MATCHING_DUE, owner, "0" * 26)
        self._row = rows.get(MatchingRecord, tenant, self._sk)
        self._at = self._row.unsealed(MatchingPayload) if self._row else MatchingPayload()

    def go(self) -> Outcome:
        """Look at what there is, as far as there is time; the place is saved after each part."""
        if not self._at.walking and self._is_lost():
            begun = ids.ulid_floor(clock.now() - _SETTLES)
            self._save(MatchingPayload(walking=_ALL[0], begun=begun, version=VERSION))
        while self._at.walking:
            self._walk()
            if self._at.walking and not self._turn.has_time():
                return AGAIN
        newest = self._follow()
        if newest is None:
            return AGAIN
        return later(clock.now() + _SETTLES, "settles") if newest > ids.ulid_floor(clock.now() - _SETTLES) else DONE

    def _is_lost(self) -> bool:
        oldest = ids.ulid_floor(clock.now() - timedelta(days=FEED_DAYS))
        return self._at.version != VERSION or self._at.after < oldest

    def _walk(self) -> None:
        """Look at a page of all records of a kind."""
        kind = self._at.walking
        prefix = ids.key_range(kind, self._owner)
        page = rows.page(_RECORDS[kind], self._tenant, prefix, limit=_AT_ONCE, after=self._at.walked or None)
        self._pairing.look_at(kind, [row.sk for row in page.records])
        if page.last is not None:
            self._save(self._at.model_copy(update={"walked": page.last}))
            return
        behind = _ALL[_ALL.index(kind) + 1 :]
        done = {"after": self._at.begun} if not behind else {}
        self._save(self._at.model_copy(update={"walking": behind[0] if behind else "", "walked": "", **done}))

    def _follow(self) -> str | None:
        """Look at what the journal says has changed. Return the ULID of its last row, empty without one; None where the time was
        over before."""
        newest, place = "", self._at
        while True:
            start = ids.sort_key(JOURNAL, self._owner, place.after)
            page = rows.page(JournalRecord, self._tenant, ids.key_range(JOURNAL, self._owner), limit=_ROWS, after=start)
            for row in page.records:
                newest = row.sk.rpartition("#")[2]
                self._look_at(row)
            settled = min(newest or place.after, ids.ulid_floor(clock.now() - _SETTLES))
            if settled > self._at.after:
                self._save(self._at.model_copy(update={"after": settled}))
            if page.last is None:
                return newest
            place = place.model_copy(update={"after": newest})
            if not self._turn.has_time():
                return None

    def _look_at(self, row: JournalRecord) -> None:
        entries = row.unsealed(JournalPayload).entries
        for kind in _ALL:
            sks = dict.fromkeys(sk for each in entries if each.kind == kind and (sk := _sk_of(kind, each.id)))
            for chunk in batch.chunks(sks, _AT_ONCE):
                self._pairing.look_at(kind, chunk)

    def _save(self, at: MatchingPayload) -> None:
        self._at = at
        if self._row is None:
            self._row = MatchingRecord.build(self._tenant, self._sk, at)
            rows.put_new(self._row)
        else:
            self._row.reseal(at)
            rows.put_if_unchanged(self._row)


def _sk_of(kind: str, ident: str) -> SortKey | None:
    owned = ids.parse_owned(ident, _PREFIXES[kind])
    return ids.sort_key(kind, owned.owner, owned.local) if owned else None
