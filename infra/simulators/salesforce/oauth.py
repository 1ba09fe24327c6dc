"""Sign-in to the simulated Salesforce: consent page, tokens, revocation, the identity URL.

Written from https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm (with PKCE),
…?id=xcloud.remoteaccess_oauth_refresh_token_flow.htm (rotation: an old refresh token that comes again ends the new one too),
…?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm, …?id=xcloud.remoteaccess_oauth_flow_errors.htm,
…?id=xcloud.remoteaccess_revoke_token.htm and …?id=xcloud.remoteaccess_using_openid.htm.
"""

import base64
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from chalicelib.core import clock
from infra.simulators.consent_page import Choice
from infra.simulators.oauth.dialect import Complaint, Credentials, Dialect, Mistake, Paths
from infra.simulators.oauth.grants import Grant, Token
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.replies import reply

ORG = "00D000000000001AAA"
_RUN_AS = "005000000000001AAA"  # whom the operator's app acts as
_ACCESS_S = 10**9  # apps are not told how long a session lives; here it ends by a fault only
_DIALECT = Dialect(
    provider="Salesforce",
    app="IKO System",
    paths=Paths("/services/oauth2/authorize", "/services/oauth2/token", "/services/oauth2/revoke"),
    scopes={
        "api": "Manage user data via APIs",
        "refresh_token": "Perform requests at any time",
        "openid": "Access unique user identifiers",
        "id": "Access the identity URL service",
    },
    forms=("aPrx", f"{ORG[:15]}!", "5Aep861"),
    credentials=Credentials.EITHER,
    takes_first_account=True,
    revokes_for_app_only=False,
    code_s=900,
    access_s=_ACCESS_S,
    complaints={
        Mistake.UNKNOWN_APP: Complaint("invalid_client_id", "client identifier invalid"),
        Mistake.WRONG_REDIRECT: Complaint("redirect_uri_mismatch", "redirect_uri must match configuration"),
        Mistake.WRONG_RESPONSE_TYPE: Complaint("unsupported_response_type", "response type not supported", to_app=True),
        Mistake.WRONG_SCOPE: Complaint("invalid_scope", "the requested scope is not allowed", to_app=True),
        Mistake.NO_CHALLENGE: Complaint("invalid_request", "missing required code challenge", to_app=True),
        Mistake.DENIED: Complaint("access_denied", "end-user denied authorization", to_app=True),
        Mistake.UNKNOWN_CLIENT: Complaint("invalid_client_id", "client identifier invalid"),
        Mistake.WRONG_SECRET: Complaint("invalid_client", "invalid client credentials"),
        Mistake.UNKNOWN_GRANT_TYPE: Complaint("unsupported_grant_type", "grant type not supported"),
        Mistake.UNKNOWN_CODE: Complaint("invalid_grant", "expired authorization code"),
        Mistake.OTHER_REDIRECT: Complaint("redirect_uri_mismatch", "redirect_uri must match configuration"),
        Mistake.NO_VERIFIER: Complaint("invalid_grant", "missing code verifier"),
        Mistake.WRONG_VERIFIER: Complaint("invalid_request", "invalid code verifier"),
        Mistake.UNKNOWN_REFRESH_TOKEN: Complaint("invalid_grant", "expired access/refresh token"),
        Mistake.UNKNOWN_TOKEN: Complaint("invalid_token", "invalid token"),
    },
)


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


class Login(AuthorizationServer):
    """Both connected apps: the operator's (`credential`) and the members' (`client_id`, `client_secret`)."""

    def __init__(self, url: str) -> None:
        super().__init__(_DIALECT, "3MVG9.local-members", secrets.token_hex(32))
        self._url = url
        self.credential = {"client_id": "3MVG9.local-billing", "client_secret": secrets.token_hex(32)}
        self.operator: set[str] = set()  # access tokens of the operator's app

    def add_routes(self, app: Flask) -> None:
        """Add the identity URL too, and revocation by GET."""
        super().add_routes(app)
        app.add_url_rule(self.dialect.paths.revocation, "salesforce revocation by GET", self.revoke, methods=["GET"])
        app.add_url_rule("/id/<org>/<user>", "salesforce identity", self._identity)

    def expire(self) -> None:
        """End every access token."""
        self.operator.clear()
        self.grants.expire()

    def accounts(self) -> list[Choice]:
        """Return the users of the org."""
        return [(user.id, f"{user.name} ({user.email})") for user in USERS]

    def new_grant(self, account: str, scopes: tuple[str, ...], told: dict[str, str]) -> Grant:
        """Return the yes; only the scope refresh_token brings a refresh token."""
        return Grant(account, scopes, told, "refresh_token" in scopes)

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the tokens as Salesforce does: it does not say how long they live."""
        told = self._answer(access, " ".join(grant.scopes), grant.account)
        return {**told, **({"refresh_token": refresh} if refresh else {})}

    def token(self) -> Response:
        """Return tokens; for the operator's app by its own credentials."""
        if request.form.get("grant_type") != "client_credentials":
            return super().token()
        sent = {**request.form, **(request.authorization.parameters if request.authorization else {})}
        if sent.get("client_id", sent.get("username")) != self.credential["client_id"]:
            return self.error_answer(self.dialect.complaints[Mistake.UNKNOWN_CLIENT])
        if sent.get("client_secret", sent.get("password")) != self.credential["client_secret"]:
            return self.error_answer(self.dialect.complaints[Mistake.WRONG_SECRET])
        access = self.dialect.forms[1] + secrets.token_urlsafe(48)
        self.operator.add(access)
        return reply(200, self._answer(access, "api", _RUN_AS))

    def on_reuse(self, token: Token) -> None:
        """Somebody has a token that was rotated out: nobody is believed any more."""
        self.grants.end(token.grant)

    def end_token(self, token: Token) -> Response:
        """End a token; a refresh token takes its access tokens with it."""
        if token.until is None:
            self.grants.end(token.grant)
        return super().end_token(token)

    def _identity(self, org: str, user: str) -> Response:
        """Return who the user of a token is."""
        grant = self.grants.live_grant()
        if grant is None or (org, user) != (ORG, grant.account):
            return reply(403, b"Bad_OAuth_Token", {"Content-Type": "text/plain"})
        found = user_of(grant)
        told = {"user_id": found.id, "username": found.email, "email": found.email, "organization_id": ORG}
        return reply(200, {**told, "display_name": found.name, "asserted_user": True})

    def _answer(self, token: str, scope: str, user: str) -> dict[str, Any]:
        return {
            "access_token": token,
            "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
            "scope": scope,
            "instance_url": self._url,
            "id": f"{self._url}/id/{ORG}/{user}",
            "token_type": "Bearer",
            "issued_at": str(clock.epoch() * 1000),
        }


def user_of(grant: Grant) -> User:
    """Return who gave that."""
    return next(user for user in USERS if user.id == grant.account)
