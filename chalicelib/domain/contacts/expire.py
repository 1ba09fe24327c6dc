"""Ending contacts (P15): by the daily pass, and by an import that meets one which the pass has not come to yet."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import repository, retention_rules
from chalicelib.domain.contacts.merge import stamped
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate
from chalicelib.store import pointers

ENDED = Cause(Action.CONTACT_DELETED, By.SYSTEM, SHORTEST_LIFE_DAYS)  # clients hear of it; the log does not show it


@dataclass(frozen=True)
class Ending:
    """A contact with what is `left` of it from now on; None where it goes. `unseen`: only because no connection shows it, so
    that one which shows it again brings it back. `company`: it goes only while this one is as it was read, since its tag would
    keep the contact."""

    row: ContactRecord
    left: ContactPayload | None
    unseen: bool = False
    company: CompanyRecord | None = None


def expire(
    tenant: TenantId,
    found: Sequence[ContactRecord],
    lives: Callable[[OwnerCode], Lives],
    note: Callable[[list[SortKey]], None],
) -> int:
    """End those of the contacts that are past their life, see `due`; return how many. `note` hears their sort keys
    before the first of them goes: what a kill leaves of them, `tidy` finds by these.

    `lives` says what holds now: it is asked again before each one ends, so that a setting or a tag that was changed meanwhile
    keeps what it should keep."""
    ending = due(tenant, found, functools.cache(lives))
    if not ending:
        return 0
    note([each.row.sk for each in ending])
    return sum(end(each) for row in ending for each in due(tenant, [row.row], lives))


def due(tenant: TenantId, found: Sequence[ContactRecord], lives: Callable[[OwnerCode], Lives]) -> list[Ending]:
    """Return those of the tenant's contacts that are past their life for somebody, or not any more, or hold what no connection
    shows any more; `lives` is by owner code. At most one call for 100 companies, and none where no contact is past its life."""
    ending: list[Ending] = []
    over: list[tuple[ContactRecord, ContactPayload, ContactPayload]] = []
    for row, payload, left, company in _without_unseen(tenant, found, lives):
        if left is None:
            ending.append(Ending(row, None, unseen=True, company=company))
            continue
        if retention_rules.over(left, lives(ids.owner_of(row.sk))):
            over.append((row, payload, left))
            continue
        # The person wrote, or it is kept longer now.
        kept = left.model_copy(update={"over_at": ""}) if left.over_at else left
        if kept is not payload:
            ending.append(Ending(row, kept))
    linked = {left.company_id for _, _, left in over if left.company_id}
    standing = companies.rows_by_id(tenant, linked) if linked else {}
    at = clock.rfc3339(clock.now())
    for row, payload, left in over:
        company = standing.get(left.company_id or "")
        if company is None or companies.tag_of(company) is not Tag.CLIENT:
            ending.append(Ending(row, None, company=company))
        elif not left.over_at:  # colleagues who may not learn why it stays hear that it is over
            ending.append(Ending(row, left.model_copy(update={"over_at": at})))
        elif left is not payload:
            ending.append(Ending(row, left))
    return ending


def _without_unseen(
    tenant: TenantId, found: Sequence[ContactRecord], lives: Callable[[OwnerCode], Lives]
) -> Iterator[tuple[ContactRecord, ContactPayload, ContactPayload | None, CompanyRecord | None]]:
    """What is in the contacts, what of it is left without what no connection shows, and the company whose tag was asked for."""
    opened = [
        (row, payload, lives(ids.owner_of(row.sk)))
        for row in found
        if (payload := row.sound(ContactPayload, "lives_row_unreadable"))
    ]
    asked = {payload.company_id or "" for _, payload, kept in opened if retention_rules.asks_for_tag(payload, kept)}
    standing = companies.rows_by_id(tenant, asked) if asked else {}
    tagged = frozenset(company for company, row in standing.items() if companies.tag_of(row) is not None)
    for row, payload, kept in opened:
        left = retention_rules.without_unseen(payload, kept, tagged.__contains__)
        yield row, payload, left, standing.get(payload.company_id or "")


def end(ending: Ending) -> bool:
    """End or cut one contact, on the version that was read; return False where another write came between: the next
    pass looks again."""
    before = ending.row.unsealed(ContactPayload)
    kept = set(ending.left.source_ids) if ending.left else set()
    gone = [name for name in before.source_ids if name not in kept]
    try:
        if ending.left is None:
            remove(ending)
        else:
            # First, so that a kill leaves no word that what is cut is there: what is shown again is as new.
            links.drop(ending.row.tenant, KIND, gone)
            after = stamped(before, ending.left, clock.rfc3339(clock.now()))
            repository.rewrite(ending.row, after, Cause(Action.CONTACT_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS))
    except VersionConflict:
        return False
    return True


def remove(ending: Ending) -> None:
    """Delete a contact of which nothing is left. One whose life is over stays away; one that no connection showed comes back
    when one shows it again. VersionConflict, also where its company was changed since it was read, for it may be a client now."""
    fate = None if ending.unseen else Fate.ENDED
    repository.remove(ending.row, ENDED, fate=fate, forget=ending.unseen, holding=ending.company)


def tidy(tenant: TenantId, sks: Iterable[SortKey]) -> None:
    """Delete the pointers that a killed `end` of these contacts (by sort key) left behind. Safe to repeat.

    An import may be making the same contact anew meanwhile, pointers first: so what stands afterwards gets its own again.
    """

    def held(row: ContactRecord, every_version: bool) -> Iterable[pointers.Pointer]:
        return repository.pointers_of(tenant, row.sk, row.unsealed(ContactPayload), every_version=every_version)

    pointers.tidy(tenant, ContactRecord, sks, held)
