"""A letter in a language that we have no texts in is answered in English, and its own language is kept on the request."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.support.privacy_mail import mail


@pytest.mark.parametrize(
    ("body", "written_in", "answered_in"),
    [
        ("Bonjour, quelles données avez-vous sur moi ? Merci d'avance", "fr", "fr"),
        ("Hello, what do you know about me, and who told you?", "en", "en"),
        ("Hei, mitä tietoja teillä on minusta ja mistä ne on saatu?", "fi", "en"),
        ("GDPR", "", "en"),
    ],
)
def test_the_answer_is_in_a_language_that_we_have(
    cloud: Cloud,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    body: str,
    written_in: str,
    answered_in: str,
) -> None:
    address = f"anna.{uuid.uuid4().hex[:10]}@people.example"
    ident = id_of_mail(drop_mail(mail(address, f"{body}\r\n", subject="")))
    cloud.drain()
    record = rows.get(RequestRecord, f"request#{ident}", "request")
    assert record is not None
    request = record.unsealed(Request)
    assert (request.written_in, request.language) == (written_in, answered_in)
    (answer,) = sent_to(address)
    assert f"/privacy?lang={answered_in}" in answer["text"]
