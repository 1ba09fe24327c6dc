"""Salesforce on this machine, over real HTTP: sign-in, the list of versions, and queries of two orgs.

Written from https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/ (dome_versions, dome_query, dome_queryall,
resources_query_more_results, errorcodes); sign-in is in oauth.py.

At a shell: GET /_contacts lists the contacts of the members' org (?Email=… those with that value), POST adds one,
PATCH /_contacts/{id} changes it, DELETE deletes it; /_accounts likewise, /_objects/{name} for every other object. Fields have
Salesforce's names. POST /_accounts with "tenant" is for the operator's org. POST /_settings: {"rotate": true} makes refresh
tokens good for one use, {"page_size": 2} answers so few records at once, {"hidden": ["Contact.Title"]} hides objects and fields.
"""

import json
import re
import secrets
from collections.abc import Iterable
from typing import Any

from infra.loopback import Asked, Said
from infra.simulators.salesforce import seed, soql
from infra.simulators.salesforce.oauth import Login
from infra.simulators.salesforce.records import Objects, Record
from infra.simulators.simulator import Fault, Simulator

VERSIONS = {"60.0": "Spring '24", "61.0": "Summer '24", "62.0": "Winter '25", "63.0": "Spring '25"}
_DATA = "/services/data"
_QUERY = re.compile(r"/services/data/v(\d+\.\d)/(query|queryAll)/?([A-Za-z0-9]+-\d+)?")
_CONTROL = re.compile(r"/_(contacts|accounts|objects/([A-Za-z]+))(?:/([A-Za-z0-9]{18}))?")
_FURTHER = re.compile(r"\bId > |/query/\w+-\d+$")  # a page after a first one, however it is asked for
_ERRORS = {
    401: ("INVALID_SESSION_ID", "Session expired or invalid"),
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    429: ("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    503: ("SERVER_UNAVAILABLE", "Server is unavailable."),
}
_DISABLED = ("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.")
_NO_SESSION = ("INVALID_SESSION_ID", "This session is not valid for use with the REST API")


class Salesforce(Simulator):
    """The operator's org (`objects`) and the members' (`crm`), each reached through a connected app of its own.

    Faults more than every simulator's: "expired" ends every access token given until now, "revoked" every refresh token too;
    {"kind": "quota", "seconds": 30} answers REQUEST_LIMIT_EXCEEDED with Retry-After, "status" 403 or 429; "refused" answers 403
    with "reason", such as INSUFFICIENT_ACCESS; "repeat" answers a further page (`times` of them, one without) by the page before;
    "change" and "vanish" change or delete a record of the members' org after the next page, of the object "on" where that is
    named: the record named by "reason", or the first of that page.
    """

    kinds = (*Simulator.kinds, "expired", "revoked", "quota", "refused", "repeat", "change", "vanish")

    def __init__(self) -> None:
        self.login = Login()
        self.objects, self.crm, self.page_size = Objects(), Objects(), 2000
        self._rest: dict[str, tuple[int, list[Record]]] = {}
        self._between: list[Fault] = []
        self._pages_before: dict[str, Said] = {}  # by object
        self._repeats = 0
        super().__init__()

    @property
    def credential(self) -> dict[str, str]:
        """The operator's app, whose tokens billing uses."""
        return self.login.credential

    @credential.setter
    def credential(self, value: dict[str, str]) -> None:
        self.login.credential = value

    def add_account(self, tenant: str, name: str, number: str = "", invoices: Iterable[dict[str, Any]] = ()) -> str:
        """An account in the operator's org for a tenant of ours, with its invoices; the account's id.

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
        return {f"salesforce_{name}": value for name, value in self.login.registration.items()}

    def environment(self) -> dict[str, str]:
        """What the functions are told of it, beside billing."""
        return {"IKO_CONNECTORS_SALESFORCE_URL": self.url}

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here."""
        seed.fill(self.crm)

    def fault(self, kind: str, **more: Any) -> None:
        """As for every simulator; `expired` and `revoked` happen at once."""
        if kind == "expired":
            self.login.expire()
        elif kind == "revoked":
            self.login.sessions.clear()
        elif kind in ("change", "vanish"):
            self._between.append(Fault(kind, **more))
        elif kind == "repeat":
            self._repeats += int(more.get("times", 1))
        elif kind in ("quota", "refused"):
            super().fault(kind, **{"status": 403, "on": _DATA, **more})
        else:
            super().fault(kind, **more)

    def heal(self) -> None:
        """End every fault."""
        self._between.clear()
        self._repeats = 0
        super().heal()

    def pending(self) -> int:
        """Those that are met between pages too."""
        return super().pending() + len(self._between) + self._repeats

    def failed(self, fault: Fault) -> Said:
        """See the class."""
        if fault.kind == "quota":
            said = self.error(fault.status)
            return Said(said.status, said.document, {"Retry-After": str(int(fault.seconds))})
        if fault.kind == "refused":
            return _errors(403, fault.reason, "The request was refused.")
        return super().failed(fault)

    def control(self, asked: Asked) -> Said:
        """See the module."""
        if (asked.method, asked.path) == ("POST", "/_settings"):
            return self._set(**json.loads(asked.body))
        found = _CONTROL.fullmatch(asked.path)
        if found is None:
            return super().control(asked)
        of, ident = found[2] or found[1].removesuffix("s").capitalize(), found[3]
        values = json.loads(asked.body) if asked.body else {}
        if asked.method == "POST" and "tenant" in values:
            return Said(201, {"id": self.add_account(**values)})
        return self._control_of(asked, of, ident, values)

    def _control_of(self, asked: Asked, of: str, ident: str | None, values: dict[str, Any]) -> Said:
        if asked.method == "GET":
            records = self.crm.all(of)
            return Said(200, [r for r in records if all(str(r[k]) == v for k, v in asked.query.items())])
        if asked.method == "POST" and ident is None:
            return Said(201, {"id": self.crm.add(of, **values)})
        if asked.method == "PATCH" and ident is not None:
            self.crm.change(of, ident, **values)
        elif asked.method == "DELETE" and ident is not None:
            self.crm.delete(of, ident)
        else:
            return super().control(asked)
        return Said(200, {"id": ident})

    def _set(self, *, rotate: bool | None = None, page_size: int = 0, hidden: Iterable[str] | None = None) -> Said:
        self.login.rotate = self.login.rotate if rotate is None else rotate
        self.page_size = page_size or self.page_size
        self.crm.hidden = self.crm.hidden if hidden is None else set(hidden)
        return Said(200, {})

    def error(self, status: int) -> Said:
        """Errors are a JSON array of message and errorCode."""
        return _errors(status, *_ERRORS.get(status, _ERRORS[500]))

    def answer(self, asked: Asked) -> Said:
        """Salesforce's interface."""
        with self._guard:
            if asked.path == "/services/oauth2/authorize" and asked.method in ("GET", "POST"):
                return self.login.authorize(asked)
            if (asked.method, asked.path) == ("POST", "/services/oauth2/token"):
                return self.login.token(asked, self.url)
            if asked.path == "/services/oauth2/revoke" and asked.method in ("GET", "POST"):
                return self.login.revoke(asked)
            if asked.method == "GET" and asked.path.startswith("/id/"):
                return self.login.identity(asked)
            if asked.method == "GET" and asked.path.rstrip("/") == _DATA:
                listed = [{"label": v, "url": f"{_DATA}/v{k}", "version": k} for k, v in VERSIONS.items()]
                return Said(200, listed)
            return self._data(asked)

    def _data(self, asked: Asked) -> Said:
        found = _QUERY.fullmatch(asked.path) if asked.method == "GET" else None
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        session = self.login.session(token)
        if session is None and token not in self.login.operator:
            return self.error(401)
        if session is not None and "api" not in session.scopes:
            return _errors(403, *_NO_SESSION)
        if session is not None and not session.user.api:
            return _errors(403, *_DISABLED)
        if found is None or found[1] not in VERSIONS:
            return self.error(404)
        try:
            if found[3]:
                said = self._more(found[1], found[3])
            else:
                org = self.objects if session is None else self.crm
                said = self._query(found[1], org, asked.query.get("q", ""), deleted=found[2] == "queryAll")
        except soql.Refused as refused:
            return _errors(400, refused.code, refused.message)
        return said if session is None else self._shown(asked, said)

    def _query(self, version: str, org: Objects, text: str, *, deleted: bool) -> Said:
        query = soql.parse(text)
        found = org.find(query, deleted=deleted)
        if not query.fields:
            return Said(200, {"totalSize": len(found), "done": True, "records": []})
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
            body["nextRecordsUrl"] = f"{_DATA}/v{version}/query/{locator}"
        return Said(200, body)

    def _shown(self, asked: Asked, said: Said) -> Said:
        """The page, or the one before it; and what faults do between it and the next."""
        records = said.document["records"]
        if not records:
            return said
        before = self._pages_before.get(records[0]["attributes"]["type"])
        if self._repeats and before is not None and _FURTHER.search(asked.query.get("q", asked.path)):
            self._repeats -= 1
            return before
        self._pages_before[records[0]["attributes"]["type"]] = said
        self._between_pages(records)
        return said

    def _between_pages(self, records: list[Record]) -> None:
        there = [record["attributes"] for record in records if not record.get("IsDeleted")]
        if not there:
            return
        of, first = there[0]["type"], there[0]["url"].rpartition("/")[2]
        for fault in [each for each in self._between if each.on in ("", of)]:
            self._between.remove(fault)
            if fault.kind == "vanish":
                self.crm.delete(of, fault.reason or first)
            else:
                name = "LastName" if of == "Contact" else "Name"
                self.crm.change(of, fault.reason or first, **{name: "Changed between pages"})


def _errors(status: int, code: str, message: str) -> Said:
    return Said(status, [{"message": message, "errorCode": code}])
