"""HubSpot's OAuth: consent, tokens, introspection, revocation.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth (consent; the user
picks an account; errors come back as error and error_description), …/docs/api-reference/2026-03/authentication/
manage-oauth-tokens and …/authentication/oauth-tokens/{refresh-oauth-token,token-introspect,revoke-token}; the fields of the
answers also as in HubSpot's own client, github.com/HubSpot/hubspot-sdk-go auth/oauth.go.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import clock
from infra.loopback import Asked, Said
from infra.simulators import consent_page
from infra.simulators.hubspot import errors

AUTHORIZE, TOKEN = "/oauth/authorize", "/oauth/2026-03/token"
INTROSPECT, REVOKE = f"{TOKEN}/introspect", f"{TOKEN}/revoke"
PATHS = frozenset({AUTHORIZE, TOKEN, INTROSPECT, REVOKE})
APP, APP_ID = "IKO", 3140159
ACCESS_S, CODE_S = 1800, 600
_WORDS = {
    "oauth": "Know which HubSpot account and user this is",
    "crm.objects.contacts.read": "See the contacts of your CRM",
    "crm.objects.companies.read": "See the companies of your CRM",
    "crm.objects.deals.read": "See the deals of your CRM",
}


@dataclass(frozen=True)
class User:
    """Somebody who may install apps in an account (a "hub", a "portal")."""

    hub: int
    domain: str
    ident: int
    address: str


@dataclass
class Consent:
    """One yes. `told` is what the request at the consent page said."""

    user: User
    scopes: tuple[str, ...]
    told: dict[str, str] = field(repr=False)
    at: int = field(default_factory=clock.epoch)


@dataclass
class Access:
    """One access token's meaning; `expires` in epoch seconds."""

    user: User
    scopes: tuple[str, ...]
    expires: int


class OAuth:
    """One app at HubSpot. `redirect_uris` are those that it registered: compared exactly."""

    def __init__(self, users: dict[int, User]) -> None:
        self._users = users
        self.client_id, self.client_secret = secrets.token_hex(18), secrets.token_hex(18)
        self.redirect_uris: set[str] = set()
        self._codes: dict[str, Consent] = {}
        self._refresh: dict[str, Consent] = {}
        self._access: dict[str, Access] = {}

    def allows(self, token: str) -> Access | None:
        """None for a token that is unknown or over."""
        found = self._access.get(token)
        return found if found is not None and clock.epoch() < found.expires else None

    def over(self, token: str) -> bool:
        """Whether it was a token, once."""
        return token in self._access

    def expire(self) -> None:
        """End every access token, as half an hour does."""
        for each in self._access.values():
            each.expires = 0

    def end(self) -> None:
        """The app is uninstalled everywhere: nothing that was given holds any more."""
        self._codes.clear()
        self._refresh.clear()
        self.expire()

    def answer(self, asked: Asked) -> Said:
        """404 for what is none of PATHS."""
        if asked.path == AUTHORIZE and asked.method in ("GET", "POST"):
            return self._authorize(asked)
        if asked.path not in PATHS or asked.method != "POST":
            return errors.say(404)
        form = asked.form()
        if form.get("client_id") != self.client_id:
            return errors.oauth(400, "invalid_client", "BAD_CLIENT_ID", "missing or unknown client id")
        if form.get("client_secret") != self.client_secret:
            return errors.oauth(400, "invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
        if asked.path == INTROSPECT:
            return self._introspect(form.get("token", ""))
        return self._revoke(form.get("token", "")) if asked.path == REVOKE else self._token(form)

    def _authorize(self, asked: Asked) -> Said:
        told = asked.query
        refused = self._refusal(told)
        if refused is not None:
            return consent_page.refusal("HubSpot", *refused)
        if asked.method == "GET":
            return self._page(asked, told["scope"].split())
        form, state = asked.form(), told.get("state", "")
        user = self._users.get(int(form["account"])) if form.get("account", "").isdigit() else None
        if form.get("answer") != "allow" or user is None:
            denied = {"error": "access_denied", "error_description": "The user denied access", "state": state}
            return consent_page.back(told["redirect_uri"], denied)
        code = f"na1-{secrets.token_hex(4)}-{secrets.token_hex(14)}"
        self._codes[code] = Consent(user, tuple(told["scope"].split()), dict(told))
        return consent_page.back(told["redirect_uri"], {"code": code, "state": state})

    def _refusal(self, told: dict[str, str]) -> tuple[str, str] | None:
        """HubSpot shows these to the person, and never sends the browser back."""
        if told.get("client_id") != self.client_id:
            return "invalid_client", "Authorization failed because the app does not exist."
        if told.get("redirect_uri") not in self.redirect_uris:
            text = "Authorization failed because the redirect URL doesn't match the ones set by the app."
            return "redirect_uri_mismatch", text
        wanted = told.get("scope", "").split()
        if not wanted or any(scope not in _WORDS for scope in wanted):
            text = (
                "Authorization failed because there is a mismatch between the scopes in the install URL and the app's."
            )
            return "invalid_scope", text
        if told.get("code_challenge") and told.get("code_challenge_method") != "S256":
            return "invalid_request", "The code challenge method has to be S256."
        return None

    def _page(self, asked: Asked, wanted: list[str]) -> Said:
        return consent_page.page(
            provider="HubSpot",
            app=APP,
            action=f"{AUTHORIZE}?{asked.raw_query}",
            always=[(scope, _WORDS[scope]) for scope in wanted],
            accounts=[(str(user.hub), f"{user.domain} ({user.hub}), {user.address}") for user in self._users.values()],
        )

    def _token(self, form: dict[str, str]) -> Said:
        if form.get("grant_type") == "refresh_token":
            found = self._refresh.get(form.get("refresh_token", ""))
            if found is None:
                return errors.oauth(400, "invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
            return self._tokens(found, form["refresh_token"])
        if form.get("grant_type") != "authorization_code":
            return errors.oauth(400, "unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type")
        found = self._codes.pop(form.get("code", ""), None)  # good for one use, whatever comes of it
        if found is None or not _redeems(form, found):
            return errors.oauth(400, "invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code")
        token = f"na1-{secrets.token_hex(4)}-{secrets.token_hex(14)}"
        self._refresh[token] = found
        return self._tokens(found, token)

    def _tokens(self, given: Consent, refresh_token: str) -> Said:
        token = base64.b64encode(secrets.token_bytes(120)).decode()
        self._access[token] = Access(given.user, given.scopes, clock.epoch() + ACCESS_S)
        told = {
            "token_type": "bearer",
            "token_use": "access_token",
            "expires_in": ACCESS_S,
            "scopes": list(given.scopes),
        }
        tokens = {"access_token": token, "refresh_token": refresh_token}
        return Said(200, {**tokens, **told, "hub_id": given.user.hub, "user_id": given.user.ident}, _UNKEPT)

    def _introspect(self, token: str) -> Said:
        access, given = self.allows(token), self._refresh.get(token)
        found = access or given
        if found is None:
            return Said(200, {"active": False}, _UNKEPT)
        told: dict[str, Any] = {"token": token, "active": True, "app_id": APP_ID, "client_id": self.client_id}
        told |= {"hub_id": found.user.hub, "hub_domain": found.user.domain, "scopes": list(found.scopes)}
        told |= {"user": found.user.address, "user_id": found.user.ident}
        if access is None:
            return Said(200, {**told, "token_type": "refresh", "token_use": "refresh_token"}, _UNKEPT)
        told |= {"expires_in": access.expires - clock.epoch(), "is_private_distribution": False}
        return Said(200, {**told, "token_type": "access", "token_use": "access_token"}, _UNKEPT)

    def _revoke(self, token: str) -> Said:
        """Refresh tokens only; access tokens live on."""
        if self._refresh.pop(token, None) is None:
            return errors.oauth(400, "invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        return Said(200, b"")


_UNKEPT = {"Cache-Control": "no-store"}


def _redeems(form: dict[str, str], given: Consent) -> bool:
    """Whether a code is used in time, from the same address, and by who began (RFC 7636 4.6)."""
    if clock.epoch() >= given.at + CODE_S or form.get("redirect_uri") != given.told["redirect_uri"]:
        return False
    challenge, verifier = given.told.get("code_challenge", ""), form.get("code_verifier", "")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return not challenge or secrets.compare_digest(digest, challenge)
