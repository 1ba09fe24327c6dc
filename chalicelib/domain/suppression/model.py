"""Marks: the identifiers of a person in their exact forms, as tombstones and pointers are made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.core import identifiers
from chalicelib.core.ids import SortKey
from chalicelib.vault.tags import Identifier


class Mark(NamedTuple):
    """One identifier of a person: its kind, and its exact form (see core.identifiers)."""

    kind: Identifier
    exact: str


@dataclass(frozen=True)
class Subject:
    """Whom a record is about, read before the record is erased: since when the record stands, which tells it from a later one
    under the same key; the person's name, first and last; marks; other names that sources have of the person; and the sort keys
    of records that go with it."""

    made_at: str
    name: tuple[str, str] = ("", "")
    marks: tuple[Mark, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    with_it: tuple[SortKey, ...] = ()


def marks_of(
    emails: Iterable[identifiers.EmailAddress] = (),
    profile_urls: Iterable[str] = (),
    phones: Iterable[str] = (),
    source_ids: Iterable[str] = (),
) -> tuple[Mark, ...]:
    """Return the marks of these identifiers, each once: URLs and phones in exact form.

    A URL that is not one person's page gives none: whoever names a page that many share is nobody by it. An address with a
    plus suffix also gives its EMAIL_BASE; one without gives none, for its base is itself.
    """
    marks: list[Mark] = []
    for email in emails:
        marks.append(Mark(Identifier.EMAIL, email.exact))
        if email.base != email.exact:
            marks.append(Mark(Identifier.EMAIL_BASE, email.base))
    marks += [Mark(Identifier.URL, url) for url in profile_urls if identifiers.is_person_page(url)]
    marks += [Mark(Identifier.PHONE, number) for number in phones]
    marks += [Mark(Identifier.SOURCE, source) for source in source_ids]
    return tuple(dict.fromkeys(marks) if len(marks) > 1 else marks)


def with_aliases(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the marks, and for each address the mark of its plus-aliases. Records of a person are found by them."""
    found: list[Mark] = []
    for mark in marks:
        found.append(mark)
        if mark.kind is Identifier.EMAIL:
            found.append(Mark(Identifier.EMAIL_BASE, mark.exact))
    return tuple(dict.fromkeys(found))
