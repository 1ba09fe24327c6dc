"""LinkedIn's consent and its Member Data Portability API.

Written from learn.microsoft.com/en-us/linkedin: shared/authentication/authorization-code-flow (parameters, sixty days, errors),
shared/api-guide/concepts/error-handling, dma/member-data-portability/member-data-portability-3rd-party (the scope; members of
the EEA only), dma/member-data-portability/shared/member-snapshot-api (exactly one element a page, `start` is a page's number,
`total` is not to be relied on, "No data found for this memberId" ends it), …/snapshot-domain and
…/member-authorization-management-api.

Not documented there, and as others report it: a code verifier beside a client secret is answered `invalid_client`
(github.com/UsefulSoftwareCo/executor/issues/2087), another version than 202312 by 426, the codes of bad tokens.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from infra.loopback import Asked, Said
from infra.simulators import consent_page
from infra.simulators.people import Somebody
from infra.simulators.social.grants import Grants, Token, bearer

SCOPE = "r_dma_portability_3rd_party"
PREFIXES = ("/oauth/v2/", "/rest/")
ADA, BEN, UMA = "yrZCpj2Z12", "kAq1ptjv77", "Us0pQ7rTzz"
ACCOUNTS = ((ADA, "Ada, of the EEA"), (BEN, "Ben, of the EEA"), (UMA, "Uma, of elsewhere"))
_AUTHORIZE = "/oauth/v2/authorization"
_SIXTY_DAYS = 60 * 86400
_VERSION = "202312"
_FIELDS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
_ERRORS = {
    400: ("", "Bad request"),
    401: ("INVALID_ACCESS_TOKEN", "Invalid access token"),
    403: ("ACCESS_DENIED", "Not enough permissions to access: GET /memberSnapshotData"),
    404: ("RESOURCE_NOT_FOUND", "No virtual resource found"),
    426: ("NONEXISTENT_VERSION", "Requested version is not active"),
    429: ("TOO_MANY_REQUESTS", "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls is reached."),
    500: ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
}
_SERVICE_CODES = {"INVALID_ACCESS_TOKEN": 65600, "REVOKED_ACCESS_TOKEN": 65601, "EXPIRED_ACCESS_TOKEN": 65602}


@dataclass
class LinkedIn:
    """One app, and the accounts whose connections it may read. `page_size` connections come on one page."""

    page_size: int = 50
    client_id: str = "77local0linkedin"
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    grants: Grants = field(default_factory=Grants)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {account: [] for account, _ in ACCOUNTS})

    def put(self, account: str, row: dict[str, str]) -> dict[str, str]:
        """Add a connection, or write the one with the same address anew; the fields are LinkedIn's own."""
        made = {name: row.get(name, "") for name in _FIELDS}
        mine = self.rows.setdefault(account, [])
        for number, known in enumerate(mine):
            if made["URL"] and known["URL"] == made["URL"]:
                mine[number] = made
                return made
        mine.append(made)
        return made

    def drop(self, account: str, url: str) -> int:
        """End a connection; how many there were."""
        before = self.rows.get(account, [])
        self.rows[account] = [row for row in before if row["URL"] != url]
        return len(before) - len(self.rows[account])

    def know(self, somebody: Somebody, connected_on: str) -> None:
        """A connection of Ada's; every third lets its connections have its e-mail address."""
        row = {
            "First Name": somebody.first_name,
            "Last Name": somebody.last_name,
            "URL": somebody.linkedin,
            "Email Address": "" if somebody.number % 3 else somebody.email,
            "Company": somebody.company.name,
            "Position": somebody.title,
            "Connected On": connected_on,
        }
        self.put(ADA, row)

    def answer(self, asked: Asked, odd: str = "") -> Said:
        """LinkedIn's interface. `odd` is what goes wrong with this request beside what may go wrong with any."""
        if asked.path == _AUTHORIZE:
            return self._authorize(asked)
        if (asked.method, asked.path) == ("POST", "/oauth/v2/accessToken"):
            return self._token(asked.form(), odd)
        if asked.method == "GET" and asked.path == "/rest/memberSnapshotData":
            return self._api(asked, odd) or self._snapshot(asked, odd)
        if asked.method == "GET" and asked.path == "/rest/memberAuthorizations":
            return self._api(asked, odd) or self._authorizations(asked)
        return error(404)

    def _authorize(self, asked: Asked) -> Said:
        query, refused = asked.query, self._refused(asked.query)
        if refused:
            return refused
        if asked.method != "POST":
            line = (SCOPE, "Read the LinkedIn data that you have there")
            action = f"{_AUTHORIZE}?{urlencode(query)}"
            return consent_page.page(provider="LinkedIn", app="IKO", action=action, always=[line], accounts=ACCOUNTS)
        form = asked.form()
        account = form.get("account", ADA)
        if form.get("answer") != "allow":
            text = "The user cancelled the authorization"
            return self._back(query, {"error": "user_cancelled_authorize", "error_description": text})
        if account == UMA:
            text = "This is available to members in the European Economic Area only."
            return consent_page.refusal("LinkedIn", "not_available", text, 403)
        return self._back(query, {"code": self.grants.code(account, (SCOPE,), query["redirect_uri"])})

    def _refused(self, query: dict[str, str]) -> Said | None:
        """What LinkedIn says to a request for consent that is not right."""
        if query.get("client_id") != self.client_id:
            return consent_page.refusal("LinkedIn", "invalid_client_id", "The passed in client_id is invalid.", 401)
        if not query.get("redirect_uri", "").startswith(("https://", "http://127.0.0.1")):
            return consent_page.refusal("LinkedIn", "invalid_redirect_uri", "The redirect_uri does not match.", 401)
        if query.get("response_type") != "code":
            return self._back(query, {"error": "unsupported_response_type"})
        if set(query.get("scope", "").split()) != {SCOPE}:
            return self._back(query, {"error": "unauthorized_scope_error"})
        return None

    def _back(self, query: dict[str, str], fields: dict[str, str]) -> Said:
        return consent_page.back(query["redirect_uri"], {**fields, "state": query.get("state", "")})

    def _token(self, form: dict[str, str], odd: str) -> Said:
        client = (form.get("client_id"), form.get("client_secret"))
        if client != (self.client_id, self.client_secret) or "code_verifier" in form:
            return _oauth_error(401, "invalid_client", "Client authentication failed")
        if form.get("grant_type") != "authorization_code" or odd == "refresh_refused":
            return _oauth_error(400, "invalid_request", "The app is not allowed to use refresh tokens")
        spent = self.grants.spend(form.get("code", ""), form.get("redirect_uri", ""))
        if spent is None:
            text = "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code"
            return _oauth_error(400, "invalid_request", text)
        token = self.grants.token(spent.account, spent.scopes, _SIXTY_DAYS)
        said = {"access_token": token, "expires_in": _SIXTY_DAYS, "scope": ",".join(spent.scopes)}
        return Said(200, {**said, "token_type": "Bearer"})

    def _api(self, asked: Asked, odd: str) -> Said | None:
        """What every request under /rest/ may be refused for."""
        token = self.grants.access.get(bearer(asked.headers.get("authorization", "")))
        if token is None or token.revoked or token.expired:
            word = "INVALID_ACCESS_TOKEN" if token is None else "REVOKED_ACCESS_TOKEN"
            return error(401, "EXPIRED_ACCESS_TOKEN" if token and token.expired else word)
        if "linkedin-version" not in asked.headers:
            return error(400, "VERSION_MISSING")
        if asked.headers["linkedin-version"] != _VERSION:
            return error(426)
        if odd == "closed" or SCOPE not in token.scopes:
            return error(403)
        return None

    def _snapshot(self, asked: Asked, odd: str) -> Said:
        query, start = asked.query, asked.query.get("start", "0")
        if query.get("q") != "criteria" or query.get("domain") != "CONNECTIONS" or not start.isdigit():
            return error(400)
        mine, number = self.rows.get(self._whose(asked).account, []), int(start)
        if odd == "vanish" and number and mine:
            del mine[0]  # and everything after it moves up, a page's last row onto the page before
        if odd == "repeat" and number:
            number -= 1
        page = mine[number * self.page_size : (number + 1) * self.page_size]
        if not page:
            return Said(404, {"status": 404, "message": "No data found for this memberId"})
        return Said(200, {"paging": self._paging(number, len(mine)), "elements": [_element(page)]})

    def _paging(self, number: int, rows: int) -> dict[str, Any]:
        pages, links = -(-rows // self.page_size), []
        for rel, there in (("prev", number - 1), ("next", number + 1)):
            if 0 <= there < pages:
                href = f"/rest/memberSnapshotData?q=criteria&start={there}&domain=CONNECTIONS"
                links.append({"type": "application/json", "rel": rel, "href": href})
        return {"start": number, "count": 10, "links": links, "total": min(pages, 2)}  # it says too few, as it may

    def _authorizations(self, asked: Asked) -> Said:
        key = {
            "developerApplication": "urn:li:developerApplication:123456",
            "member": f"urn:li:person:{self._whose(asked).account}",
        }
        scopes = {"regulatedAt": 1698382869085, "memberComplianceScopes": ["DMA"]}
        return Said(200, {"elements": [{"memberComplianceAuthorizationKey": key, **scopes}]})

    def _whose(self, asked: Asked) -> Token:
        return self.grants.access[bearer(asked.headers["authorization"])]


def error(status: int, code: str = "") -> Said:
    """Errors have a message, a status, a code, and for tokens a serviceErrorCode."""
    word, message = _ERRORS.get(status, _ERRORS[500])
    said = {"status": status, "code": code or word, "message": message}
    if (code or word) in _SERVICE_CODES:
        said["serviceErrorCode"] = _SERVICE_CODES[code or word]
    return Said(status, said)


def _element(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"snapshotDomain": "CONNECTIONS", "snapshotData": rows}


def _oauth_error(status: int, code: str, text: str) -> Said:
    return Said(status, {"error": code, "error_description": text})
