"""An earlier mail that a program puts below a reply, without a sign before each line, is not what its sender asks for now."""

from email.message import EmailMessage

import pytest

from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind

GERMAN = ("Danke, alles klar.", "Bitte löschen Sie alle meine Daten.")
ENGLISH = ("Thanks, all fine.", "Please delete all my personal data.")
FRENCH = ("Merci, c'est bon.", "Merci de supprimer toutes mes données personnelles.")
POLISH = ("Dziękuję.", "Proszę o usunięcie wszystkich moich danych osobowych.")
ITALIAN = ("Ricevuto, grazie.", "Cancellate tutti i miei dati.")
DUTCH = ("Prima, tot dinsdag.", "Verwijder al mijn gegevens uit uw systeem.")
SPANISH = ("Recibido, gracias.", "Por favor borren todos mis datos.")
SWEDISH = ("Tack, mottaget.", "Radera alla mina uppgifter.")
CZECH = ("Děkuji, dorazilo.", "Smažte všechna moje data.")
GREEK = ("Ευχαριστώ, το έλαβα.", "Διαγράψτε όλα τα δεδομένα μου.")
HEADS = [
    (GERMAN, 'Gesendet: Montag, 02. November 2026 um 10:00 Uhr\nVon: "Jo" <jo@x.example>\nAn: uns\nBetreff: Daten'),
    (GERMAN, "-----Original-Nachricht-----\nBetreff: Daten\nDatum: 2026-11-02T10:00\nVon: Jo\nAn: uns"),
    (GERMAN, "Jo Doe <jo@x.example> schrieb am Mo., 2. Nov. 2026, 10:00:"),
    (GERMAN, "Jo Doe <jo@x.example> hat am 02.11.2026 10:00 CET geschrieben:"),
    (GERMAN, "**Von:** Jo Doe\n**Gesendet:** Montag\n**An:** uns"),
    (ENGLISH, "From: Jo\nTo: us\nCc: A\nSubject: Data\nDate: Mon"),
    (ENGLISH, "Sent: Monday\n\nFrom: Jo\n\nTo: us\n\nSubject: Data"),
    (ENGLISH, "2026-11-02 10:00 GMT+01:00 Jo Doe <jo@x.example>:"),
    (FRENCH, 'Message du 02/11/26 10:00\nDe : "Jo" <jo@x.example>\nA : nous\nCopie à : \nObjet : x'),
    (FRENCH, "Jo Doe <jo@x.example> a écrit le lun. 2 nov. 2026 à 10:00 :"),
    (POLISH, "Wysłane: poniedziałek\nOd: Jo\nDo: nas\nTemat: x"),
    (DUTCH, "Op 2 nov. 2026 om 10:00 heeft Jo Doe het volgende geschreven:"),
    (POLISH, "Wiadomość napisana przez Jo Doe w dniu 2 lis 2026, o godz. 10:00:"),
    (GERMAN, "Zitat von Jo Doe <jo@x.example>:"),
    (ITALIAN, "Citando Jo Doe <jo@x.example>:"),
    (SPANISH, "Jo Doe escribió el 02/11/2026:"),
    (GERMAN, "Am 02.11.2026 um 10:00 schrieb\nJo Doe\n<jo@x.example>:"),
    (SWEDISH, "Jo Doe skrev:"),
    (GREEK, "Έναρξη προωθημένου μηνύματος:"),
    (CZECH, "*** Původní zpráva ***"),
    (FRENCH, "-------- Message d'origine --------De : Jo Date : 02/11/2026 10:00 À : nous Objet : x"),
    (SWEDISH, "Från: Jo\nTill: oss"),
    (ENGLISH, "On 2 November 2026, Jo Doe wrote"),
    (ENGLISH, '02.11.2026, 10:00, "Jo Doe" <jo@x.example>:'),
    (ITALIAN, "Da:\tJo Doe\nA:\tnoi\nOggetto:\tx"),
]
# What may begin another's words: they are read, and nothing is done by them alone.
PERHAPS = [
    "Jo Doe said:\n\n{}",
    "\tHello,\n\t{}",
    "    {}",
    "Jo's answer of 02.11.2026:\n{}",
    "Von: Jo Doe\n\n{}",
]


def reading(subject: str, body: str) -> Reading:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "jo@example.net", subject
    mail.set_content(body)
    found = read(mail.as_bytes(), Verdicts(), [])
    assert isinstance(found, Reading)
    return found


@pytest.mark.parametrize(("words", "head"), HEADS)
def test_an_earlier_wish_below_a_reply_is_not_wished_again(words: tuple[str, str], head: str) -> None:
    thanks, wish = words
    found = reading("Re: Data", f"{thanks}\n\n{head}\n\n{wish}\n")
    assert (found.rights, found.certain) == ((), False)
    assert wish not in found.text


@pytest.mark.parametrize(("words", "head"), HEADS)
def test_a_wish_above_an_earlier_mail_is_read(words: tuple[str, str], head: str) -> None:
    thanks, wish = words
    found = reading("Re: Data", f"{wish}\n\n{head}\n\n{thanks}\n")
    assert (found.rights, found.certain) == ((RightKind.ERASURE,), True)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN, SPANISH, CZECH])
@pytest.mark.parametrize("lines", ["| {}", "» {}", " | {}", "› {}"])
def test_lines_behind_a_sign_are_quoted_whatever_the_sign(words: tuple[str, str], lines: str) -> None:
    thanks, wish = words
    found = reading("Re: Data", f"{thanks}\n\n{lines.format(wish)}\n")
    assert (found.rights, found.certain) == ((), False)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN, FRENCH, GREEK])
@pytest.mark.parametrize("below", PERHAPS)
def test_nothing_is_done_by_words_that_may_be_anothers(words: tuple[str, str], below: str) -> None:
    thanks, wish = words
    assert not reading("Re: Data", f"{thanks}\n\n{below.format(wish)}\n").certain
    assert reading("Re: Data", f"{wish}\n\n{below.format(thanks)}\n").certain


def test_what_we_wrote_is_not_taken_for_the_line_above_a_quotation() -> None:
    found = reading("Data", f"On 2 November 2026 you wrote:\nthat you have a file on me.\n{ENGLISH[1]}")
    assert found.rights == (RightKind.ERASURE,)


def test_a_reply_that_is_nothing_but_the_earlier_mail_is_for_our_officer() -> None:
    found = reading("Re: Data", f"\n{HEADS[0][1]}\n\n{GERMAN[1]}\n")
    assert (found.rights, found.certain) == ((RightKind.ERASURE,), False)


def test_a_letter_under_a_head_of_its_own_is_read() -> None:
    letter = f"TO: Data Protection Officer\nFROM: Jo Doe\nDATE: 2 November 2026\nSUBJECT: Erasure\n\n{ENGLISH[1]}"
    found = reading("Erasure", letter)
    assert (found.rights, found.certain) == ((RightKind.ERASURE,), True)
