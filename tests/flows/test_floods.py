"""Floods that name one person: each letter is recorded, the person has few mails, and its own letter is answered."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import intake, limits
from chalicelib.domain.privacy import officer as desk
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.reasons import Decision
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.states import RightKind
from chalicelib.store.counters import DAY
from infra.local.cloud import Cloud
from tests.support.officer import ACCESS, officer
from tests.support.privacy_mail import link_in, mail

SentTo = Callable[[str], list[dict[str, Any]]]
ERASE = "Please delete all my personal data.\r\n"
A_DAY = 3  # mails to one address
RIGHTS = (RightKind.ERASURE, RightKind.ACCESS, RightKind.OBJECTION)


@pytest.fixture(autouse=True)
def _a_new_day(cloud: Cloud) -> None:
    cloud.advance(DAY - clock.epoch() % DAY + 6 * 3_600)


@pytest.fixture
def victim() -> str:
    return f"vic.{uuid.uuid4().hex[:10]}@people.example"


@pytest.fixture
def recorded(victim: str) -> Callable[[], list[Request]]:
    """The requests that came since the test began."""
    began = clock.now()

    def find() -> list[Request]:
        found = [row.unsealed(Request) for row in RequestRecord.scan() if row.sk == "request"]
        return [request for request in found if request.received_at >= began]

    return find


def forged(victim: str, number: int) -> None:
    """A letter that nobody proves, in the victim's name: the rights vary, the languages, the domains that it comes by."""
    right, language = RIGHTS[number % len(RIGHTS)], ("en", "de")[number % 2]
    asked = intake.Asked(rights=[right], certain=True, language=language, text=f"forged {number}")
    origin = Origin(way=Way.UNPROVEN, digest=f"origin-{number % 50}")
    intake.open_request(EmailAddress.parse(victim), asked, origin, f"req_{uuid.uuid4().hex[:26]}")


def test_a_thousand_mails_that_name_one_victim(
    cloud: Cloud, victim: str, sent_to: SentTo, drop_mail: Callable[..., str], recorded: Callable[[], list[Request]]
) -> None:
    for number in range(1_000):
        forged(victim, number)
    drop_mail(mail(victim, ERASE), dmarc="PASS")
    cloud.drain()
    told = sent_to(victim)
    assert len(told) == A_DAY
    assert link_in(told[-1]["text"]), "the victim's own letter is answered on the same day"
    found = recorded()
    assert sum(1 + request.joined for request in found) == 1_001, "each is recorded"
    assert len(found) <= limits.MAILS_PER_ADDRESS_UNPROVEN * len(RIGHTS) * 2 + 1, (
        "and none of the desk's lists is flooded"
    )
    for day in range(1, 3):
        for number in range(12):
            forged(victim, number)
        cloud.advance(DAY)
        cloud.drain()
        assert len(sent_to(victim)) <= A_DAY * (day + 1)


def test_a_victim_whose_own_mail_is_not_proven_is_answered_too(
    cloud: Cloud, victim: str, sent_to: SentTo, drop_mail: Callable[..., str]
) -> None:
    """Nothing tells its letter from the forged ones: of the mails of the next days, one for each thing asked, one answers it."""
    for number in range(60):
        forged(victim, number * 2)
    before = len(sent_to(victim))
    assert before == limits.MAILS_PER_ADDRESS_UNPROVEN
    drop_mail(mail(victim, ERASE), dmarc="GRAY")
    cloud.drain()
    for _ in RIGHTS[1:]:
        cloud.advance(DAY)
        cloud.drain()
    after = [each["text"] for each in sent_to(victim)[before:]]
    assert any("/privacy/confirm/" in text and "delete" in text for text in after)


def test_what_joins_adds_its_words_and_asks_for_nothing_more(
    cloud: Cloud, victim: str, drop_mail: Callable[..., str], recorded: Callable[[], list[Request]]
) -> None:
    letters = [(f"{ACCESS}My customer number is {number}.\r\n", "PASS") for number in range(4)]
    letters.append((f"{ACCESS}My customer number is 9.\r\n", "GRAY"))
    mine = {intake.id_of_mail(drop_mail(mail(victim, text), dmarc=verdict)) for text, verdict in letters}
    cloud.drain()
    assert len(recorded()) == 4, "the fourth joined; what is not proven joins nothing that is"
    client = officer(cloud)
    items = client.get("/officer/requests?limit=100").json()["items"]
    joined = [each for each in items if each["joined"] and each["id"] in mine]
    assert [each["joined"] for each in joined] == [1]
    opened = client.post(f"/officer/requests/{joined[0]['id']}/open", {"reason": "read"}).json()
    assert len(opened["replies"]) == 1
    assert "My customer number is" in opened["replies"][0]["text"]
    assert len(opened["same_address"]) == 3
    assert {right["right"] for right in joined[0]["rights"]} == {"access"}


def test_a_letter_that_joined_is_answered_anew_and_only_by_a_later_mail(
    cloud: Cloud, victim: str, sent_to: SentTo, drop_mail: Callable[..., str]
) -> None:
    for _ in range(A_DAY):
        drop_mail(mail(victim, ERASE), dmarc="PASS")
    cloud.drain()
    assert len(sent_to(victim)) == A_DAY
    message = drop_mail(mail(victim, ERASE), dmarc="PASS", times=2)
    assert message
    cloud.drain()
    assert len(sent_to(victim)) == A_DAY
    cloud.advance(DAY)
    cloud.drain()
    assert len(sent_to(victim)) == A_DAY + 1
    assert link_in(sent_to(victim)[-1]["text"])
    cloud.advance(DAY)
    cloud.drain()
    assert len(sent_to(victim)) == A_DAY + 1


def test_a_complaint_joins_no_letters_without_one(
    victim: str, cloud: Cloud, recorded: Callable[[], list[Request]]
) -> None:
    """Our officer is told at once of a complaint: it is no more of the same."""
    assert cloud.url

    def write(**more: Any) -> None:
        asked = intake.Asked(rights=[RightKind.ACCESS], certain=False, language="en", text="A copy, please.", **more)
        origin = Origin(way=Way.UNPROVEN, digest="origin")
        intake.open_request(EmailAddress.parse(victim), asked, origin, f"req_{uuid.uuid4().hex[:26]}")

    for _ in range(3):
        write()
    assert [request.joined for request in recorded()].count(1) == 1
    write(marks=["complaint"])
    write(unread=["attached:pdf"], raw=b"a mail")
    found = recorded()
    assert len(found) == 4
    assert [request.marks for request in found if request.marks] == [["complaint"]]
    assert [request.unread for request in found if request.unread] == [["attached:pdf"]]


def test_a_letter_adds_its_words_to_none_whose_person_was_asked_for_more(
    victim: str, cloud: Cloud, recorded: Callable[[], list[Request]]
) -> None:
    """A form may be the reply: it comes before our officer by itself."""
    assert cloud.url
    asked = intake.Asked(rights=[RightKind.UNCLEAR], certain=False, language="en", text="It is about me.")
    address, origin = EmailAddress.parse(victim), Origin(way=Way.FORM, digest="origin")
    idents = [ids.new("req"), ids.new("req")]
    for ident in idents:
        intake.open_request(address, asked, origin, ident)
    for ident in idents:
        desk.decide(ident, "officer", Decision.NEEDS_MORE, "identity")
    intake.open_request(address, asked, origin)
    found = recorded()
    assert [request.joined for request in found] == [0, 0, 0]
    assert sorted(str(right.state) for request in found for right in request.rights) == [
        "for_officer",
        "needs_more",
        "needs_more",
    ]
