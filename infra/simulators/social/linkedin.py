"""LinkedIn's consent and its Member Data Portability API.

Written from learn.microsoft.com/en-us/linkedin: shared/authentication/authorization-code-flow (parameters, sixty days, errors),
shared/api-guide/concepts/error-handling, dma/member-data-portability/member-data-portability-3rd-party (the scope; members of
the EEA only), dma/member-data-portability/shared/member-snapshot-api (exactly one element a page, `start` is a page's number,
`total` is not to be relied on, "No data found for this memberId" ends it; LinkedIn begins to process a member's data at the
consent, and gives none before that is done: fault `preparing`), …/snapshot-domain and …/member-authorization-management-api.

Not documented there, and as others report it: a code verifier beside a client secret is answered `invalid_client`
(github.com/UsefulSoftwareCo/executor/issues/2087), another version than 202312 by 426, the codes of bad tokens.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from infra.simulators.consent_page import Choice
from infra.simulators.faults import Faults
from infra.simulators.oauth.dialect import Complaint, Dialect, Mistake, Paths
from infra.simulators.oauth.grants import Grant
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.people import Somebody
from infra.simulators.replies import reply

SCOPE = "r_dma_portability_3rd_party"
ADA, BEN, UMA = "yrZCpj2Z12", "kAq1ptjv77", "Us0pQ7rTzz"
ACCOUNTS = ((ADA, "Ada, of the EEA"), (BEN, "Ben, of the EEA"), (UMA, "Uma, of elsewhere"))
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


_DIALECT = Dialect(
    provider="LinkedIn",
    paths=Paths("/oauth/v2/authorization", "/oauth/v2/accessToken"),
    scopes={SCOPE: "Read the LinkedIn data that you have there"},
    refreshes=False,
    takes_first_account=True,
    code_s=30 * 60,
    access_s=60 * 86400,
    complaints={
        Mistake.UNKNOWN_APP: Complaint("invalid_client_id", "The passed in client_id is invalid.", 401),
        Mistake.WRONG_REDIRECT: Complaint("invalid_redirect_uri", "The redirect_uri does not match.", 401),
        Mistake.WRONG_RESPONSE_TYPE: Complaint("unsupported_response_type", to_app=True),
        Mistake.NO_SCOPE: Complaint("unauthorized_scope_error", to_app=True),
        Mistake.WRONG_SCOPE: Complaint("unauthorized_scope_error", to_app=True),
        Mistake.DENIED: Complaint("user_cancelled_authorize", "The user cancelled the authorization", to_app=True),
        Mistake.NOT_OPEN: Complaint(
            "not_available", "This is available to members in the European Economic Area only.", 403
        ),
        Mistake.UNKNOWN_CLIENT: Complaint("invalid_client", "Client authentication failed", 401),
        Mistake.UNKNOWN_GRANT_TYPE: Complaint("invalid_request", "The app is not allowed to use refresh tokens"),
        Mistake.UNKNOWN_CODE: Complaint(
            "invalid_request",
            "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code",
        ),
    },
)


class LinkedIn(AuthorizationServer):
    """One app, and the accounts whose connections it may read. `page_size` connections come on one page."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(_DIALECT, "77local0linkedin")
        self._faults, self.page_size = faults, 50
        self.rows: dict[str, list[dict[str, str]]] = {account: [] for account, _ in ACCOUNTS}

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

    def add_routes(self, app: Flask) -> None:
        """Add the API too."""
        super().add_routes(app)
        app.add_url_rule("/rest/memberSnapshotData", "linkedin snapshot", lambda: self._api(self._snapshot))
        app.add_url_rule("/rest/memberAuthorizations", "linkedin permissions", lambda: self._api(_permissions))

    def accounts(self) -> tuple[Choice, ...]:
        """Return the members that there are."""
        return ACCOUNTS

    def registered(self, redirect_uri: str) -> bool:
        """Return whether LinkedIn would take it at all: what was registered is not looked at here."""
        return redirect_uri.startswith(("https://", "http://127.0.0.1"))

    def open_to(self, account: str) -> bool:
        """Return whether the member is of the EEA."""
        return account != UMA

    def new_grant(self, account: str, scopes: tuple[str, ...], told: dict[str, str]) -> Grant:
        """Return the yes, which brings no refresh token."""
        return Grant(account, scopes, told, refreshable=False)

    def token_document(self, grant: Grant, access: str, refresh: str) -> dict[str, Any]:
        """Return the token, with its scopes as LinkedIn writes them."""
        return {**super().token_document(grant, access, refresh), "scope": ",".join(grant.scopes)}

    def credentials_mistake(self) -> Mistake | None:
        """Return what is wrong with the app: a code verifier beside its secret is."""
        return Mistake.UNKNOWN_CLIENT if "code_verifier" in request.form else super().credentials_mistake()

    def _api(self, view: Callable[[Grant], Response]) -> Response:
        """What every request under /rest/ may be refused for, or the view's answer."""
        token = self.grants.bearer()
        if token is None or not token.live:
            word = "INVALID_ACCESS_TOKEN" if token is None else "REVOKED_ACCESS_TOKEN"
            return error(401, "EXPIRED_ACCESS_TOKEN" if token and token.expired else word)
        version = request.headers.get("LinkedIn-Version")
        if version is None:
            return error(400, "VERSION_MISSING")
        if version != _VERSION:
            return error(426)
        if self._faults.take(["closed"], request.path) or SCOPE not in token.grant.scopes:
            return error(403)
        return view(token.grant)

    def _snapshot(self, grant: Grant) -> Response:
        query, start = request.args, request.args.get("start", "0")
        if query.get("q") != "criteria" or query.get("domain") != "CONNECTIONS" or not start.isdigit():
            return error(400)
        mine, number = self.rows.get(grant.account, []), int(start)
        if self._faults.take(["preparing"], request.path):
            mine = []
        if number and mine and self._faults.take(["vanish"], request.path):
            del mine[0]  # and everything after it moves up, a page's last row onto the page before
        if number and self._faults.take(["repeat"], request.path):
            number -= 1
        page = mine[number * self.page_size : (number + 1) * self.page_size]
        if not page:
            return reply(404, {"status": 404, "message": "No data found for this memberId"})
        return reply(200, {"paging": self._paging(number, len(mine)), "elements": [_element(page)]})

    def _paging(self, number: int, rows: int) -> dict[str, Any]:
        pages, links = -(-rows // self.page_size), []
        for rel, there in (("prev", number - 1), ("next", number + 1)):
            if 0 <= there < pages:
                href = f"/rest/memberSnapshotData?q=criteria&start={there}&domain=CONNECTIONS"
                links.append({"type": "application/json", "rel": rel, "href": href})
        return {"start": number, "count": 10, "links": links, "total": min(pages, 2)}  # it says too few, as it may


def error(status: int, code: str = "") -> Response:
    """Errors have a message, a status, a code, and for tokens a serviceErrorCode."""
    word, message = _ERRORS.get(status, _ERRORS[500])
    said = {"status": status, "code": code or word, "message": message}
    if (code or word) in _SERVICE_CODES:
        said["serviceErrorCode"] = _SERVICE_CODES[code or word]
    return reply(status, said)


def _element(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"snapshotDomain": "CONNECTIONS", "snapshotData": rows}


def _permissions(grant: Grant) -> Response:
    key = {
        "developerApplication": "urn:li:developerApplication:123456",
        "member": f"urn:li:person:{grant.account}",
    }
    scopes = {"regulatedAt": 1698382869085, "memberComplianceScopes": ["DMA"]}
    return reply(200, {"elements": [{"memberComplianceAuthorizationKey": key, **scopes}]})
