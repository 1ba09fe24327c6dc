"""Cutting a person out of a note: its identifiers and its name; everything else stays to the letter."""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.domain.redaction.mentions import Mention, mentions_in
from chalicelib.domain.redaction.names import PersonName, Span, merged, name_spans
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier

CUT = "[…]"
_NATIONAL_DIGITS = 8  # a national number without its country is told by so many digits at its end


def redacted(
    note: str, marks: Iterable[Mark], names: Sequence[PersonName], also: Callable[[Mark], bool] = lambda _: False
) -> str:
    """Return the note with these identifiers and names, however spelled, replaced by "[…]".

    Plus-aliases of an address count. Doing it again changes nothing. `also` tells of a mark that is not among `marks`
    whether it is the person's.
    """
    wanted = frozenset(marks)
    mentions = mentions_in(note)
    spans = [(m.start, m.end) for m in mentions if _means(m, wanted) or any(map(also, m.marks))]
    spans += name_spans(note, names, _certain([each for each in mentions if not each.guessed]))
    pieces, at = [], 0
    for start, end in merged(spans):
        pieces += [note[at:start], CUT]
        at = end
    return "".join([*pieces, note[at:]])


def _certain(mentions: Sequence[Mention]) -> list[Span]:
    """The spans that are identifiers for certain: where it is not clear how far one goes, a name may stand in the rest."""
    taken: list[Span] = []
    for mention in sorted(mentions, key=lambda each: each.end - each.start):
        if not any(mention.start < end and start < mention.end for start, end in taken):
            taken.append((mention.start, mention.end))
    return taken


def _means(mention: Mention, wanted: frozenset[Mark]) -> bool:
    for mark in mention.marks:
        if mark in wanted and mark.kind is not Identifier.EMAIL_BASE:
            return True
        if mark.kind is Identifier.EMAIL_BASE and Mark(Identifier.EMAIL, mark.exact) in wanted:
            return True  # an alias of a wanted address
        if mark.kind is Identifier.PHONE and any(_same_phone(mark.exact, other) for other in wanted):
            return True
    return False


def _same_phone(written: str, other: Mark) -> bool:
    """Whether a number is the other one, with or without its country."""
    if other.kind is not Identifier.PHONE:
        return False
    short, long = sorted((_core(written), _core(other.exact)), key=len)
    return len(short) >= _NATIONAL_DIGITS and long.endswith(short)


def _core(number: str) -> str:
    return number.lstrip("+").lstrip("0")
