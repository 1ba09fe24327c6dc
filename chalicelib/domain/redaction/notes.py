"""The notes of a record, a contact's or a company's alike, without an erased person."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, TypeVar


class HasNotes(Protocol):
    """A payload with notes."""

    notes: str | None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with these fields set."""


P = TypeVar("P", bound=HasNotes)


def with_notes_redacted(payload: P, redact: Callable[[str], str]) -> P | None:
    """Return the payload with its notes redacted; None where that changes nothing."""
    left = redact(payload.notes) if payload.notes else payload.notes
    return None if left == payload.notes else payload.model_copy(update={"notes": left})
