"""Reading mails to the privacy address: what is wished, by whom, and what is met with silence."""

import base64

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.intent import read_wish
from chalicelib.domain.privacy.parsing.mail import Drop, Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind

WISHES = """
please delete my data
pls delte my personal data asap
Can you please erase everything you have on me?
I don't want to be in your system anymore
You have my address. Delete it.
Never contact me again and delete my data.
could u pls remove my name n number from ur system
REMOVE ME FROM YOUR SYSTEM NOW!!!
Erase my personal information as required by art. 17
Supprimez mes donnees svp
Bonjour, merci de supprimer toutes mes informations de vos fichiers.
effacez tout ce que vous avez sur moi
Je ne veux plus figurer dans votre base de données
Pouvez-vous m'effacer de votre base ?
Oubliez-moi
J'aimerais que vous supprimiez mes coordonnées
Bitte loeschen Sie meine Daten
Hiermit beantrage ich die Löschung meiner personenbezogenen Daten.
Por favor, bórrenme de su base de datos
Vorrei che i miei dati venissero cancellati
""".strip().split("\n")

NO_WISHES = """
Please do not delete my account
I don't want you to delete my data
How do I delete my account?
Do you delete data after some time?
You have the right to erasure under Article 17 GDPR. Companies must delete personal data on request.
We help you delete personal data on request. Book a demo of our GDPR tool today.
Please delete my last order, I bought the wrong size.
I accidentally deleted my account, can you restore it?
Thank you for deleting my data so quickly!
Before you delete my data, I want to see what you have. Do not delete anything yet.
Ne supprimez surtout pas mes données
Comment supprimer mon compte ?
Merci d'avoir supprimé mes données
Supprimez ma dernière commande
Bitte löschen Sie meine Daten nicht
No borren mis datos
Come posso cancellare il mio account?
I answer requests such as "please delete my data".
""".strip().split("\n")


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_to_be_deleted_is_certain(text: str) -> None:
    wish = read_wish("", text)
    assert (wish.certain, wish.rights[:1]) == (True, (RightKind.ERASURE,))


@pytest.mark.parametrize("text", NO_WISHES)
def test_what_only_speaks_of_deleting_is_not(text: str) -> None:
    assert not read_wish("", text).certain


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Please send me a copy of all the personal data you hold", RightKind.ACCESS),
        ("My name is spelled wrong, please correct my entry: rectification under art. 16", RightKind.RECTIFICATION),
        ("I object to the processing of my data", RightKind.OBJECTION),
        ("Je demande la limitation du traitement", RightKind.RESTRICTION),
        ("I want my data in a machine-readable format", RightKind.PORTABILITY),
    ],
)
def test_other_rights_are_named_and_left_to_the_officer(text: str, right: RightKind) -> None:
    wish = read_wish("", text)
    assert right in wish.rights
    assert not wish.certain


HEAD = "From: Anna <anna@example.org>\r\nMessage-ID: <1@example.org>\r\n"
WISH = "\r\nPlease delete my data\r\n"


def reading(raw: str | bytes) -> Reading | Drop:
    return read(
        raw if isinstance(raw, bytes) else raw.encode(), Verdicts(), [EmailAddress.parse("privacy@iko.example")]
    )


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        ("From: Doe, Jane <jane@example.org>\r\n" + WISH, "jane@example.org"),
        ('From: "Doe, Jane" <jane@example.org>\r\n' + WISH, "jane@example.org"),
        ("From: =?utf-8?q?Doe=2C_J?= <j@example.org>\r\n" + WISH, "j@example.org"),
        (HEAD + "Auto-Submitted: no\r\nX-Auto-Response-Suppress: All\r\n" + WISH, "anna@example.org"),
        (HEAD + "Subject: delete my data\r\n\r\n", "anna@example.org"),
        (
            HEAD + "Content-Type: text/html\r\n\r\n<head><title>x<body><p>Please <b>delete</b> my data",
            "anna@example.org",
        ),
        ((HEAD + "\r\n").encode() + "Supprimez mes données".encode("cp1252"), "anna@example.org"),
        (
            HEAD + "Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"Please delete my data").decode(),
            "anna@example.org",
        ),
    ],
)
def test_a_person_is_heard_however_the_mail_is_made(raw: str | bytes, sender: str) -> None:
    found = reading(raw)
    assert isinstance(found, Reading)
    assert (found.sender.text, found.certain) == (sender, True)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("To: x@example.org\r\n" + WISH, Drop.NO_SENDER),
        ("From: a@example.org, b@example.org\r\n" + WISH, Drop.SEVERAL_SENDERS),
        ("From: a@example.org\r\nFrom: b@example.org\r\n" + WISH, Drop.SEVERAL_SENDERS),
        ("From: " + "(" * 100_000 + "\r\n" + WISH, Drop.SEVERAL_SENDERS),
        ("From: privacy@iko.example\r\n" + WISH, Drop.OWN_LOOP),
        ("From: MAILER-DAEMON@example.org\r\n" + WISH, Drop.BOUNCE),
        (HEAD + "Return-Path: <>\r\n" + WISH, Drop.BOUNCE),
        (HEAD + "List-Id: <x.example>\r\n" + WISH, Drop.MAILING_LIST),
        (HEAD + "Auto-Submitted: auto-replied; x=y\r\n" + WISH, Drop.AUTO_REPLY),
        (HEAD + "Subject: Automatic reply: away\r\n" + WISH, Drop.AUTO_REPLY),
        (HEAD + "Subject: Automatisch antwoord: afwezig\r\n" + WISH, Drop.AUTO_REPLY),
        (HEAD + "Subject: Autosvar\r\n" + WISH, Drop.AUTO_REPLY),
        (HEAD + "Subject: Undelivered Mail Returned to Sender\r\n" + WISH, Drop.BOUNCE),
        ("", Drop.NO_SENDER),
    ],
)
def test_silence_has_a_reason(raw: str, why: Drop) -> None:
    assert reading(raw) is why


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 1 Jan 2026 at 10:00, IKO <privacy@iko.example> wrote:\r\n> please delete my data\r\n",
        "On Mon, 1 Jan 2026 at 10:00, IKO System\r\n<privacy@iko.example> wrote:\r\n\r\nplease delete my data\r\n",
        "Den 1 jan. 2026 kl. 10:00 skrev IKO <privacy@iko.example>:\r\n\r\nplease delete my data\r\n",
        "Op 1 jan. 2026 om 10:00 schreef IKO <privacy@iko.example>:\r\n\r\nplease delete my data\r\n",
        "W dniu 1.01.2026 o 10:00 IKO <privacy@iko.example> pisze:\r\n\r\nplease delete my data\r\n",
        "Van: IKO\r\nVerzonden: 1 januari 2026\r\n\r\nplease delete my data\r\n",
        "Från: IKO\r\nSkickat: den 1 januari 2026\r\n\r\nplease delete my data\r\n",
        "From: IKO <privacy@iko.example>\r\nSent: Monday\r\nTo: Anna\r\n\r\nplease delete my data\r\n",
        "De la: IKO\r\nTrimis: luni, 1 ianuarie 2026\r\n\r\nplease delete my data\r\n",
        "Από: IKO\r\nΣτάλθηκε: Δευτέρα, 1 Ιανουαρίου 2026\r\n\r\nplease delete my data\r\n",
        "-----Messaggio originale-----\r\nplease delete my data\r\n",
        "---------- Původní zpráva ----------\r\nplease delete my data\r\n",
        "Dana 1. sij 2026. u 10:00, IKO\r\n<privacy@iko.example> je napisao/la:\r\n\r\nplease delete my data\r\n",
        "Στις Δευ 1 Ιαν 2026 στις 10:00 π.μ., ο IKO <privacy@iko.example> έγραψε:\r\n\r\nplease delete my data\r\n",
    ],
)
def test_what_is_quoted_was_not_wished(quoted: str) -> None:
    found = reading(f"{HEAD}Subject: Re: Please confirm: delete my data\r\n\r\nWho are you?\r\n\r\n{quoted}")
    assert isinstance(found, Reading)
    assert not found.certain
    assert found.text.endswith("Who are you?")


@pytest.mark.parametrize(
    "raw",
    [
        HEAD.encode()
        + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
        + b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3000)),
        HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
        HEAD.encode() + b"Content-Type: text/html\r\n\r\n" + b"<!" * 500_000,
        HEAD.encode() + b"Content-Type: text/html\r\n\r\n" + b"<a b='" * 200_000,
        HEAD.encode() + b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nx",
    ],
    ids=["deep", "many parts", "markup", "open quotes", "long subject"],
)
def test_mails_made_to_break_their_reader_are_read_all_the_same(raw: bytes) -> None:
    assert isinstance(reading(raw), Reading)
