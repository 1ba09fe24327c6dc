"""Telling and reading signals: the member's own, at companies of its own. Colleagues see none, as they see no notes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import NotFound, Unprocessable
from chalicelib.core.ids import SortKey
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import PREFIX as COMPANY
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.redaction.mentions import held
from chalicelib.domain.signals.model import KIND, PREFIX, Signal, SignalPayload, SignalType, is_over
from chalicelib.domain.signals.records import SignalRecord
from chalicelib.store import rows

_LOCAL = 3  # where a signal's own part stands in its sort key


def tell(
    actor: Actor, company_id: str, kind: SignalType, strength: float, occurred_at: datetime, source: str
) -> SignalRecord:
    """Keep an event at a company of the actor, with its entry in the journal, and return it. NotFound, Forbidden(not_owner) for
    a colleague's; Unprocessable where an address stands in the source."""
    if wrong := held("source", source):
        raise Unprocessable(wrong)
    company = companies.own(actor, company_id)
    now = clock.now()
    payload = SignalPayload(
        type=kind,
        strength=strength,
        occurred_at=clock.rfc3339(occurred_at),
        source=source,
        created_at=clock.rfc3339(now),
    )
    sk = ids.sort_key(KIND, actor.code, ids.owned_of(COMPANY, company.sk).local, ids.ulid())
    record = SignalRecord.build(actor.tenant, sk, payload)
    cause = Cause(Action.SIGNAL_TOLD, days=actor.audit_days)
    noted = journal.journal(actor.tenant, actor.code, cause, about=[company_id])
    rows.put_new(record, [noted, rows.MustExist(CompanyRecord, company.sk)])
    return record


def find(actor: Actor, company_id: str, ident: str) -> SignalRecord:
    """Return the actor's own signal at a company that it still has. NotFound for any other."""
    company = ids.owned_of(COMPANY, companies.own(actor, company_id).sk)
    known = ids.parse_owned(ident, PREFIX)
    sk = ids.sort_key(KIND, actor.code, company.local, known.local) if known else None
    row = rows.get(SignalRecord, actor.tenant, sk) if known and sk and known.owner == actor.code else None
    if row is None or not lives(row):
        raise NotFound
    return row


def told(actor: Actor, company_id: str) -> list[Signal]:
    """Return what the actor told of the company, oldest first. NotFound where it may not see the company; of a colleague's
    nothing."""
    companies.get(actor, company_id)
    ident = ids.parse_owned(company_id, COMPANY)
    if ident is None or ident.owner != actor.code:
        return []
    return [seen(row) for row in _rows(actor, ident.local)]


def all_told(actor: Actor) -> dict[str, list[Signal]]:
    """Return all that the actor told, by the ids of the companies. One range."""
    found: dict[str, list[Signal]] = {}
    for row in _rows(actor):
        found.setdefault(company_of(row.sk), []).append(seen(row))
    return found


def seen(row: SignalRecord) -> Signal:
    """Return the signal as it is shown."""
    payload = row.unsealed(SignalPayload)
    parse = clock.parse_rfc3339
    return Signal(
        public_id(row.sk),
        payload.type,
        payload.strength,
        parse(payload.occurred_at),
        payload.source,
        parse(payload.created_at),
    )


def lives(row: SignalRecord) -> bool:
    """Return whether the signal's life goes on; what is over is shown nowhere, whether or not it has been deleted yet."""
    return not is_over(row.unsealed(SignalPayload))


def newest_first(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals by when they occurred, the last first."""
    return sorted(signals, key=lambda each: (each.occurred_at, each.id), reverse=True)


def public_id(sk: SortKey) -> str:
    """Return the signal's id in the API."""
    return str(ids.OwnedId(PREFIX, ids.owner_of(sk), sk.split("#")[_LOCAL]))


def company_of(sk: SortKey) -> str:
    """Return the id of the company at which it happened."""
    return str(ids.OwnedId(COMPANY, ids.owner_of(sk), sk.split("#")[_LOCAL - 1]))


def _rows(actor: Actor, *company: str) -> Iterator[SignalRecord]:
    every = rows.every(SignalRecord, actor.tenant, ids.key_range(KIND, actor.code, *company))
    return filter(lives, every)
