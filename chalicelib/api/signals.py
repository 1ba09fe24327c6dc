"""What happened at a company: the caller's own signals, and those that follow from what sources say of people there."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core import clock
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.models import Input, InvalidValue, Model, Time
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.signals.model import AHEAD, STRONGEST, Signal, SignalType

if TYPE_CHECKING:
    from chalicelib.domain.signals.records import SignalRecord

bp = Blueprint(__name__)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def _past(moment: datetime) -> datetime:
    if not _EARLIEST <= moment <= clock.now() + AHEAD:
        raise InvalidValue(FieldCode.OUT_OF_RANGE, "Send the time of something that has happened.")
    return moment


class SignalIn(Input):
    """An event. `strength` is 0 to 100; half of it counts after the half-life of its type: 180 days of `funding`, 90 of
    `job_change`, `hiring` and `other`, 60 of `new_relation`, 30 of `visit`. `source`: where you have it from."""

    type: SignalType
    strength: Annotated[float, Field(ge=0, le=STRONGEST, allow_inf_nan=False)] = 50.0
    occurred_at: Annotated[AwareDatetime, AfterValidator(_past)]
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE] = "member"


class SignalOut(Model):
    """`weight`: what is left of its strength now. `contact_id`: it follows from what `source` says of that contact; null where
    you told it."""

    id: str
    company_id: str
    type: SignalType
    strength: float
    weight: float
    occurred_at: Time
    source: str
    contact_id: str | None
    created_at: Time
    updated_at: Time


class SignalsOut(Model):
    items: list[SignalOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/companies/{id}/signals", query=pagination.ListQuery, answer=SignalsOut)
def list_signals(call: Call) -> Reply:
    """List what happened at a company, the last first: what you told, and changes of job and new people by your sources.

    Of a company that a colleague shares there is nothing: signals are as private as notes.
    """
    from chalicelib.domain.ranking import events  # noqa: PLC0415 - cold start

    company, name = call.path["id"], f"signals/{call.path['id']}"
    after = pagination.position(call.actor, name, call.query.cursor)
    found = events.of_company(call.actor, company)
    left = [each for each in found if not after or _key(each) < (after["at"], after["id"])]
    shown, more = left[: call.query.limit], left[call.query.limit :]
    behind = dict(zip(("at", "id"), _key(shown[-1]), strict=True)) if more else None
    items = [signal_out(company, each) for each in shown]
    return Reply(SignalsOut(items=items, next_cursor=pagination.cursor(call.actor, name, behind)))


def _again(call: Call, signal_id: str) -> Reply:
    from chalicelib.domain.signals import repository  # noqa: PLC0415 - cold start

    return _told(call, repository.find(call.actor, call.path["id"], signal_id))


@route(
    bp,
    "POST",
    "/v1/companies/{id}/signals",
    status=201,
    body=SignalIn,
    answer=SignalOut,
    replay=_again,
    refuses=(Code.NOT_OWNER,),
    tells=("ETag",),
)
def tell_signal(call: Call) -> Reply:
    """Note that something happened at one of your companies. It counts in GET /v1/prospects from the next request on."""
    from chalicelib.domain.signals import repository  # noqa: PLC0415 - cold start

    sent: SignalIn = call.body
    row = repository.tell(call.actor, call.path["id"], sent.type, sent.strength, sent.occurred_at, sent.source)
    return _told(call, row)


def _told(call: Call, row: "SignalRecord") -> Reply:
    from chalicelib.domain.signals import repository  # noqa: PLC0415 - cold start

    body = signal_out(call.path["id"], repository.seen(row))
    return Reply(body, etag=int(row.version), resource=body.id)


def signal_out(company: str, signal: Signal) -> SignalOut:
    """Return a signal as clients see it."""
    return SignalOut(
        id=signal.id,
        company_id=company,
        type=signal.type,
        strength=signal.strength,
        weight=round(signal.weight(clock.now()), 2),
        occurred_at=signal.occurred_at,
        source=signal.source,
        contact_id=signal.contact or None,
        created_at=signal.told_at,
        updated_at=signal.told_at,
    )


def _key(signal: Signal) -> tuple[str, str]:
    return clock.rfc3339(signal.occurred_at), signal.id
