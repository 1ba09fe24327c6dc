"""The People API: https://developers.google.com/people/api/rest/v1/people.connections/list, …/people/getBatchGet and …/people/get

A page begins after the last contact of the page before, so that what changes meanwhile moves, and what is deleted is missing.
A sync token tells what has changed since its listing began; it expires seven days after the full listing, and is good for
the same parameters only (https://developers.google.com/people/v1/contacts shows `metadata` asked for by name).
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.faults import Faults
from infra.simulators.google import errors, page_tokens, scopes
from infra.simulators.google.accounts import Account
from infra.simulators.google.contacts import ORDERS, Contact, Key
from infra.simulators.google.page_faults import between_people
from infra.simulators.replies import Refused, reply

SYNC_S = 7 * 86400
MOST, MOST_NAMES, _USUAL = 1000, 200, 100
READS = (scopes.CONTACTS, scopes.CONTACTS_READONLY)
_SERVICE, _METHOD = "people.googleapis.com", "google.people.v1.PeopleService"
_MASKS = (  # separated by spaces
    "addresses ageRanges biographies birthdays calendarUrls clientData coverPhotos emailAddresses events externalIds genders "
    "imClients interests locales locations memberships metadata miscKeywords names nicknames occupations organizations "
    "phoneNumbers photos relations sipAddresses skills urls userDefined"
)
_EXPIRED = "Sync token is expired. Clear local cache and retry call without the sync token."
_VALID = "Valid paths are documented at https://developers.google.com/people/api/rest/v1/people.connections/list."


class People:
    """`generation` rises when every sync token is to expire at once. `page_size`: a page never has more than that."""

    def __init__(self, faults: Faults) -> None:
        self.generation, self.page_size, self._faults = 0, MOST, faults

    def add_routes(self, add: Callable[[str, str, Callable[..., Response]], None]) -> None:
        """Add the methods by `add(method, path, view)`; a view is given the account and the scopes that the token has."""
        add("GET", "/v1/people/me/connections", self.listed)
        add("GET", "/v1/people:batchGet", self.several)
        add("GET", "/v1/people/me", lambda account, _held: reply(200, _myself(account, _mask())))
        add("GET", "/v1/people/<ident>", self.one)

    def expire(self) -> None:
        """End every sync token."""
        self.generation += 1

    def one(self, account: Account, held: tuple[str, ...], ident: str) -> Response:
        """Return one contact."""
        self._need(held, "GetPerson")
        found, mask = account.contacts.get(f"people/{ident}"), _mask()
        return reply(200, shown(found, mask)) if found else errors.people(404, "Requested entity was not found.")

    def _need(self, held: tuple[str, ...], method: str) -> None:
        if not set(READS) & set(held):
            raise Refused(errors.insufficient(_SERVICE, f"{_METHOD}.{method}", READS))

    def listed(self, account: Account, held: tuple[str, ...]) -> Response:
        """Return a page of the account's contacts, or of what has changed."""
        self._need(held, "ListConnections")
        query, mask = request.args, _mask()
        order, size = query.get("sortOrder") or "LAST_MODIFIED_ASCENDING", _size(query.get("pageSize", "0"))
        if order not in ORDERS:
            raise _invalid(f"Invalid value at 'sort_order': {order}")
        fixed = page_tokens.digest(sorted(mask), size, order, sorted(request.args.getlist("sources")))
        size = min(size, self.page_size)
        wanted = query.get("requestSyncToken") == "true"
        sync = self._synced(query["syncToken"], fixed) if query.get("syncToken") else None
        same = page_tokens.digest(fixed, query.get("syncToken", ""), wanted)
        now = {"v": account.contacts.version, "t": clock.epoch() if sync is None else sync["t"]}
        page: dict[str, Any] = {"after": None, **now}
        if query.get("pageToken"):
            page = _page(query["pageToken"], same)
            between_people(self._faults, account)
            if self._faults.take(["repeat"], request.path):
                page["after"] = page["before"]
        rows = account.contacts.listed(order) if sync is None else account.contacts.changed(sync["v"])
        rest = [row for row in rows if _later(row[0], page["after"], order)]
        people = [shown(each, mask, sync=sync is not None) for _, each in rest[:size]]
        body: dict[str, Any] = {"connections": people} if people else {}
        if len(rest) > size:
            last = {"after": rest[size - 1][0], "before": page["after"], "v": page["v"], "t": page["t"], "d": same}
            body["nextPageToken"] = page_tokens.sealed(**last)
        elif wanted or sync is not None:
            body["nextSyncToken"] = page_tokens.sealed(v=page["v"], t=page["t"], d=fixed, g=self.generation)
        return reply(200, {**body, "totalPeople": len(rows), "totalItems": len(rows)})

    def _synced(self, token: str, fixed: str) -> dict[str, Any]:
        try:
            said = page_tokens.opened(token)
            began, generation, before = int(said["t"]), said["g"], said["d"]
        except (ValueError, KeyError) as error:
            raise _invalid("Sync token is invalid.") from error
        if generation != self.generation or clock.epoch() >= began + SYNC_S:
            raise Refused(errors.people(400, _EXPIRED, reason="EXPIRED_SYNC_TOKEN", name="FAILED_PRECONDITION"))
        if before != fixed:
            raise _invalid("Request parameters must match those of the call that provided the sync token.")
        return said

    def several(self, account: Account, held: tuple[str, ...]) -> Response:
        """Return contacts by their names."""
        self._need(held, "BatchGetPeople")
        names, mask = request.args.getlist("resourceNames"), _mask()
        if not names:
            raise _invalid("Request must contain at least one resource name.")
        if len(names) > MOST_NAMES:
            raise _invalid(f"Request must contain at most {MOST_NAMES} resource names.")
        return reply(200, {"responses": [_one(name, account, mask) for name in names]})


def _one(name: str, account: Account, mask: set[str]) -> dict[str, Any]:
    if name == "people/me":
        return {
            "httpStatusCode": 200,
            "person": _myself(account, mask),
            "requestedResourceName": name,
            "status": {},
        }
    found = account.contacts.get(name)
    if found is None:
        status = {"code": 5, "message": "Requested entity was not found."}  # google.rpc.Code.NOT_FOUND
        return {"httpStatusCode": 404, "requestedResourceName": name, "status": status}
    return {"httpStatusCode": 200, "person": shown(found, mask), "requestedResourceName": name, "status": {}}


def shown(contact: Contact, mask: set[str], *, sync: bool = False) -> dict[str, Any]:
    """The Person, with the fields of the mask only."""
    person: dict[str, Any] = {"resourceName": contact.name, "etag": f"%EgUBAgMLNy{contact.version:06d}"}
    if "metadata" in mask:
        source = {**contact.source, "etag": f"#{contact.version}", "updateTime": clock.rfc3339(contact.updated)}
        person["metadata"] = {"sources": [source], "objectType": "PERSON"}
        if sync and contact.deleted:
            person["metadata"]["deleted"] = True
        if sync and contact.former:
            person["metadata"]["previousResourceNames"] = list(contact.former)
    for name in sorted(mask & set(contact.fields)):
        values = contact.fields[name]
        if values:
            person[name] = [_placed(each, contact, first=at == 0) for at, each in enumerate(values)]
    return person


def _placed(value: dict[str, Any], contact: Contact, *, first: bool) -> dict[str, Any]:
    of = {"source": contact.source}
    return {"metadata": {"primary": True, "sourcePrimary": True, **of} if first else of, **value}


def _myself(account: Account, mask: set[str]) -> dict[str, Any]:
    of = {"primary": True, "source": {"type": "PROFILE", "id": account.sub}}
    person: dict[str, Any] = {"resourceName": f"people/{account.sub}", "etag": "%EgUBAgMLNy"}
    if "names" in mask:
        person["names"] = [{"metadata": of, "displayName": account.name}]
    if "emailAddresses" in mask:
        person["emailAddresses"] = [{"metadata": {**of, "verified": True}, "value": account.address}]
    return person


def _mask() -> set[str]:
    mask = {each.strip() for each in ",".join(request.args.getlist("personFields")).split(",") if each.strip()}
    if not mask:
        raise _invalid(f"personFields mask is required. Please specify one or more valid paths. {_VALID}")
    for each in sorted(mask - set(_MASKS.split())):
        raise _invalid(f'Invalid personFields mask path: "{each}". {_VALID}')
    return mask


def _size(text: str) -> int:
    if not text.isdigit() or int(text) > MOST:
        raise _invalid(f"Page size must be less than or equal to {MOST}.")
    return int(text) or _USUAL


def _page(token: str, same: str) -> dict[str, Any]:
    try:
        said = page_tokens.opened(token)
        matches = said["d"] == same
    except (ValueError, KeyError) as error:
        raise _invalid("Page token is invalid.") from error
    if not matches:
        raise _invalid("Request parameters must match those of the call that provided the page token.")
    return said


def _later(key: Key, after: list[Any] | None, order: str) -> bool:
    if after is None:
        return True
    return key < tuple(after) if ORDERS[order][1] else key > tuple(after)


def _invalid(message: str) -> Refused:
    return Refused(errors.people(400, message))
