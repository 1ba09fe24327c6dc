"""Letters in fourteen languages, and the rights that they exercise."""

from pathlib import Path

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.intent import read_wish
from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.states import RightKind

_ROWS = (Path(__file__).parent / "letters.txt").read_text("utf-8").splitlines()
LETTERS = [tuple(row.split("|", 2)) for row in _ROWS if not row.startswith("#")]


@pytest.mark.parametrize(("language", "expected", "text"), LETTERS)
def test_a_letter_is_read(language: str, expected: str, text: str) -> None:
    wish = read_wish("", text)
    assert wish.certain == (expected == "link"), (language, wish)
    if expected not in ("link", "none"):
        assert RightKind(expected) in wish.rights


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Please delete my husband's data.", Mark.THIRD_PERSON),
        ("You have my daughter in your files. Delete everything.", Mark.THIRD_PERSON),
        ("Bitte löschen Sie die Daten meiner Mutter.", Mark.THIRD_PERSON),
        ("Delete only my phone number.", Mark.PARTIAL),
        ("Supprimez mon numéro, le reste peut rester.", Mark.PARTIAL),
        ("Send me a copy of my data. Then delete them.", Mark.ANOTHER_FIRST),
        ("Where did you get my number? Delete my data.", Mark.ANOTHER_FIRST),
        ("I have complained to the ICO. Delete my data.", Mark.COMPLAINT),
        ("We act for our client. Please delete her data.", Mark.AGENT),
    ],
)
def test_what_a_person_has_to_read_says_why(text: str, mark: Mark) -> None:
    wish = read_wish("", text)
    assert mark in wish.marks
    assert not wish.certain
    assert RightKind.ERASURE in wish.rights


@pytest.mark.parametrize(
    "text",
    [
        "Delete my data. Otherwise I will complain to the ICO.",
        "Löschen Sie meine Daten. Sollten Sie nicht antworten, behalte ich mir eine Beschwerde vor.",
    ],
)
def test_a_complaint_kept_in_reserve_takes_nothing_from_a_wish(text: str) -> None:
    assert read_wish("", text).certain


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("Personal data?", True),
        ("Who are you, and is this GDPR thing about my data?", True),
        ("Thanks, having the function would be great.", False),
        ("The GDPR gives users the right to erasure. Read more: https://law.example", False),
    ],
)
def test_what_may_ask_something_of_us_is_told_from_what_does_not(text: str, addressed: bool) -> None:
    assert read_wish("", text).addressed is addressed


def test_a_sentence_does_not_end_within_a_name() -> None:
    assert read_wish("", "I want my acme.in account deleted, with my data").certain


def test_a_strange_language_is_read_by_what_all_understand() -> None:
    wish = read_wish("Tietopyyntö", "Pyydän GDPR:n artiklan mukaisesti tietojani. Unsubscribe")
    assert not wish.certain
    assert wish.rights == (RightKind.OBJECTION,)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hei, vennligst slett alle opplysningene dere har om meg. Jeg ønsker ikke å stå i registeret deres.", "no"),
        ("Dobrý deň, prosím vymažte všetky moje osobné údaje. Ďakujem, Zuzana Kováčová", "sk"),
    ],
)
def test_a_language_near_to_one_of_ours_gets_no_link(text: str, language: str) -> None:
    raw = f"From: a@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    found = read(raw, Verdicts(), [EmailAddress.parse("privacy@iko.example")])
    assert isinstance(found, Reading)
    assert (found.language, found.certain) == (language, False)
    assert RightKind.ERASURE in found.rights


@pytest.mark.parametrize(
    ("language", "text", "rights"),
    [
        ("fi", "Poistakaa kaikki minua koskevat tiedot.", (RightKind.ERASURE,)),
        ("hu", "Kérem, küldjék el az adataim másolatát.", (RightKind.ACCESS,)),
        ("uk", "Прошу видалити всі мої персональні дані.", (RightKind.ERASURE,)),
        ("tr", "Numaramı nereden aldınız?", (RightKind.SOURCE,)),
        ("ja", "私の個人情報を削除してください。", (RightKind.ERASURE,)),
        ("fi", "Ohessa lasku lokakuun siivouksista.", ()),
        ("tr", "Kişileri CSV olarak nasıl dışa aktarırım?", ()),
    ],
)
def test_a_letter_that_is_not_read_says_what_it_may_be_for(
    language: str, text: str, rights: tuple[RightKind, ...]
) -> None:
    wish = read_wish("", text, language=language)
    assert (wish.rights, wish.certain, wish.addressed) == (rights, False, bool(rights))


@pytest.mark.parametrize(
    "text",
    [
        "Can you delete the meeting on Thursday?",
        "How do I delete a column in the export?",
        "Želim otkazati svoju narudžbu.",
        "Autorizo a que conserven mis datos para futuros procesos.",
    ],
)
def test_what_is_no_request_is_not_answered(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.addressed) == ((), False)


def test_a_newsletter_in_a_language_that_is_not_read_is_not_answered() -> None:
    text = "Mikor kell törölni az ügyfél adatait? Leiratkozás: https://hirek.example/ki"
    assert not read_wish("", text, language="hu").addressed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Ich heiße jetzt Petra Lindner, nicht mehr Petra Maurer. Bitte ändern.", RightKind.RECTIFICATION),
        ("Il mio cognome è D'Angelo e non Dangelo, potete correggere?", RightKind.RECTIFICATION),
        ("W moim nazwisku jest błąd, powinno być Wójcik, a nie Wojcik. Proszę poprawić.", RightKind.RECTIFICATION),
        ("Μη με ξανακαλέσετε.", RightKind.OBJECTION),
        ("Ne me rappelez plus jamais.", RightKind.OBJECTION),
        ("Non richiamatemi più.", RightKind.OBJECTION),
    ],
)
def test_a_name_that_is_another_and_a_call_that_is_not_to_come_again_are_read(text: str, right: RightKind) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.certain) == ((right,), False)


@pytest.mark.parametrize(
    "text",
    [
        "Delete all my appointments of tomorrow.",
        "Borra todas mis citas de mañana",
        "Apaga todas as minhas reuniões de amanhã",
        "Proszę usunąć fakturę 118, bo jest zdublowana, i wystawić korektę.",
        "Oferecemos contactos verificados. Removemos duplicados dos seus dados.",
        "Nabízíme přístup ke kontaktům. Odstraníme duplicity z vašich dat.",
    ],
)
def test_a_thing_of_everyday_or_an_offer_is_not_answered(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.addressed) == ((), False)


@pytest.mark.parametrize(
    "text",
    [
        "Retiro o consentimento que dei para o tratamento dos meus dados.",
        "Je retire le consentement que j'ai donné pour le traitement de mes données.",
        "Retiro el consentimiento que di para tratar mis datos.",
        "Ritiro il consenso dato per il trattamento dei miei dati.",
    ],
)
def test_a_consent_that_is_taken_back_takes_no_data_away(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.rights, wish.certain) == ((RightKind.CONSENT_WITHDRAWN,), False)
