"""Whose mail goes first to an address: a flood in a person's name keeps no mail from that person for long."""

import uuid
from collections.abc import Callable, Iterator
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


def days(cloud: Cloud, number: int) -> Iterator[None]:
    """The beginning of each of the next days; what waited is due by its end."""
    for _ in range(number):
        cloud.advance(DAY - clock.epoch() % DAY)
        yield
        for _ in range(3):
            cloud.advance(3_000)
            cloud.drain()


@pytest.mark.parametrize(("honest", "forged"), [(ERASE, UNCLEAR), (UNCLEAR, ERASE)])
@pytest.mark.parametrize("alias", ["", "+shop"])
def test_a_flood_of_other_mails_for_an_address(
    cloud: Cloud, unproven: Callable[..., None], sent_to: SentTo, honest: str, forged: str, alias: str
) -> None:
    address = f"{uuid.uuid4().hex[:10]}{alias}@people.example"
    unproven(forged, *[address] * 3)
    unproven(honest, address)
    for _ in days(cloud, 3):
        unproven(forged, *[address] * 3)
    subjects = {sent["subject"] for sent in sent_to(address)}
    assert len(subjects) >= 2, "both are answered"


def test_a_flood_of_aliases_and_of_reminders(cloud: Cloud, unproven: Callable[..., None], sent_to: SentTo) -> None:
    local = uuid.uuid4().hex[:10]
    address = f"{local}@people.example"
    unproven(UNCLEAR, *[address] * 3)
    unproven(ERASE, address)
    for _ in days(cloud, 5):
        unproven(ERASE, *(f"{local}+{uuid.uuid4().hex[:6]}@people.example" for _ in range(3)))
        unproven(UNCLEAR, *[address] * 3)
    assert any("/privacy/confirm/" in sent["text"] for sent in sent_to(address))
