"""One OAuth 2.0 authorization server (RFC 6749, 7009, 7636) for all vendors: what they say differently is in their dialect."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, request

from chalicelib.core import clock
from infra.simulators import consent_page
from infra.simulators.consent_page import Choice
from infra.simulators.oauth.dialect import LIKE, Complaint, Credentials, Dialect, Mistake
from infra.simulators.oauth.grants import Grant, Grants, Token, verifier_fits
from infra.simulators.replies import reply

NOT_KEPT = {"Cache-Control": "no-store"}


class AuthorizationServer:
    """One app at one vendor. A vendor's class says who has accounts and what its answers hold.

    `redirect_uris` are those that the app registered, compared exactly. `rotates`: refresh tokens are for one use.
    `refuses_refresh` is asked whether a refresh is to fail.
    """

    def __init__(self, dialect: Dialect, client_id: str, client_secret: str = "") -> None:
        self.dialect, self.client_id = dialect, client_id
        self.client_secret = client_secret or secrets.token_urlsafe(32)
        self.redirect_uris: set[str] = set()
        self.grants = Grants(dialect.forms)
        self.rotates = False
        self.refuses_refresh: Callable[[], bool] = lambda: False

    def add_routes(self, app: Flask) -> None:
        """Add the routes of the consent page, tokens and revocation."""
        of = self.dialect
        app.add_url_rule(of.paths.consent, f"{of.provider} consent", self.authorize, methods=["GET", "POST"])
        app.add_url_rule(of.paths.token, f"{of.provider} token", self.token, methods=["POST"])
        if of.paths.revocation:
            app.add_url_rule(of.paths.revocation, f"{of.provider} revocation", self.revoke, methods=["POST"])

    def registration(self) -> dict[str, str]:
        """Return the fields of the connectors' secret that are of this vendor."""
        name = self.dialect.provider.lower()
        return {f"{name}_client_id": self.client_id, f"{name}_client_secret": self.client_secret}

    def accounts(self) -> Sequence[Choice]:
        """Return the accounts that the person may choose from."""
        raise NotImplementedError

    def registered(self, redirect_uri: str) -> bool:
        """Return whether the browser may be sent there."""
        return redirect_uri in self.redirect_uris

    def scopes_of(self, scope: str) -> tuple[str, ...]:
        """Return the scopes of a request."""
        return tuple(scope.split())

    def new_grant(self, account: str, scopes: tuple[str, ...], told: dict[str, str]) -> Grant:
        """Return what a person's yes means."""
        return Grant(account, scopes, told)

    def open_to(self, account: str) -> bool:
        """Return whether the account may agree at all."""
        return bool(account)

    def callback_fields(self, grant: Grant) -> dict[str, str]:
        """Return what goes back to the app beside code and state."""
        return {}

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the token endpoint's answer; `refresh` may be empty."""
        told = {"access_token": access, "expires_in": self.dialect.access_s, "scope": " ".join(grant.scopes)}
        return {**told, "token_type": "Bearer", **({"refresh_token": refresh} if refresh else {})}

    def error_answer(self, complaint: Complaint) -> Response:
        """Return an error of the token endpoint (RFC 6749 5.2)."""
        return reply(complaint.status, {"error": complaint.code, "error_description": complaint.text})

    def on_reuse(self, token: Token) -> None:
        """A refresh token came that another had taken the place of."""

    def new_refresh(self, grant: Grant) -> str:
        """Return a refresh token for a grant."""
        return self.grants.new_refresh(grant)

    def end_token(self, token: Token) -> Response:
        """Revoke a token, and what goes with it."""
        token.revoked = True
        return reply(200, b"")

    def token_to_revoke(self, sent: str) -> Token | None:
        """Return the token that may be revoked by that text."""
        return self.grants.refresh.get(sent) or self.grants.access.get(sent)

    def authorize(self) -> Response:
        """Return the consent page, or what its form leads to."""
        told = request.args.to_dict()
        mistake = self._consent_mistake(told)
        if mistake is not None:
            return self._turn_away(mistake, told)
        scopes = self.scopes_of(told.get("scope", ""))
        if request.method == "GET":
            return self._page(scopes, told)
        account = self._account()
        if request.form.get("answer") != "allow" or not account:
            return self._turn_away(Mistake.DENIED, told)
        if not self.open_to(account):
            return self._turn_away(Mistake.NOT_OPEN, told)
        kept = set(request.form.getlist("scope")) | (set(scopes) - self.dialect.optional)
        grant = self.new_grant(account, tuple(scope for scope in scopes if scope in kept), told)
        fields = {"code": self.grants.new_code(grant), "state": told.get("state", ""), **self.callback_fields(grant)}
        return consent_page.back(told["redirect_uri"], fields)

    def token(self) -> Response:
        """Return tokens for a code or a refresh token."""
        form, kind = request.form, request.form.get("grant_type", "")
        if kind not in ("authorization_code", *(["refresh_token"] if self.dialect.refreshes else [])):
            return self._refuse(Mistake.UNKNOWN_GRANT_TYPE)
        mistake = self.credentials_mistake()
        if mistake is not None:
            return self._refuse(mistake)
        if kind == "refresh_token":
            return self._refresh(form.get("refresh_token", ""))
        return self._exchange(form.to_dict())

    def revoke(self) -> Response:
        """End a token."""
        mistake = self.credentials_mistake() if self.dialect.revokes_for_app_only else None
        sent = request.form.get("token") or request.args.get("token", "")
        if mistake is not None or not sent:
            return self._refuse(mistake or Mistake.NO_TOKEN)
        token = self.token_to_revoke(sent)
        if token is None or token.revoked or token.spent:
            return self._refuse(Mistake.UNKNOWN_TOKEN)
        return self.end_token(token)

    def credentials_mistake(self) -> Mistake | None:
        """Return what is wrong with the app's id and secret, if anything."""
        form, basic, where = request.form, request.authorization, self.dialect.credentials
        pair = (form.get("client_id"), form.get("client_secret"))
        if where != Credentials.FORM and basic is not None and basic.type == "basic":
            pair = (basic.username, basic.password)
        elif where == Credentials.BASIC:
            pair = (None, None)
        if pair[0] != self.client_id:
            return Mistake.UNKNOWN_CLIENT
        return None if pair[1] == self.client_secret else Mistake.WRONG_SECRET

    def _consent_mistake(self, told: dict[str, str]) -> Mistake | None:
        of, scopes = self.dialect, self.scopes_of(told.get("scope", ""))
        uri, challenge = told.get("redirect_uri", ""), told.get("code_challenge", "")
        asks = bool(challenge) or "code_challenge_method" in told
        looked_for = (
            (Mistake.UNKNOWN_APP, told.get("client_id") != self.client_id),
            (Mistake.NO_REDIRECT, not uri),
            (Mistake.WRONG_REDIRECT, not self.registered(uri)),
            (Mistake.WRONG_RESPONSE_TYPE, told.get("response_type") != "code"),
            (Mistake.NO_STATE, not told.get("state")),
            (Mistake.NO_CHALLENGE, not challenge),
            (Mistake.NO_SCOPE, not scopes),
            (Mistake.WRONG_SCOPE, not set(scopes) <= set(of.scopes)),
            (
                Mistake.WRONG_CHALLENGE_METHOD,
                asks and told.get("code_challenge_method", "plain") not in of.challenge_methods,
            ),
            (Mistake.PAGE_FORBIDDEN, told.get("prompt") == "none"),
        )
        return next((mistake for mistake, made in looked_for if made and mistake in of.complaints), None)

    def _turn_away(self, mistake: Mistake, told: dict[str, str]) -> Response:
        complaint = self.dialect.complaints[mistake]
        if not complaint.to_app:
            text = complaint.text.replace("{redirect_uri}", told.get("redirect_uri", ""))
            return consent_page.refusal(self.dialect.provider, complaint.code, text, complaint.status)
        fields = {"error": complaint.code, "error_description": complaint.text, "state": told.get("state", "")}
        return consent_page.back(told["redirect_uri"], fields)

    def _page(self, scopes: tuple[str, ...], told: dict[str, str]) -> Response:
        of = self.dialect
        return consent_page.page(
            provider=of.provider,
            app=of.app,
            action=f"{of.paths.consent}?{request.query_string.decode()}",
            always=[(scope, of.scopes[scope]) for scope in scopes if scope not in of.optional],
            boxes=[(scope, of.scopes[scope]) for scope in scopes if scope in of.optional],
            accounts=self.accounts(),
            chosen=told.get("login_hint", ""),
        )

    def _account(self) -> str:
        known = [value for value, _ in self.accounts()]
        chosen = request.form.get("account", "")
        if self.dialect.takes_first_account:
            return chosen or known[0]
        return chosen if chosen in known else ""

    def _exchange(self, form: dict[str, str]) -> Response:
        grant = self.grants.grant_of_code(form.get("code", ""))
        if grant is None:
            return self._refuse(Mistake.UNKNOWN_CODE)
        mistake = self._code_mistake(grant, form)
        grant.spent |= mistake is None or not self.dialect.codes_survive_mistakes
        if mistake is not None:
            return self._refuse(mistake)
        return self._issue(grant, self.new_refresh(grant) if grant.refreshable else "")

    def _code_mistake(self, grant: Grant, form: dict[str, str]) -> Mistake | None:
        if grant.spent or clock.epoch() >= grant.at + self.dialect.code_s:
            return Mistake.SPENT_CODE
        if form.get("redirect_uri") != grant.told["redirect_uri"]:
            return Mistake.OTHER_REDIRECT
        challenge, verifier = grant.told.get("code_challenge", ""), form.get("code_verifier", "")
        if challenge and not verifier:
            return Mistake.NO_VERIFIER
        if challenge and not verifier_fits(verifier, challenge, grant.told.get("code_challenge_method", "plain")):
            return Mistake.WRONG_VERIFIER
        return None

    def _refresh(self, sent: str) -> Response:
        token = self.grants.refresh.get(sent)
        if not sent:
            return self._refuse(Mistake.NO_REFRESH_TOKEN)
        if token is None or self.refuses_refresh():
            return self._refuse(Mistake.UNKNOWN_REFRESH_TOKEN)
        if token.spent:
            self.on_reuse(token)
        if not token.live:
            return self._refuse(Mistake.ENDED_REFRESH_TOKEN)
        if self.rotates:
            token.spent = True
            return self._issue(token.grant, self.new_refresh(token.grant))
        return self._issue(token.grant, sent if self.dialect.repeats_refresh else "")

    def _issue(self, grant: Grant, refresh: str) -> Response:
        access = self.grants.new_access(grant, self.dialect.access_s)
        return reply(200, self.token_document(grant, access, refresh), NOT_KEPT)

    def _refuse(self, mistake: Mistake) -> Response:
        while mistake not in self.dialect.complaints:
            mistake = LIKE[mistake]
        return self.error_answer(self.dialect.complaints[mistake])
