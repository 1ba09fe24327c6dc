"""Limits on mails to strangers: never beyond them, nobody lost, nobody stopped by another."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import limits
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import batch, counters
from chalicelib.store.counters import DAY, CounterRecord
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.privacy_mail import link_in, mail

SentTo = Callable[[str], list[dict[str, Any]]]
CLIENTS = 50
LATER = "Our mail comes later"


@pytest.fixture(autouse=True)
def _a_new_day(cloud: Cloud) -> None:
    """At six in the morning, with nothing counted."""
    cloud.advance(DAY - clock.epoch() % DAY + 6 * 3_600)


def person() -> str:
    return f"kim.{uuid.uuid4().hex[:10]}@people.example"


def ask(url: str, address: str, right: str = "erasure") -> str:
    answer = requests.post(f"{url}/privacy", data={"email": address, "right": right}, timeout=120)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.fixture
def recorded() -> Callable[[], list[Request]]:
    """All requests that came since the test began."""
    began = clock.now()

    def find() -> list[Request]:
        found = [row.unsealed(Request) for row in RequestRecord.scan() if row.sk == "request"]
        return [request for request in found if request.received_at >= began]

    return find


def counted(name: str, subject: str, uses: int) -> None:
    """As if there had been so many today."""
    batch.put_all([CounterRecord.build(*counters.key_of(name, subject, DAY), uses=uses)])


def uses(name: str, subject: str) -> int:
    row = CounterRecord.get(*counters.key_of(name, subject, DAY))
    return int(row.uses)


def test_fifty_at_once_for_one_address(cloud: Cloud, sent_to: SentTo, recorded: Callable[[], list[Request]]) -> None:
    address = person()
    with ThreadPoolExecutor(CLIENTS) as clients:
        pages = list(clients.map(lambda _: ask(cloud.url, address), range(CLIENTS)))
    assert len(sent_to(address)) == limits.MAILS_PER_ADDRESS_UNPROVEN
    assert sum(LATER in page for page in pages) == CLIENTS - limits.MAILS_PER_ADDRESS_UNPROVEN
    assert sum(1 + request.joined for request in recorded()) == CLIENTS
    assert uses("mail-to", address) == uses("mail-all-form", "") == limits.MAILS_PER_ADDRESS_UNPROVEN
    cloud.advance(120)
    cloud.drain()
    assert len(sent_to(address)) == limits.MAILS_PER_ADDRESS_UNPROVEN
    cloud.advance(DAY)
    cloud.drain()
    assert 1 <= len(sent_to(address)) - limits.MAILS_PER_ADDRESS_UNPROVEN <= limits.MAILS_PER_ADDRESS_UNPROVEN
    assert all("first" in request.mails for request in recorded()), "each is answered, by a mail of its own or that one"
    sent = len(sent_to(address))
    cloud.advance(2 * DAY)
    cloud.drain()
    assert len(sent_to(address)) == sent, "one mail answers all who waited"


def test_fifty_at_once_beyond_the_limit_of_their_network(cloud: Cloud) -> None:
    source = limits.origin_of_form("127.0.0.1")
    counted("mail-from-form", source.digest, limits.MAILS_PER_ORIGIN[Way.FORM] - 20)
    before, people = len(cloud.sent_mail()), [person() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        pages = list(clients.map(lambda address: ask(cloud.url, address), people))
    assert len(cloud.sent_mail()) - before == 20 == sum(LATER not in page for page in pages)
    cloud.advance(DAY)
    cloud.drain()
    written = [to for sent in cloud.sent_mail()[before:] for to in sent["to"] if to in people]
    assert sorted(written) == sorted(people), "each is written to, once"


def test_a_mailbox_has_one_limit_for_all_its_aliases(cloud: Cloud) -> None:
    local = uuid.uuid4().hex[:10]
    before = len(cloud.sent_mail())
    pages = [ask(cloud.url, f"{local}{alias}@people.example") for alias in ("", "+a", "+b", "+a+c")]
    assert [LATER in page for page in pages] == [False, False, True, True]
    dotted = [
        ask(cloud.url, address)
        for address in (f"{local}@gmail.com", f"a.{local}@googlemail.com"[2:], f"{local[0]}.{local[1:]}+x@gmail.com")
    ]
    assert [LATER in page for page in dotted] == [False, False, True]
    assert len(cloud.sent_mail()) - before == 4


def test_proven_mails_of_aliases_count_for_their_mailbox(cloud: Cloud, drop_mail: Callable[..., str]) -> None:
    local, before = uuid.uuid4().hex[:10], len(cloud.sent_mail())
    for alias in ("+a", "+b", "", ""):
        drop_mail(mail(f"{local}{alias}@people.example", "Please delete my data.\r\n"), dmarc="PASS")
    cloud.drain()
    sent = [to for each in cloud.sent_mail()[before:] for to in each["to"] if to.startswith(local)]
    assert len(sent) == limits.MAILS_PER_ADDRESS


def test_the_last_mail_of_a_day_is_kept_for_a_proven_one(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    address = person()
    for verdict in ("GRAY", "GRAY", "PROCESSING_FAILED", "PASS", "PASS"):
        drop_mail(mail(address, "Please delete my data.\r\n"), dmarc=verdict)
    for _ in range(3):
        assert LATER in ask(cloud.url, address) or len(sent_to(address)) < 3
    cloud.drain()
    assert len(sent_to(address)) == 3


def test_a_held_back_mail_in_french_says_so(cloud: Cloud) -> None:
    address, url = person(), f"{cloud.url}/privacy?lang=fr"
    pages = [requests.post(url, data={"email": address}, timeout=60).text for _ in range(3)]
    assert "Notre message viendra plus tard" in pages[-1]


def test_what_our_officer_answers_stays_with_it_while_its_mail_waits(
    cloud: Cloud, sent_to: SentTo, recorded: Callable[[], list[Request]]
) -> None:
    address = person()
    pages = [ask(cloud.url, address, "automated_decisions") for _ in range(3)]
    assert LATER in pages[-1]
    for days in (1, 1, 30, 50):
        cloud.advance(days * DAY)
        cloud.drain()
    assert len(sent_to(address)) == 3
    assert sorted(request.joined for request in recorded()) == [0, 1], (
        "they wait for the officer, the third with the second"
    )


def test_reminders_count_too_and_mails_of_a_verified_request_do_not(cloud: Cloud, api: Api, sent_to: SentTo) -> None:
    address = person()
    ask(cloud.url, address)
    path = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    cloud.advance(5 * DAY)
    counted("mail-to", address, 2)
    cloud.drain()
    assert len(sent_to(address)) == 1
    assert api.press(path).status_code == 200
    for _ in range(4):
        cloud.drain()
        cloud.advance(400)
    assert "/certificates/" in sent_to(address)[-1]["text"]


def test_another_address_of_a_request_waits_as_well(cloud: Cloud, api: Api, sent_to: SentTo) -> None:
    address, other = person(), person()
    ask(cloud.url, address)
    counted("mail-to", other, 2)
    path = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    page = api.post(path, data={"other_email": "no address"})
    assert (page.status_code, "Please check it" in page.text) == (422, True)
    page = api.post(path, data={"other_email": other})
    assert "has to wait until tomorrow" in page.text
    assert sent_to(other) == []
    cloud.advance(DAY)
    cloud.drain()
    assert link_in(sent_to(other)[-1]["text"])


def test_one_stranger_stops_nobody() -> None:
    """A flood from anywhere leaves the other ways alone, and in its own way a half for who has asked for few."""

    def held(origin: Origin) -> bool:
        return limits.hold(EmailAddress.parse(person()), origin) is not None

    busy, quiet = (limits.origin_of_form(source) for source in ("192.0.2.1", "192.0.2.2"))
    counted("mail-from-form", busy.digest, 50)
    counted("mail-all-form", "", limits.MAILS_IN_ALL[Way.FORM] // 2)
    assert (held(busy), held(quiet)) == (True, False)
    counted("mail-all-form", "", limits.MAILS_IN_ALL[Way.FORM])
    assert held(quiet)
    sender = EmailAddress.parse("a@flood.example")
    counted("mail-all-unproven", "", limits.MAILS_IN_ALL[Way.UNPROVEN])
    assert held(limits.origin_of_mail(sender, proven=False))
    assert not held(limits.origin_of_mail(sender, proven=True))
    assert uses("mail-from-form", busy.digest) == 50, "who is held back has used nothing up"


def test_spellings_without_end_leave_the_mailbox_its_own_mail(cloud: Cloud, sent_to: SentTo) -> None:
    local = uuid.uuid4().hex[:10]
    floods = [ask(cloud.url, f"{local}+{number}@people.example") for number in range(5)]
    assert [LATER in page for page in floods] == [False, True, True, True, True]
    assert LATER not in ask(cloud.url, f"{local}@people.example")
    cloud.advance(DAY)
    for _ in range(3):
        cloud.drain()
    assert LATER not in ask(cloud.url, f"{local}@people.example"), "nor do those who wait since yesterday take it"
    assert len(sent_to(f"{local}@people.example")) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anna@gmail.com", "bob@gmail.com", False),
        ("an.na+x@googlemail.com", "anna@gmail.com", True),
        ("anna@yahoo.co.jp", "bob@yahoo.co.jp", False),
        ("anna+x@gmx.de", "anna+y@gmx.de", True),
        ("a@flood.example", "b@flood.example", True),
        ("a@one.flood.example", "a@two.flood.example", True),
        ("a@one.flood.co.uk", "a@flood.co.uk", True),
        ("a@one.co.uk", "a@two.co.uk", False),
        ("a@one.example", "a@two.example", False),
    ],
)
def test_who_answers_for_a_proven_mail(cloud: Cloud, one: str, other: str, *, same: bool) -> None:
    first, second = (limits.origin_of_mail(EmailAddress.parse(sender), proven=True) for sender in (one, other))
    assert (first == second) is same


def test_a_from_that_nobody_proves_counts_for_its_domain(cloud: Cloud) -> None:
    one, other = (EmailAddress.parse(f"{name}@gmail.com") for name in ("anna", "bob"))
    assert limits.origin_of_mail(one, proven=False) == limits.origin_of_mail(other, proven=False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("", "unknown", False),
    ],
)
def test_a_network_is_what_one_stranger_has(cloud: Cloud, one: str, other: str, *, same: bool) -> None:
    assert (limits.origin_of_form(one) == limits.origin_of_form(other)) is same
    assert one not in limits.origin_of_form(one).digest or not one


def test_counters_take_exactly_the_limit(cloud: Cloud) -> None:
    subject = uuid.uuid4().hex
    with ThreadPoolExecutor(CLIENTS) as clients:
        taken = list(clients.map(lambda _: counters.take("test", subject, 30, DAY), range(200)))
    assert sorted(taken) == [0] * 170 + list(range(1, 31))
    counters.give_back("test", subject, DAY, clock.epoch())
    assert (counters.take("test", subject, 30, DAY), counters.take("test", subject, 30, DAY)) == (30, 0)
    before = clock.epoch()
    cloud.advance(DAY)
    assert counters.take("test", subject, 30, DAY) == 1
    counters.give_back("test", subject, DAY, before)
    assert uses("test", subject) == 1, "what yesterday counted is not taken off today"
