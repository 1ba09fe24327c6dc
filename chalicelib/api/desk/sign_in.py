"""Signing in to the desk, and out: at the operator's identity provider, which sends the browser back with a code."""

from typing import Annotated

from chalice import Blueprint

from chalicelib.api.desk import oidc, session
from chalicelib.api.desk.frame import fields, page, problem
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.identity import Rejected
from chalicelib.core.codes import Code
from chalicelib.core.errors import IkoError
from chalicelib.core.models import Input, Model
from chalicelib.core.written import ONE_LINE

bp = Blueprint(__name__)
_BEGUN = "__Host-officer-begun"
_BEGUN_S = 600
_PURPOSE = "officer-sign-in"
_TITLE = "Privacy officer's desk"


class SignInQuery(Input):
    """What the identity provider sends the browser back with (RFC 6749 4.1.2)."""

    state: Annotated[str, ONE_LINE] = ""
    code: Annotated[str, ONE_LINE] = ""
    error: Annotated[str, ONE_LINE] = ""


class TokenForm(Model):
    """`token`: of the session's forms."""

    token: str = ""


@route(bp, "GET", "/officer/login", auth="public", html=True, status=303)
def sign_in(_: Call) -> Reply:
    """Send the browser to the operator's identity provider."""
    url, kept = oidc.begin()
    # Lax: the provider's own page sends the browser back.
    cookie = session.cookie(_BEGUN, session.sealed(_PURPOSE, kept), _BEGUN_S, "Lax")
    return Reply(status=303, headers={"Location": url, "Set-Cookie": cookie})


@route(bp, "GET", "/officer/callback", auth="public", html=True, query=SignInQuery, refuses=(Code.UNAUTHENTICATED,))
def complete_sign_in(call: Call) -> Reply:
    """Receive the browser back from the identity provider, and sign the officer in."""
    sent = call.raw_query
    kept = session.opened(_PURPOSE, session.sent(call, _BEGUN))
    if kept is None or not oidc.is_answer_to(kept, sent.get("state", "")):
        return _again(400, "This sign-in was begun in another browser, or more than ten minutes ago.")
    if not sent.get("code"):
        return _again(403, "The identity provider did not sign you in.")
    try:
        claims = oidc.exchange(kept, sent["code"])
    except Rejected:
        return _again(403, "This account is not the privacy officer's, or the sign-in was used before.")
    except IkoError as error:
        return problem(call, error, None)
    # A page, and no redirect: the session's cookie goes with no navigation that another site began.
    return page("signed_in", "You are signed in", headers={"Set-Cookie": session.begin(claims)})


@route(bp, "POST", "/officer/logout", auth="desk", html=True, form=TokenForm)
def sign_out(call: Call) -> Reply:
    """Sign out of the desk."""
    found = session.of(call)
    if found is None or not session.is_of(found, fields(call).get("token", [""])[0]):
        return page("sign_in", _TITLE, 401)
    return page("sign_in", _TITLE, headers={"Set-Cookie": session.end(found)}, said="You are signed out.")


def _again(status: int, said: str) -> Reply:
    return page("sign_in", _TITLE, status, said=said)
