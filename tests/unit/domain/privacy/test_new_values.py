"""What a letter says is right about its writer, read for the form of a rectification: plain or not at all."""

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.languages import OF_PERSONS
from chalicelib.domain.privacy.parsing.new_value_words import WORDS
from chalicelib.domain.privacy.parsing.new_values import new_values

ME = EmailAddress.parse("me@old.example")


def test_every_language_that_is_answered_has_its_words() -> None:
    assert set(WORDS) == set(OF_PERSONS)
    assert {frozenset(said) for said in WORDS.values()} == {frozenset({"name", "last_name", "title", "company", "at"})}


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "Hello, my surname is now Costigan-Roe, please correct it. Niall", {"last_name": "Costigan-Roe"}),
        (
            "en",
            "I'm now a Chief Operating Officer at Brackenhall Foods since May.",
            {"title": "Chief Operating Officer", "company_name": "Brackenhall Foods"},
        ),
        (
            "de",
            "Meine Funktion lautet jetzt Leiterin Einkauf bei der Nordwind AG.",
            {"title": "Leiterin Einkauf", "company_name": "Nordwind AG"},
        ),
        (
            "fr",
            "Je suis désormais directrice des achats chez Valmorin depuis mai.",
            {"title": "directrice des achats", "company_name": "Valmorin"},
        ),
        ("es", "Mi nuevo apellido es Ibáñez. Gracias.", {"last_name": "Ibáñez"}),
        ("it", "Ora lavoro presso Bianchi S.p.A., grazie.", {"company_name": "Bianchi S.p.A"}),
        ("nl", "Mijn functie is nu Hoofd Inkoop bij Van Dijk.", {"title": "Hoofd Inkoop", "company_name": "Van Dijk"}),
        ("pt", "Meu nome correto é Ayrton Yoshida. Arrumem.", {"first_name": "Ayrton", "last_name": "Yoshida"}),
        ("pl", "Moje stanowisko to Dyrektor ds. produkcji.", {"title": "Dyrektor ds. produkcji"}),
        ("sv", "Mitt nya efternamn är Lööf.", {"last_name": "Lööf"}),
        ("da", "Jeg er nu økonomichef hos Limfjorden.", {"title": "økonomichef", "company_name": "Limfjorden"}),
        ("cs", "Moje nové příjmení je Bartoňová.", {"last_name": "Bartoňová"}),
        ("ro", "Acum lucrez la Agroindustriala Bărăgan.", {"company_name": "Agroindustriala Bărăgan"}),
        ("el", "Είμαι πλέον Διευθύντρια στην Υφαντουργία.", {"title": "Διευθύντρια", "company_name": "Υφαντουργία"}),
        ("hr", "Moje prezime je sada Kačan.", {"last_name": "Kačan"}),
    ],
)
def test_what_is_said_plainly_is_read_in_each_language(language: str, text: str, values: dict[str, str]) -> None:
    assert new_values(text, language, ME) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Die Nummer stimmt nicht: +49 30 7654321", {"phones": "+49 30 7654321"}),
        ("The old number is +49 30 1234567, the new one is +49 30 7654321.", {"phones": "+49 30 7654321"}),
        ("You have +49 30 1234567 and +49 30 7654321 of me.", {}),
        ("Non scrivete a me@old.example, ma a nuova@people.example", {"emails": "nuova@people.example"}),
        ("Your data about me are wrong, correct them.", {}),
        ("My name is you know what, correct it.", {}),
        (f"My name is {'Ann ' * 9}", {}),
        ("My title is now ceo@people.example", {"emails": "ceo@people.example"}),
    ],
)
def test_what_is_not_plain_stays_empty(text: str, values: dict[str, str]) -> None:
    assert new_values(text, "en", ME) == values


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "I am now married, my last name is Smith.", {"last_name": "Smith"}),
        ("en", "I'm now asking you to correct my number: +49 30 7654321", {"phones": "+49 30 7654321"}),
        ("en", "My title is wrong, please correct it.", {}),
        ("en", "My role is no longer CTO.", {}),
        ("en", "I am now working at Acme.", {}),
        ("en", "I am now Mrs Smith.", {}),
        ("en", "I am now glad that this works.", {}),
        ("en", "My title is now head of sales.", {"title": "head of sales"}),
        ("en", "My old number is +49 30 1234567, please delete it.", {}),
        ("de", "Ich bin jetzt verheiratet. Meine Position ist veraltet.", {}),
        ("de", "Ich bin inzwischen nicht mehr bei Acme.", {}),
        ("fr", "Je suis maintenant mariée.", {}),
        ("es", "Ahora soy residente en Madrid.", {}),
        ("it", "Ora sono sposata, il mio cognome è ora Rossi.", {"last_name": "Rossi"}),
        ("nl", "Ik ben nu getrouwd.", {}),
        ("pt", "Agora sou casada.", {}),
        ("pl", "Jestem teraz mężatką.", {}),
        ("sv", "Jag är nu gift.", {}),
        ("da", "Jeg er nu gift.", {}),
        ("cs", "Jsem nyní vdaná.", {}),
        ("ro", "Acum sunt căsătorită.", {}),
        ("el", "Είμαι πλέον παντρεμένη.", {}),
        ("hr", "Sada sam udana.", {}),
    ],
)
def test_what_only_looks_like_a_new_value_is_none(language: str, text: str, values: dict[str, str]) -> None:
    assert new_values(text, language, ME) == values


def test_a_language_without_words_has_its_identifiers_read() -> None:
    assert new_values("Az új számom +36 1 234 5678", "hu", ME) == {"phones": "+36 1 234 5678"}
