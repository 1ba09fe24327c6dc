"""The privacy officer's routes: what is open, the words of one request, and what is decided of it. An audience of its own."""

from chalice import Blueprint

from chalicelib.api import officer_shown
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.officer_actions import ACTIONS, by
from chalicelib.api.officer_views import (
    AnswerIn,
    DecisionIn,
    ExtendIn,
    MergeIn,
    OpenedOut,
    OpenIn,
    PauseIn,
    RequestsOut,
    RequestsQuery,
    RequestStanding,
    RerunIn,
    SplitIn,
)
from chalicelib.core.codes import Code

bp = Blueprint(__name__)
_DECIDES = (Code.ALREADY_DECIDED,)


def _done(call: Call, action: str) -> Reply:
    """How the request stands that the action leads to."""
    ident, request = ACTIONS[action].do(call.path["id"], by(call), call.body)
    return Reply(officer_shown.standing(ident, request))


@route(bp, "GET", "/officer/requests", auth="officer", query=RequestsQuery, answer=RequestsOut)
def list_requests(call: Call) -> Reply:
    """List the requests that are not over, the most urgent first, with counts and states. Nothing of any person."""
    return Reply(officer_shown.listed(call.query, by(call)))


@route(bp, "POST", "/officer/requests/{id}/open", auth="officer", body=OpenIn, answer=OpenedOut, refuses=_DECIDES)
def open_request(call: Call) -> Reply:
    """Show the words of one request that is not over. That it was opened, by whom and why, is noted first."""
    return Reply(officer_shown.opened(call.path["id"], by(call), call.body.reason))


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
    """Decide: the writer is the person, the person is asked for more, it is refused with its reason, or is no request."""
    return _done(call, "decision")


@route(
    bp, "POST", "/officer/requests/{id}/answer", auth="officer", body=AnswerIn, answer=RequestStanding, refuses=_DECIDES
)
def answer_request(call: Call) -> Reply:
    """Answer by a mail in the officer's own words, which closes the rights that are named, or all that wait for the officer."""
    return _done(call, "answer")


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
    return _done(call, "extend")


@route(
    bp, "POST", "/officer/requests/{id}/pause", auth="officer", body=PauseIn, answer=RequestStanding, refuses=_DECIDES
)
def pause_request(call: Call) -> Reply:
    """Stop the clock, as the person was asked otherwise than by our mail, or let it go on."""
    return _done(call, "pause")


@route(
    bp, "POST", "/officer/requests/{id}/rerun", auth="officer", body=RerunIn, answer=RequestStanding, refuses=_DECIDES
)
def rerun_request(call: Call) -> Reply:
    """Go on with what is under way, and send again what may never have been sent."""
    return _done(call, "rerun")


@route(
    bp, "POST", "/officer/requests/{id}/merge", auth="officer", body=MergeIn, answer=RequestStanding, refuses=_DECIDES
)
def merge_request(call: Call) -> Reply:
    """Hand a duplicate to another request of the same address, which is shown; the duplicate ends without a mail."""
    return _done(call, "merge")


@route(
    bp, "POST", "/officer/requests/{id}/split", auth="officer", body=SplitIn, answer=RequestStanding, refuses=_DECIDES
)
def split_request(call: Call) -> Reply:
    """Make a request of its own of some rights, or of what the letter asks for somebody else; the new request is shown."""
    return _done(call, "split")
