"""Whose mail goes first to an address: a flood in a person's name keeps no mail from that person for long."""

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.store.counters import DAY
from infra.local.cloud import Cloud
from tests.support.privacy_mail import mail

SentTo = Callable[[str], list[dict[str, Any]]]
ERASE, UNCLEAR = "Please delete my data.\r\n", "Who are you and what is this?\r\n"


@pytest.fixture(autouse=True)
def _a_new_day(cloud: Cloud) -> None:
    """At six in the morning, with nothing counted."""
    cloud.advance(DAY - clock.epoch() % DAY + 6 * 3_600)


@pytest.fixture
def unproven(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[..., None]:
    """Somebody writes in the name of an address, or several do."""

    def write(body: str, *addresses: str) -> None:
        for address in addresses:
            drop_mail(mail(address, body), dmarc="GRAY")
        cloud.drain()

    return write


@pytest.fixture
def in_languages(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[..., None]:
    """Somebody writes in the name of an address, each letter with a subject in its own language."""

    def write(address: str, letters: Iterable[tuple[str, str]]) -> None:
        for subject, body in letters:
            drop_mail(mail(address, f"{body}\r\n", subject), dmarc="GRAY")
        cloud.drain()

    return write


def days(cloud: Cloud, number: int) -> Iterator[None]:
    """The beginning of each of the next days; what waited is due by its end."""
    for _ in range(number):
        cloud.advance(DAY - clock.epoch() % DAY)
        yield
        for _ in range(3):
            cloud.advance(3_000)
            cloud.drain()


# In one language after the other, as letters that say the same in one language join one request.
SUBJECTS = (
    "Meine Daten",
    "Mes données",
    "Mis datos",
    "I miei dati",
    "Mijn gegevens",
    "Os meus dados",
    "Moje dane",
    "Mina uppgifter",
    "Mine oplysninger",
)
FLOODS = {
    ERASE: (
        "Bitte löschen Sie meine Daten.",
        "Veuillez supprimer mes données.",
        "Por favor, eliminen mis datos.",
        "Vi prego di cancellare i miei dati.",
        "Verwijder alstublieft mijn gegevens.",
        "Por favor, apaguem os meus dados.",
        "Proszę usunąć moje dane.",
        "Vänligen radera mina uppgifter.",
        "Slet venligst mine oplysninger.",
    ),
    UNCLEAR: (
        "Wer sind Sie und was ist das?",
        "Qui êtes-vous et qu'est-ce que c'est ?",
        "¿Quiénes son ustedes y qué es esto?",
        "Chi siete e che cos'è questo?",
        "Wie bent u en wat is dit?",
        "Quem são vocês e o que é isto?",
        "Kim jesteście i co to jest?",
        "Vilka är ni och vad är det här?",
        "Hvem er I, og hvad er det her?",
    ),
}


@pytest.mark.parametrize(("honest", "forged"), [(ERASE, UNCLEAR), (UNCLEAR, ERASE)])
@pytest.mark.parametrize("alias", ["", "+shop"])
def test_a_flood_of_other_mails_for_an_address(
    cloud: Cloud,
    unproven: Callable[..., None],
    in_languages: Callable[..., None],
    sent_to: SentTo,
    honest: str,
    forged: str,
    alias: str,
) -> None:
    once = f"{uuid.uuid4().hex[:10]}@people.example"
    unproven(honest, once)
    answer = sent_to(once)[0]["subject"]
    address = f"{uuid.uuid4().hex[:10]}{alias}@people.example"
    flood = zip(SUBJECTS, FLOODS[forged], strict=True)
    in_languages(address, itertools.islice(flood, 3))
    unproven(honest, address)
    assert answer not in {sent["subject"] for sent in sent_to(address)}, "the day's mails are used up"
    for _ in days(cloud, 2):
        in_languages(address, itertools.islice(flood, 3))
    assert answer in {sent["subject"] for sent in sent_to(address)}


def test_a_flood_of_aliases_and_of_reminders(cloud: Cloud, unproven: Callable[..., None], sent_to: SentTo) -> None:
    local = uuid.uuid4().hex[:10]
    address = f"{local}@people.example"
    unproven(UNCLEAR, *[address] * 3)
    unproven(ERASE, address)
    for _ in days(cloud, 5):
        unproven(ERASE, *(f"{local}+{uuid.uuid4().hex[:6]}@people.example" for _ in range(3)))
        unproven(UNCLEAR, *[address] * 3)
    assert any("/privacy/confirm/" in sent["text"] for sent in sent_to(address))
