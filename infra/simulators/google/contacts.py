"""The contacts of one account: Person resources with a version that rises with each change, deleted ones included."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.core import clock

Fields = dict[str, list[dict[str, Any]]]  # by Google's names of a Person's fields
Key = tuple[str, int]
_MIDDLE = 4 * 10**18


@dataclass
class Contact:
    """`name` is its resource name; `former` those that it had before. `undone`: its fields before it was deleted."""

    name: str
    fields: Fields
    version: int
    updated: datetime
    deleted: bool = False
    former: list[str] = field(default_factory=list)
    undone: Fields = field(default_factory=dict)

    @property
    def source(self) -> dict[str, str]:
        return {"type": "CONTACT", "id": f"{int(self.name.removeprefix('people/c')):x}"}

    def text(self, part: str) -> str:
        """A part of its name, for sorting."""
        return str(next((each.get(part, "") for each in self.fields.get("names", [])), ""))


class Contacts:
    """Not thread-safe: the simulator takes care."""

    def __init__(self, address: str) -> None:
        self._all: dict[str, Contact] = {}
        self._next = _MIDDLE + int(hashlib.sha256(address.encode()).hexdigest()[:12], 16)
        self.version = 0

    def add(self, fields: Fields) -> Contact:
        self._next += 7919  # ids are not dense
        made = Contact(f"people/c{self._next}", fields, self._step(), clock.now())
        self._all[made.name] = made
        return made

    def change(self, name: str, fields: Mapping[str, list[dict[str, Any]]]) -> Contact:
        """Replace these fields. KeyError where there is no such contact."""
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        found.fields = {**found.fields, **fields}
        found.version, found.updated = self._step(), clock.now()
        return found

    def rename(self, name: str) -> Contact:
        """Another resource name for the same person, as linking with a profile brings it. KeyError."""
        found = self.change(name, {})
        del self._all[name]
        self._next += 7919
        found.former.append(name)
        found.name = f"people/c{self._next}"
        self._all[found.name] = found
        return found

    def delete(self, name: str) -> None:
        """KeyError where there is no such contact."""
        found = self.change(name, {})
        found.deleted, found.undone, found.fields = True, found.fields, {}

    def restore(self, name: str) -> None:
        """As "Undo changes" does, for 30 days (https://support.google.com/contacts/answer/1069522). KeyError."""
        found = self._all[name]
        found.deleted, found.fields = False, found.undone
        found.version, found.updated = self._step(), clock.now()

    def get(self, name: str) -> Contact | None:
        """None where there is none, or none any more. A former name finds it too."""
        found = self._all.get(name) or next((each for each in self._all.values() if name in each.former), None)
        return None if found is None or found.deleted else found

    def listed(self, order: str) -> list[tuple[Key, Contact]]:
        """Those that are there, each with its place. KeyError for an unknown order."""
        key, backwards = ORDERS[order]
        found = [(key(each), each) for each in self._all.values() if not each.deleted]
        return sorted(found, key=lambda pair: pair[0], reverse=backwards)

    def changed(self, since: int) -> list[tuple[Key, Contact]]:
        """Those that changed after that version, deleted ones too, in the order of their changes."""
        found = [(("", each.version), each) for each in self._all.values() if each.version > since]
        return sorted(found, key=lambda pair: pair[0])

    def _step(self) -> int:
        self.version += 1
        return self.version


_Placed = Callable[[Contact], Key]
ORDERS: dict[str, tuple[_Placed, bool]] = {
    "LAST_MODIFIED_ASCENDING": (lambda each: ("", each.version), False),
    "LAST_MODIFIED_DESCENDING": (lambda each: ("", each.version), True),
    "FIRST_NAME_ASCENDING": (lambda each: (each.text("givenName"), each.version), False),
    "LAST_NAME_ASCENDING": (lambda each: (each.text("familyName"), each.version), False),
}


def described(  # noqa: PLR0913 - what a person is known by, all by keyword
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    emails: Sequence[str] | None = None,
    phones: Sequence[str] | None = None,
    urls: Sequence[str] | None = None,
    title: str | None = None,
    company: str | None = None,
    note: str | None = None,
    **more: list[dict[str, Any]],
) -> Fields:
    """A Person's fields in plain words; what is not given is left out, further ones go by Google's names."""
    fields: Fields = dict(more)
    if first_name is not None or last_name is not None:
        both = [part for part in (first_name, last_name) if part]
        names = {"givenName": first_name, "familyName": last_name, "displayName": " ".join(both)}
        names |= {"displayNameLastFirst": ", ".join(reversed(both)), "unstructuredName": " ".join(both)}
        fields["names"] = [{name: value for name, value in names.items() if value}] if both else []
    if emails is not None:
        fields["emailAddresses"] = [{"value": each, "type": "work", "formattedType": "Work"} for each in emails]
    if phones is not None:
        fields["phoneNumbers"] = [{"value": each, "canonicalForm": each, "type": "mobile"} for each in phones]
    if urls is not None:
        fields["urls"] = [{"value": each, "type": "profile", "formattedType": "Profile"} for each in urls]
    if title is not None or company is not None:
        job = {"name": company, "title": title, "type": "work"}
        fields["organizations"] = [{name: value for name, value in job.items() if value}]
    if note is not None:
        fields["biographies"] = [{"value": note, "contentType": "TEXT_PLAIN"}]
    return fields
