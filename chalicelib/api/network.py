"""Who in the team knows somebody at a company, and introductions by whoever does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code
from chalicelib.core.models import Input, Model, Time
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.network.model import Decision, IntroductionState
from chalicelib.domain.network.strength import Band, Evidence

if TYPE_CHECKING:
    from chalicelib.domain.accounts.membership import Membership
    from chalicelib.domain.network.introductions import Introduction
    from chalicelib.domain.network.paths import Path

bp = Blueprint(__name__)
SOMEONE = "someone in your team"
Id = Annotated[str, StringConstraints(min_length=1, max_length=60), ONE_LINE]


class ColleagueOut(Model):
    """A member of the team. An export names its address in members.json."""

    id: str
    email: str | None


class PathContact(Model):
    """The caller's own contact at the company."""

    id: str
    name: str


class PathReason(Model):
    """What a path rests on, in words. Of a colleague who has not agreed to be named there is the band alone."""

    feature: Evidence | None = Field(description="what it rests on; null where only the band is told")
    text: str


class PathOut(Model):
    """`who`: you, a colleague's address once it has agreed to be named to you for this company, else "someone in your team".
    `strength`: 0 to 100, null where it is unknown, or where only `band` is told. `recent`: in touch within 30 days."""

    id: str
    mine: bool
    who: str
    colleague: ColleagueOut | None
    contact: PathContact | None
    strength: int | None
    band: Band
    recent: bool
    reasons: list[PathReason]


class PathsOut(Model):
    """The best first. There is one page."""

    items: list[PathOut]
    next_cursor: str | None


class IntroductionIn(Input):
    """`path`: the id of a colleague's path to the company."""

    company_id: Id
    path: Id


class DecisionIn(Input):
    decision: Decision


class IntroductionCompany(Model):
    """For who asks, the company that it named. For who is asked, as its own contact says it; all null once that has gone."""

    id: str | None
    name: str | None
    domain: str | None


class IntroductionOut(Model):
    """`asked_of_me`: whether you are asked. Then `colleague` is who asks, and `contact_id` your contact there; else it is who
    agreed, null until somebody does, and a state is all that you are told. `expires_at`: when a pending one ends."""

    id: str
    asked_of_me: bool
    state: IntroductionState
    colleague: ColleagueOut | None
    company: IntroductionCompany
    path: str | None
    contact_id: str | None
    expires_at: Time | None
    created_at: Time
    updated_at: Time


class IntroductionsOut(Model):
    items: list[IntroductionOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/companies/{id}/paths", answer=PathsOut)
def list_paths(call: Call) -> Reply:
    """List who in the team knows somebody at a company.

    Your own contacts stand there by name. Colleagues stand there while they and you share relationships: as someone in your
    team, with a band, until they agree to be named (POST /v1/introductions). In a team of two, someone in your team is a name.
    What only a CRM or a network's interface knows is left out of what colleagues see; so are people who objected, or whose data
    are restricted. Your audit log notes that you read it.
    """
    from chalicelib.domain.network import paths  # noqa: PLC0415 - cold start

    team = _emails(call.membership)
    found = paths.read(call.actor, call.path["id"])
    return Reply(PathsOut(items=[_path(each, team) for each in found], next_cursor=None))


@route(bp, "GET", "/v1/introductions", query=pagination.ListQuery, answer=IntroductionsOut)
def list_introductions(call: Call) -> Reply:
    """List the introductions that you are asked for, newest first, then those that you ask for."""
    from chalicelib.domain.network import introductions  # noqa: PLC0415 - cold start

    team = _emails(call.membership)
    at = pagination.position(call.actor, "introductions", call.query.cursor)
    found, last = introductions.page(call.actor, call.query.limit, at)
    behind = pagination.cursor(call.actor, "introductions", last)
    return Reply(IntroductionsOut(items=[introduction_out(each, team) for each in found], next_cursor=behind))


def _replayed(call: Call, ident: str) -> Reply:
    from chalicelib.domain.network import introductions  # noqa: PLC0415 - cold start

    return _reply(call, introductions.get(call.actor, ident))


@route(
    bp,
    "POST",
    "/v1/introductions",
    status=201,
    body=IntroductionIn,
    answer=IntroductionOut,
    replay=_replayed,
    refuses=(Code.NOT_FOUND, Code.ALREADY_THERE, Code.TOO_MANY_REQUESTS),
    tells=("ETag",),
)
def ask_for_introduction(call: Call) -> Reply:
    """Ask someone in your team for an introduction. They see who asks, and about which company; you see who it is once they
    agree.

    A path is asked for once: 409 `already_there` names the introduction that there is. Nobody answers within 14 days: it has
    expired, and you may ask again. At most 20 a day.
    """
    from chalicelib.domain.network import introductions  # noqa: PLC0415 - cold start

    row = introductions.ask(call.actor, call.body.company_id, call.body.path)
    return _reply(call, introductions.shown(call.actor, row))


@route(
    bp,
    "POST",
    "/v1/introductions/{id}",
    body=DecisionIn,
    answer=IntroductionOut,
    refuses=(Code.ALREADY_DECIDED,),
    tells=("ETag",),
)
def decide_introduction(call: Call) -> Reply:
    """Agree to be named to who asks, with how well you know the company, or decline. It cannot be taken back; not to be shown at
    all any more, switch `share_relationships` off."""
    from chalicelib.domain.network import introductions  # noqa: PLC0415 - cold start

    row = introductions.decide(call.actor, call.path["id"], call.body.decision)
    return _reply(call, introductions.shown(call.actor, row))


def introduction_out(each: "Introduction", team: Mapping[str, str] | None) -> IntroductionOut:
    """Return an introduction as it is shown; `team`: the members' addresses by their ids, None where the ids do."""
    about = each.about
    return IntroductionOut(
        id=each.id,
        asked_of_me=each.asked_of_me,
        state=each.state,
        colleague=_colleague(each.colleague, team),
        company=IntroductionCompany(id=about.company_id, name=about.company, domain=about.domain),
        path=about.path,
        contact_id=about.contact_id,
        expires_at=each.expires_at,
        created_at=each.created_at,
        updated_at=each.updated_at,
    )


def _reply(call: Call, seen: "Introduction | None") -> Reply:
    from chalicelib.core.errors import NotFound  # noqa: PLC0415 - cold start

    if seen is None:
        raise NotFound
    reply = Reply(introduction_out(seen, _emails(call.membership)), etag=seen.version)
    reply.resource = seen.id
    return reply


def _path(path: "Path", team: Mapping[str, str]) -> PathOut:
    colleague = _colleague(path.colleague, team)
    return PathOut(
        id=path.id,
        mine=path.mine,
        who="you" if path.mine else (colleague and colleague.email) or SOMEONE,
        colleague=colleague,
        contact=PathContact(id=path.contact[0], name=path.contact[1]) if path.contact else None,
        strength=path.strength.score if path.strength else None,
        band=path.band,
        recent=path.recent,
        reasons=reasons(path),
    )


def reasons(path: "Path") -> list[PathReason]:
    """Return why a path is as strong as it is, in words."""
    told = path.strength
    if told is None:
        known = "a relation of unknown strength" if path.band is Band.UNKNOWN else f"a {path.band} relation"
        lately = "in touch within 30 days" if path.recent else "not in touch within 30 days"
        return [PathReason(feature=None, text=f"{known}, {lately}")]
    mail = f"{told.sent} sent, {told.received} received, last {_ago(told.last_days or 0)}"
    texts = {
        Evidence.MAIL: mail if told.sent and told.received else f"{mail}: only one side writes",
        Evidence.SOCIAL: "connected at a professional network",
        Evidence.ADDRESS_BOOK: "in the address book",
        Evidence.RECORD: "in the records, which say nothing of knowing each other",
    }
    return [PathReason(feature=each, text=texts[each]) for each in told.evidence]


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'} ago"


def _colleague(member: str | None, team: Mapping[str, str] | None) -> ColleagueOut | None:
    if not member or (team is not None and member not in team):
        return None
    return ColleagueOut(id=member, email=team[member] if team is not None else None)


def _emails(found: "Membership") -> dict[str, str]:
    from chalicelib.domain.accounts.model import MemberPayload  # noqa: PLC0415 - cold start

    return {row.member: row.unsealed(MemberPayload).email for row in found.team}
