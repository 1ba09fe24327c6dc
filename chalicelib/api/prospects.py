"""The caller's prospects, ranked, with the reasons of each part of their scores."""

from typing import TYPE_CHECKING, Annotated, Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.models import Model, Time

if TYPE_CHECKING:
    from chalicelib.domain.ranking.model import Part, Prospect
    from chalicelib.domain.ranking.moves import Move
    from chalicelib.domain.ranking.prospects import Ranking

bp = Blueprint(__name__)
Score = Annotated[float, Field(ge=0, le=100)]
_NAME = "prospects"


class ProspectReason(Model):
    """`weight`: of fit in bits (one more makes a client twice as likely against another company), of a relationship its strength,
    of a signal what is left of its strength."""

    feature: str
    weight: float
    text: str


class ProspectPart(Model):
    """0 to 100; null where the part does not count, which `text` of the page says why."""

    score: Score | None
    reasons: list[ProspectReason]


class ProspectOut(Model):
    """A company that you tagged as prospect. Its parts come together as the page's `formula` says."""

    id: str
    owner: pagination.Owner
    name: str
    domain: str | None
    score: Score
    fit: ProspectPart
    relationship: ProspectPart
    signals: ProspectPart
    created_at: Time
    updated_at: Time


class ProspectsOut(Model):
    """`clients` and `others`: of how many companies fit was learned. `text`: why fit does not count, null where it does."""

    items: list[ProspectOut]
    next_cursor: str | None
    formula: str
    clients: int
    others: int
    text: str | None


class ProspectMove(Model):
    """`gain`: points of the score; null where nobody can tell before."""

    part: str
    gain: float | None
    text: str


class ProspectAbove(Model):
    """The prospect that stands before this one."""

    id: str
    name: str
    score: Score


class ExplanationOut(Model):
    """`place`: 1 is the first of `places`. `probability`: how likely such a company is a client, among those that you have."""

    prospect: ProspectOut
    place: int
    places: int
    formula: str
    probability: float | None
    above: ProspectAbove | None
    moves: list[ProspectMove]


@route(bp, "GET", "/v1/prospects", query=pagination.ListQuery, answer=ProspectsOut)
def list_prospects(call: Call) -> Reply:
    """Rank the companies that you tagged as prospects, the first to approach first.

    Fit is learned from the companies that you and colleagues who share tags have: tagging or untagging one counts at the next
    request. Fewer than five clients: fit is null, and the other parts rank. Nobody is scored whose data are restricted, or who
    objected. A page after the first goes on behind the last one's score, as scores are then.
    """
    from chalicelib.domain.ranking import prospects  # noqa: PLC0415 - cold start
    from chalicelib.domain.ranking.model import formula  # noqa: PLC0415

    at = pagination.position(call.actor, _NAME, call.query.cursor)
    found = prospects.ranking(call.actor)
    left = [each for each in found.prospects if not at or each.order > (-float(at["score"]), at["id"])]
    page, more = left[: call.query.limit], left[call.query.limit :]
    behind = {"score": repr(page[-1].score), "id": page[-1].company.id} if more else None
    body = {
        "items": [_shown(each, _language(call)) for each in page],
        "next_cursor": pagination.cursor(call.actor, _NAME, behind),
        "formula": formula(with_fit=found.fit is not None),
        "clients": found.clients,
        "others": len(found.firms) - found.clients,
        "text": _why_no_fit(found, _language(call)),
    }
    return Reply(body)


@route(bp, "GET", "/v1/prospects/explain/{id}", answer=ExplanationOut)
def explain_prospect(call: Call) -> Reply:
    """Explain one prospect: its place, who stands before it, and what would move it up."""
    from chalicelib.domain.ranking import moves, prospects  # noqa: PLC0415 - cold start
    from chalicelib.domain.ranking.model import formula  # noqa: PLC0415

    found = prospects.ranking(call.actor)
    prospect = found.find(call.path["id"])
    before, fit = moves.above(found, prospect), found.fit
    body = {
        "prospect": _shown(prospect, _language(call)),
        "place": found.places[prospect.company.id] + 1,
        "places": len(found.prospects),
        "formula": formula(with_fit=fit is not None),
        "probability": round(fit.probability(found.firms[prospect.company.id]), 4) if fit else None,
        "above": {"id": before.company.id, "name": before.company.payload.name.value, "score": before.score}
        if before
        else None,
        "moves": [_move(each, _language(call)) for each in moves.moves(found, prospect)],
    }
    return Reply(body)


def _language(call: Call) -> str:
    from chalicelib.domain.accounts.model import MemberPayload  # noqa: PLC0415 - cold start

    return str(call.membership.own.unsealed(MemberPayload).settings.language)


def _why_no_fit(found: "Ranking", language: str) -> str | None:
    from chalicelib.texts import render  # noqa: PLC0415 - cold start

    if found.fit is None:
        return render.sentence("too_few_clients", language, n=str(found.clients)) if found.lacking else None
    return None if found.fit.calibration.slope else render.sentence("no_pattern", language)


def _shown(each: "Prospect", language: str) -> dict[str, Any]:
    payload = each.company.payload
    return {
        **pagination.common(each.company),
        "name": payload.name.value,
        "domain": payload.domain.value if payload.domain else None,
        "score": round(each.score, 2),
        **{name: _part(part, language) for name, part in each.parts.items()},
    }


def _part(part: "Part", language: str) -> dict[str, Any]:
    from chalicelib.domain.ranking import wording  # noqa: PLC0415 - cold start

    reasons = [
        {"feature": each.feature, "weight": each.weight, "text": wording.said(each, language)} for each in part.reasons
    ]
    return {"score": None if part.score is None else round(part.score, 2), "reasons": reasons}


def _move(each: "Move", language: str) -> dict[str, Any]:
    from chalicelib.domain.ranking import wording  # noqa: PLC0415 - cold start

    return {"part": each.part, "gain": each.gain, "text": wording.move_said(each.text, each.values, language)}
