"""Salesforce on this machine: tokens by client credentials, the list of versions, and queries, over real HTTP.

Written from https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm,
…?id=xcloud.remoteaccess_oauth_flow_errors.htm and
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/ (dome_versions, dome_query, errorcodes).
"""

import base64
import json
import re
import secrets
from collections.abc import Iterable
from typing import Any

from chalicelib.core import clock
from infra.local.salesforce import soql
from infra.local.salesforce.objects import Objects, Record
from infra.local.server import Asked, Said
from infra.local.simulator import Simulator

VERSIONS = {"60.0": "Spring '24", "61.0": "Summer '24", "62.0": "Winter '25", "63.0": "Spring '25"}
_ORG, _USER = "00D000000000001AAA", "005000000000001AAA"
_QUERY = re.compile(r"/services/data/v(\d+\.\d)/query/?([A-Za-z0-9]+-\d+)?")
_ERRORS = {
    401: ("INVALID_SESSION_ID", "Session expired or invalid"),
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    503: ("SERVER_UNAVAILABLE", "Server is unavailable."),
}


class Salesforce(Simulator):
    """One org with one connected app, whose client_id and client_secret are `credential`.

    One fault more: {"kind": "expired"}: every token given until now is refused. `page_size` records come in one answer.
    """

    kinds = (*Simulator.kinds, "expired")

    def __init__(self) -> None:
        self.credential = {"client_id": "3MVG9.local-billing", "client_secret": secrets.token_hex(32)}
        self.objects, self.page_size = Objects(), 2000
        self._tokens: set[str] = set()
        self._rest: dict[str, tuple[int, list[Record]]] = {}
        super().__init__()

    def add_account(self, tenant: str, name: str, number: str = "", invoices: Iterable[dict[str, Any]] = ()) -> str:
        """An account for a tenant of ours, with its invoices; the account's id.

        An invoice: {date, amount, currency, status, number?}; further fields by Salesforce's own names.
        """
        account = self.objects.add("Account", Name=name, AccountNumber=number or None, IKO_Tenant__c=tenant)
        for place, invoice in enumerate(invoices, 1):
            more = {field: value for field, value in invoice.items() if field[:1].isupper()}
            self.objects.add(
                "Invoice",
                BillingAccountId=account,
                InvoiceNumber=invoice.get("number"),
                DocumentNumber=f"DOC-{account[3:15].lstrip('0')}-{place:04d}",
                InvoiceDate=invoice["date"],
                TotalAmountWithTax=invoice["amount"],
                CurrencyIsoCode=invoice["currency"],
                Status=invoice["status"],
                **more,
            )
        return account

    def registrations(self) -> dict[str, str]:
        """The fields of the connectors' secret that are of this provider."""
        return {}

    def environment(self) -> dict[str, str]:
        """What the functions are told of it, beside billing."""
        return {}

    def seed(self) -> None:
        """Let the people of infra.local.people be known here."""

    def fault(self, kind: str, **more: Any) -> None:
        """As for every simulator; `expired` happens at once."""
        if kind == "expired":
            self._tokens.clear()
        else:
            super().fault(kind, **more)

    def control(self, asked: Asked) -> Said:
        """POST /_accounts {tenant, name, number?, invoices: […]}."""
        if (asked.method, asked.path) == ("POST", "/_accounts"):
            return Said(201, {"id": self.add_account(**json.loads(asked.body))})
        return super().control(asked)

    def error(self, status: int) -> Said:
        """Errors are a JSON array of message and errorCode."""
        code, message = _ERRORS.get(status, _ERRORS[500])
        return Said(status, [{"message": message, "errorCode": code}])

    def answer(self, asked: Asked) -> Said:
        """Salesforce's interface."""
        if (asked.method, asked.path) == ("POST", "/services/oauth2/token"):
            return self._token(asked)
        if asked.method == "GET" and asked.path.rstrip("/") == "/services/data":
            return Said(200, [{"label": v, "url": f"/services/data/v{k}", "version": k} for k, v in VERSIONS.items()])
        found = _QUERY.fullmatch(asked.path) if asked.method == "GET" else None
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return self.error(401)
        if found is None or found[1] not in VERSIONS:
            return self.error(404)
        try:
            return self._more(found[1], found[2]) if found[2] else self._query(found[1], asked.query.get("q", ""))
        except soql.Refused as refused:
            return Said(400, [{"message": refused.message, "errorCode": refused.code}])

    def _token(self, asked: Asked) -> Said:
        form = {**asked.form(), **_basic(asked.headers.get("authorization", ""))}
        if form.get("grant_type") != "client_credentials":
            return _oauth_error("unsupported_grant_type", "grant type not supported")
        if form.get("client_id") != self.credential["client_id"]:
            return _oauth_error("invalid_client_id", "client identifier invalid")
        if form.get("client_secret") != self.credential["client_secret"]:
            return _oauth_error("invalid_client", "invalid client credentials")
        token = f"{_ORG[:15]}!{secrets.token_urlsafe(48)}"
        self._tokens.add(token)
        return Said(
            200,
            {
                "access_token": token,
                "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
                "scope": "api",
                "instance_url": self.url,
                "id": f"{self.url}/id/{_ORG}/{_USER}",
                "token_type": "Bearer",
                "issued_at": str(clock.epoch() * 1000),
            },
        )

    def _query(self, version: str, text: str) -> Said:
        found = self.objects.find(soql.parse(text))
        return self._page(version, f"01g{secrets.token_hex(6)}AAA", 0, len(found), found)

    def _more(self, version: str, locator: str) -> Said:
        total, left = self._rest.get(locator, (0, []))  # a page may be asked for again
        if not left:
            raise soql.Refused("INVALID_QUERY_LOCATOR", "invalid query locator")
        name, _, at = locator.partition("-")
        return self._page(version, name, int(at), total, left)

    def _page(self, version: str, name: str, at: int, total: int, left: list[Record]) -> Said:
        page, rest = left[: self.page_size], left[self.page_size :]
        body: dict[str, Any] = {"totalSize": total, "done": not rest, "records": page}
        if rest:
            locator = f"{name}-{at + len(page)}"
            self._rest[locator] = (total, rest)
            body["nextRecordsUrl"] = f"/services/data/v{version}/query/{locator}"
        return Said(200, body)


def _basic(header: str) -> dict[str, str]:
    """Client id and secret may come in a Basic header instead of the form."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        ident, _, secret = base64.b64decode(sent).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": ident, "client_secret": secret}


def _oauth_error(code: str, text: str) -> Said:
    return Said(400, {"error": code, "error_description": text})
