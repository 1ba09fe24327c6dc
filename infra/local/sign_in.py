"""How somebody signs in at the local issuer by a browser: a page without a password, a code, and the tokens for it (OpenID
Connect Core 3.1, RFC 7636). It works without script."""

import hmac
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, request
from flask.typing import ResponseReturnValue

from chalicelib.connectors.oauth import challenge_of
from chalicelib.core import clock
from infra.local.environment import OFFICER_ADDRESS
from infra.simulators import consent_page

AUTHORIZE, TOKEN = "/authorize", "/oauth/token"
_CODE_LIVES_S = 60
_NAME = "identity provider"
_WANTED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


class _Given(NamedTuple):
    """What a code was given for."""

    email: str
    asked: dict[str, str]
    until: float


class SignIn:
    """The pages of `app`. `sign(email, claims)` signs a token of the issuer at `url`."""

    def __init__(self, app: Flask, sign: Callable[..., str]) -> None:
        self._sign = sign
        self._codes: dict[str, _Given] = {}
        self.url = ""
        self.next_answer: dict[str, str] = {}  # a test's: what the next code is exchanged for, whatever it is
        app.get(AUTHORIZE)(self._page)
        app.post(AUTHORIZE, endpoint="signed")(self._signed)
        app.post(TOKEN, endpoint="exchanged")(self._exchanged)

    @property
    def authorize_url(self) -> str:
        return self.url + AUTHORIZE

    @property
    def token_url(self) -> str:
        return self.url + TOKEN

    def _page(self) -> ResponseReturnValue:
        asked = request.args
        fits = asked.get("response_type") == "code" and asked.get("code_challenge_method") == "S256"
        if not fits or not all(asked.get(name) for name in _WANTED):
            return consent_page.refusal(_NAME, "invalid_request", "The code flow with PKCE, state and nonce is needed.")
        return consent_page.page(
            provider=_NAME,
            app=asked["client_id"],
            action=request.full_path,
            always=[("openid email", "Know who you are")],
            accounts=[(email, email) for email in (OFFICER_ADDRESS, "somebody@iko.example")],
            chosen=OFFICER_ADDRESS,
        )

    def _signed(self) -> ResponseReturnValue:
        asked = request.args.to_dict()
        if request.form.get("answer") != "allow":
            return consent_page.back(asked["redirect_uri"], {"error": "access_denied", "state": asked["state"]})
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Given(request.form["account"], asked, clock.epoch() + _CODE_LIVES_S)
        return consent_page.back(asked["redirect_uri"], {"code": code, "state": asked["state"]})

    def _exchanged(self) -> ResponseReturnValue:
        if self.next_answer:
            told, self.next_answer = self.next_answer, {}
            return {"token_type": "Bearer", **told}
        sent = request.form
        given = self._codes.pop(sent.get("code", ""), None)  # good once
        if given is None or given.until < clock.epoch() or not _same(given.asked, sent):
            return {"error": "invalid_grant"}, 400
        claims = {"aud": given.asked["client_id"], "nonce": given.asked["nonce"]}
        # Only our officer may come to the desk; whoever else signs in here is given nothing for it.
        allowed = given.email == OFFICER_ADDRESS
        token = self._sign(given.email, **claims if allowed else {**claims, "aud": "somewhere-else"})
        return {"access_token": token, "id_token": token, "token_type": "Bearer", "expires_in": 3600}


def _same(asked: dict[str, str], sent: Any) -> bool:
    """Whether the code comes back from whoever asked for it."""
    proved = hmac.compare_digest(challenge_of(sent.get("code_verifier", "")), asked["code_challenge"])
    same = all(sent.get(name) == asked[name] for name in ("client_id", "redirect_uri"))
    return proved and same and sent.get("grant_type") == "authorization_code"
