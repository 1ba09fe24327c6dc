"""What a letter in a language that we do not read may be for: told by parts of its words, for whoever decides, and never acted on."""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from chalicelib.domain.privacy.parsing.folding import folded
from chalicelib.domain.privacy.states import RightKind

_WORDS = Path(__file__).parent / "lexicons" / "foreign.toml"
_RIGHTS = {
    "see": RightKind.ACCESS,
    "source": RightKind.SOURCE,
    "rectify": RightKind.RECTIFICATION,
    "stop": RightKind.OBJECTION,
    "erase": RightKind.ERASURE,
}
_OF_DATA = frozenset(["erase", "rectify"])  # in the sentence that names the data
_ENDS = re.compile(r"[.!?;。！？]+(?=\s|$)|[。！？]")
_ALONE = frozenset(["stop"])  # of an objection nothing need be said of data


def rights(text: str, language: str) -> tuple[RightKind, ...] | None:
    """Return the rights that a folded text in that language speaks of, which may be none; None for a language without a list."""
    parts = _parts().get(language)
    if parts is None:
        return None
    said = [
        {concept for concept, some in parts.items() if any(part in each for part in some)} for each in _ENDS.split(text)
    ]
    anywhere = set[str]().union(*said)
    return tuple(
        right
        for concept, right in _RIGHTS.items()
        if concept in anywhere
        and (
            concept in _ALONE
            or (concept not in _OF_DATA and "data" in anywhere)
            or any({concept, "data"} <= each for each in said)
        )
    )


@functools.cache
def _parts() -> Mapping[str, Mapping[str, Sequence[str]]]:
    table = tomllib.loads(_WORDS.read_text("utf-8"))
    return {
        language: {
            concept: [part.replace("_", " ") for part in folded(parts).split()] for concept, parts in concepts.items()
        }
        for language, concepts in table.items()
    }
