"""The privacy officer's routes: what is open, the words of one request, and what is decided of it. An audience of its own."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.api.officer_views import (
    ActionOut,
    AnswerIn,
    DecisionIn,
    ExtendIn,
    MergeIn,
    OpenedOut,
    OpenIn,
    PauseIn,
    RequestCounts,
    RequestsOut,
    RequestsQuery,
    RequestStanding,
    RerunIn,
    RightStanding,
)
from chalicelib.core.codes import Code

if TYPE_CHECKING:
    from chalicelib.domain.privacy.desk import Standing
    from chalicelib.domain.privacy.model import OfficerAction, Request

bp = Blueprint(__name__)
_DECIDES = (Code.ALREADY_DECIDED,)


def _by(call: Call) -> str:
    """Who acts, as it is noted: a keyed hash."""
    from chalicelib.vault import tags  # noqa: PLC0415 - cold start

    return str(tags.platform_digest("officer", f"{call.who.issuer}\0{call.who.subject}"))


def _standing(found: "Standing") -> RequestStanding:
    request = found.request
    return RequestStanding(
        id=found.id,
        intake=request.intake,
        waits_for=found.waits_for,
        received_at=request.received_at,
        due_at=found.due_at,
        overdue=found.overdue,
        extended=request.extended or None,
        language=request.language,
        unread=request.unread,
        marks=request.marks,
        unknown_mails=request.unknown_mails,
        rights=[
            RightStanding(
                right=right.kind, state=right.state, reason=right.reason or None, due_at=request.due_of(right)
            )
            for right in request.rights
        ],
    )


def _as_it_stands(ident: str, request: "Request") -> Reply:
    from chalicelib.domain.privacy import desk  # noqa: PLC0415 - cold start

    return Reply(_standing(desk.standing(ident, request)))


@route(bp, "GET", "/officer/requests", auth="officer", query=RequestsQuery, answer=RequestsOut)
def list_requests(call: Call) -> Reply:
    """List the requests that are not over, the most urgent first, with counts and states. Nothing of any person."""
    from chalicelib.domain.privacy import desk  # noqa: PLC0415 - cold start
    from chalicelib.store import cursors  # noqa: PLC0415

    wanted, purpose = call.query.waits_for, f"officer/{call.query.waits_for}/{_by(call)}"
    at = cursors.unseal(purpose, call.query.cursor)
    after = (at["due"], at["id"]) if at else None
    items, last, counts = desk.page(wanted, after, call.query.limit)
    behind = cursors.seal(purpose, {"due": last[0], "id": last[1]}) if last else None
    return Reply(
        RequestsOut(counts=RequestCounts(**counts), items=[_standing(each) for each in items], next_cursor=behind)
    )


@route(bp, "POST", "/officer/requests/{id}/open", auth="officer", body=OpenIn, answer=OpenedOut, refuses=_DECIDES)
def open_request(call: Call) -> Reply:
    """Show the words of one request that is not over. That it was opened, by whom and why, is noted first."""
    from chalicelib.domain.privacy import desk, officer  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    file, history = officer.opened(ident, _by(call), call.body.reason)
    person = file.person
    return Reply(
        OpenedOut(
            standing=_standing(desk.standing(ident, file.request)),
            address=person.addresses[0].text,
            verified=person.addresses[0].verified,
            text=person.text,
            raw=person.raw,
            replies=list(person.more.values()),
            history=[_action(each) for each in history],
        )
    )


def _action(noted: "OfficerAction") -> ActionOut:
    return ActionOut(
        at=noted.at, by=noted.by, action=noted.action, reason=noted.reason or None, rights=list(noted.rights)
    )


@route(
    bp,
    "POST",
    "/officer/requests/{id}/decision",
    auth="officer",
    body=DecisionIn,
    answer=RequestStanding,
    refuses=_DECIDES,
)
def decide_request(call: Call) -> Reply:
    """Decide: the writer is the person, the person is asked for more, or it is refused with its reason."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    ident, body = call.path["id"], call.body
    made = officer.decide(ident, _by(call), body.decision, body.reason, body.rights or (), body.text.strip())
    return _as_it_stands(ident, made)


@route(
    bp, "POST", "/officer/requests/{id}/answer", auth="officer", body=AnswerIn, answer=RequestStanding, refuses=_DECIDES
)
def answer_request(call: Call) -> Reply:
    """Answer by a mail in the officer's own words, which closes the rights that are named, or all that wait for the officer."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    return _as_it_stands(ident, officer.answer(ident, _by(call), call.body.text, call.body.rights or ()))


@route(
    bp,
    "POST",
    "/officer/requests/{id}/extend",
    auth="officer",
    body=ExtendIn,
    answer=RequestStanding,
    refuses=(*_DECIDES, Code.EXTENSION_TOO_LATE),
)
def extend_request(call: Call) -> Reply:
    """Take two months more, once, before the first month is over; the person is told by mail, with the reason."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    return _as_it_stands(ident, officer.extend(ident, _by(call), call.body.reason))


@route(
    bp, "POST", "/officer/requests/{id}/pause", auth="officer", body=PauseIn, answer=RequestStanding, refuses=_DECIDES
)
def pause_request(call: Call) -> Reply:
    """Stop the clock, as the person was asked otherwise than by our mail, or let it go on."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    made = officer.pause(ident, _by(call), call.body.rights or (), paused=call.body.paused)
    return _as_it_stands(ident, made)


@route(
    bp, "POST", "/officer/requests/{id}/rerun", auth="officer", body=RerunIn, answer=RequestStanding, refuses=_DECIDES
)
def rerun_request(call: Call) -> Reply:
    """Go on with what is under way, and send again what may never have been sent."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    return _as_it_stands(ident, officer.rerun(ident, _by(call)))


@route(
    bp, "POST", "/officer/requests/{id}/merge", auth="officer", body=MergeIn, answer=RequestStanding, refuses=_DECIDES
)
def merge_request(call: Call) -> Reply:
    """Hand a duplicate to another request of the same address, which is shown; the duplicate ends without a mail."""
    from chalicelib.domain.privacy import officer  # noqa: PLC0415 - cold start

    into = call.body.into
    return _as_it_stands(into, officer.merge(call.path["id"], _by(call), into))
