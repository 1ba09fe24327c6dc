"""X's consent, tokens, and who the account is.

Written from docs.x.com: fundamentals/authentication/oauth-2-0/user-access-token (parameters of the consent; Basic for clients
with a secret; revocation) and …/authorization-code (two hours; a refresh token with offline.access),
fundamentals/authentication/guides/v2-authentication-mapping (users/me: users.read and tweet.read; posting: tweet.write),
x-api/users/lookup/integrate, x-api/fundamentals/rate-limits (x-rate-limit-reset).

Not documented there, and as others report it: a refresh token is good for one use, and one that is no more is answered
`invalid_request`, "Value passed for the token was invalid."
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from infra.simulators.consent_page import Choice
from infra.simulators.faults import Faults
from infra.simulators.oauth.dialect import Complaint, Credentials, Dialect, Mistake, Paths
from infra.simulators.oauth.grants import Grant, Token
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.replies import reply

PREFIXES = ("/i/oauth2/", "/2/")
ACCOUNTS = (("2244994945", "Ada (@ada_demo)"), ("9876543210", "Ben (@ben_demo)"))
_SAYS = {
    "users.read": "See accounts that you can see",
    "tweet.read": "See posts that you can see",
    "offline.access": "Stay connected until you end it",
    "tweet.write": "Post for you",
    "dm.read": "See your messages",
    "dm.write": "Send messages for you",
}
_TITLES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


_NO_ACCESS = "Something went wrong. You weren't able to give access."
_DIALECT = Dialect(
    provider="X",
    paths=Paths("/i/oauth2/authorize", "/2/oauth2/token", "/2/oauth2/revoke"),
    scopes=_SAYS,
    credentials=Credentials.BASIC,
    takes_first_account=True,
    code_s=30 * 60,  # X's codes live thirty seconds, which nobody at a keyboard could keep
    access_s=7200,
    complaints={
        **dict.fromkeys(
            (
                Mistake.UNKNOWN_APP,
                Mistake.NO_REDIRECT,
                Mistake.WRONG_RESPONSE_TYPE,
                Mistake.NO_STATE,
                Mistake.NO_CHALLENGE,
                Mistake.NO_SCOPE,
            ),
            Complaint("invalid_request", _NO_ACCESS),
        ),
        **dict.fromkeys((Mistake.WRONG_SCOPE, Mistake.WRONG_CHALLENGE_METHOD), Complaint("invalid_scope", _NO_ACCESS)),
        Mistake.DENIED: Complaint("access_denied", to_app=True),
        Mistake.UNKNOWN_CLIENT: Complaint("unauthorized_client", "Missing valid authorization header", 401),
        Mistake.UNKNOWN_GRANT_TYPE: Complaint("unsupported_grant_type", "This grant type is not supported."),
        Mistake.UNKNOWN_CODE: Complaint("invalid_request", "Value passed for the authorization code was invalid."),
        Mistake.UNKNOWN_REFRESH_TOKEN: Complaint("invalid_request", "Value passed for the token was invalid."),
    },
)


class X(AuthorizationServer):
    """One app and two accounts. A refresh token is good for one use."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(_DIALECT, "bG9jYWwteC1jbGllbnQ6MTpjaQ")
        self.rotates = True
        self.refuses_refresh = lambda: faults.take(["refresh_refused"], self.dialect.paths.token) is not None

    def add_routes(self, app: Flask) -> None:
        """Add the API too."""
        super().add_routes(app)
        app.add_url_rule("/2/users/me", "x me", lambda: self._api(_me))
        app.add_url_rule("/2/tweets", "x post", lambda: self._api(_post), methods=["POST"])

    def accounts(self) -> tuple[Choice, ...]:
        """Return the accounts that there are."""
        return ACCOUNTS

    def registered(self, redirect_uri: str) -> bool:
        """Return True: what was registered is not looked at here."""
        return True

    def new_grant(self, account: str, scopes: tuple[str, ...], told: dict[str, str]) -> Grant:
        """Return the yes; only offline.access brings a refresh token."""
        return Grant(account, scopes, told, "offline.access" in scopes)

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the tokens as X writes them."""
        return {**super().token_document(grant, access, refresh), "token_type": "bearer"}

    def end_token(self, token: Token) -> Response:
        """End this token alone."""
        super().end_token(token)
        return reply(200, {"revoked": True})

    def _api(self, view: Callable[[Grant], Response]) -> Response:
        grant = self.grants.live_grant()
        return error(401) if grant is None else view(grant)


def _me(grant: Grant) -> Response:
    if not {"users.read", "tweet.read"} <= set(grant.scopes):
        return error(403)
    label = dict(ACCOUNTS).get(grant.account, "Somebody (@somebody)")
    name, _, handle = label.partition(" ")
    return reply(200, {"data": {"id": grant.account, "name": name, "username": handle.strip("(@)")}})


def _post(grant: Grant) -> Response:
    """Only so that a test can see it refused."""
    return error(503 if "tweet.write" in grant.scopes else 403)


def error(status: int) -> Response:
    """Errors as X writes them: RFC 7807."""
    title = _TITLES.get(status, "Error")
    return reply(status, {"title": title, "type": "about:blank", "status": status, "detail": title})
