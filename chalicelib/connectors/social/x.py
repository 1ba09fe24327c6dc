"""X: which account the member has there, and nothing else yet: no contacts, no posts, no messages.

Written from docs.x.com: fundamentals/authentication/oauth-2-0/user-access-token (consent, tokens, revocation; Basic for a client
with a secret), …/authorization-code (how long tokens live), fundamentals/authentication/guides/v2-authentication-mapping (the
scopes of each endpoint: users/me wants both users.read and tweet.read), x-api/users/lookup/integrate.

Handles are never matched to contacts: X wants the person's own opt-in for that (docs.x.com/developer-terms/restricted-use-cases).
"""

import base64
from typing import Any

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import (
    App,
    Grant,
    GrantEnded,
    Mailbox,
    Provider,
    Source,
    Stream,
    Tier,
    TokenSource,
)
from chalicelib.core import clock, settings

PROVIDER = "x"
_GONE = "value passed for the token was invalid"  # X has no word for it, only `invalid_request` and this sentence
_FINAL = {**oauth.FINAL, _GONE: oauth.Final("grant_ended")}
_ACCOUNT_S = 8.0  # a browser waits for it


class X:
    """See connectors.port.Vendor."""

    provider = Provider.X
    tiers: tuple[Tier, ...] = (
        Tier(
            "connect",
            ("users.read", "tweet.read", "offline.access"),
            (),
            "the id of your account, which X gives with these scopes only; no post is read",
        ),
    )

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Return the URL of X's consent page."""
        asked = oauth.code_request(
            client_id=app.client_id, state=state, challenge=challenge, redirect_uri=redirect_uri, scopes=tier.scopes
        )
        return oauth.consent_url(f"{_web()}/i/oauth2/authorize", asked)

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        """Return the grant for a code. Its account is X's id of the account.

        The id is empty if X does not say it now: a code can't be tried twice.
        """
        answer = self._token(app, oauth.code_form(code, verifier, redirect_uri))
        return oauth.grant_of(answer, clock.now(), account=_account(answer["access_token"]))

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Return a grant with fresh tokens. X gives a new refresh token each time and refuses the old one from then on."""
        if not grant.refresh_token:
            raise GrantEnded
        return oauth.grant_of(self._token(app, oauth.refresh_form(grant)), clock.now())

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:
        """Revoke both tokens, the longer lived one first."""
        for token in filter(None, (grant.refresh_token, grant.access_token)):
            url, form = f"{_api()}/2/oauth2/revoke", {"token": token}
            oauth.revoke(PROVIDER, url, form, _basic(app), ended=_had_ended, until=until)

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:  # noqa: ARG002 - the port's
        """Raise KeyError: X has no stream."""
        raise KeyError(stream)

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:  # noqa: ARG002 - the port's
        """Raise KeyError: X has no mailbox."""
        raise KeyError(PROVIDER)

    def _token(self, app: App, form: dict[str, str]) -> dict[str, Any]:
        return oauth.token(PROVIDER, f"{_api()}/2/oauth2/token", form, _basic(app), final=_FINAL, read=_words)


def _web() -> str:
    return oauth.secure(settings.current().connectors.x_url or "https://x.com")


def _api() -> str:
    return oauth.secure(settings.current().connectors.x_url or "https://api.x.com")


def _basic(app: App) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()}


def _words(said: Any) -> tuple[str, ...]:
    """Also the sentence: X says of a token that is no more `invalid_request`, as of other mistakes."""
    sentence = said.get("error_description") if isinstance(said, dict) else None
    return (str(sentence).rstrip(".").casefold(), *oauth.words(said))


def _had_ended(_status: int, said: Any) -> bool:
    return any(word in _FINAL for word in _words(said))


def _account(token: str) -> str:
    headers, until = {"Authorization": f"Bearer {token}"}, clock.monotonic() + _ACCOUNT_S
    try:
        return str(http.call(PROVIDER, "GET", f"{_api()}/2/users/me", headers=headers, until=until).body["data"]["id"])
    except (ProviderDown, ProviderRefused, LookupError, TypeError):
        return ""


VENDOR = X()
