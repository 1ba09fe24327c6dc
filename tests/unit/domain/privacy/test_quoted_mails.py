"""An earlier mail that a program puts below a reply, without a sign before each line, is not what its sender asks for now."""

from email.message import EmailMessage

import pytest

from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind

GERMAN = ("Danke, alles klar.", "Bitte löschen Sie alle meine Daten.")
ENGLISH = ("Thanks, all fine.", "Please delete all my personal data.")
FRENCH = ("Merci, c'est bon.", "Merci de supprimer toutes mes données personnelles.")
POLISH = ("Dziękuję.", "Proszę o usunięcie wszystkich moich danych osobowych.")
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


def test_a_reply_that_is_nothing_but_the_earlier_mail_is_for_our_officer() -> None:
    found = reading("Re: Data", f"\n{HEADS[0][1]}\n\n{GERMAN[1]}\n")
    assert (found.rights, found.certain) == ((RightKind.ERASURE,), False)


def test_a_letter_under_a_head_of_its_own_is_read() -> None:
    letter = f"TO: Data Protection Officer\nFROM: Jo Doe\nDATE: 2 November 2026\nSUBJECT: Erasure\n\n{ENGLISH[1]}"
    found = reading("Erasure", letter)
    assert (found.rights, found.certain) == ((RightKind.ERASURE,), True)
