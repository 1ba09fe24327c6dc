"""Pairs of the caller's own contacts that may be the same person: to look at, to decide, and to part again."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core import clock, ids
from chalicelib.core.codes import Code
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.domain.matching.proposal import PREFIX, Decision, MatchPayload, State

if TYPE_CHECKING:
    from chalicelib.domain.matching.records import MatchRecord

bp = Blueprint(__name__)
_PREFIXES = {"contact": "con", "company": "com"}
_FIELDS = {
    "name": "The names",
    "first_name": "The first names",
    "last_name": "The last names",
    "emails": "The e-mail addresses",
    "phones": "The phone numbers",
    "profile_urls": "The profile pages",
    "title": "The titles",
    "company": "The companies",
    "domains": "The domains",
    "city": "The cities",
    "postcode": "The postcodes",
    "street": "The streets",
    "country": "The countries",
}
_LEVELS = {
    "exact": "are the same",
    "same": "are the same",
    "similar": "are nearly the same",
    "close": "are nearly the same",
    "different": "differ",
    "missing": "are not known of both",
}


class MatchesQuery(pagination.ListQuery):
    """`state`: only pairs in that state. Those that wait for a decision are `proposed`."""

    state: Omittable[State] = None


class ReasonOut(Model):
    """What one field says: `level`, how well its values agree; `weight` in bits (log2 of the odds), below 0 where it speaks
    against; `text` says it in words. No value is shown: read the two."""

    field: str
    level: str
    weight: float
    text: str


class MatchOut(Model):
    """`kind`: contact; companies are not compared yet. `ids`: the two; of a merge the one that stays, then the one that went.
    `automatic`: merged without being asked for. `undo_until`: until when a merge can be undone."""

    id: str
    kind: str
    ids: list[str]
    state: State
    automatic: bool
    probability: float
    reasons: list[ReasonOut]
    created_at: Time
    updated_at: Time
    decided_at: Time | None
    undo_until: Time | None


class MatchesOut(Model):
    items: list[MatchOut]
    next_cursor: str | None


class DecisionIn(Input):
    """`same` makes one of the two; `different` is remembered, so that the two are never proposed again."""

    decision: Decision


def match_out(row: "MatchRecord") -> MatchOut:
    """Return a pair as it is shown."""
    payload = row.unsealed(MatchPayload)
    both = (payload.first, payload.second)
    reasons = [ReasonOut(**each.model_dump(), text=_text(each.field, each.level)) for each in payload.reasons]
    return MatchOut(
        id=str(ids.owned_of(PREFIX, row.sk)),
        kind=payload.of,
        ids=[str(ids.owned_of(_PREFIXES[payload.of], sk)) for sk in both],
        state=payload.state,
        automatic=payload.automatic,
        probability=payload.probability,
        reasons=reasons,
        created_at=clock.parse_rfc3339(payload.created_at),
        updated_at=clock.parse_rfc3339(payload.updated_at),
        decided_at=clock.parse_rfc3339(payload.decided_at) if payload.decided_at else None,
        undo_until=row.expires_at if payload.state is State.MERGED else None,
    )


@route(bp, "GET", "/v1/matches", query=MatchesQuery, answer=MatchesOut)
def list_matches(call: Call) -> Reply:
    """List pairs of the caller's own contacts that may be the same person, with reasons, and what became of them. Companies
    are not compared yet.

    What changes is compared within minutes. A pair that is surely one is merged by itself; undo it where it was wrong.
    """
    from chalicelib.domain.matching import decisions  # noqa: PLC0415 - cold start

    name = f"matches/{call.query.state or ''}"
    after = pagination.position(call.actor, name, call.query.cursor).get("after")
    found = decisions.page(call.actor, call.query.state, limit=call.query.limit, after=after)
    behind = pagination.cursor(call.actor, name, {"after": found.last} if found.last else None)
    return Reply(MatchesOut(items=[match_out(row) for row in found.rows], next_cursor=behind))


@route(
    bp,
    "POST",
    "/v1/matches/{id}",
    body=DecisionIn,
    answer=MatchOut,
    refuses=(Code.ALREADY_DECIDED,),
    tells=("ETag",),
    if_match=True,
)
def decide_match(call: Call) -> Reply:
    """Say whether the two are the same. If-Match is honoured.

    Merged, every value of both stays with its source; what you wrote yourself stands above what sources say. An opt-out,
    objection or restriction of either holds for the one. The other's id is gone: it answers 404, and GET /v1/changes tells it
    as deleted.
    """
    from chalicelib.domain.matching import decisions  # noqa: PLC0415 - cold start

    return _reply(decisions.decide(call.actor, call.path["id"], call.body.decision, call.if_match))


@route(
    bp,
    "POST",
    "/v1/matches/{id}/undo",
    answer=MatchOut,
    refuses=(Code.ALREADY_DECIDED, Code.ADDRESS_NOT_STORABLE),
    tells=("ETag",),
    if_match=True,
)
def undo_match(call: Call) -> Reply:
    """Part the two again, within 90 days of the merge: both are as they were, under their ids, and what was written since
    stays with the one that stayed. The pair is remembered as two. If-Match is honoured."""
    from chalicelib.domain.matching import decisions  # noqa: PLC0415 - cold start

    return _reply(decisions.undo_merge(call.actor, call.path["id"], call.if_match))


def _reply(row: "MatchRecord") -> Reply:
    return Reply(match_out(row), etag=int(row.version))


def _text(field: str, level: str) -> str:
    what = _FIELDS.get(field, f"The {field.replace('_', ' ')}")
    return f"{what} {_LEVELS.get(level, level.replace('_', ' '))}."
