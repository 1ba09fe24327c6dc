"""What a search finds: each kind of spelling, typed in several ways."""

import pytest

from chalicelib.domain.search.terms import matches, searchable, terms

Name = tuple[str, ...]


def _found(query: str, *texts: str | None, name: Name = ()) -> bool:
    return matches(terms(query), searchable(texts, name))


_ALIKE = {
    "an apostrophe": ("O'Neil", "O’Neil", "O`Neil", "O´Neil", "OʼNeil", "oneil"),
    "a hyphen": ("Meyer-Landrut", "Meyer‑Landrut", "Meyer–Landrut", "Meyerlandrut"),
    "a hyphen or a space": ("Jean-Luc", "Jean‐Luc", "jean luc"),
    "ü": ("Müller", "Mueller", "MÜLLER", "mu\u0308ller"),
    "ö and ø": ("Bjørn", "Björn", "BJØRN"),
    "oe": ("Sørensen", "Soerensen", "Sörensen"),
    "å": ("Gård", "Gaard", "GÅRD"),
    "ß": ("Weiß", "WEISS", "weiss"),
    "accents": ("Zoë", "Zoe", "ZOË"),
    "İ and ı": ("İstanbul", "istanbul", "ISTANBUL", "ıstanbul"),
    "the final sigma": ("Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
    "points": ("שָׁלוֹם", "שלום"),
    "tones": ("مُحَمَّد", "محمد"),
    "a Hebrew abbreviation": ('צה"ל', "צה״ל"),
    "width": ("ﾔﾏﾀﾞ", "ヤマダ"),
    "dj": ("Đoković", "Djoković", "đokovic"),
    "a domain": ("müller.example", "xn--mller-kva.example", "MÜLLER.example"),
    "no space": ("北京 公司", "北京公司", "北京　公司"),
    "a middle dot": ("ジョン・スミス", "ジョンスミス", "ジョン･スミス"),
}


@pytest.mark.parametrize(
    ("typed", "stored"), [(one, other) for alike in _ALIKE.values() for one in alike for other in alike]
)
def test_each_spelling_finds_each_other(typed: str, stored: str) -> None:
    assert _found(typed, stored)
    assert not _found(typed + "zz", stored)


@pytest.mark.parametrize("typed", ["Odegaard", "Ødegård", "Oedegaard", "odegard", "ødegaard"])
def test_each_letter_of_two_spellings_is_found_in_either(typed: str) -> None:
    assert _found(typed, "Ødegård")


_MUELLER = ("Jürgen", "Müller")


@pytest.mark.parametrize(
    "typed",
    ["Müller, Jürgen", "mueller,juergen", '"Müller, Jürgen"', '"jürgen mueller"', "„Jürgen Müller“", "«jurgen muller»"],
)
def test_a_name_is_found_in_either_order(typed: str) -> None:
    assert _found(typed, "Nord AG", name=_MUELLER)
    assert not _found(typed, "Nord AG", name=("Jürgen", "Möller"))


def test_a_phrase_is_found_as_it_stands_only() -> None:
    assert _found('"nord wind"', "Die Nord Wind AG")
    assert _found("wind nord", "Die Nord Wind AG")
    assert not _found('"wind nord"', "Die Nord Wind AG")
    assert not _found('"wind ag" jürgen', "Die Nord Wind AG", name=("Anna", "Ott"))
    assert not _found('"ott nord"', "Nord AG", name=("Anna", "Ott")), "no phrase goes from one field into the next"


@pytest.mark.parametrize("typed", ["山田太郎", "山田 太郎", "太郎山田", "山田　太郎", "田太", "山田"])
def test_names_without_spaces_are_found_by_any_part(typed: str) -> None:
    assert _found(typed, name=("太郎", "山田"))
    assert not _found(typed, name=("花子", "佐藤"))


@pytest.mark.parametrize("typed", ["สมชายใจดี", "สมชาย ใจดี", "ใจดี"])
def test_thai_names_too(typed: str) -> None:
    assert _found(typed, name=("สมชาย", "ใจดี"))


def test_the_beginning_of_what_is_typed_is_enough() -> None:
    assert _found("mül", "Müller")
    assert _found("xn--mll", "xn--mller-kva.example")
    assert _found("o'n", "O’Neil")
    assert not _found("joe", name=("John", "Doe")), "two letters that may be one are not looked for as one"


@pytest.mark.parametrize("typed", ["", "  ", "-", "''", '""', ","])
def test_signs_alone_are_no_filter(typed: str) -> None:
    assert terms(typed) == ()
    assert _found(typed, None)
