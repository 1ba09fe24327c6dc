"""HubSpot's CRM objects over HTTP: list, read, batch read, search.

https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/contacts/guide (and …/companies/guide),
…/docs/api-reference/2026-03/crm/search-the-crm (200 a page, 10,000 in all, one sort, 5 groups of 6 filters, 18 in all; archived
records are never found; changes take moments). The paths with a version of before 2026, /crm/v3/objects/, are served too, as
HubSpot does until September 2027.
"""

import operator
from collections.abc import Callable
from typing import Any

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.faults import Faults
from infra.simulators.hubspot import errors
from infra.simulators.hubspot.errors import Refused
from infra.simulators.hubspot.page_faults import PageFaults
from infra.simulators.hubspot.records import Objects, Record, date_of
from infra.simulators.replies import reply

_PATHS = (
    "/crm/objects/2026-03/<of>",
    "/crm/objects/2026-09/<of>",
    "/crm/v3/objects/<of>",
)
_SCOPES = {
    "companies": "crm.objects.companies.read",
    "deals": "crm.objects.deals.read",
    "line_items": "crm.objects.line_items.read",
    "quotes": "crm.objects.quotes.read",
    "emails": "sales-email-read",
}
_CONTACTS = "crm.objects.contacts.read"  # notes, calls, tasks and meetings need no other scope than that of contacts
_LISTED, _READ, _FOUND = 100, 100, 200
_GROUPS, _FILTERS, _FILTERS_IN_ALL = 5, 6, 18


class Crm:
    """`cap`: how many results a search has at most. `page_size`: an answer never has more than that."""

    def __init__(self, faults: Faults, url: str) -> None:
        self._page_faults, self._url = PageFaults(faults), url
        self.cap, self.page_size = 10_000, _FOUND

    def add_routes(self, add: Callable[[str, str, Callable[..., Response]], None]) -> None:
        """Add the methods by `add(method, path, view)`; a view is given the account's records and the scopes of the token."""
        for path in _PATHS:
            add("GET", path, self._checked(self._list))
            add("POST", f"{path}/search", self._checked(self._search))
            add("POST", f"{path}/batch/read", self._checked(_batch))
            add("GET", f"{path}/<int:ident>", self._checked(_one))

    def _checked(self, view: Callable[..., Response]) -> Callable[..., Response]:
        def checked(objects: Objects, scopes: tuple[str, ...], of: str, **parts: int) -> Response:
            needed = _SCOPES.get(of, _CONTACTS)
            return view(objects, of, **parts) if needed in scopes else errors.missing_scopes(needed)

        return checked

    def _list(self, objects: Objects, of: str) -> Response:
        limit = _number(request.args.get("limit", "10"), 1, _LISTED, "limit")
        limit = min(limit, self.page_size)
        after = _number(request.args.get("after", "0"), 0, 10**18, "after")
        archived = request.args.get("archived") == "true"
        rows = [record for record in objects.listed(of, archived=archived) if record.ident >= after]
        page, more = rows[:limit], rows[limit:]
        wanted = _asked_for()
        body: dict[str, Any] = {"results": [record.shown(of, wanted, date=date_of(of)) for record in page]}
        if more:
            following = str(page[-1].ident + 1)
            link = f"{self._url}{request.path}?limit={limit}&after={following}&archived={str(archived).lower()}"
            body["paging"] = {"next": {"after": following, "link": link}}
        return self._between(body, objects, f"{of} {archived}", (page, more), further=after > 0)

    def _search(self, objects: Objects, of: str) -> Response:
        question = _body()
        limit = _number(question.get("limit", 10), 1, _FOUND, "limit")
        limit = min(limit, self.page_size)
        after = _number(question.get("after") or 0, 0, 10**18, "after")
        rows = _sorted(_matching(objects.indexed(of), of, question), of, question)
        if after + limit > max(self.cap, limit):
            raise Refused(400, f"The requested offset and limit go beyond {self.cap} total results.")
        page, more = rows[after : after + limit], rows[after + limit :]
        wanted = _names(question)
        body: dict[str, Any] = {"total": len(rows)}
        body["results"] = [record.shown(of, wanted, date=date_of(of)) for record in page]
        if more:
            following = str(after + len(page))
            body["paging"] = {"next": {"after": following, "link": f"{request.path}?after={following}"}}
        if not question.get("filterGroups"):  # asked how many there are: no walk
            return reply(200, body)
        return self._between(body, objects, f"{of} search", (page, more), further=True)

    def _between(
        self,
        body: dict[str, Any],
        objects: Objects,
        walk: str,
        rows: tuple[list[Record], list[Record]],
        *,
        further: bool,
    ) -> Response:
        page, more = rows
        told = self._page_faults.repeated(walk, body, further=further)
        self._page_faults.meanwhile(objects, walk.split(maxsplit=1)[0], page, more)
        return reply(200, told)


def _one(objects: Objects, of: str, ident: int) -> Response:
    found = objects.answers(of, str(ident), archived=request.args.get("archived") == "true")
    return reply(200, found.shown(of, _asked_for(), date=date_of(of))) if found else errors.say(404)


def _batch(objects: Objects, of: str) -> Response:
    question = _body()
    inputs = question.get("inputs")
    if not isinstance(inputs, list) or len(inputs) > _READ:
        raise Refused(400, f"Invalid input: inputs must be a list of at most {_READ}")
    archived, wanted, now = request.args.get("archived") == "true", _names(question), clock.rfc3339(clock.now())
    found: dict[int, Record] = {}
    missing = []
    for each in inputs:
        record = objects.answers(of, str(each.get("id", "")), archived=archived)
        if record is None:
            missing.append(str(each.get("id", "")))
        else:
            found[record.ident] = record
    results = [record.shown(of, wanted, date=date_of(of)) for record in found.values()]
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not missing:
        return reply(200, body)
    told = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": "Could not get some objects, they may be deleted",
    }
    told["message"] += " or not exist. Check that ids are valid."
    return reply(
        207, {**body, "numErrors": 1, "errors": [{**told, "context": {"ids": missing}, "errors": [], "links": {}}]}
    )


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused(400, "Invalid input JSON")
    return body


def _asked_for() -> list[str]:
    return [name for value in request.args.getlist("properties") for name in value.split(",") if name]


def _names(question: dict[str, Any]) -> list[str]:
    names = question.get("properties", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refused(400, "Invalid input JSON: properties")
    return names


def _number(value: Any, least: int, most: int, name: str) -> int:
    text = str(value)
    if not text.isdigit() or not least <= int(text) <= most:
        told = f"{name} must be a number from {least} to {most}"
        raise Refused(400, f"Invalid input: {told}", errors=[{"message": told, "in": name}])
    return int(text)


def _matching(rows: list[Record], of: str, question: dict[str, Any]) -> list[Record]:
    groups = question.get("filterGroups", [])
    filters = [group.get("filters", []) for group in groups]
    if (
        len(filters) > _GROUPS
        or any(len(each) > _FILTERS for each in filters)
        or sum(map(len, filters)) > _FILTERS_IN_ALL
    ):
        raise Refused(400, "Invalid input: too many filters")
    if not filters:
        return rows
    read = [[_read(each, of) for each in group] for group in filters]
    return [record for record in rows if any(all(holds(record) for holds in group) for group in read)]


_COMPARED: dict[str, Callable[[int | str, int | str], bool]] = {
    "EQ": operator.eq,
    "NEQ": operator.ne,
    "LT": operator.lt,
    "LTE": operator.le,
    "GT": operator.gt,
    "GTE": operator.ge,
}


def _read(filtered: dict[str, Any], of: str) -> Callable[[Record], bool]:
    """A filter, as what holds of a record."""
    name, compared, value = str(filtered.get("propertyName")), str(filtered.get("operator")), filtered.get("value")
    has = _value(of, name)
    if compared in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return lambda record: bool(has(record)) == (compared == "HAS_PROPERTY")
    if compared not in _COMPARED or value is None:
        raise Refused(400, "Invalid input JSON: operator or value of a filter")
    compare, said = _COMPARED[compared], str(value)
    if name not in _numbers(of):
        return lambda record: has(record) != "" and compare(str(has(record)).lower(), said.lower())
    if not said.isdigit():
        raise Refused(400, f"{name} has to be a number or a time in milliseconds")
    number = int(said)
    return lambda record: compare(has(record), number)


def _numbers(of: str) -> dict[str, Callable[[Record], int]]:
    """Dates are compared as milliseconds, ids as numbers."""
    return {
        "hs_object_id": operator.attrgetter("ident"),
        "createdate": operator.attrgetter("created_ms"),
        date_of(of): operator.attrgetter("updated_ms"),
    }


def _value(of: str, name: str) -> Callable[[Record], int | str]:
    return _numbers(of).get(name) or (lambda record: record.properties.get(name, ""))


def _sorted(rows: list[Record], of: str, question: dict[str, Any]) -> list[Record]:
    sorts = question.get("sorts") or []
    if len(sorts) > 1:
        raise Refused(400, "Invalid input: only one sort is supported")
    if not sorts:
        return rows
    order = sorts[0] if isinstance(sorts[0], dict) else {"propertyName": sorts[0]}
    name = str(order.get("propertyName", ""))
    down = order.get("direction") == "DESCENDING"
    return sorted(rows, key=_value(of, name), reverse=down)
