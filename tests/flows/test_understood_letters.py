"""Letters that a person of ours has to read: the writer is told what was understood, gets no link, and nothing is lost."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.model import NOT_ADDRESSED, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS
from tests.support.officer import officer
from tests.support.privacy_mail import mail

SentTo = Callable[[str], list[dict[str, Any]]]


def person() -> str:
    return f"ida.{uuid.uuid4().hex[:10]}@people.example"


def request_of(message_id: str) -> Request:
    found = rows.get(RequestRecord, f"request#{id_of_mail(message_id)}", "request")
    assert found is not None
    return found.unsealed(Request)


@pytest.fixture
def asked(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[[bytes], Request]:
    """Lets somebody write; the request that it opens."""

    def ask(raw: bytes) -> Request:
        message_id = drop_mail(raw)
        cloud.drain()
        return request_of(message_id)

    return ask


@pytest.mark.parametrize(
    ("text", "rights", "marks", "said"),
    [
        ("Please remove my wife's data.", ["erasure"], ["third_person"], "You write about somebody else's data."),
        ("Remove my phone number but keep the rest.", ["erasure"], ["partial"], "You wish a part of your data"),
        (
            "On behalf of my client I request the erasure of his data.",
            ["erasure"],
            ["agent", "third_person"],
            "on behalf of somebody else",
        ),
        (
            "I do not want to be subject to a decision based solely on automated processing.",
            ["automated_decisions"],
            [],
            "– No decision about me by a machine alone",
        ),
        ("Ich will nur meine Telefonnummer löschen lassen.", ["erasure"], ["partial"], "Unser Link löscht alles"),
    ],
)
def test_the_writer_is_told_what_was_understood_and_why_no_link_comes(
    asked: Callable[[bytes], Request], sent_to: SentTo, text: str, rights: list[str], marks: list[str], said: str
) -> None:
    address = person()
    request = asked(mail(address, text, subject="Hello"))
    assert ([str(right.kind) for right in request.rights], request.marks) == (rights, marks)
    (answer,) = sent_to(address)
    assert said in answer["text"]
    assert "/privacy/confirm/" not in answer["text"]
    assert "\n\n\n" not in answer["text"]


def test_a_newsletter_gets_no_answer_and_is_kept_for_our_officer(
    asked: Callable[[bytes], Request], sent_to: SentTo
) -> None:
    address = person()
    text = "Our autumn offers are here! Save 20 % on office chairs until Friday. Visit https://chairs.example today."
    request = asked(mail(address, text, subject="Autumn offers"))
    assert ([str(right.kind) for right in request.rights], request.mails) == (["unclear"], {"first": NOT_ADDRESSED})
    assert sent_to(address) == []


def test_our_officer_is_told_of_a_complaint_at_once_and_once(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    before = len(sent_to(OFFICER_ADDRESS))
    address = person()
    message_id = drop_mail(mail(address, "I have complained to the ICO about you. Delete my data."))
    cloud.drain()
    for _ in range(2):
        cloud.advance(3_700)
        cloud.drain()
    told = [each for each in sent_to(OFFICER_ADDRESS)[before:] if id_of_mail(message_id) in each["text"]]
    assert len(told) == 1
    assert "complaint" in told[0]["subject"]
    assert address not in told[0]["text"]
    (answer,) = sent_to(address)
    assert "Our privacy officer has been told at once" in answer["text"]
    opened = officer(cloud).post(f"/officer/requests/{id_of_mail(message_id)}/open", {"reason": "complaint"})
    assert "I have complained to the ICO about you." in opened.json()["text"], (
        "though the machine goes on with the rest"
    )


def test_who_writes_in_another_language_finds_a_sentence_of_it_and_the_form(
    asked: Callable[[bytes], Request], sent_to: SentTo
) -> None:
    address = person()
    request = asked(mail(address, "Hei, mitä tietoja teillä on minusta ja mistä ne on saatu?", subject=""))
    assert (request.written_in, request.language) == ("fi", "en")
    (answer,) = sent_to(address)
    first, link, hello = answer["text"].split("\n\n")[:3]
    assert first.startswith("Olemme saaneet viestisi.")
    assert link.endswith("/privacy?lang=en")
    assert hello == "Hello,"


def test_the_answer_names_what_is_attached_and_was_not_opened(
    asked: Callable[[bytes], Request], sent_to: SentTo
) -> None:
    address = person()
    raw = (
        f"From: {address}\r\nSubject: request\r\nMIME-Version: 1.0\r\nMessage-ID: <{uuid.uuid4().hex}@x.example>\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nPlease send me a copy of my personal data.\r\n"
        '--b\r\nContent-Type: application/pdf; name="my letter.pdf"\r\n'
        'Content-Disposition: attachment; filename="my letter.pdf"\r\n\r\nJVBERi0=\r\n--b--\r\n'
    )
    assert asked(raw.encode()).unread == ["attached:pdf"]
    (answer,) = sent_to(address)
    assert "A machine does not open what is attached (.pdf)." in answer["text"]
