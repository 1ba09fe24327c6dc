"""Notes that a member types in, of a contact or a company that has some already."""

from chalicelib.core.codes import FieldCode
from chalicelib.core.errors import FieldError
from chalicelib.core.written import LONGEST_NOTES


def below(before: str | None, typed: str) -> tuple[str, list[FieldError]]:
    """Return the notes with what is typed in below them, and what is wrong with that, if anything. What stands there already as
    whole lines is not added: "likes tea" is not within "dislikes tea"."""
    if not before:
        return typed, []
    if f"\n{typed}\n" in f"\n{before}\n":
        return before, []
    notes = f"{before}\n{typed}"
    sentence = f"Notes have at most {LONGEST_NOTES} characters."
    return notes, [FieldError("notes", FieldCode.TOO_LONG, sentence)] if len(notes) > LONGEST_NOTES else []
