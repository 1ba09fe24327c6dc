"""The records of a simulated org: kept, changed, deleted into a recycle bin, and found by queries."""

import functools
import itertools
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core import clock
from infra.simulators.salesforce.fields import FIELDS, KEY_PREFIX, KEYS, MOMENTS, YES_OR_NO
from infra.simulators.salesforce.soql import OPERATORS, Condition, Query, Refused, Value

Record = dict[str, Any]
_BIN = timedelta(days=15)  # how long a deleted record can be found by queryAll and restored
_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")


class Objects:
    """Records by object. Thread-safe. `hidden`: objects ("Contact") and fields ("Contact.Title") that no user sees. `unshared`:
    ids of records that no rule of sharing lets any user see; queries leave them out without a word."""

    def __init__(self) -> None:
        self._records: dict[str, list[Record]] = {name: [] for name in FIELDS}
        self._numbers, self._guard = itertools.count(1), threading.RLock()
        self.hidden: set[str] = set()
        self.unshared: set[str] = set()

    def add(self, of: str, **values: Any) -> str:
        """A new record; its id, 18 characters. ValueError for a field that the object does not have."""
        _check(of, values)
        now = _written(clock.now())
        made = dict.fromkeys(FIELDS[of]) | {name: False for name in FIELDS[of] if name in YES_OR_NO}
        stamps = dict.fromkeys(MOMENTS, now)
        with self._guard:
            ident = f"{KEY_PREFIX[of]}{next(self._numbers):012d}AAA"
            self._records[of].append({**made, **stamps, **values, "Id": ident})
        return ident

    def add_person(self, first: str, last: str, email: str) -> tuple[str, str]:
        """A person account: the ids of the account and of its contact, which go together."""
        contact = self.add("Contact", FirstName=first, LastName=last, Email=email, IsPersonAccount=True)
        person = {"IsPersonAccount": True, "PersonContactId": contact, "PersonEmail": email}
        account = self.add("Account", Name=f"{first} {last}", **person)
        self.change("Contact", contact, AccountId=account)
        return account, contact

    def change(self, of: str, ident: str, **values: Any) -> None:
        """New values. KeyError for a record that is not there; ValueError as in `add`."""
        _check(of, values)
        with self._guard:
            self._stamped(self._record(of, ident, deleted=False)).update(values)

    def delete(self, of: str, ident: str) -> None:
        """Into the recycle bin, for 15 days. KeyError."""
        with self._guard:
            record = self._stamped(self._record(of, ident, deleted=False))
            record["IsDeleted"] = True
            if record.get("PersonContactId"):
                self.delete("Contact", record["PersonContactId"])

    def merge(self, of: str, ident: str, into: str) -> None:
        """One record becomes a part of another: it is deleted, and names it; what hung on it hangs there now. KeyError."""
        with self._guard:
            self._record(of, into, deleted=False)
            self.delete(of, ident)
            self._record(of, ident, deleted=True)["MasterRecordId"] = into
            for record in self._records["Contact"] if of == "Account" else ():
                if record["AccountId"] == ident:
                    self._stamped(record)["AccountId"] = into

    def restore(self, of: str, ident: str) -> None:
        """Out of the recycle bin again. KeyError."""
        with self._guard:
            self._stamped(self._record(of, ident, deleted=True))["IsDeleted"] = False

    def destroy(self, of: str, ident: str) -> None:
        """As when somebody empties the recycle bin: nothing tells of the record any more. KeyError."""
        with self._guard:
            self._records[of].remove(self._record(of, ident, deleted=None))

    def all(self, of: str, *, deleted: bool = False) -> list[Record]:
        """Copies of the records that are there; with `deleted` also of those in the recycle bin."""
        since = clock.now() - _BIN
        with self._guard:
            return [
                dict(r)
                for r in self._records[of]
                if not r["IsDeleted"] or (deleted and _moment(r["SystemModstamp"]) > since)
            ]

    def find(self, query: Query, *, deleted: bool = False) -> list[Record]:
        """What the query selects, as records of an answer. Refused where it names an object or a field that is not there."""
        of = next((n for n in FIELDS if n.lower() == query.of.lower() and n not in self.hidden), None)
        if of is None:
            text = f"{query.at(query.of)}sObject type '{query.of}' is not supported."
            raise Refused("INVALID_TYPE", text)
        fields = [self._field(query, of, name) for name in query.fields]
        wanted = [[self._wanted(query, of, each) for each in group] for group in query.conditions]
        there = [r for r in self.all(of, deleted=deleted) if r["Id"] not in self.unshared]
        found = [r for r in there if all(any(_holds(r, c) for c in group) for group in wanted)]
        for name, descending in reversed(query.order):
            order = self._field(query, of, name)
            found.sort(key=lambda record: (record[order] is not None, str(record[order])), reverse=descending)
        return [
            {"attributes": _attributes(of, r), **{field: r[field] for field in fields}} for r in found[: query.limit]
        ]

    def _record(self, of: str, ident: str, *, deleted: bool | None) -> Record:
        for record in self._records[of]:
            if record["Id"] == ident and deleted in (None, record["IsDeleted"]):
                return record
        raise KeyError(ident)

    @staticmethod
    def _stamped(record: Record) -> Record:
        now = _written(clock.now())
        record.update(SystemModstamp=now, LastModifiedDate=now)
        return record

    def _field(self, query: Query, of: str, name: str) -> str:
        """The field's name as the object has it: SOQL does not tell upper from lower case, in names and in compared texts."""
        for field in FIELDS[of]:
            if field.lower() == name.lower() and f"{of}.{field}" not in self.hidden:
                return field
        text = (
            f"{query.at(name)}No such column '{name}' on entity '{of}'. If you are attempting to use a custom field, be sure "
            "to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the "
            "appropriate names."
        )
        raise Refused("INVALID_FIELD", text)

    def _wanted(self, query: Query, of: str, condition: Condition) -> Condition:
        field = self._field(query, of, condition.field)
        return Condition(field, condition.operator, tuple(_typed(query, field, value) for value in condition.values))


def _typed(query: Query, field: str, value: Value) -> Value:
    """The value as it is compared. Refused where it is not of the field's type."""
    if field in MOMENTS or isinstance(value, datetime):
        if field in MOMENTS and isinstance(value, datetime):
            return value
        kind, quotes = ("dateTime", "should not") if field in MOMENTS else ("string", "should")
        text = f"{query.at(field)}value of filter criterion for field '{field}' must be of type {kind} and {quotes} be "
        raise Refused("INVALID_FIELD", f"{text}enclosed in quotes")
    if field in YES_OR_NO or isinstance(value, bool):
        if field in YES_OR_NO and isinstance(value, bool):
            return value
        text = f"{query.at(field)}value of filter criterion for field '{field}' must be of another type"
        raise Refused("INVALID_FIELD", text)
    if field in KEYS:
        if not _ID.fullmatch(value):
            raise Refused("INVALID_QUERY_FILTER_OPERATOR", f"{query.at(value)}invalid ID field: {value}")
        return value[:15]  # ids of 15 and of 18 characters are the same
    return value.casefold()


def _holds(record: Record, condition: Condition) -> bool:
    kept = record[condition.field]
    if kept is None:
        return False
    if condition.field in MOMENTS:
        kept = _moment(kept)
    elif condition.field in KEYS:
        kept = kept[:15]
    elif isinstance(kept, str):
        kept = kept.casefold()
    if condition.operator == "=":
        return kept in condition.values
    return any(OPERATORS[condition.operator](kept, value) for value in condition.values)


def _check(of: str, values: Record) -> None:
    unknown = set(values) - set(FIELDS[of])
    if unknown:
        raise ValueError(f"{of} has no {', '.join(sorted(unknown))}")


def _attributes(of: str, record: Record) -> Record:
    return {"type": of, "url": f"/services/data/v62.0/sobjects/{of}/{record['Id']}"}


def _written(moment: datetime) -> str:
    """As Salesforce writes it: whole seconds, with zeros for the rest."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


@functools.lru_cache(maxsize=65536)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
