"""Contacts and companies of a member's HubSpot account, page by page.

A full pass lists everything (https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/contacts/guide). A pass of
changes searches by the date of the last change (…/2026-03/crm/search-the-crm), and then lists what was archived. A search has
at most 10,000 results and counts its pages, so that a record which changes meanwhile moves the ones behind it past the reader:
so no page of a search is ever asked for by number. Each asks for what changed since the last record of the one before.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.connectors.hubspot.rest import VERSION, Answer, Portal, Unreadable
from chalicelib.connectors.port import CursorExpired, Organization, Page, Person, Position, Stream
from chalicelib.core import clock

# All that is ever read of a member's account, each property with its purpose (P7). A record's id comes with every answer.
# HubSpot hides an object as a whole, from those without its scope; of its own properties it hides none.
CONTACT_FIELDS = {
    "firstname": "matches the person",
    "lastname": "matches the person",
    "email": "matches the person; where outreach may write to",
    "jobtitle": "who the person is at the company",
    "associatedcompanyid": "which company the person is at",
    "hs_email_optout": "the person wants no mail: blocks outreach",
    "lastmodifieddate": "what has changed since the last pass; which of two sources is the more recent",
    "hs_merged_object_ids": "records that became a part of this one, which may be a new one: here they do, too",
}
COMPANY_FIELDS = {
    "name": "matches the company",
    "domain": "matches the company",
    "hs_lastmodifieddate": "what has changed since the last pass; which of two sources is the more recent",
    "hs_merged_object_ids": "records that became a part of this one, which may be a new one: here they do, too",
}
LISTED, FOUND = 100, 200  # the most that one answer has
OVERLAP = timedelta(minutes=10)  # a change takes moments until searches find it
_BIN = timedelta(days=80)  # archived records are listed for 90
_MOST_ARCHIVED = 20  # pages in one pass of changes; what lies deeper is found by `count`, and by the next full pass
_MS = timedelta(milliseconds=1)
_ID = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True)
class Table:
    """One object and what is read of it; `modified` is the property with the date of the last change."""

    of: str
    fields: Mapping[str, str]
    modified: str


TABLES = {
    Stream.COMPANIES: Table("companies", COMPANY_FIELDS, "hs_lastmodifieddate"),
    Stream.CONTACTS: Table("contacts", CONTACT_FIELDS, "lastmodifieddate"),
}


@dataclass(frozen=True)
class Records:
    """The records of one table; port.Source. Positions: `after` in a full pass; `from` and `id` in a search; `archived`."""

    portal: Portal
    table: Table

    def start(self) -> Position:
        """See port.Source."""
        return Position(full=True)

    def page(self, position: Position) -> Page:
        """See port.Source."""
        if position.full:
            return self._whole(position.at)
        return self._archived(position.at) if "archived" in position.at else self._changed(position.at)

    def look(self, external_ids: Sequence[str]) -> Page:
        """See port.Source. A merged record answers as the one that it became a part of: it is gone itself, and that one is
        told of, too."""
        asked = [ident for ident in external_ids if _ID.fullmatch(ident)]
        inputs = [{"id": ident} for ident in asked]
        question = {"properties": list(self.table.fields), "propertiesWithHistory": [], "inputs": inputs}
        body = self.portal.ask(f"{self._path}/batch/read", question).body if asked else {"results": []}
        if any(error.get("category") != "OBJECT_NOT_FOUND" for error in _objects(body, "errors")):
            raise Unreadable  # HubSpot could not look at some: that says nothing of them
        there = [record for record in _objects(body, "results") if {_ident(record), *_merged(record)} & set(asked)]
        known = {_ident(record) for record in there}
        gone = [ident for ident in external_ids if ident not in known]
        return self._page(Position(full=False), done=True, records=there, gone=gone)

    def count(self) -> int:
        """See port.Source. Searches count a change some moments late."""
        question = {"filterGroups": [], "properties": [self.table.modified], "limit": 1}
        total = self.portal.ask(f"{self._path}/search", question).body.get("total")
        if isinstance(total, bool) or not isinstance(total, int):
            raise Unreadable
        return total

    @property
    def _path(self) -> str:
        return f"/crm/objects/{VERSION}/{self.table.of}"

    def _whole(self, at: Mapping[str, str]) -> Page:
        answer, records = self._list(at, archived=False, fields=list(self.table.fields))
        began = at.get("began") or clock.rfc3339(answer.at or datetime.fromtimestamp(0, UTC))
        after = _after(answer.body)
        if not after:
            return self._page(Position(False, {"since": began}), done=True, records=records)
        place = {"began": began, "after": after, "last": _ident(records[-1]) if records else at.get("last", "")}
        return self._page(Position(True, place), done=False, records=records)

    def _changed(self, at: Mapping[str, str]) -> Page:
        since = clock.parse_rfc3339(at["since"])
        first = clock.parse_rfc3339(at["from"]) if "from" in at else since - OVERLAP
        answer, records = self._search(first, at.get("id", ""))
        began = at.get("began") or clock.rfc3339(answer.at or since)
        if clock.parse_rfc3339(began) - since > _BIN:
            raise CursorExpired  # what was archived since may not be listed any more
        here = {"since": at["since"], "began": began}
        merged = [ident for record in records for ident in _merged(record)]
        if _after(answer.body):
            place = self._next(first, at.get("id", ""), records)
        elif "id" in at:  # all of one moment are read: on to the one after
            place = {"from": clock.rfc3339(first + _MS)}
        else:
            place = {"archived": "", "pages": "1"}
        return self._page(Position(False, {**here, **place}), done=False, records=records, gone=merged)

    def _next(self, first: datetime, after_id: str, records: Sequence[dict[str, Any]]) -> dict[str, str]:
        """Where a search goes on. Where a whole answer is of one moment, its records are gone through by their ids."""
        if not records:
            raise Unreadable
        if after_id:
            return {"from": clock.rfc3339(first), "id": _ident(records[-1])}
        last = max(self._stamp(record) for record in records)
        return {"from": clock.rfc3339(last), **({"id": "0"} if last == first else {})}

    def _archived(self, at: Mapping[str, str]) -> Page:
        since = clock.parse_rfc3339(at["since"]) - OVERLAP
        answer, records = self._list({**at, "after": at["archived"]}, archived=True, fields=[self.table.modified])
        gone = [_ident(record) for record in records if _moment(record.get("archivedAt")) >= since]
        looked = self.look(
            gone
        )  # one that was merged is archived, too, and searches find the new record some moments late
        after, pages = _after(answer.body), int(at["pages"])
        if not after or pages >= _MOST_ARCHIVED:
            return replace(looked, position=Position(False, {"since": at["began"]}))
        last = _ident(records[-1]) if records else at.get("last", "")
        place = {"since": at["since"], "began": at["began"], "archived": after, "pages": str(pages + 1), "last": last}
        return replace(looked, position=Position(False, place), done=False)

    def _list(
        self, at: Mapping[str, str], *, archived: bool, fields: Sequence[str]
    ) -> tuple[Answer, list[dict[str, Any]]]:
        """An answer that has the last record of the page before is not one to this question, and is asked for again."""
        query = {"limit": str(LISTED), "properties": ",".join(fields), "archived": str(archived).lower()}
        if at.get("after"):
            query["after"] = at["after"]
        for _ in range(2):
            answer = self.portal.get(self._path, query)
            records = _objects(answer.body, "results")
            repeated = at.get("last") and at["last"] in map(_ident, records)
            if not repeated and (not at.get("after") or _after(answer.body) != at["after"]):
                return answer, records
        raise Unreadable

    def _search(self, first: datetime, after_id: str) -> tuple[Answer, list[dict[str, Any]]]:
        """What changed at or after `first`, oldest first; with an id, what changed in that very moment and has a higher id."""
        moment = str(round(first.timestamp() * 1000))
        filters = [{"propertyName": self.table.modified, "operator": "EQ" if after_id else "GTE", "value": moment}]
        if after_id:
            filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": after_id})
        order = {"propertyName": "hs_object_id" if after_id else self.table.modified, "direction": "ASCENDING"}
        question = {
            "filterGroups": [{"filters": filters}],
            "sorts": [order],
            "properties": list(self.table.fields),
            "limit": FOUND,
        }
        for _ in range(2):
            answer = self.portal.ask(f"{self._path}/search", question)
            records = _objects(answer.body, "results")
            wrong = [record for record in records if self._stamp(record) < first - _MS]
            again = [record for record in records if after_id and int(_ident(record)) <= int(after_id)]
            if not wrong and not again:
                return answer, records
        raise Unreadable

    def _stamp(self, record: dict[str, Any]) -> datetime:
        return _moment(_properties(record).get(self.table.modified))

    def _page(
        self, position: Position, *, done: bool, records: Sequence[dict[str, Any]], gone: Sequence[str] = ()
    ) -> Page:
        renamed = {before: _ident(record) for record in records for before in _merged(record)}
        if self.table.of == "contacts":
            return Page(position, done, people=tuple(map(_person, records)), gone=tuple(gone), renamed=renamed)
        organizations = tuple(map(_organization, records))
        return Page(position, done, organizations=organizations, gone=tuple(gone), renamed=renamed)


def _person(record: dict[str, Any]) -> Person:
    email = _text(record, "email")
    return Person(
        external_id=_ident(record),
        first_name=_text(record, "firstname"),
        last_name=_text(record, "lastname"),
        emails=(email,) if email else (),
        title=_text(record, "jobtitle"),
        company_external_id=_text(record, "associatedcompanyid"),
        opted_out=_text(record, "hs_email_optout").lower() == "true",
        modified_at=_modified_at(record, Stream.CONTACTS),
    )


def _organization(record: dict[str, Any]) -> Organization:
    modified_at = _modified_at(record, Stream.COMPANIES)
    return Organization(_ident(record), _text(record, "name"), _text(record, "domain"), modified_at=modified_at)


def _modified_at(record: dict[str, Any], stream: Stream) -> str:
    told = _text(record, TABLES[stream].modified)
    return clock.rfc3339(_moment(told)) if told else ""


def _merged(record: dict[str, Any]) -> list[str]:
    """The ids of the records that it was made of, without its own. Today each merge makes a new record
    (https://developers.hubspot.com/changelog/updated-merge-functionality-for-contacts-and-companies)."""
    return [ident for ident in _text(record, "hs_merged_object_ids").split(";") if ident not in ("", _ident(record))]


def _objects(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = body.get(name, [] if name == "errors" else None)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable
    return list(found)


def _after(body: dict[str, Any]) -> str | None:
    paging = body.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    after = following.get("after") if isinstance(following, dict) else None
    return str(after) if after else None


def _properties(record: dict[str, Any]) -> dict[str, Any]:
    found = record.get("properties")
    if not isinstance(found, dict):
        raise Unreadable
    return found


def _text(record: dict[str, Any], name: str) -> str:
    value = _properties(record).get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable
    return value or ""


def _ident(record: dict[str, Any]) -> str:
    value = record.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Unreadable
    return value


def _moment(value: Any) -> datetime:
    try:
        return clock.parse_rfc3339(str(value))
    except ValueError:
        raise Unreadable from None
