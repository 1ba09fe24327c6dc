"""Merging two contacts of one member in one call, with what undoes it; and which of the two stays."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.audit.model import Cause
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.correspondence import ExchangePayload, Tally, exchange_sk
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.matching import blocks, combine, fields, marks, withdraw
from chalicelib.domain.matching.proposal import UNDO_DAYS, Before, MatchPayload, State, holder
from chalicelib.domain.matching.records import ApartRecord, IndexPayload, IndexRecord, MatchRecord
from chalicelib.domain.sources import links
from chalicelib.store import batch, pointers, rows
from chalicelib.store.transactions import TransactItem

MOST_LINKS = 30  # records of connections in the one that goes: all of them move in the one call


def ordered(one: ContactRecord, other: ContactRecord) -> tuple[ContactRecord, ContactRecord]:
    """Return the one that stays, then the one that goes. What colleagues are shown stays where it is, so that none of them sees a
    contact go for the sake of one that is hidden; else the older one stays."""

    def rank(row: ContactRecord) -> tuple[bool, str, SortKey]:
        payload = row.unsealed(ContactPayload)
        return not payload.shows(), payload.created_at, row.sk

    first, second = sorted((one, other), key=rank)
    return first, second


def may_be_one(one: fields.Payload, other: fields.Payload) -> bool:
    """Return whether the two can be one record: two records of one connection are two there, and it says of each what it is."""
    return not fields.connections(one) & fields.connections(other)


def by_itself(first: ContactPayload, second: ContactPayload) -> bool:
    """Return whether the two may be merged without being asked for: nothing that bars them from use, and no colleague is shown
    another contact than before by what only their owner knows."""
    if any(each.restricted or each.over_at or each.kept_at for each in (first, second)):
        return False
    if len(second.source_ids) > MOST_LINKS:
        return False
    try:
        after = combine.contacts(first, second, first.updated_at)
    except combine.TooLong:
        return False
    if second.shows():
        return True
    return all(after.shown(with_companies=each) == first.shown(with_companies=each) for each in (True, False))


def contacts(first: ContactRecord, second: ContactRecord, match: MatchRecord, cause: Cause, *, new: bool) -> None:
    """Merge the second into the first, as both were read, and write the pair's row with what undoes it. All or nothing, in one
    call, but for pointers: new ones before, old ones after. TooLong; VersionConflict where another write came between."""
    tenant, at = first.tenant, clock.rfc3339(clock.now())
    before, going = first.unsealed(ContactPayload), second.unsealed(ContactPayload)
    after = combine.contacts(before, going, at)
    exchanges, moved = _exchanges(tenant, first.sk, second.sk)
    said = {"first": first.sk, "second": second.sk, "state": State.MERGED, "decided_at": at, "updated_at": at}
    chain = chained(tenant, second.sk, first.sk)
    kept = Before(
        contacts=[before, going], exchanges=exchanges, at=at, chained=[local_part(each.row.sk) for each in chain]
    )
    payload = match.unsealed(MatchPayload).model_copy(update={**said, "kept": kept, "apart": []})
    apart = match.unsealed(MatchPayload).apart
    payload = marks.tagged(tenant, match.sk, payload, (before, going))
    match.reseal(payload)
    match.expires_at = clock.now() + timedelta(days=UNDO_DAYS)
    pointers.write(marks.pointers_of(tenant, match.sk, payload))
    beside: list[TransactItem] = [
        rows.PutIf(match, new=new),
        *(rows.DeleteIfPresent(ApartRecord, sk) for sk in marks.apart_sks(ids.owner_of(match.sk), apart)),
        *links.moved(tenant, KIND, going.source_ids, first.sk),
        *moved,
        *chain,
        *known_in(tenant, match.sk, first.sk, second.sk),
    ]
    repository.absorb(first, after, second, cause, beside)


def known_in(
    tenant: TenantId, match_sk: SortKey, first: SortKey, *others: SortKey, more: Sequence[str] = ()
) -> list[rows.PutIf]:
    """Return the row of the index that names the pair beside the record that stays, all pairs of the others, and `more`; to
    be written with the change."""
    found = blocks.indexed(tenant, (first, *others))
    row = found.get(first)
    mine = row.unsealed(IndexPayload) if row else IndexPayload()
    pairs = [*mine.pairs, local_part(match_sk), *more]
    pairs += [pair for sk in others if sk in found for pair in found[sk].unsealed(IndexPayload).pairs]
    after = mine.model_copy(update={"pairs": list(dict.fromkeys(pairs))})
    if row is None:
        return [rows.PutIf(IndexRecord.build(tenant, blocks.index_sk(first), after), new=True)]
    row.reseal(after)
    return [rows.PutIf(row)]


def chained(tenant: TenantId, gone: SortKey, into: SortKey) -> list[rows.PutIf]:
    """Return the rows of earlier merges into the one that goes as they say where that is now, to be written with the merge."""
    index = blocks.indexed(tenant, [gone])
    found = withdraw.of_records(tenant, index).get(gone, [])
    held = [row for row in found if is_in(row.unsealed(MatchPayload), gone)]
    for row in held:
        row.reseal(row.unsealed(MatchPayload).model_copy(update={"into": into}))
    return [rows.PutIf(row) for row in held]


def is_in(match: MatchPayload, sk: SortKey) -> bool:
    """Return whether it is a merge that the record has in it."""
    return match.state is State.MERGED and holder(match) == sk


def local_part(sk: SortKey) -> str:
    """Return the last part of a sort key."""
    return sk.rpartition("#")[2]


def _exchanges(
    tenant: TenantId, first: SortKey, second: SortKey
) -> tuple[list[ExchangePayload | None], Sequence[TransactItem]]:
    """The mail counts of both as they are, and what makes them the first one's."""
    keys = [(tenant, exchange_sk(sk)) for sk in (first, second)]
    found = batch.get_all(ExchangeRecord, keys)
    ours, theirs = (found.get(key) for key in keys)
    was = [row.unsealed(ExchangePayload) if row else None for row in (ours, theirs)]
    if theirs is None or was[1] is None:
        return was, []
    together = added(was[0] or ExchangePayload(contact=first), was[1])
    going = rows.DeleteIfUnchanged(theirs)
    if ours is None:
        return was, [going, rows.PutIf(ExchangeRecord.build(*keys[0], together), new=True)]
    ours.reseal(together)
    return was, [going, rows.PutIf(ours)]


def added(one: ExchangePayload, other: ExchangePayload, by: int = 1) -> ExchangePayload:
    """Return the counts of both, or with -1 those of the first without the other's; the contact is the first's."""
    mailboxes = dict(one.mailboxes)
    for mailbox, tally in other.mailboxes.items():
        there = mailboxes.get(mailbox, Tally())
        counts = {
            name: max(0, getattr(there, name) + by * getattr(tally, name))
            for name in ("received", "sent", "recipients")
        }
        last = there if by < 0 else _later(there, tally)
        mailboxes[mailbox] = last.model_copy(update=counts)
    return one.model_copy(update={"mailboxes": mailboxes})


def _later(one: Tally, other: Tally) -> Tally:
    names = ("last_received_at", "last_sent_at")
    latest = {name: max(getattr(one, name) or "", getattr(other, name) or "") or None for name in names}
    return one.model_copy(update=latest)
