"""The notes of a record, a contact's or a company's alike, without an erased person."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self, TypeVar

from chalicelib.core.ids import TenantId
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
    cut = [mark for mark, gone in zip(mentioned, forgotten, strict=True) if gone]
    # An alias of an erased address is told by its base.
    cut += [Mark(Identifier.EMAIL, mark.exact) for mark in cut if mark.kind is Identifier.EMAIL_BASE]
    return (with_notes_redacted(payload, lambda notes: redacted(notes, cut, [])) if cut else None) or payload
