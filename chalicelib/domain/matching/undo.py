"""Parting a merged contact again: both stand as they were, with what was written since where it belongs."""

from chalicelib.core import clock, ids
from chalicelib.core.errors import AddressNotStorable, Conflict
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import Cause
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.correspondence import ExchangePayload, exchange_sk
from chalicelib.domain.contacts.merge import restricted_as
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.matching import blocks, combine, marks, withdraw
from chalicelib.domain.matching.merge import added, is_in, known_in
from chalicelib.domain.matching.proposal import Before, MatchPayload, State, holder, record_sk
from chalicelib.domain.matching.records import MatchRecord
from chalicelib.domain.redaction.texts import ask, mentioned_in, with_texts_redacted
from chalicelib.domain.sources import links
from chalicelib.domain.visibility import values as visibility
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Role
from chalicelib.store.transactions import TransactItem


def later_merges(tenant: TenantId, match: MatchRecord) -> list[MatchRecord]:
    """Return the merges that came after this one into the same contact, the last one first."""
    payload = match.unsealed(MatchPayload)
    place = holder(payload)
    found = withdraw.of_records(tenant, blocks.indexed(tenant, [place])).get(place, [])
    said = {row.sk: row.unsealed(MatchPayload) for row in found}
    later = [row for row in found if is_in(said[row.sk], place) and said[row.sk].decided_at > payload.decided_at]
    return sorted(later, key=lambda row: said[row.sk].decided_at, reverse=True)


def contacts(match: MatchRecord, cause: Cause, *, forced: bool = False) -> bool:
    """Part the two, as far as the one that holds both is there, and remember that they are two. Return whether anything was
    parted. `forced`: also one that may not be stored, which is about to be erased.

    Conflict where others were merged with them since; AddressNotStorable; VersionConflict where another write came between."""
    tenant, payload = match.tenant, match.unsealed(MatchPayload)
    row, kept = rows.get(ContactRecord, tenant, holder(payload)), payload.kept
    if payload.state is not State.MERGED or kept is None or row is None:
        return False
    if payload.into or later_merges(tenant, match):
        raise Conflict("This contact was merged with another one since. Undo that merge first.")
    at = clock.rfc3339(clock.now())
    back, stays = _both(tenant, kept, row.unsealed(ContactPayload), at, forced=forced)
    beside = [
        *_remembered(match, payload, kept, at),
        *links.moved(tenant, KIND, kept.contacts[1].source_ids, payload.second),
        *_exchanges(tenant, payload, kept),
        *_unchained(tenant, match, kept, payload.second),
        *known_in(tenant, match.sk, payload.second, more=kept.chained),
    ]
    built = ContactRecord.build(tenant, payload.second, back)
    repository.part(row, stays, built, cause, beside)
    named = [each for each in marks.pointers_of(tenant, match.sk, payload) if each.role is Role.MENTIONS]
    pointers.delete(named)
    return True


def _both(
    tenant: TenantId, kept: Before, now: ContactPayload, at: str, *, forced: bool
) -> tuple[ContactPayload, ContactPayload]:
    """What comes back, and what stays, as the suppression lets them. AddressNotStorable."""
    first, second = kept.contacts
    merged = combine.contacts(first, second, kept.at)
    gone = frozenset(name.rpartition(":")[0] for name in second.source_ids if links.parse(name))
    stays = combine.parted(first, merged, now, gone, at)
    since = {"opted_out": second.opted_out or (now.opted_out and not merged.opted_out), "restricted": second.restricted}
    back = second.model_copy(update=since)
    answer = ask(
        tenant,
        [[*each.held(), *each.named()] for each in (stays, back)],
        [mark for each in (stays, back) for mark in mentioned_in(each)],
    )
    if answer.refused[1] and not forced:
        raise AddressNotStorable
    if answer.forgotten:
        stays, back = ((with_texts_redacted(each, answer.cut) or each) for each in (stays, back))
    stays = restricted_as(stays, at, restricted=answer.restricted[0])
    back = restricted_as(back, at, restricted=answer.restricted[1])
    times = visibility.times(back, at, None, back.shown(with_companies=True), own=True)
    return back.model_copy(update={**times, "bare_at": at}), stays


def _remembered(match: MatchRecord, payload: MatchPayload, kept: Before, at: str) -> list[TransactItem]:
    """The rows that say that the two are two, in place of what undid the merge."""
    apart = marks.apart_keys(match.tenant, payload.of, *kept.contacts[:2])
    update = {"state": State.DIFFERENT, "kept": None, "apart": apart, "updated_at": at, "decided_at": at}
    match.reseal(marks.without_mentions(payload.model_copy(update={**update, "automatic": False})))
    match.expires_at = None
    return [rows.PutIf(match), *marks.apart_rows(match.tenant, ids.owner_of(match.sk), apart)]


def _unchained(tenant: TenantId, match: MatchRecord, kept: Before, back: SortKey) -> list[TransactItem]:
    """The earlier merges that come back with the second are in it again."""
    owner = ids.owner_of(match.sk)
    found = batch.get_all(MatchRecord, [(tenant, record_sk(owner, local)) for local in kept.chained])
    for row in found.values():
        earlier = row.unsealed(MatchPayload)
        row.reseal(earlier.model_copy(update={"into": "" if earlier.first == back else back}))
    return [rows.PutIf(row) for row in found.values()]


def _exchanges(tenant: TenantId, payload: MatchPayload, kept: Before) -> list[TransactItem]:
    """The mail counts that the second had are its own again; what was counted since stays."""
    theirs = kept.exchanges[1] if len(kept.exchanges) > 1 else None
    row = rows.get(ExchangeRecord, tenant, exchange_sk(payload.first)) if theirs is not None else None
    if theirs is None or row is None:
        return []
    row.reseal(added(row.unsealed(ExchangePayload), theirs, by=-1))
    back = ExchangeRecord.build(tenant, exchange_sk(payload.second), theirs)
    return [rows.PutIf(row), rows.PutIf(back, new=True)]


def dissolve(tenant: TenantId, match_sk: SortKey, cause: Cause) -> None:
    """Part this merge and all that came after it, the last one first. Safe to repeat."""
    match = rows.get(MatchRecord, tenant, match_sk)
    if match is None or match.unsealed(MatchPayload).state is not State.MERGED:
        return
    for later in later_merges(tenant, match):
        dissolve(tenant, later.sk, cause)
    rows.settle(rows.Key(MatchRecord, tenant, match_sk), lambda row: part(row, cause, forced=True))


def part(match: MatchRecord, cause: Cause, *, forced: bool = False) -> bool:
    """Part what was merged, of whichever kind. Errors as in `contacts`."""
    return contacts(match, cause, forced=forced)
