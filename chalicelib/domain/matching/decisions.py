"""What a member says of a pair: the same, two, or that a merge was wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, NotFound, VersionConflict
from chalicelib.core.ids import SortKey
from chalicelib.core.versions import Versions, require
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import writer_lock
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.matching import combine, fields, marks, merge, undo, wake
from chalicelib.domain.matching.proposal import KIND, PREFIX, Decision, MatchPayload, State, record_sk
from chalicelib.domain.matching.records import MatchRecord
from chalicelib.store import batch, rows

_LOCK_S = 30  # longer than any request
_LOOKED_AT = 500  # rows of one request, at most about


@dataclass(frozen=True)
class Found:
    """Pairs of one page, and the sort key behind which to go on, None at the end."""

    rows: list[MatchRecord]
    last: SortKey | None


def page(actor: Actor, state: State | None, *, limit: int, after: str | None) -> Found:
    """Return the caller's own pairs in that state, or in any, by id."""
    found: list[MatchRecord] = []
    looked, last = 0, after
    while True:
        prefix = ids.key_range(KIND, actor.code)
        read = rows.page(MatchRecord, actor.tenant, prefix, limit=limit, after=last)
        for row in read.records:
            if state is None or row.unsealed(MatchPayload).state is state:
                found.append(row)
                if len(found) == limit:
                    return Found(found, row.sk)
        looked, last = looked + limit, read.last
        if last is None or looked >= _LOOKED_AT:
            return Found(found, SortKey(last) if last else None)


def get(actor: Actor, ident: str) -> MatchRecord:
    """Return one of the caller's own pairs. NotFound."""
    owned = ids.parse_owned(ident, PREFIX)
    row = None
    if owned is not None and owned.owner == actor.code:
        row = rows.get(MatchRecord, actor.tenant, record_sk(owned.owner, owned.local))
    if row is None:
        raise NotFound
    return row


def decide(actor: Actor, ident: str, decision: Decision, if_match: Versions | None) -> MatchRecord:
    """Merge the pair, or remember that it is two, and return it. The same decision once more changes nothing.

    NotFound; PreconditionFailed; Conflict where it was decided otherwise, one of the two is gone or changing, or the two
    cannot be one."""

    def write(row: MatchRecord) -> None:
        state = row.unsealed(MatchPayload).state
        if decision is Decision.DIFFERENT:
            if state is State.MERGED:
                raise Conflict("The two are one by now. Undo the merge instead.", code=Code.ALREADY_DECIDED)
            if state is State.PROPOSED:
                _call_two(actor, row)
        elif state is not State.MERGED:
            _merge(actor, row)

    return _change(actor, ident, if_match, write)


def undo_merge(actor: Actor, ident: str, if_match: Versions | None) -> MatchRecord:
    """Part what was merged, as it was before, and return the pair, which is remembered as two. Once more changes nothing.

    NotFound, also once 90 days have passed; PreconditionFailed; Conflict where nothing was merged, the contact is gone, or it was
    merged with others since; AddressNotStorable."""

    def write(row: MatchRecord) -> None:
        state = row.unsealed(MatchPayload).state
        if state is State.PROPOSED:
            raise Conflict("These two were not merged.", code=Code.ALREADY_DECIDED)
        if state is State.MERGED:
            cause = Cause(Action.CONTACT_UPDATED, days=actor.audit_days)
            _alone(actor, row, lambda: _parted(row, cause))

    return _change(actor, ident, if_match, write)


def _parted(row: MatchRecord, cause: Cause) -> None:
    if not undo.part(row, cause):
        raise Conflict("What was merged is gone, so there is nothing to undo.")


def _change(actor: Actor, ident: str, if_match: Versions | None, write: Callable[[MatchRecord], None]) -> MatchRecord:
    def attempt() -> MatchRecord:
        row = get(actor, ident)
        require(if_match, int(row.version))
        write(row)
        return get(actor, ident)

    try:
        changed = rows.retry(attempt)
    except VersionConflict as error:
        raise Conflict("Others are changing one of the two. Try again.") from error
    wake.by(actor)
    return changed


def _alone(actor: Actor, row: MatchRecord, write: Callable[[], None]) -> None:
    """Do it while no import or sync writes the member's contacts. Conflict while one does."""
    turn = str(ids.owned_of(PREFIX, row.sk))
    try:
        writer_lock.acquire(actor.tenant, actor.code, turn, _LOCK_S)
    except writer_lock.WriterBusy as error:
        raise Conflict("An import or a sync is writing your contacts. Try again in a minute.") from error
    try:
        write()
    finally:
        writer_lock.release(actor.tenant, actor.code, turn)


def _both(actor: Actor, payload: MatchPayload) -> list[ContactRecord | CompanyRecord]:
    record: type[ContactRecord | CompanyRecord] = ContactRecord if payload.of == CONTACT else CompanyRecord
    sks = (payload.first, payload.second)
    found = batch.get_all(record, [(actor.tenant, sk) for sk in sks])
    if len(found) < len(sks):
        raise Conflict("One of the two is not there any more.")
    return [found[actor.tenant, sk] for sk in sks]


def _call_two(actor: Actor, row: MatchRecord) -> None:
    payload, at = row.unsealed(MatchPayload), clock.rfc3339(clock.now())
    one, other = map(fields.opened, _both(actor, payload))
    apart = marks.apart_keys(actor.tenant, payload.of, one, other) if one and other else []
    update = {"state": State.DIFFERENT, "decided_at": at, "updated_at": at, "apart": apart}
    row.reseal(payload.model_copy(update=update))
    rows.put_if_unchanged(row, marks.apart_rows(actor.tenant, actor.code, apart))


def _merge(actor: Actor, row: MatchRecord) -> None:
    cause = Cause(Action.CONTACT_UPDATED, days=actor.audit_days)
    one, other = _both(actor, row.unsealed(MatchPayload))
    if not isinstance(one, ContactRecord) or not isinstance(other, ContactRecord):
        raise Conflict("Companies are not merged here.")
    if not merge.may_be_one(one.unsealed(ContactPayload), other.unsealed(ContactPayload)):
        raise Conflict("One connection has both as two records. Merge them at the provider.")
    first, second = merge.ordered(one, other)
    if len(second.unsealed(ContactPayload).source_ids) > merge.MOST_LINKS:
        raise Conflict("The contact has too many records at its sources to be merged.")
    try:
        _alone(actor, row, lambda: merge.contacts(first, second, row, cause, new=False))
    except combine.TooLong as error:
        raise Conflict("The notes of both are too long for one contact. Shorten them first.") from error
