"""Salesforce on this machine, over real HTTP: sign-in, the list of versions, and queries of two orgs.

Written from https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/ (dome_versions, dome_query, dome_queryall,
resources_query_more_results, errorcodes); sign-in is in oauth.py.

At a shell: GET /_contacts lists the contacts of the members' org (?Email=… those with that value), POST adds one,
PATCH /_contacts/{id} changes it, DELETE deletes it, POST /_contacts/{id}/merge {"into": id} lets it become a part of another;
/_accounts likewise, /_objects/{name} for every other object. Fields have
Salesforce's names. POST /_accounts with "tenant" is for the operator's org. POST /_settings: {"rotate": true} makes refresh
tokens good for one use, {"page_size": 2} answers so few records at once, {"hidden": ["Contact.Title"]} hides objects and fields,
{"unshared": [ids]} leaves records out as sharing does (a query gives what its user may see, without a word of the rest),
{"times_out_above": 500} ends queries for more records, and counts, with QUERY_TIMEOUT ("Your query request was running for too
long": errorcodes.htm); 0 ends none.
"""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from flask import Response, request

from infra.simulators.faults import Fault
from infra.simulators.replies import Refused, reply
from infra.simulators.salesforce import seed, soql
from infra.simulators.salesforce.oauth import Login, user_of
from infra.simulators.salesforce.records import Objects, Record
from infra.simulators.simulator import Simulator, sent

VERSIONS = {"60.0": "Spring '24", "61.0": "Summer '24", "62.0": "Winter '25", "63.0": "Spring '25"}
_DATA = "/services/data"
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
    named: the record named by "reason", or the first of that page. "no_refresh" gives no token, with "reason", such as
    inactive_user.
    """

    kinds = {
        **Simulator.kinds,
        "quota": {"status": 403, "on": _DATA},
        "refused": {"status": 403, "on": _DATA},
        "no_refresh": {"on": "/services/oauth2/token"},
        **{kind: {"times": 1} for kind in ("repeat", "change", "vanish")},
    }
    within = frozenset({"repeat", "change", "vanish"})

    def __init__(self) -> None:
        super().__init__()
        self.login = Login(self.url)
        self.objects, self.crm, self.page_size = Objects(), Objects(), 2000
        self.times_out_above = 0
        self._rest: dict[str, tuple[int, list[Record]]] = {}
        self._pages_before: dict[str, Record] = {}  # by object
        self.add_oauth(self.login)
        self.app.add_url_rule(_DATA, "versions", self._versions, strict_slashes=False)
        self.app.add_url_rule(f"{_DATA}/v<version>/query", "query", self._query, strict_slashes=False)
        self.app.add_url_rule(
            f"{_DATA}/v<version>/queryAll",
            "queryAll",
            lambda version: self._query(version, deleted=True),
            strict_slashes=False,
        )
        self.app.add_url_rule(f"{_DATA}/v<version>/query/<locator>", "more", self._more)
        self.app.register_error_handler(soql.Refused, lambda refused: _errors(400, refused.code, refused.message))
        self._add_controls()
        self.at_once = {
            "expired": lambda _: self.login.expire(),
            "revoked": lambda _: self.login.grants.end_all(),
        }

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

    def environment(self) -> dict[str, str]:
        """Return what the functions are told of it, beside billing."""
        return {"IKO_CONNECTORS_SALESFORCE_URL": self.url}

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here."""
        seed.fill(self.crm)

    def fault_answer(self, fault: Fault) -> Response:
        """See the class."""
        if fault.kind == "refused":
            return _errors(403, fault.reason, "The request was refused.")
        if fault.kind == "no_refresh":
            return reply(400, {"error": fault.reason, "error_description": "the request was refused"})
        said = self.error(fault.status)
        if fault.kind == "quota":
            said.headers["Retry-After"] = str(int(fault.seconds))
        return said

    def error(self, status: int) -> Response:
        """Return an error: a JSON array of message and errorCode."""
        return _errors(status, *_ERRORS.get(status, _ERRORS[500]))

    def unmatched(self, status: int) -> Response:
        """Return what Salesforce says of a path that it has not: to strangers that they are strangers."""
        self._org()
        return self.error(404 if status == 405 else status)  # noqa: PLR2004 - HTTP's own numbers

    def _add_controls(self) -> None:
        """See the module."""
        self.add_control("POST /_settings", lambda: self._set(**sent()))
        for path, of in (("contacts", "Contact"), ("accounts", "Account"), ("objects/<of>", "")):
            named = {"of": of} if of else {}
            self.add_control(f"GET /_{path}", lambda named=named, **parts: self._listed(**named, **parts))
            self.add_control(f"POST /_{path}", lambda named=named, **parts: self._added(**named, **parts))
            self.add_control(f"PATCH /_{path}/<ident>", lambda named=named, **parts: self._changed(**named, **parts))
            self.add_control(f"POST /_{path}/<ident>/merge", lambda named=named, **p: self._merged(**named, **p))
            self.add_control(f"DELETE /_{path}/<ident>", lambda named=named, **parts: self._deleted(**named, **parts))

    def _listed(self, of: str) -> list[Record]:
        wanted = request.args.to_dict().items()
        return [record for record in self.crm.all(of) if all(str(record[name]) == value for name, value in wanted)]

    def _added(self, of: str) -> Response:
        values = sent()
        added = self.add_account(**values) if "tenant" in values else self.crm.add(of, **values)
        return reply(201, {"id": added})

    def _changed(self, of: str, ident: str) -> dict[str, str]:
        self.crm.change(of, ident, **sent())
        return {"id": ident}

    def _deleted(self, of: str, ident: str) -> dict[str, str]:
        self.crm.delete(of, ident)
        return {"id": ident}

    def _merged(self, of: str, ident: str) -> dict[str, str]:
        self.crm.merge(of, ident, sent()["into"])
        return {"id": ident}

    def _set(
        self,
        *,
        rotate: bool | None = None,
        page_size: int = 0,
        hidden: Iterable[str] | None = None,
        unshared: Iterable[str] | None = None,
        times_out_above: int | None = None,
    ) -> None:
        self.times_out_above = self.times_out_above if times_out_above is None else times_out_above
        self.login.rotates = self.login.rotates if rotate is None else rotate
        self.page_size = page_size or self.page_size
        self.crm.hidden = self.crm.hidden if hidden is None else set(hidden)
        self.crm.unshared = self.crm.unshared if unshared is None else set(unshared)

    def _versions(self) -> Response:
        listed = [{"label": label, "url": f"{_DATA}/v{each}", "version": each} for each, label in VERSIONS.items()]
        return reply(200, listed)

    def _org(self) -> Objects:
        """The records that the request's token opens. Refused."""
        grant = self.login.grants.live_grant()
        if grant is None:
            if request.headers.get("Authorization", "").removeprefix("Bearer ") in self.login.operator:
                return self.objects
            raise Refused(self.error(401))
        if "api" not in grant.scopes:
            raise Refused(_errors(403, *_NO_SESSION))
        if not user_of(grant).api:
            raise Refused(_errors(403, *_DISABLED))
        return self.crm

    def _query(self, version: str, *, deleted: bool = False) -> Response:
        org = self._org()
        if version not in VERSIONS:
            return self.error(404)
        query = soql.parse(request.args.get("q", ""))
        if self.times_out_above and (query.limit is None or query.limit > self.times_out_above):
            raise soql.Refused("QUERY_TIMEOUT", "Your query request was running for too long.")
        found = org.find(query, deleted=deleted)
        if not query.fields:
            return reply(200, {"totalSize": len(found), "done": True, "records": []})
        return self._shown(org, self._page(version, f"01g{secrets.token_hex(6)}AAA", 0, len(found), found))

    def _more(self, version: str, locator: str) -> Response:
        org = self._org()
        total, left = self._rest.get(locator, (0, []))  # a page may be asked for again
        if not left:
            raise soql.Refused("INVALID_QUERY_LOCATOR", "invalid query locator")
        name, _, at = locator.partition("-")
        return self._shown(org, self._page(version, name, int(at), total, left))

    def _page(self, version: str, name: str, at: int, total: int, left: list[Record]) -> Record:
        page, rest = left[: self.page_size], left[self.page_size :]
        body: Record = {"totalSize": total, "done": not rest, "records": page}
        if rest:
            locator = f"{name}-{at + len(page)}"
            self._rest[locator] = (total, rest)
            body["nextRecordsUrl"] = f"{_DATA}/v{version}/query/{locator}"
        return body

    def _shown(self, org: Objects, body: Record) -> Response:
        """The page, or the one before it; and what faults do between it and the next."""
        records = body["records"]
        if not records or org is self.objects:
            return reply(200, body)
        of = records[0]["attributes"]["type"]
        before = self._pages_before.get(of)
        further = _FURTHER.search(request.args.get("q", request.path))
        if before is not None and further and self.faults.take(["repeat"], of):
            return reply(200, before)
        self._pages_before[of] = body
        self._between_pages(of, records)
        return reply(200, body)

    def _between_pages(self, of: str, records: list[Record]) -> None:
        there = [record["attributes"]["url"] for record in records if not record.get("IsDeleted")]
        first = there[0].rpartition("/")[2] if there else ""
        while first and (fault := self.faults.take(["change", "vanish"], of)):
            if fault.kind == "vanish":
                self.crm.delete(of, fault.reason or first)
            else:
                name = "LastName" if of == "Contact" else "Name"
                self.crm.change(of, fault.reason or first, **{name: "Changed between pages"})


def _errors(status: int, code: str, message: str) -> Response:
    return reply(status, [{"message": message, "errorCode": code}])
