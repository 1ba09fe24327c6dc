"""The desk has words for everything that it shows."""

from enum import StrEnum
from pathlib import Path

import jinja2
import pytest

from chalicelib.api.officer_actions import ACTIONS
from chalicelib.core import languages
from chalicelib.domain.privacy.limits import Way
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.reasons import Extension, NoRequest, Opening, Proof, Question, Refusal
from chalicelib.domain.privacy.states import Intake, RightKind, RightState, Waiting
from chalicelib.texts import pages

TEMPLATES = Path(pages.__file__).parent / "templates"
SHOWN: dict[str, type[StrEnum]] = {
    "rights": RightKind,
    "states": RightState,
    "turns": Waiting,
    "intakes": Intake,
    "openings": Opening,
    "proofs": Proof,
    "no_requests": NoRequest,
    "questions": Question,
    "refusals": Refusal,
    "extensions": Extension,
    "ways": Way,
    "marks": Mark,
}


@pytest.fixture(scope="module")
def words() -> dict[str, dict[str, str]]:
    found = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True).get_template(
        "desk/words.html"
    )
    return dict(vars(found.module))


@pytest.mark.parametrize("table", SHOWN)
def test_every_value_has_words_and_there_are_no_others(words: dict[str, dict[str, str]], table: str) -> None:
    assert set(words[table]) == {str(each) for each in SHOWN[table]}
    assert all(words[table].values())


def test_every_refusal_names_its_article(words: dict[str, dict[str, str]]) -> None:
    assert all("art. " in text for text in words["refusals"].values())


def test_every_action_says_that_it_is_done_and_every_language_has_its_name(words: dict[str, dict[str, str]]) -> None:
    assert set(words["done"]) == set(ACTIONS)
    assert set(words["languages"]) == set(languages.OF_PERSONS)
