"""The desk of our privacy officer: what is open, one request and its letter, and a form for everything that is done to it."""

from base64 import b64decode
from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api import officer_shown, request_body
from chalicelib.api.desk.frame import HOME, fields, page, signed_in
from chalicelib.api.desk.session import Session
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.officer_actions import ACTIONS, by
from chalicelib.api.officer_views import OpenedOut, OpenIn, RequestsQuery
from chalicelib.core import clock, ids
from chalicelib.core.codes import Code
from chalicelib.core.errors import NotFound
from chalicelib.core.models import Input, Model

bp = Blueprint(__name__)
_PER_PAGE = 25
_DAY_S = 86_400


class DeskForm(Model):
    """`token`: of the session's forms. The others as in the body of POST /officer/requests/{id} and the same action."""

    token: str = ""
    reason: str = ""
    decision: str = ""
    rights: list[str] = []
    text: str = ""
    paused: str = ""
    into: str = ""
    about: str = ""


@route(
    bp,
    "GET",
    "/officer",
    auth="desk",
    html=True,
    query=RequestsQuery,
    refuses=(Code.INVALID, Code.UNAUTHENTICATED),
)
@signed_in
def read_desk(call: Call, found: Session) -> Reply:
    """Show what is open: counts, states, due dates, the overdue first. Nothing of any person."""
    sent = {name: value for name, value in call.raw_query.items() if value}
    asked = request_body.validate_query(RequestsQuery, {**{name: [value] for name, value in sent.items()}})
    query = asked.model_copy(update={"limit": _PER_PAGE})
    told = officer_shown.listed(query, by(call))
    chosen = {name: value for name, value in sent.items() if name in ("waits_for", "right", "state", "language")}
    return page(
        "list",
        "Requests of persons",
        counts=told.counts,
        items=told.items,
        chosen={"waits_for": "", "right": "", "state": "", "language": ""} | chosen,
        filtered=bool(chosen),
        paged="cursor" in sent,
        first=_link(chosen),
        next=_link({**chosen, "cursor": told.next_cursor}) if told.next_cursor else "",
        **_shared(found),
    )


@route(bp, "GET", "/officer/desk/{id}", auth="desk", html=True, refuses=(Code.UNAUTHENTICATED, Code.INVALID))
@signed_in
def read_desk_request(call: Call, found: Session) -> Reply:
    """Show how one request stands and what was done to it. Nothing of its person."""
    return _request(call, found, None)


@route(
    bp,
    "POST",
    "/officer/desk/{id}/open",
    auth="desk",
    html=True,
    form=DeskForm,
    refuses=(Code.UNAUTHENTICATED, Code.INVALID, Code.INVALID_FORM, Code.ALREADY_DECIDED),
)
@signed_in
def open_desk_request(call: Call, found: Session) -> Reply:
    """Show the letter too. That it was opened, by whom and why, is noted first."""
    asked = request_body.validate(OpenIn, _body(OpenIn, fields(call)))
    return _request(call, found, officer_shown.opened(call.path["id"], by(call), asked.reason))


@route(
    bp,
    "POST",
    "/officer/desk/{id}/{action}",
    auth="desk",
    html=True,
    status=303,
    form=DeskForm,
    refuses=(
        Code.UNAUTHENTICATED,
        Code.INVALID,
        Code.INVALID_FORM,
        Code.ALREADY_DECIDED,
        Code.EXTENSION_TOO_LATE,
    ),
)
@signed_in
def act_on_desk_request(call: Call, _: Session) -> Reply:
    """Do what the same action of /officer/requests/{id} does, and go on to the request that it leads to."""
    name = call.path["action"]
    if name not in ACTIONS:
        raise NotFound
    action = ACTIONS[name]
    body = request_body.validate(action.body, _body(action.body, fields(call)))
    ident, _request_then = action.do(call.path["id"], by(call), body)
    return Reply(status=303, headers={"Location": f"{HOME}/desk/{ident}?done={name}"})


def _body(model: type[Input], sent: dict[str, list[str]]) -> dict[str, Any]:
    """The body of that model, from the fields of a form: what is empty was left out."""
    texts = {name: sent[name][0] for name in model.model_fields if sent.get(name, [""])[0].strip()}
    body: dict[str, Any] = {name: text.strip() for name, text in texts.items()}
    if "rights" in texts:
        body["rights"] = sent["rights"]
    if "paused" in texts:
        body["paused"] = texts["paused"] == "true"
    return body


def _request(call: Call, found: Session, opened: OpenedOut | None) -> Reply:
    from chalicelib.domain.privacy import officer, repository  # noqa: PLC0415 - cold start

    ident = call.path["id"]
    known = repository.find(ident) if ids.is_id(ident, "req") else None
    if known is None:
        raise NotFound
    done = call.raw_query.get("done", "")
    return page(
        "request",
        "Request",
        it=officer_shown.standing(ident, known[1]),
        over=known[1].ended,
        opened=opened,
        raw=b64decode(opened.raw).decode("utf-8", "replace") if opened else "",
        same=opened.same_address if opened else [],
        history=[officer_shown.action(each) for each in officer.history(ident)],
        me=by(call),
        **_shared(found, done if done in ACTIONS else ""),
    )


def _shared(found: Session, said: str = "") -> dict[str, Any]:
    return {"token": found.form_token, "day": _day, "left": _left, "said": said}


def _link(query: dict[str, str]) -> str:
    from urllib.parse import urlencode  # noqa: PLC0415 - beside its use

    return f"{HOME}?{urlencode(query)}" if query else HOME


def _day(moment: datetime) -> str:
    from chalicelib.texts import render  # noqa: PLC0415 - cold start

    return render.day(moment, "en")


def _left(moment: datetime) -> str:
    days = int((moment - clock.now()).total_seconds() // _DAY_S)
    if days < 0:
        return "its clock stands"
    return "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}"
