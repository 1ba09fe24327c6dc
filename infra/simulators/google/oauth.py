"""Google's OAuth 2.0 for web servers, and its OpenID Connect: consent, tokens, revocation, keys.

https://developers.google.com/identity/protocols/oauth2/web-server, …/oauth2/resources/granular-permissions,
https://developers.google.com/identity/openid-connect/openid-connect (id tokens, discovery).
"""

import secrets
from typing import Any

from chalicelib.core import clock
from infra.loopback import Asked, Said
from infra.simulators import consent_page
from infra.simulators.google import errors, scopes, signing_keys
from infra.simulators.google.accounts import Accounts
from infra.simulators.google.grants import ACCESS_S, CODE_S, Consent, Grants, fits
from infra.simulators.google.signing_keys import ISSUER

AUTHORIZE, TOKEN, REVOKE = "/o/oauth2/v2/auth", "/token", "/revoke"
CERTS, DISCOVERY, USERINFO = "/oauth2/v3/certs", "/.well-known/openid-configuration", "/v1/userinfo"
PATHS = frozenset({AUTHORIZE, TOKEN, REVOKE, CERTS, DISCOVERY, USERINFO})
APP = "IKO"
_NEEDED = ("redirect_uri", "response_type", "scope")


class OAuth:
    """One client at Google. `redirect_uris` are those that it registered: compared exactly."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self.client_id = f"{secrets.randbelow(10**12):012d}-local.apps.googleusercontent.com"
        self.client_secret = f"GOCSPX-{secrets.token_urlsafe(21)}"
        self.redirect_uris: set[str] = set()
        self.grants = Grants()
        self.url = ""

    def answer(self, asked: Asked) -> Said:
        """404 for what is none of PATHS."""
        if asked.path == AUTHORIZE and asked.method in ("GET", "POST"):
            return self._authorize(asked)
        if asked.method == "POST" and asked.path in (TOKEN, REVOKE):
            return self._token(asked.form()) if asked.path == TOKEN else self._revoke(asked)
        if asked.method == "GET" and asked.path == USERINFO:
            return self._userinfo(asked)
        if asked.method == "GET" and asked.path in (CERTS, DISCOVERY):
            return Said(200, signing_keys.published() if asked.path == CERTS else self._discovery())
        return errors.say(404)

    def _authorize(self, asked: Asked) -> Said:
        told = asked.query
        refused = self._refusal(told)
        if refused is not None:
            return refused
        wanted = scopes.named(told["scope"])
        uri, state = told["redirect_uri"], told.get("state", "")
        if told.get("prompt") == "none":
            return consent_page.back(uri, {"error": "interaction_required", "state": state})
        if asked.method == "GET":
            return self._page(asked, wanted)
        form = asked.form()
        account = self._accounts.get(form.get("account", ""))
        if form.get("answer") != "allow" or account is None:
            return consent_page.back(uri, {"error": "access_denied", "state": state})
        ticked = Asked("POST", "", raw_query=asked.body.decode()).values("scope")
        given = tuple(each for each in wanted if each in scopes.SIGN_IN or each in ticked)
        code = self.grants.agree(account.address, given, told)
        return consent_page.back(
            uri, {"state": state, "code": code, "scope": " ".join(given), "authuser": "0", "prompt": "consent"}
        )

    def _refusal(self, told: dict[str, str]) -> Said | None:
        """Google shows these to the person, and never sends the browser back."""
        if told.get("client_id") != self.client_id:
            return consent_page.refusal("Google", "invalid_client", "The OAuth client was not found.", 401)
        missing = [name for name in _NEEDED if not told.get(name)]
        if missing:
            return consent_page.refusal("Google", "invalid_request", f"Missing required parameter: {missing[0]}")
        if told["redirect_uri"] not in self.redirect_uris:
            text = "The redirect URI in the request does not match the ones authorized for the OAuth client."
            return consent_page.refusal(
                "Google", "redirect_uri_mismatch", f"{text} redirect_uri: {told['redirect_uri']}"
            )
        method = told.get("code_challenge_method", "plain")
        if told["response_type"] != "code" or method not in ("plain", "S256"):
            return consent_page.refusal("Google", "invalid_request", "Invalid response_type or code_challenge_method")
        unknown = scopes.unknown(scopes.named(told["scope"]))
        text = f"Some requested scopes were invalid. invalid={unknown}"
        return consent_page.refusal("Google", "invalid_scope", text) if unknown else None

    def _page(self, asked: Asked, wanted: tuple[str, ...]) -> Said:
        return consent_page.page(
            provider="Google",
            app=APP,
            action=f"{AUTHORIZE}?{asked.raw_query}",
            always=[(each, scopes.SIGN_IN[each]) for each in wanted if each in scopes.SIGN_IN],
            boxes=[(each, scopes.OTHERS[each]) for each in wanted if each in scopes.OTHERS],
            accounts=[(each.address, f"{each.name} ({each.address})") for each in self._accounts.all()],
            chosen=asked.query.get("login_hint", ""),
        )

    def _token(self, form: dict[str, str]) -> Said:
        if form.get("client_id") != self.client_id:
            return errors.oauth(401, "invalid_client", "The OAuth client was not found.")
        if form.get("client_secret") != self.client_secret:
            return errors.oauth(401, "invalid_client", "Unauthorized")
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        return errors.oauth(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")

    def _exchange(self, form: dict[str, str]) -> Said:
        found = self.grants.redeem(form.get("code", ""))
        if found is None:
            return errors.oauth(400, "invalid_grant", "Malformed auth code.")
        if found.spent or clock.epoch() >= found.at + CODE_S:
            return errors.oauth(400, "invalid_grant", "Bad Request")
        if form.get("redirect_uri") != found.told["redirect_uri"]:
            return errors.oauth(400, "redirect_uri_mismatch", "Bad Request")
        challenge, verifier = found.told.get("code_challenge", ""), form.get("code_verifier", "")
        if challenge and not verifier:
            return errors.oauth(400, "invalid_grant", "Missing code verifier.")
        if challenge and not fits(verifier, challenge, found.told.get("code_challenge_method", "plain")):
            return errors.oauth(400, "invalid_grant", "Invalid code verifier.")
        found.spent = True
        tokens = self._tokens(found)
        if found.refreshable:
            tokens["refresh_token"] = self.grants.refresh(found)
        return Said(200, tokens)

    def _refreshed(self, token: str) -> Said:
        found = self.grants.behind(token)
        if not token:
            return errors.oauth(400, "invalid_request", "Missing required parameter: refresh_token")
        if found is None:
            return errors.oauth(400, "invalid_grant", "Bad Request")
        if self.grants.has_ended(token):
            return errors.oauth(400, "invalid_grant", "Token has been expired or revoked.")
        return Said(200, self._tokens(found))

    def _tokens(self, found: Consent) -> dict[str, Any]:
        tokens: dict[str, Any] = {
            "access_token": self.grants.access(found),
            "expires_in": ACCESS_S,
            "scope": " ".join(found.scopes),
            "token_type": "Bearer",
        }
        if scopes.OPENID in found.scopes:
            tokens["id_token"] = signing_keys.sign(self._claims(found))
        return tokens

    def _claims(self, found: Consent) -> dict[str, Any]:
        now = clock.epoch()
        claims = {"iss": ISSUER, "azp": self.client_id, "aud": self.client_id, **self._who(found.account, found.scopes)}
        nonce = found.told.get("nonce")
        return {**claims, **({"nonce": nonce} if nonce else {}), "iat": now, "exp": now + ACCESS_S + 1}

    def _who(self, address: str, given: tuple[str, ...]) -> dict[str, Any]:
        account = self._accounts.known(address)
        who: dict[str, Any] = {"sub": account.sub, "hd": address.rpartition("@")[2]}
        if scopes.EMAIL in given:
            who |= {"email": address, "email_verified": True}
        return who | ({"name": account.name} if scopes.PROFILE in given else {})

    def _revoke(self, asked: Asked) -> Said:
        token = asked.form().get("token") or asked.query.get("token", "")
        if not token:
            return errors.oauth(400, "invalid_request", "Bad Request")
        if not self.grants.revoke(token):
            return errors.oauth(400, "invalid_token", "Token expired or revoked")
        return Said(200, {})

    def _userinfo(self, asked: Asked) -> Said:
        access = self.grants.allows(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if access is None:
            return errors.oauth(401, "invalid_request", "Invalid Credentials")
        return Said(200, self._who(access.account, access.scopes))

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": self.url + AUTHORIZE,
            "token_endpoint": self.url + TOKEN,
            "revocation_endpoint": self.url + REVOKE,
            "userinfo_endpoint": self.url + USERINFO,
            "jwks_uri": self.url + CERTS,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
