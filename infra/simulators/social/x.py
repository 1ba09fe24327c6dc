"""X's consent, tokens, and who the account is.

Written from docs.x.com: fundamentals/authentication/oauth-2-0/user-access-token (parameters of the consent; Basic for clients
with a secret; revocation) and …/authorization-code (two hours; a refresh token with offline.access),
fundamentals/authentication/guides/v2-authentication-mapping (users/me: users.read and tweet.read; posting: tweet.write),
x-api/users/lookup/integrate, x-api/fundamentals/rate-limits (x-rate-limit-reset).

Not documented there, and as others report it: a refresh token is good for one use, and one that is no more is answered
`invalid_request`, "Value passed for the token was invalid."
"""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from infra.loopback import Asked, Said
from infra.simulators import consent_page
from infra.simulators.social.grants import Grants, basic, bearer, fits

PREFIXES = ("/i/oauth2/", "/2/")
ACCOUNTS = (("2244994945", "Ada (@ada_demo)"), ("9876543210", "Ben (@ben_demo)"))
_AUTHORIZE = "/i/oauth2/authorize"
_TWO_HOURS = 7200
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


@dataclass
class X:
    """One app and two accounts."""

    client_id: str = "bG9jYWwteC1jbGllbnQ6MTpjaQ"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    grants: Grants = field(default_factory=Grants)

    def answer(self, asked: Asked, odd: str = "") -> Said:
        """X's interface. `odd` is what goes wrong with this request beside what may go wrong with any."""
        if asked.path == _AUTHORIZE:
            return self._authorize(asked)
        if (asked.method, asked.path) == ("POST", "/2/oauth2/token"):
            return self._token(asked, odd)
        if (asked.method, asked.path) == ("POST", "/2/oauth2/revoke"):
            return self._revoke(asked)
        if (asked.method, asked.path) == ("GET", "/2/users/me"):
            return self._me(asked)
        return self._post(asked) if (asked.method, asked.path) == ("POST", "/2/tweets") else error(404)

    def _authorize(self, asked: Asked) -> Said:
        query = asked.query
        known = query.get("client_id") == self.client_id
        whole = all(query.get(name) for name in ("redirect_uri", "state", "code_challenge", "scope"))
        if not (known and whole and query.get("response_type") == "code"):
            return consent_page.refusal(
                "X", "invalid_request", "Something went wrong. You weren't able to give access."
            )
        wanted = tuple(query["scope"].split())
        if query.get("code_challenge_method") != "S256" or set(wanted) - set(_SAYS):
            return consent_page.refusal("X", "invalid_scope", "Something went wrong. You weren't able to give access.")
        state = {"state": query["state"]}
        if asked.method != "POST":
            lines = [(scope, _SAYS[scope]) for scope in wanted]
            action = f"{_AUTHORIZE}?{urlencode(query)}"
            return consent_page.page(provider="X", app="IKO", action=action, always=lines, accounts=ACCOUNTS)
        form = asked.form()
        if form.get("answer") != "allow":
            return consent_page.back(query["redirect_uri"], {"error": "access_denied", **state})
        account = form.get("account", ACCOUNTS[0][0])
        code = self.grants.code(account, wanted, query["redirect_uri"], query["code_challenge"])
        return consent_page.back(query["redirect_uri"], {**state, "code": code})

    def _client(self, asked: Asked) -> Said | None:
        if basic(asked.headers.get("authorization", "")) == (self.client_id, self.client_secret):
            return None
        return _oauth_error("unauthorized_client", "Missing valid authorization header", 401)

    def _token(self, asked: Asked, odd: str) -> Said:
        form, refused = asked.form(), self._client(asked)
        if refused:
            return refused
        if form.get("grant_type") == "authorization_code":
            spent = self.grants.spend(form.get("code", ""), form.get("redirect_uri", ""))
            if spent is None or not fits(form.get("code_verifier", ""), spent.challenge):
                return _oauth_error("invalid_request", "Value passed for the authorization code was invalid.")
            return self._given(spent.account, spent.scopes)
        if form.get("grant_type") != "refresh_token":
            return _oauth_error("unsupported_grant_type", "This grant type is not supported.")
        old = self.grants.refresh.get(form.get("refresh_token", ""))
        if old is None or old.revoked or odd == "refresh_refused":
            return _oauth_error("invalid_request", "Value passed for the token was invalid.")
        old.revoked = True
        return self._given(old.account, old.scopes)

    def _given(self, account: str, scopes: tuple[str, ...]) -> Said:
        said = {
            "token_type": "bearer",
            "expires_in": _TWO_HOURS,
            "access_token": self.grants.token(account, scopes, _TWO_HOURS),
            "scope": " ".join(scopes),
        }
        if "offline.access" in scopes:
            said["refresh_token"] = self.grants.refresh_token(account, scopes)
        return Said(200, said)

    def _revoke(self, asked: Asked) -> Said:
        refused = self._client(asked)
        if refused:
            return refused
        sent = asked.form().get("token", "")
        token = self.grants.access.get(sent) or self.grants.refresh.get(sent)
        if token is None or token.revoked:
            return _oauth_error("invalid_request", "Value passed for the token was invalid.")
        token.revoked = True
        return Said(200, {"revoked": True})

    def _me(self, asked: Asked) -> Said:
        token = self.grants.access.get(bearer(asked.headers.get("authorization", "")))
        if token is None or token.revoked or token.expired:
            return error(401)
        if not {"users.read", "tweet.read"} <= set(token.scopes):
            return error(403)
        label = dict(ACCOUNTS).get(token.account, "Somebody (@somebody)")
        name, _, handle = label.partition(" ")
        return Said(200, {"data": {"id": token.account, "name": name, "username": handle.strip("(@)")}})

    def _post(self, asked: Asked) -> Said:
        """Only so that a test can see it refused."""
        token = self.grants.access.get(bearer(asked.headers.get("authorization", "")))
        if token is None or token.revoked or token.expired:
            return error(401)
        return error(503 if "tweet.write" in token.scopes else 403)


def error(status: int) -> Said:
    """Errors as X writes them: RFC 7807."""
    title = _TITLES.get(status, "Error")
    return Said(status, {"title": title, "type": "about:blank", "status": status, "detail": title})


def _oauth_error(code: str, text: str, status: int = 400) -> Said:
    return Said(status, {"error": code, "error_description": text})
