"""A letter is answered in its language to the end; one in a language that we have no texts in, in English."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from chalicelib.core import clock
from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail


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
    api: Api,
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
    by_link = "/privacy/confirm/" in answer["text"]
    shown = api.get(link_in(answer["text"]).removeprefix(cloud.url)).text if by_link else answer["text"]
    assert (f'<html lang="{answered_in}"' if by_link else f"/privacy?lang={answered_in}") in shown


class Led(NamedTuple):
    """What somebody writes, and what of our mails and pages they then read, one after the other."""

    language: str
    body: str
    first: str
    due: str
    title: str
    last: str


ASKED = [
    Led(
        "pl",
        "Dzień dobry, proszę o usunięcie wszystkich moich danych osobowych. Pozdrawiam, Anna",
        "Prosimy o potwierdzenie: usunięcie moich danych",
        "Odpowiemy najpóźniej do {day}.",
        "Usunąć moje dane?",
        "Gotowe: Państwa dane zostały usunięte",
    ),
    Led(
        "el",
        "Καλησπέρα σας, παρακαλώ να διαγράψετε όλα τα προσωπικά μου δεδομένα. Ευχαριστώ, Άννα",
        "Παρακαλούμε επιβεβαιώστε: διαγραφή των δεδομένων μου",
        "Απαντούμε το αργότερο έως {day}.",
        "Διαγραφή των δεδομένων μου;",
        "Ολοκληρώθηκε: τα δεδομένα σας διαγράφηκαν",
    ),
    Led(
        "hr",
        "Poštovani, molim vas da izbrišete sve moje osobne podatke. Hvala, Ana",
        "Molimo potvrdite: brisanje mojih podataka",
        "Najkasnije {day} dobit ćete naš odgovor.",
        "Izbrisati moje podatke?",
        "Gotovo: vaši su podaci izbrisani",
    ),
]


@pytest.mark.parametrize("led", ASKED, ids=[each.language for each in ASKED])
def test_who_asks_in_a_language_is_led_to_the_end_in_it(
    cloud: Cloud,
    api: Api,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    led: Led,
) -> None:
    address = f"anna.{uuid.uuid4().hex[:10]}@people.example"
    ident = id_of_mail(drop_mail(mail(address, f"{led.body}\r\n", subject="")))
    cloud.drain()
    (asking,) = sent_to(address)
    assert asking["subject"] == led.first
    record = rows.get(RequestRecord, f"request#{ident}", "request")
    assert record is not None
    assert led.due.format(day=render.day(record.unsealed(Request).due_at, led.language)) in asking["text"]
    path = link_in(asking["text"]).removeprefix(cloud.url)
    shown = api.get(path).text
    assert f'<html lang="{led.language}">' in shown
    assert f"<h1>{led.title}</h1>" in shown
    assert 'href="?lang=sv"' in shown
    assert '<html lang="fr">' in api.get(f"{path}?lang=fr").text
    assert api.press(path).status_code == 200
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    done = sent_to(address)[-1]
    assert done["subject"] == led.last
    assert render.day(clock.now(), led.language) in done["text"]
