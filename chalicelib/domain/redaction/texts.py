"""The notes of a record, a contact's or a company's alike, without an erased person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

from chalicelib.core.ids import TenantId
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.redaction.prose import redacted
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.vault.tags import Identifier


class HasNotes(Protocol):
    """A payload with notes."""

    notes: str | None

    def mentioned(self) -> tuple[Mark, ...]:
        """Return the marks of whoever the notes name."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with these fields set."""


P = TypeVar("P", bound=HasNotes)


def with_notes_redacted(payload: P, redact: Callable[[str], str]) -> P | None:
    """Return the payload with its notes redacted; None where that changes nothing."""
    left = redact(payload.notes) if payload.notes else payload.notes
    return None if left == payload.notes else payload.model_copy(update={"notes": left})


def without_forgotten(tenant: TenantId, payload: P, held: Sequence[Mark]) -> P | None:
    """Return the payload, the identifiers of erased people cut out of its notes; None where it holds a mark that must not be
    stored. One call.

    Nothing is refused for what notes say: a refusal would tell that somebody was erased.
    """
    mentioned = payload.mentioned()
    refused, *forgotten = blocked(tenant, [held, *([mark] for mark in mentioned)])
    if refused:
        return None
    cut = _told([mark for mark, gone in zip(mentioned, forgotten, strict=True) if gone])
    return (with_notes_redacted(payload, lambda notes: redacted(notes, cut, [])) if cut else None) or payload


def texts_without_forgotten(tenant: TenantId, texts: Iterable[str]) -> dict[str, str]:
    """Return by each text the same without the identifiers of erased people. One call for 100 identifiers, none for none."""
    named = {text: marks_in(text) for text in texts if text}
    marks = list(dict.fromkeys(mark for own in named.values() for mark in own))
    gone = {mark for mark, erased in zip(marks, blocked(tenant, [[mark] for mark in marks]), strict=True) if erased}
    return {text: redacted(text, _told(gone.intersection(own)), []) if gone else text for text, own in named.items()}


def _told(forgotten: Iterable[Mark]) -> list[Mark]:
    """The marks, and for an alias of an erased address that address: its base tells it."""
    cut = list(forgotten)
    return cut + [Mark(Identifier.EMAIL, mark.exact) for mark in cut if mark.kind is Identifier.EMAIL_BASE]
