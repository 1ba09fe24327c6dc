"""Sign-in to the simulated Salesforce: consent page, tokens, revocation, the identity URL.

Written from https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm (with PKCE),
…?id=xcloud.remoteaccess_oauth_refresh_token_flow.htm (rotation: an old refresh token that comes again ends the new one too),
…?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm, …?id=xcloud.remoteaccess_oauth_flow_errors.htm,
…?id=xcloud.remoteaccess_revoke_token.htm and …?id=xcloud.remoteaccess_using_openid.htm.
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from chalicelib.core import clock
from infra.loopback import Asked, Said
from infra.simulators import consent_page

ORG = "00D000000000001AAA"
_RUN_AS = "005000000000001AAA"  # whom the operator's app acts as
_CODE_LIFE_S = 900
_SCOPES = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "openid": "Access unique user identifiers",
    "id": "Access the identity URL service",
}


@dataclass(frozen=True)
class User:
    """One user of the org. `api`: its profile has the permission "API Enabled"."""

    id: str
    name: str
    email: str
    api: bool = True


USERS = (
    User("005000000000011AAA", "Sofia Berg, Sales", "sofia.berg@sales.example"),
    User("005000000000012AAA", "Tom Lange, Sales", "tom.lange@sales.example"),
    User("005000000000013AAA", "Udo Klein, without API access", "udo.klein@sales.example", api=False),
)


@dataclass
class Session:
    """What a user has allowed the members' app. `access` are its access tokens, `spent` its former refresh tokens."""

    user: User
    scopes: tuple[str, ...]
    refresh: str = ""
    access: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Code:
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    at: int


class Login:
    """Both connected apps: the operator's (`credential`) and the members' (`registration`). `rotate`: refresh tokens are for
    one use. `callbacks`: where the members' app may be sent back to; empty: to the backend of this machine."""

    def __init__(self) -> None:
        self.credential = {"client_id": "3MVG9.local-billing", "client_secret": secrets.token_hex(32)}
        self.registration = {"client_id": "3MVG9.local-members", "client_secret": secrets.token_hex(32)}
        self.rotate, self.callbacks = False, set[str]()
        self.operator: set[str] = set()  # access tokens of the operator's app
        self.sessions: list[Session] = []
        self._codes: dict[str, _Code] = {}

    def session(self, token: str) -> Session | None:
        """The session of a member's access token."""
        return next((session for session in self.sessions if token in session.access), None)

    def expire(self) -> None:
        """Every access token ends."""
        self.operator.clear()
        for session in self.sessions:
            session.access.clear()

    def authorize(self, asked: Asked) -> Said:
        """The consent page, and what its form answers."""
        query, known = asked.query, self.callbacks or {f"{os.environ['IKO_PUBLIC_URL']}/oauth/salesforce/callback"}
        if query.get("client_id") != self.registration["client_id"]:
            return consent_page.refusal("Salesforce", "invalid_client_id", "client identifier invalid")
        if query.get("redirect_uri") not in known:
            return consent_page.refusal("Salesforce", "redirect_uri_mismatch", "redirect_uri must match configuration")
        wrong, scopes = _mistake(query), tuple(query.get("scope", "").split())
        if wrong:
            return _back(query, error=wrong[0], error_description=wrong[1])
        if asked.method == "GET":
            accounts = [(user.id, f"{user.name} ({user.email})") for user in USERS]
            action, always = f"{asked.path}?{urlencode(query)}", [(scope, _SCOPES[scope]) for scope in scopes]
            return consent_page.page(
                provider="Salesforce", app="IKO System", action=action, always=always, accounts=accounts
            )
        form = asked.form()
        user = next((user for user in USERS if user.id == form.get("account")), USERS[0])
        if form.get("answer") != "allow":
            return _back(query, error="access_denied", error_description="end-user denied authorization")
        code = f"aPrx{secrets.token_urlsafe(32)}"
        self._codes[code] = _Code(user, scopes, query["redirect_uri"], query["code_challenge"], clock.epoch())
        return _back(query, code=code)

    def token(self, asked: Asked, url: str) -> Said:
        """The token endpoint."""
        form = {**asked.form(), **_basic(asked.headers.get("authorization", ""))}
        grants = {"client_credentials": self._client, "authorization_code": self._code, "refresh_token": self._refresh}
        grant = form.get("grant_type", "")
        if grant not in grants:
            return _error("unsupported_grant_type", "grant type not supported")
        app = self.credential if grant == "client_credentials" else self.registration
        if form.get("client_id") != app["client_id"]:
            return _error("invalid_client_id", "client identifier invalid")
        if form.get("client_secret") != app["client_secret"]:
            return _error("invalid_client", "invalid client credentials")
        return grants[grant](form, url)

    def _client(self, form: dict[str, str], url: str) -> Said:
        token = _new_access()
        self.operator.add(token)
        return Said(200, _answer(token, "api", _RUN_AS, url))

    def _code(self, form: dict[str, str], url: str) -> Said:
        code = self._codes.pop(form.get("code", ""), None)  # whatever comes of it, a code is for one use
        if code is None or clock.epoch() - code.at > _CODE_LIFE_S:
            return _error("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            return _error("redirect_uri_mismatch", "redirect_uri must match configuration")
        if not form.get("code_verifier"):
            return _error("invalid_grant", "missing code verifier")
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            return _error("invalid_request", "invalid code verifier")
        session = Session(code.user, code.scopes)
        self.sessions.append(session)
        if "refresh_token" in code.scopes:
            session.refresh = _new_refresh()
        return self._given(session, url, with_refresh=True)

    def _refresh(self, form: dict[str, str], url: str) -> Said:
        sent = form.get("refresh_token", "")
        for session in self.sessions:
            if sent in session.spent:  # somebody has a token that was rotated out: nobody is believed any more
                self.sessions.remove(session)
                break
            if sent and sent == session.refresh:
                if self.rotate:
                    session.spent.add(sent)
                    session.refresh = _new_refresh()
                return self._given(session, url, with_refresh=self.rotate)
        return _error("invalid_grant", "expired access/refresh token")

    def _given(self, session: Session, url: str, *, with_refresh: bool) -> Said:
        token = _new_access()
        session.access.add(token)
        refresh = {"refresh_token": session.refresh} if with_refresh and session.refresh else {}
        return Said(200, {**_answer(token, " ".join(session.scopes), session.user.id, url), **refresh})

    def revoke(self, asked: Asked) -> Said:
        """A refresh token takes its access tokens with it; an access token ends alone."""
        token = asked.form().get("token") or asked.query.get("token", "")
        for session in self.sessions:
            if token and token == session.refresh:
                self.sessions.remove(session)
                return Said(200, b"")
            if token in session.access:
                session.access.remove(token)
                return Said(200, b"")
        return _error("invalid_token", "invalid token")

    def identity(self, asked: Asked) -> Said:
        """Who the user of a token is."""
        session = self.session(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if session is None or asked.path != f"/id/{ORG}/{session.user.id}":
            return Said(403, b"Bad_OAuth_Token", {"Content-Type": "text/plain"})
        user = {"user_id": session.user.id, "username": session.user.email, "email": session.user.email}
        return Said(200, {**user, "organization_id": ORG, "display_name": session.user.name, "asserted_user": True})


def _mistake(query: dict[str, str]) -> tuple[str, str] | None:
    if query.get("response_type") != "code":
        return "unsupported_response_type", "response type not supported"
    if not set(query.get("scope", "").split()) <= set(_SCOPES):
        return "invalid_scope", "the requested scope is not allowed"
    if not query.get("code_challenge"):
        return "invalid_request", "missing required code challenge"
    return None


def _back(query: dict[str, str], **fields: str) -> Said:
    return consent_page.back(query["redirect_uri"], {**fields, "state": query.get("state", "")})


def _answer(token: str, scope: str, user: str, url: str) -> dict[str, Any]:
    return {
        "access_token": token,
        "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
        "scope": scope,
        "instance_url": url,
        "id": f"{url}/id/{ORG}/{user}",
        "token_type": "Bearer",
        "issued_at": str(clock.epoch() * 1000),
    }


def _new_access() -> str:
    return f"{ORG[:15]}!{secrets.token_urlsafe(48)}"


def _new_refresh() -> str:
    return f"5Aep861{secrets.token_urlsafe(48)}"


def _basic(header: str) -> dict[str, str]:
    """Client id and secret may come in a Basic header instead of the form."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        ident, _, secret = base64.b64decode(sent).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": ident, "client_secret": secret}


def _error(code: str, text: str) -> Said:
    return Said(400, {"error": code, "error_description": text})
