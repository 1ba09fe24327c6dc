"""What every page of the desk has: our officer's sign-in, the token in its forms, and errors in plain words."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from chalicelib.api.desk import session
from chalicelib.api.desk.session import Session
from chalicelib.api.http import Call, Reply, View
from chalicelib.api.page_headers import page_headers
from chalicelib.core import log, settings
from chalicelib.core.codes import Code
from chalicelib.core.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    IkoError,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unprocessable,
    VersionConflict,
)

HOME = "/officer"
_MAX_FORM = 131_072  # bytes: an answer of the greatest length in percent signs, and the rest
_SAID = {
    Code.ALREADY_DECIDED: "The request is over, or nothing that you chose waits for this any more. Read how it stands.",
    Code.EXTENSION_TOO_LATE: "A request is extended once, before its first month is over.",
    Code.CONFLICT: "Somebody else is changing this request at this moment. Try again.",
    Code.INVALID_CURSOR: "This page of the list is not there any more. Begin with the most urgent.",
}

Signed = Callable[[Call, Session], Reply]


def page(name: str, title: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Reply:
    """Return a page of the desk. `token`: of the session's forms, without which nobody is shown as signed in."""
    from chalicelib.texts import pages  # noqa: PLC0415 - cold start

    here = settings.current()
    ours = {
        "controller": here.controller_name,
        "privacy_address": here.privacy_address,
        "token": "",
        "said": "",
        "written": "",
    }
    body = pages.desk(name, title=title, **(ours | values))
    # Back to the desk alone: its cookie goes with no link from elsewhere.
    return Reply(body, status=status, headers={**page_headers(pages.style()), **(headers or {})})


def fields(call: Call) -> dict[str, list[str]]:
    """Return the fields of an urlencoded body. BadRequest for what is none in UTF-8; TooLarge."""
    if len(call.raw_body) > _MAX_FORM:
        raise TooLarge
    try:
        sent = parse_qs(call.raw_body.decode("utf-8"), max_num_fields=50, errors="strict")
    except ValueError as error:
        raise BadRequest("The body is not a form in UTF-8.", code=Code.INVALID_FORM) from error
    return {name: [value.replace("\r\n", "\n") for value in values] for name, values in sent.items()}


def signed_in(view: Signed) -> View:
    """Return the view for our officer alone; a form that it did not get from us does nothing."""

    @functools.wraps(view)
    def shown(call: Call) -> Reply:
        found = session.of(call)
        if found is None:
            return _over(call)
        call.identity = found.identity
        try:
            if call.endpoint.method == "POST" and not session.is_of(found, fields(call).get("token", [""])[0]):
                raise Forbidden("This form is of another sign-in. Open the page again, then repeat what you did.")
            return view(call, found)
        except IkoError as error:
            return problem(call, error, found)

    return shown


def _over(call: Call) -> Reply:
    """The page to sign in; with what was written into a form of a session that has ended since, and of no other."""
    title, status = "Privacy officer's desk", Unauthenticated.status
    if not call.raw_body:
        return page("sign_in", title, status)
    before = session.known(call)
    try:
        ours = before is not None and session.is_of(before, fields(call).get("token", [""])[0])
    except (BadRequest, TooLarge):
        ours = False
    written = _written(call) if ours else ""
    said = "Your session has ended, and nothing was done. " + (
        "What you wrote is below: copy it, sign in again, then send it."
        if written
        else "Sign in again, then repeat it."
    )
    return page("sign_in", title, status, said=said, written=written)


def problem(call: Call, error: IkoError, found: Session | None) -> Reply:
    """Return what went wrong as a page, with what was written, and the way back."""
    if isinstance(error, VersionConflict):
        error = Conflict()  # others were faster, which is no failure of ours
    if error.status >= 500:  # noqa: PLR2004 - HTTP's own number
        log.failure("page_failed", error, route=call.endpoint.path)
    ident = call.path.get("id", "") if found and not isinstance(error, NotFound) else ""
    return page(
        "problem",
        "This did not work",
        error.status,
        sentences=_sentences(error),
        written=_written(call) if found else "",
        back=f"{HOME}/desk/{ident}" if ident else HOME,
        back_label="Back to the request" if ident else "To the desk",
        token=found.form_token if found else "",
    )


def _sentences(error: IkoError) -> list[str]:
    if isinstance(error, Unprocessable):
        return [_of_field(each.field, each.message) for each in error.errors] or ["Something is missing in the form."]
    if isinstance(error, NotFound):
        return ["There is no such request, or it ended more than 30 days ago."]
    if isinstance(error, Conflict | BadRequest) and error.code in _SAID:
        return [_SAID[error.code]]
    if error.status >= 500:  # noqa: PLR2004 - HTTP's own number
        return ["Something failed on our side, and nothing was changed. Try again in a minute."]
    return [error.detail or error.title]


def _of_field(name: str, sentence: str) -> str:
    words = name.removeprefix("query.").replace("_", " ")
    return f"{words.capitalize()}: {sentence}" if words else sentence


def _written(call: Call) -> str:
    """What was typed, so that an error costs nobody an answer."""
    try:
        return fields(call).get("text", [""])[0] if call.endpoint.method == "POST" else ""
    except (BadRequest, TooLarge):
        return ""
