"""HubSpot's OAuth: consent, tokens, introspection, revocation.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth (consent; the user
picks an account; errors come back as error and error_description), …/docs/api-reference/2026-03/authentication/
manage-oauth-tokens and …/authentication/oauth-tokens/{refresh-oauth-token,token-introspect,revoke-token}; the fields of the
answers also as in HubSpot's own client, github.com/HubSpot/hubspot-sdk-go auth/oauth.go.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from chalicelib.core import clock
from infra.simulators.consent_page import Choice
from infra.simulators.hubspot import errors
from infra.simulators.oauth.dialect import Complaint, Dialect, Mistake, Paths
from infra.simulators.oauth.grants import Grant, Token
from infra.simulators.oauth.server import NOT_KEPT, AuthorizationServer
from infra.simulators.replies import reply

TOKENS = "/oauth/2026-03/token"
INTROSPECT, REVOKE = f"{TOKENS}/introspect", f"{TOKENS}/revoke"
APP_ID = 3140159
_DIALECT = Dialect(
    provider="HubSpot",
    paths=Paths("/oauth/authorize", TOKENS, REVOKE),
    scopes={
        "oauth": "Know which HubSpot account and user this is",
        "crm.objects.contacts.read": "See the contacts of your CRM",
        "crm.objects.companies.read": "See the companies of your CRM",
        "crm.objects.deals.read": "See the deals of your CRM",
    },
    forms=("na1-", "", "na1-"),
    repeats_refresh=True,
    code_s=600,
    access_s=1800,
    complaints={
        Mistake.UNKNOWN_APP: Complaint("invalid_client", "Authorization failed because the app does not exist."),
        Mistake.WRONG_REDIRECT: Complaint(
            "redirect_uri_mismatch",
            "Authorization failed because the redirect URL doesn't match the ones set by the app.",
        ),
        Mistake.NO_SCOPE: Complaint("invalid_scope", "Authorization failed because no scopes are in the install URL."),
        Mistake.WRONG_SCOPE: Complaint(
            "invalid_scope",
            "Authorization failed because there is a mismatch between the scopes in the install URL and the app's.",
        ),
        Mistake.WRONG_CHALLENGE_METHOD: Complaint("invalid_request", "The code challenge method has to be S256."),
        Mistake.DENIED: Complaint("access_denied", "The user denied access", to_app=True),
        Mistake.UNKNOWN_CLIENT: Complaint("invalid_client", "missing or unknown client id", word="BAD_CLIENT_ID"),
        Mistake.WRONG_SECRET: Complaint("invalid_client", "missing or invalid client secret", word="BAD_CLIENT_SECRET"),
        Mistake.UNKNOWN_GRANT_TYPE: Complaint(
            "unsupported_grant_type", "missing or unknown grant type", word="BAD_GRANT_TYPE"
        ),
        Mistake.UNKNOWN_CODE: Complaint("invalid_grant", "missing or unknown auth code", word="BAD_AUTH_CODE"),
        Mistake.UNKNOWN_REFRESH_TOKEN: Complaint(
            "invalid_grant", "missing or invalid refresh token", word="BAD_REFRESH_TOKEN"
        ),
    },
)


@dataclass(frozen=True)
class User:
    """Somebody who may install apps in an account (a "hub", a "portal")."""

    hub: int
    domain: str
    ident: int
    address: str


class OAuth(AuthorizationServer):
    """One public app. `users`: by hub, who may install it there."""

    def __init__(self, users: dict[int, User]) -> None:
        super().__init__(_DIALECT, str(uuid.uuid4()), str(uuid.uuid4()))
        self._users = users

    def add_routes(self, app: Flask) -> None:
        """Add introspection too."""
        super().add_routes(app)
        app.add_url_rule(INTROSPECT, "hubspot introspection", self._introspect, methods=["POST"])

    def accounts(self) -> list[Choice]:
        """Return the accounts in which the app may be installed."""
        return [(str(user.hub), f"{user.domain} ({user.hub}), {user.address}") for user in self._users.values()]

    def user(self, grant: Grant) -> User:
        """Return who gave that."""
        return self._users[int(grant.account)]

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the tokens, and whose they are."""
        user, told = self.user(grant), super().token_document(grant, access, refresh)
        told |= {"token_type": "bearer", "token_use": "access_token", "scopes": list(grant.scopes)}
        del told["scope"]
        return {**told, "hub_id": user.hub, "user_id": user.ident}

    def error_answer(self, complaint: Complaint) -> Response:
        """Return RFC 6749's two fields beside HubSpot's own."""
        return errors.oauth(complaint.status, complaint.code, complaint.word, complaint.text)

    def token_to_revoke(self, sent: str) -> Token | None:
        """Return the refresh token of that text; access tokens live on."""
        return self.grants.refresh.get(sent)

    def _introspect(self) -> Response:
        mistake, sent = self.credentials_mistake(), request.form.get("token", "")
        if mistake is not None:
            return self.error_answer(self.dialect.complaints[mistake])
        access, refresh = self.grants.access.get(sent), self.grants.refresh.get(sent)
        found = access or refresh
        if found is None or not found.live:
            return reply(200, {"active": False}, NOT_KEPT)
        user, scopes = self.user(found.grant), list(found.grant.scopes)
        told: dict[str, Any] = {"token": sent, "active": True, "app_id": APP_ID, "client_id": self.client_id}
        told |= {"hub_id": user.hub, "hub_domain": user.domain, "scopes": scopes}
        told |= {"user": user.address, "user_id": user.ident}
        if found.until is None:
            return reply(200, {**told, "token_type": "refresh", "token_use": "refresh_token"}, NOT_KEPT)
        told |= {"expires_in": found.until - clock.epoch(), "is_private_distribution": False}
        told["signed_access_token"] = _signed(user, found.until)
        return reply(200, {**told, "token_type": "access", "token_use": "access_token"}, NOT_KEPT)


def _signed(user: User, until: int) -> dict[str, Any]:
    """What HubSpot says of an access token for its own servers."""
    texts = ("newSignature", "scopeToScopeGroupPks", "scopes", "signature", "trialScopeToScopeGroupPks", "trialScopes")
    flags = {"isPrivateDistribution": False, "isServiceAccount": False, "isUserLevel": False}
    ids = {"appId": APP_ID, "hubId": user.hub, "userId": user.ident, "installingUserId": user.ident}
    said = {"appInstallId": str(user.hub), "audience": "", "hublet": "na1", "expiresAt": until * 1000}
    return {**ids, **said, **flags, **dict.fromkeys(texts, "")}
