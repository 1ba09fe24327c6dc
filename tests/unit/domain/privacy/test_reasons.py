"""Each reason has its words in every language, and a refusal its article."""

import re

import pytest

from chalicelib.domain.privacy.reasons import REASONS, Decision, Extension, Question, Refusal
from chalicelib.domain.privacy.states import RightKind
from chalicelib.texts import catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES[catalogues.PERSONS])
def test_each_reason_has_its_words(language: str) -> None:
    texts = catalogues.catalogue(catalogues.PERSONS, language)
    for table, reasons in (("refused", Refusal), ("needs_more", Question), ("extended", Extension)):
        assert set(texts[table]) == {str(each) for each in reasons}
    for refusal in Refusal:
        assert re.search(r"\b(1[2-9]|2[0-2])\b", texts["refused"][refusal]), f"{refusal} names no article"


@pytest.mark.parametrize("kind", RightKind)
def test_every_right_can_be_refused_as_unproven_and_an_erasure_for_no_copys_reason(kind: RightKind) -> None:
    assert Refusal.IDENTITY_UNPROVEN.fits(kind)
    assert Refusal.OTHERS_RIGHTS.fits(kind) is (kind in (RightKind.ACCESS, RightKind.SOURCE, RightKind.PORTABILITY))
    assert Refusal.COMPELLING_GROUNDS.fits(kind) is (kind is RightKind.OBJECTION)


def test_every_decision_has_its_reasons() -> None:
    assert set(REASONS) == set(Decision)
