"""Letters in fourteen languages, and the rights that they exercise."""

from pathlib import Path

import pytest

from chalicelib.domain.privacy.parsing.intent import read_wish
from chalicelib.domain.privacy.states import RightKind

_ROWS = (Path(__file__).parent / "letters.txt").read_text("utf-8").splitlines()
LETTERS = [tuple(row.split("|", 2)) for row in _ROWS if not row.startswith("#")]


@pytest.mark.parametrize(("language", "expected", "text"), LETTERS)
def test_a_letter_is_read(language: str, expected: str, text: str) -> None:
    wish = read_wish("", text)
    assert wish.certain == (expected == "link"), (language, wish)
    if expected not in ("link", "none"):
        assert RightKind(expected) in wish.rights
