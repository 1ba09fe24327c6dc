"""Pages say what the catalogues say."""

from html import escape

import pytest

from chalicelib.core import languages
from chalicelib.texts import catalogues, pages, render


@pytest.mark.parametrize("language", languages.OF_PERSONS)
def test_a_text_is_shown_whatever_its_name_means_to_a_dict(language: str) -> None:
    ours = {"controller": "We", "privacy_address": "privacy@iko.example"}
    shown = {"script": "", "keys": "{}", "counts": render.count_texts(language), "nothing": "none"}
    page = pages.page("verify", language, **shown, **ours)
    said = catalogues.catalogue(catalogues.PERSONS, language)["page"]["verify"]["keys"]
    assert f"<summary>{escape(said)}</summary>" in page
    assert f'<label for="keys">{escape(said)}</label>' in page
    assert "built-in method" not in page
