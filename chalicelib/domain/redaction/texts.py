"""The free texts of a record, a contact's or a company's alike: made fit to keep, who is named in them, and the record without an
erased person.

Which fields hold free text is said beside each of them (core.models.FreeText), and nowhere else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, cast

from pydantic import BaseModel

from chalicelib.core.identifiers import without_unseen
from chalicelib.core.ids import TenantId
from chalicelib.core.models import FreeText
from chalicelib.domain.redaction.mentions import (
    Mention,
    identifiers_in,
    is_one_plain_word,
    marks_in,
    may_mention,
    mentions_in,
)
from chalicelib.domain.redaction.names import merged
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.sources.provenance import Kept
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACED = re.compile(r"(?<=\w) [@＠] (?=\w)")


class Cut(Protocol):
    """Returns a text without a person. `prose`: its name is cut wherever it stands; else only out of a text that holds an
    identifier of the person too."""

    def __call__(self, text: str, *, prose: bool = True) -> str: ...


class HasTexts(Protocol):
    """A payload with free texts: strings, or values that have sources."""

    def values_of(self, name: str) -> list[Any]:
        """Return every value of one field that has sources, shown or not."""

    def with_values(self, values: Mapping[str, list[Any]]) -> dict[str, object]:
        """Return the update of these fields, given all values of each."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with these fields set."""


P = TypeVar("P", bound=HasTexts)
D = TypeVar("D")


def clean(text: str) -> str:
    """Return the text in NFC, its HTML entities decoded, without what nobody sees, white space as single blanks."""
    if is_one_plain_word(text):
        return text
    if "&" in text:
        text = decoded(text)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", without_unseen(text))
    return " ".join(text.split())


def decoded(text: str) -> str:
    """Return what a program meant that escaped a text for a page before it stored it, some of them twice."""
    return unescape(unescape(text)) if _ENTITY.search(text) else text


def without_addresses(text: str) -> tuple[str, list[str]]:
    """Return the cleaned text without the e-mail addresses and persons' pages in it, and those addresses. Where it is not clear
    how far one goes, it stays: a text carries whom it names."""
    if is_one_plain_word(text):  # most names
        return text, []
    text = clean(text)
    if not may_mention(text):  # most titles
        return text, []
    hidden = _sure(text)
    if any(_SPACED.search(text, each.start, each.end) for each in hidden):
        text = _SPACED.sub(" at ", text)  # "CTO @ Booking.com" is a title
        hidden = _sure(text)
    rest, at, found = "", 0, list[str]()
    for start, end in merged([(m.start, m.end) for m in hidden]):
        addresses = {
            mark.exact for m in hidden if start <= m.start < end for mark in m.marks if mark.kind is Identifier.EMAIL
        }
        if len(addresses) <= 1:
            rest, at = rest + text[at:start], end
            found += addresses
    return (_trimmed(rest + text[at:]), found) if at else (text, [])


def _sure(text: str) -> list[Mention]:
    """The identifiers that can mean nothing else: somebody may work at a place whose name is a domain."""
    return [each for each in identifiers_in(text) if not each.guessed]


def _trimmed(text: str) -> str:
    """The text without what stood around the addresses that were taken out of it."""
    return clean(re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", text)).strip("<>,;:-/| ")


def shortened(text: str, most: int) -> str:
    """Return the text's first characters, at most so many, without the part of an identifier that would be left at their end: it
    would be found by nobody's address."""
    if len(text) <= most:
        return text
    return text[: min([most, *(each.start for each in mentions_in(text) if each.start < most < each.end)])]


@cache
def fields_of(kind: type[BaseModel]) -> Mapping[str, FreeText]:
    """Return the fields of a model that hold free text, each with what is said of it."""
    fields = kind.model_fields.items()
    return {name: said for name, field in fields for said in field.metadata if isinstance(said, FreeText)}


def mentioned_in(payload: HasTexts) -> tuple[Mark, ...]:
    """Return the marks of whoever the free texts name by an address, URL or phone, shown or not, each once."""
    return tuple(dict.fromkeys(mark for text in _texts(payload) if may_mention(text) for mark in marks_in(text)))


def with_texts_redacted(payload: P, cut: Cut) -> P | None:
    """Return the payload with its free texts redacted, whoever said them; None where that changes nothing."""
    update: dict[str, object] = {}
    values: dict[str, list[Kept]] = {}
    for name, said in _fields(payload).items():
        there = getattr(payload, name)
        if isinstance(there, str):
            left = cut(there, prose=said.prose)
            update |= {} if left == there else {name: left}
        else:
            every = payload.values_of(name)
            kept = [_redacted(value, cut, said) for value in every]
            values |= {} if kept == every else {name: _united(kept)}
    if not update and not values:
        return None
    return payload.model_copy(update={**update, **(payload.with_values(values) if values else {})})


def storable(tenant: TenantId, payload: P, held: Sequence[Mark], whose: Sequence[Mark] = ()) -> tuple[P | None, bool]:
    """Return the payload, the identifiers of erased people cut out of its texts, None where a mark of `held` must not be
    stored; and whether the person with the marks `whose` wants its data restricted. One call.

    Nothing is refused for what texts say: a refusal would tell that somebody was erased.
    """
    answer = ask(tenant, [held], mentioned_in(payload), [whose])
    if answer.refused[0]:
        return None, False
    return (with_texts_redacted(payload, answer.cut) if answer.forgotten else None) or payload, answer.restricted[0]


@dataclass(frozen=True)
class Answer:
    """What the suppression says: for each record asked of whether it may not be stored, and whether its person wants its data
    restricted; and whom no text may name."""

    refused: list[bool]
    restricted: list[bool]
    forgotten: list[Mark]

    def cut(self, text: str, *, prose: bool = True) -> str:  # noqa: ARG002 - as Cut; whose names these were is not known
        """Return the text without the identifiers of those who must not be named."""
        return redacted(text, self.forgotten, [])


def ask(
    tenant: TenantId,
    held: Sequence[Sequence[Mark]],
    mentioned: Iterable[Mark],
    whose: Sequence[Sequence[Mark]] | None = None,
) -> Answer:
    """Return what the suppression says of records that hold these marks, of whose each is (tombstones.ask), and of the marks that
    texts mention. One call for 100 keys, none for none."""
    from chalicelib.domain.suppression import tombstones  # noqa: PLC0415 - cold start

    marks = list(dict.fromkeys(mentioned))
    said = tombstones.ask(tenant, held, marks, whose)
    forgotten = [mark for mark, gone in zip(marks, said.forgotten, strict=True) if gone]
    # An alias of an erased address is told by its base.
    forgotten += [Mark(Identifier.EMAIL, mark.exact) for mark in forgotten if mark.kind is Identifier.EMAIL_BASE]
    return Answer(said.refused, said.restricted, forgotten)


def mentioned_by(kind: type[BaseModel], draft: object) -> Iterator[Mark]:
    """Yield the marks of whoever a draft names in what becomes a free text of that kind of payload."""
    for text in _said(kind, draft).values():
        if may_mention(text):
            yield from marks_in(text)


def draft_redacted(kind: type[BaseModel], draft: D, cut: Callable[[str], str]) -> D:
    """Return the draft, a dataclass, with what becomes free texts of that kind of payload redacted."""
    texts = _said(kind, draft)
    left = {name: cut(text) for name, text in texts.items()}
    return draft if left == texts else cast("D", replace(cast("DataclassInstance", draft), **left))


def _said(kind: type[BaseModel], draft: object) -> dict[str, str]:
    """What the draft says in these fields, a size in numbers apart."""
    said = {name: getattr(draft, name, None) for name in fields_of(kind)}
    return {name: text for name, text in said.items() if text and isinstance(text, str)}


def _fields(payload: HasTexts) -> Mapping[str, FreeText]:
    return fields_of(cast("type[BaseModel]", type(payload)))


def _texts(payload: HasTexts) -> Iterator[str]:
    for name in _fields(payload):
        there = getattr(payload, name)
        if isinstance(there, str):
            yield there
        else:
            yield from (kept.value for kept in payload.values_of(name) if isinstance(kept.value, str))


def _redacted(kept: Kept, cut: Cut, said: FreeText) -> Kept:
    left = cut(kept.value, prose=said.prose) if isinstance(kept.value, str) else kept.value
    return kept if left == kept.value else kept.model_copy(update={"value": left})


def _united(values: Iterable[Kept]) -> list[Kept]:
    """The values, those that are one now with the sources of both."""
    found: dict[str, Kept] = {}
    for kept in values:
        other = found.get(kept.value)
        if other is not None:
            times = {name: getattr(other, name) | getattr(kept, name) for name in ("sources", "changed", "shared")}
            kept = other.model_copy(update=times)  # noqa: PLW2901 - both, from here on
        found[kept.value] = kept
    return list(found.values())
