"""What a person of ours has to answer waits until it is answered, however long; the officer is reminded, the operator told."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.privacy import deadlines
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.store import rows
from chalicelib.texts import render
from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS, OPERATOR_ADDRESS
from tests.conftest import Api
from tests.support.privacy_mail import link_in, mail

SentTo = Callable[[str], list[dict[str, Any]]]
DAY = 86_400
ACCESS = "Please send me a copy of my personal data. I write on behalf of my mother.\r\n"


def person() -> str:
    return f"kim.{uuid.uuid4().hex[:10]}@people.example"


def newest() -> tuple[str, Request]:
    """The id of the request that came last, and what it holds."""
    found = [
        (row.pk.removeprefix("request#"), row.unsealed(Request)) for row in RequestRecord.scan() if row.sk == "request"
    ]
    return max(found, key=lambda each: each[1].received_at)


def read(ident: str) -> Request:
    found = rows.get(RequestRecord, f"request#{ident}", "request")
    assert found, "it was forgotten"
    return found.unsealed(Request)


def pass_days(cloud: Cloud, days: int) -> None:
    for _ in range(days):
        cloud.advance(DAY)
        cloud.drain()


@pytest.fixture
def asked(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[..., str]:
    """Lets somebody write; the request's id."""

    def ask(body: str = ACCESS, address: str = "") -> str:
        drop_mail(mail(address or person(), body))
        cloud.drain()
        return newest()[0]

    return ask


def test_what_nobody_decides_is_kept_and_told_of_for_a_year(
    cloud: Cloud, asked: Callable[..., str], sent_to: SentTo
) -> None:
    before = len(sent_to(OFFICER_ADDRESS)), len(sent_to(OPERATOR_ADDRESS))
    ident = asked()
    due = read(ident).due_at
    told: list[float] = []
    while clock.now() < due + timedelta(days=2):
        pass_days(cloud, 1)
        if len(sent_to(OFFICER_ADDRESS)) - before[0] > len(told):
            told.append((due - clock.now()) / timedelta(days=1))
    assert [round(days) for days in told] == [14, 7, 3, 1]
    last = sent_to(OFFICER_ADDRESS)[-1]
    assert f"{ident}: {due.date()}" in last["text"].splitlines()
    assert f"{cloud.url}/officer" in last["text"].splitlines(), "nothing leads to the desk"
    assert "people.example" not in last["text"] + last["subject"]
    overdue = sent_to(OPERATOR_ADDRESS)[before[1] :]
    assert [ident in each["text"] for each in overdue] == [True]
    cloud.advance(400 * DAY)
    cloud.drain()
    kept = rows.get(PersonRecord, f"request#{ident}", "person")
    assert kept
    assert "copy of my personal data" in kept.unsealed(PersonPayload).text
    request = read(ident)
    assert [str(right.state) for right in request.rights] == ["for_officer"]
    assert request.watch.alarmed_at
    assert clock.now() - request.watch.alarmed_at < timedelta(days=1)
    assert len(sent_to(OPERATOR_ADDRESS)) == before[1] + 1, "told once"


def test_the_alarm_is_raised_each_day_that_a_request_is_overdue(
    cloud: Cloud, asked: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    ident = asked()
    cloud.advance(32 * DAY)
    with caplog.at_level("INFO", logger="iko.events"):
        for _ in range(3):
            cloud.drain()
            cloud.advance(DAY)
    raised = [line for line in caplog.messages if '"OverdueRequests":1' in line]
    assert len(raised) >= 3
    assert any(ident in line and "request_overdue" in line for line in caplog.messages)


def test_several_that_are_due_together_are_told_of_by_one_mail(
    cloud: Cloud, asked: Callable[..., str], sent_to: SentTo
) -> None:
    idents = [asked() for _ in range(3)]
    before = len(sent_to(OFFICER_ADDRESS))
    cloud.advance((read(idents[-1]).due_at - clock.now()).total_seconds() - 7 * DAY + 60)
    cloud.drain()
    told = sent_to(OFFICER_ADDRESS)[before:]
    assert len(told) == 1
    assert all(ident in told[0]["text"] for ident in idents)


def test_the_month_counts_from_when_the_mail_reached_us(cloud: Cloud, drop_mail: Callable[..., str]) -> None:
    drop_mail(mail(person(), ACCESS))
    waited = clock.now()
    cloud.advance(5 * 3_600)
    cloud.drain()
    request = newest()[1]
    assert abs(request.received_at - waited) < timedelta(minutes=5)
    assert request.due_at == deadlines.months_after(request.received_at)


def test_a_first_mail_names_who_we_are_what_was_understood_and_until_when(
    asked: Callable[..., str], sent_to: SentTo
) -> None:
    address = person()
    ident = asked(address=address)
    assert sent_to(address)[-1]["subject"] == "We have received your request"
    text = sent_to(address)[-1]["text"]
    assert "– Send me a copy of my data" in text.splitlines()
    assert "IKO System (local), 1 Example Street, 1000 Example Town" in text.splitlines()
    assert render.day(read(ident).due_at, "en") in text


def test_who_does_not_confirm_loses_the_erasure_and_nothing_else(
    cloud: Cloud, api: Api, asked: Callable[..., str], sent_to: SentTo
) -> None:
    address = person()
    ident = asked("Please delete all my personal data. I also object to the processing of my data.\r\n", address)
    if [str(right.state) for right in read(ident).rights] != ["awaiting_confirmation", "for_officer"]:
        pytest.skip("such a letter is read by our officer at once")
    path = link_in(sent_to(address)[-1]["text"])
    pass_days(cloud, 14)
    assert [str(right.state) for right in read(ident).rights] == ["lapsed", "for_officer"]
    last = sent_to(address)[-1]["text"]
    assert "– Delete my data" in last
    assert "authority" in last
    assert api.press(path.removeprefix(cloud.url)).status_code == 410


@pytest.mark.parametrize(
    ("due", "days", "at"),
    [
        ("2026-03-31T05:00:00+00:00", 1, "2026-03-29T06:00:00+00:00"),
        ("2026-03-31T06:00:00+00:00", 1, "2026-03-30T06:00:00+00:00"),
        ("2026-03-31T23:59:00+00:00", 14, "2026-03-17T06:00:00+00:00"),
    ],
)
def test_a_reminder_goes_in_the_morning_and_never_late(due: str, days: int, at: str) -> None:
    assert deadlines.remind_at(datetime.fromisoformat(due), days) == datetime.fromisoformat(at)


def test_the_mail_of_a_lapsed_erasure_says_where_to_complain(
    cloud: Cloud, asked: Callable[..., str], sent_to: SentTo
) -> None:
    address = person()
    asked("Please delete all my personal data.\r\n", address)
    pass_days(cloud, 14)
    text = sent_to(address)[-1]["text"]
    assert re.search(r"complain to a data protection authority.*court", text)
