"""Carrying names of companies to the contacts that are linked with them, and a company's end.

A walk over the member's contacts, under the lock that keeps imports and syncs apart: they read a company's name once a run.
The row that asks for it holds the checkpoint; another change writes it anew, so that the walk begins again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import lent_names
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.records import LENT_NAMES_DUE, LENT_PREFIX, LentNamesPayload, LentNamesRecord
from chalicelib.domain.contacts import linking, repository, writer_lock
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows, steps
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, after

_AT_ONCE = 200  # contacts between two looks at the clock
_AT_ONCE_S = 2.0  # that a request carries on itself; what is left then takes the queue's next minute
_NEXT_TURN, _CLOSED_AGAIN = timedelta(seconds=30), timedelta(hours=1)
_CARRIED = Cause(Action.CONTACT_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS)


def carry_now(actor: Actor) -> None:
    """Carry the names of the actor's companies, as far as a request has time; the rest follows by the queue."""
    ends = clock.monotonic() + _AT_ONCE_S
    steps.run(WORK, lent_names.due_of(actor.tenant, actor.code).id, lambda: clock.monotonic() < ends)


def _carry(turn: Turn) -> Outcome:
    """Carry the names on, by a page of contacts at least."""
    tenant, ident = turn.due.tenant, ids.parse_owned(turn.due.about, LENT_PREFIX)
    team = retention_settings.of_team(tenant)
    if ident is None or team is None or team.state is TenantState.PURGED or not team.has(ident.owner):
        return DONE
    if team.state is TenantState.CLOSING:
        return after(_CLOSED_AGAIN, "closing")
    try:
        writer_lock.acquire(tenant, ident.owner, turn.id, settings.current().waits.lease)
    except writer_lock.WriterBusy:
        return after(_NEXT_TURN, "waits_for_its_turn")
    try:
        # Read under the lock: what a sync has made due is asked for in a write that may be still to come.
        asked = rows.get(LentNamesRecord, tenant, lent_names.record_sk(ident.owner))
        return _walk(tenant, ident.owner, asked, turn.has_time) if asked else DONE
    finally:
        writer_lock.release(tenant, ident.owner, turn.id)


WORK = Work(
    LENT_NAMES_DUE, "work", (_carry,), shredded=lambda _: DONE
)  # by `tenant.lnm_owner code`, see lent_names.due_of


def _walk(tenant: TenantId, owner: OwnerCode, asked: LentNamesRecord, has_time: Callable[[], bool]) -> Outcome:
    """VersionConflict where another change was asked for meanwhile: the walk begins again."""
    at = asked.unsealed(LentNamesPayload).after
    while True:
        page = rows.page(ContactRecord, tenant, ids.key_range(KIND, owner), limit=_AT_ONCE, after=at or None)
        _follow(tenant, page.records)
        if page.last is None:
            rows.delete_if_unchanged(asked)
            return DONE
        at = page.last
        if not has_time():
            asked.reseal(LentNamesPayload(after=at))
            rows.put_if_unchanged(asked)
            return AGAIN


def _follow(tenant: TenantId, found: Sequence[ContactRecord]) -> None:
    """Write those of the contacts that differ from what their companies are now. At most one call for 100 companies."""
    linked = {row.sk: company for row in found if (company := row.unsealed(ContactPayload).company_id)}
    there = companies.by_id(tenant, linked.values())
    at = clock.rfc3339(clock.now())

    def write(row: ContactRecord) -> None:
        before = row.unsealed(ContactPayload)
        company = linked[row.sk]
        if before.company_id != company:
            return  # linked anew since, with its company as it is now
        left = linking.followed(before, there.get(company), at)
        if left is not before:
            repository.rewrite(row, stamped(before, left, at), _CARRIED)

    for row in found:
        if row.sk in linked:
            rows.settle(row, write)
