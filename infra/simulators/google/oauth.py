"""Google's OAuth 2.0 for web servers, and its OpenID Connect: consent, tokens, revocation, keys.

https://developers.google.com/identity/protocols/oauth2/web-server (offline access, revocation: with one token of a combined
authorization all of it ends), …/oauth2 (expiration; 100 refresh tokens an account and client), …/oauth2/resources/
granular-permissions, https://developers.google.com/identity/openid-connect/openid-connect (id tokens, discovery).
"""

import secrets
from typing import Any

from flask import Flask, Response

from chalicelib.core import clock
from infra.simulators.consent_page import Choice
from infra.simulators.google import scopes, signing_keys
from infra.simulators.google.accounts import Accounts
from infra.simulators.google.signing_keys import ISSUER
from infra.simulators.oauth.dialect import Complaint, Dialect, Mistake, Paths
from infra.simulators.oauth.grants import Grant, Token
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.replies import reply

CERTS, DISCOVERY, USERINFO = "/oauth2/v3/certs", "/.well-known/openid-configuration", "/v1/userinfo"
MOST_REFRESH = 100
_REDIRECT = "The redirect URI in the request does not match the ones authorized for the OAuth client. "
_DIALECT = Dialect(
    provider="Google",
    paths=Paths("/o/oauth2/v2/auth", "/token", "/revoke"),
    scopes={**scopes.SIGN_IN, **scopes.OTHERS},
    optional=frozenset(scopes.OTHERS),
    forms=("4/0A", "ya29.a0", "1//0"),
    challenge_methods=("plain", "S256"),
    revokes_for_app_only=False,
    codes_survive_mistakes=True,
    code_s=600,
    access_s=3599,
    complaints={
        Mistake.UNKNOWN_APP: Complaint("invalid_client", "The OAuth client was not found.", 401),
        Mistake.NO_REDIRECT: Complaint("invalid_request", "Missing required parameter: redirect_uri"),
        Mistake.WRONG_REDIRECT: Complaint("redirect_uri_mismatch", _REDIRECT + "redirect_uri: {redirect_uri}"),
        Mistake.WRONG_RESPONSE_TYPE: Complaint("invalid_request", "Invalid response_type"),
        Mistake.NO_SCOPE: Complaint("invalid_request", "Missing required parameter: scope"),
        Mistake.WRONG_SCOPE: Complaint("invalid_scope", "Some requested scopes were invalid."),
        Mistake.WRONG_CHALLENGE_METHOD: Complaint("invalid_request", "Invalid code_challenge_method"),
        Mistake.PAGE_FORBIDDEN: Complaint("interaction_required", to_app=True),
        Mistake.DENIED: Complaint("access_denied", to_app=True),
        Mistake.UNKNOWN_CLIENT: Complaint("invalid_client", "The OAuth client was not found.", 401),
        Mistake.WRONG_SECRET: Complaint("invalid_client", "Unauthorized", 401),
        Mistake.UNKNOWN_GRANT_TYPE: Complaint("unsupported_grant_type", "Invalid grant_type"),
        Mistake.UNKNOWN_CODE: Complaint("invalid_grant", "Malformed auth code."),
        Mistake.SPENT_CODE: Complaint("invalid_grant", "Bad Request"),
        Mistake.OTHER_REDIRECT: Complaint("redirect_uri_mismatch", "Bad Request"),
        Mistake.NO_VERIFIER: Complaint("invalid_grant", "Missing code verifier."),
        Mistake.WRONG_VERIFIER: Complaint("invalid_grant", "Invalid code verifier."),
        Mistake.NO_REFRESH_TOKEN: Complaint("invalid_request", "Missing required parameter: refresh_token"),
        Mistake.UNKNOWN_REFRESH_TOKEN: Complaint("invalid_grant", "Bad Request"),
        Mistake.ENDED_REFRESH_TOKEN: Complaint("invalid_grant", "Token has been expired or revoked."),
        Mistake.NO_TOKEN: Complaint("invalid_request", "Bad Request"),
        Mistake.UNKNOWN_TOKEN: Complaint("invalid_token", "Token expired or revoked"),
    },
)


def no_refresh(word: str) -> Response:
    """Return a refusal to refresh; session control's is an `error_subtype` of `invalid_grant`."""
    if word in ("invalid_rapt", "rapt_required"):
        said = f"reauth related error ({word})"
        return reply(400, {"error": "invalid_grant", "error_subtype": word, "error_description": said})
    return reply(400, {"error": word, "error_description": "Bad Request"})


class OAuth(AuthorizationServer):
    """One client at Google. `given`: by account, what it has agreed to so far."""

    def __init__(self, accounts: Accounts, url: str) -> None:
        client = f"{secrets.randbelow(10**12):012d}-local.apps.googleusercontent.com"
        super().__init__(_DIALECT, client, f"GOCSPX-{secrets.token_urlsafe(21)}")
        self._accounts, self._url = accounts, url
        self.given: dict[str, tuple[str, ...]] = {}

    def add_routes(self, app: Flask) -> None:
        """Add keys, discovery and userinfo too."""
        super().add_routes(app)
        app.add_url_rule(CERTS, "google keys", lambda: reply(200, signing_keys.published()))
        app.add_url_rule(DISCOVERY, "google discovery", lambda: reply(200, self._discovery()))
        app.add_url_rule(USERINFO, "google userinfo", self._userinfo)

    def end(self, account: str = "") -> None:
        """What a person does at myaccount.google.com/permissions; of everybody where no account is named."""
        self.grants.end_all(account)
        self.given = {each: of for each, of in self.given.items() if account not in ("", each)}

    def accounts(self) -> list[Choice]:
        """Return everybody who has an account."""
        return [(each.address, f"{each.name} ({each.address})") for each in self._accounts.all()]

    def scopes_of(self, scope: str) -> tuple[str, ...]:
        """Return the scopes in their long forms, each once."""
        return scopes.named(scope)

    def new_grant(self, account: str, granted: tuple[str, ...], told: dict[str, str]) -> Grant:
        """Return the yes, with what was given before where that is asked for."""
        before = self.given.get(account, ())
        if told.get("include_granted_scopes") == "true":
            granted = tuple(dict.fromkeys((*granted, *before)))
        first = account not in self.given or "consent" in told.get("prompt", "")
        self.given[account] = tuple(dict.fromkeys((*before, *granted)))
        return Grant(account, granted, told, told.get("access_type") == "offline" and first)

    def callback_fields(self, grant: Grant) -> dict[str, str]:
        """Return what Google tells the app with a code."""
        return {"scope": " ".join(grant.scopes), "authuser": "0", "prompt": "consent"}

    def new_refresh(self, grant: Grant) -> str:
        """Return a refresh token; the oldest of too many ends without a word."""
        own = [token for token in self.grants.refresh.values() if token.grant.account == grant.account and token.live]
        for oldest in own[: max(0, len(own) + 1 - MOST_REFRESH)]:
            oldest.revoked = True
        return super().new_refresh(grant)

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the tokens, with an id token where that was asked for."""
        told = super().token_document(grant, access, refresh)
        if scopes.OPENID in grant.scopes:
            told["id_token"] = signing_keys.sign(self._claims(grant))
        return told

    def end_token(self, token: Token) -> Response:
        """End everything that the token's account gave."""
        self.end(token.grant.account)
        return reply(200, {})

    def _claims(self, grant: Grant) -> dict[str, Any]:
        now, nonce = clock.epoch(), grant.told.get("nonce")
        claims = {"iss": ISSUER, "azp": self.client_id, "aud": self.client_id, **self._who(grant)}
        return {**claims, **({"nonce": nonce} if nonce else {}), "iat": now, "exp": now + self.dialect.access_s + 1}

    def _who(self, grant: Grant) -> dict[str, Any]:
        account = self._accounts.known(grant.account)
        who: dict[str, Any] = {"sub": account.sub, "hd": account.address.rpartition("@")[2]}
        if scopes.EMAIL in grant.scopes:
            who |= {"email": account.address, "email_verified": True}
        return who | ({"name": account.name} if scopes.PROFILE in grant.scopes else {})

    def _userinfo(self) -> Response:
        grant = self.grants.live_grant()
        if grant is None:
            return self.error_answer(Complaint("invalid_request", "Invalid Credentials", 401))
        return reply(200, self._who(grant))

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": self._url + self.dialect.paths.consent,
            "token_endpoint": self._url + self.dialect.paths.token,
            "revocation_endpoint": self._url + self.dialect.paths.revocation,
            "userinfo_endpoint": self._url + USERINFO,
            "jwks_uri": self._url + CERTS,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": list(self.dialect.challenge_methods),
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
