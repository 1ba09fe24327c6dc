"""No word for an everyday thing is the beginning of a word by which somebody asks for a right."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.privacy.parsing import lexicon

LEXICONS = sorted((Path(lexicon.__file__).parent / "lexicons").glob("??.toml"))


def words(of: dict[str, Any], concept: str) -> Iterator[str]:
    for name, said in of.items():
        if isinstance(said, dict):
            yield from words(said, concept)
        elif name == concept and isinstance(said, str):
            yield from said.split()


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.stem)
def test_a_thing_is_no_wish(path: Path) -> None:
    said = tomllib.loads(path.read_text())
    named = list(words(said, "thing"))
    things = [word.removesuffix("*") for word in named if word.endswith("*")]
    asked = [word for concept in ("rectify", "erase", "object", "restrict") for word in words(said, concept)]
    assert named
    assert asked
    assert [(thing, word) for thing in things for word in asked if word.startswith(thing)] == []
