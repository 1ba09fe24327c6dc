"""The records of one HubSpot account, with what HubSpot does to them: dates of change, archiving, merging.

https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/contacts/guide and …/companies/guide (properties,
merging), https://knowledge.hubspot.com/records/restore-deleted-records (archived records are kept for 90 days),
https://developers.hubspot.com/changelog/updated-merge-functionality-for-contacts-and-companies (a merge makes a new record).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock

MODIFIED = {"contacts": "lastmodifieddate"}  # of every other object it is hs_lastmodifieddate
SHOWN = {
    "contacts": ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    "companies": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
}
_BIN = timedelta(days=90)
_FIRST_ID = 401


@dataclass
class Record:
    """One record; `properties` as HubSpot has them, texts. `indexed`: what searches know until `seen_from`."""

    ident: int
    properties: dict[str, str]
    created: datetime
    updated: datetime
    archived: datetime | None = None
    merged_into: int = 0
    indexed: "Record | None" = field(default=None, repr=False)
    seen_from: datetime | None = None
    created_ms: int = field(init=False)
    updated_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self.created_ms, self.updated_ms = _ms(self.created), _ms(self.updated)

    def shown(self, of: str, wanted: Iterable[str], *, date: str) -> dict[str, Any]:
        """As the API writes it: what was asked for, null where it has no value; unknown properties are passed over."""
        has = {**self.properties, "hs_object_id": str(self.ident), "createdate": clock.rfc3339(self.created)}
        has[date] = clock.rfc3339(self.updated)
        always = ("createdate", date, "hs_object_id")
        names = dict.fromkeys((*always, *wanted)) if wanted else SHOWN.get(of, always)
        document: dict[str, Any] = {
            "id": str(self.ident),
            "properties": {name: has.get(name) for name in names},
            "createdAt": clock.rfc3339(self.created),
            "updatedAt": clock.rfc3339(self.updated),
            "archived": self.archived is not None,
        }
        if self.archived is not None:
            document["archivedAt"] = clock.rfc3339(self.archived)
        return document


class Objects:
    """All records of an account, by object. `lag_s`: how long searches do not see a change."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[int, Record]] = {}
        self._last_id, self.lag_s = _FIRST_ID - 1, 0.0

    def add(self, of: str, properties: dict[str, str], *, at: datetime | None = None) -> str:
        """A new record; its id. `at`: when it was made."""
        self._last_id += 1
        moment = at or clock.now()
        made = Record(self._last_id, dict(properties), moment, moment)
        if self.lag_s:
            made.seen_from = moment + timedelta(seconds=self.lag_s)
        self._kept.setdefault(of, {})[made.ident] = made
        return str(made.ident)

    def change(self, of: str, ident: str, properties: dict[str, str], *, at: datetime | None = None) -> None:
        """KeyError for a record that is not there."""
        record = self.there(of, ident)
        before = record if record.seen_from is None else record.indexed
        moment = at or clock.now()
        changed = Record(record.ident, {**record.properties, **properties}, record.created, moment)
        if self.lag_s:
            changed.indexed, changed.seen_from = before, moment + timedelta(seconds=self.lag_s)
        self._kept[of][record.ident] = changed

    def archive(self, of: str, ident: str) -> None:
        """To the recycle bin. KeyError as above."""
        self.there(of, ident).archived = clock.now()

    def restore(self, of: str, ident: str) -> None:
        """Out of the recycle bin again; that is a change. KeyError where it is not there, or was merged."""
        record = self._kept[of][int(ident)]
        if record.merged_into:
            raise KeyError(ident)
        record.archived = None
        self.change(of, ident, {})

    def forget(self, of: str, ident: str) -> None:
        """For ever, as a deletion under the GDPR. KeyError as above."""
        self.there(of, ident)
        del self._kept[of][int(ident)]

    def merge(self, of: str, ident: str, into: str, *, anew: bool = True) -> str:
        """`ident` and `into` become one new record, with the values of `into` first; its id. Both are archived, and answer as
        the new one from now on. Not `anew`, as before that: `ident` becomes a part of `into`."""
        part, whole = self.there(of, ident), self.there(of, into)
        missing = {name: text for name, text in part.properties.items() if not whole.properties.get(name)}
        ids = [*whole.properties.get("hs_merged_object_ids", "").split(";"), *([into] if anew else []), ident]
        told = {**whole.properties, **missing, "hs_merged_object_ids": ";".join(each for each in ids if each)}
        if anew:
            one = self.add(of, told)
            part.archived = whole.archived = clock.now()
            whole.merged_into = int(one)
        else:
            one = into
            self.change(of, into, told)
        part.merged_into = int(one)
        if of == "companies":
            for contact in self.listed("contacts"):
                if contact.properties.get("associatedcompanyid") in (ident, into):
                    self.change("contacts", str(contact.ident), {"associatedcompanyid": one})
        return one

    def there(self, of: str, ident: str) -> Record:
        """The record that is there by its own id. KeyError."""
        record = self._kept[of][int(ident)] if ident.isdigit() else None
        if record is None or record.archived is not None or record.merged_into:
            raise KeyError(ident)
        return record

    def answers(self, of: str, ident: str, *, archived: bool = False) -> Record | None:
        """The record that answers to an id, which may be the one that it was merged into."""
        record = self._kept.get(of, {}).get(int(ident)) if ident.isdigit() else None
        while record is not None and record.merged_into:
            record = self._kept[of].get(record.merged_into)
        return record if record is not None and (record.archived is not None) == archived else None

    def listed(self, of: str, *, archived: bool = False) -> list[Record]:
        """By id."""
        oldest = clock.now() - _BIN
        kept = self._kept.get(of, {}).values()
        if archived:
            return [record for record in kept if record.archived is not None and record.archived > oldest]
        return [record for record in kept if record.archived is None and not record.merged_into]

    def indexed(self, of: str) -> list[Record]:
        """What searches see: a change some moments late."""
        seen, now = [], clock.now()
        for record in self.listed(of):
            late = record.seen_from is not None and now < record.seen_from
            known = record.indexed if late else record
            if known is not None:
                seen.append(known)
        return seen


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def date_of(of: str) -> str:
    """The property with the date of the last change."""
    return MODIFIED.get(of, "hs_lastmodifieddate")
