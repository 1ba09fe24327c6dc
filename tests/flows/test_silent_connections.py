"""What a member is told of a connection that shows nothing any more: what goes, when, what stays, and once more 7 days before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.connectors.port import Organization, Person
from chalicelib.core import clock
from chalicelib.domain.connections import notices, repository, suspension
from chalicelib.domain.connections.model import NOTICE_DUE, SYNC_DUE
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import due, rows, steps
from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.crash import state
from tests.support.annotated_contacts import WORDS, begun
from tests.support.scripted_connection import Synced

DAY = 86_400
SAID = {
    "en": (
        "From {date} (UTC) on, what only this connection shows will be deleted, each {days} day(s) after we last saw it there.",
        "Contacts: {}. Companies: {}.",
        "stays as your own. Contacts: {}. Companies: 1.",
        "once more seven days before that date",
        "We do not write about this again.",
    ),
    "fr": (
        "À partir du {date} (UTC), ce que cette connexion est seule à montrer est supprimé, chaque fois {days} jour(s) après que",
        "Contacts : {}. Entreprises : {}.",
        "reste à vous. Contacts : {}. Entreprises : 1.",
        "encore une fois sept jours avant cette date",
        "Nous n'écrirons plus à ce sujet.",
    ),
}
Mails = Callable[[], list[dict[str, Any]]]
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(cloud: Cloud, connect: Callable[..., Synced]) -> Synced:
    """Three contacts and two companies that nobody else vouches for, beside four contacts and a company that are annotated."""
    cloud.advance(DAY - clock.epoch() % DAY + 6 * 3_600)  # in the morning: what takes hours ends on the same day
    made = connect()
    begun(made)
    made.account.put(Organization("d", "Sud AG"), Organization("e", "West AG"), Person("f", "Bo", "Plainer"))
    made.account.put(Person("g", "Cy", "Plainest", ("cy.plainest@own.example",)))
    made.run()
    return made


@pytest.fixture
def mails(hub: Synced, sent_to: Sent) -> Mails:
    return lambda: sent_to(hub.member.email)


def stop(hub: Synced, fault: str) -> None:
    """The grant is over, or not enough; or nobody is there, from then on, in each of the runs."""
    for _ in range(2):
        for stream in ("companies", "contacts"):
            hub.account.fault(fault, stream)
        hub.run()
        hub.account.set(faults=[])
        hub.cloud.advance({"ended": 0, "forbidden": 3601, "down": 1.1 * DAY}[fault])  # until it is believed
    due.done(due.Due(SYNC_DUE, hub.ident))


def look(hub: Synced, days: float = 0) -> str:
    """What is due for the notice so many days later, and how that ends."""
    hub.cloud.advance(days * DAY)
    row = due.planned(due.Due(NOTICE_DUE, hub.ident))
    if row is None or row.due_at is None or clock.parse_rfc3339(row.due_at) > clock.now():
        return "nothing is due"
    return steps.run(notices.WORK, hub.ident, lambda: True).state


def assert_told(
    mail: dict[str, Any], date: datetime, language: str = "en", *, goes: tuple[int, int] = (3, 2), days: int = 30
) -> None:
    """What goes, and from when on."""
    said = SAID[language]
    first = said[0].format(date=render.day(date, language), days=days)
    assert first in mail["text"]
    assert said[1].format(*goes) in mail["text"].partition(first)[2]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("fault", ["ended", "forbidden"])
def test_the_mail_about_a_connection_that_stops_says_what_goes_and_what_stays(
    hub: Synced, mails: Mails, fault: str, language: str
) -> None:
    assert hub.api.patch("/v1/me/settings", {"language": language}).status_code == 200
    seen = clock.now()
    hub.cloud.advance(3 * DAY)
    stop(hub, fault)
    (mail,) = mails()
    said = SAID[language]
    unknown = timedelta(days=3 if fault == "forbidden" else 0)  # for which nobody could see what was there
    assert_told(mail, seen + unknown + timedelta(days=30), language)
    assert said[2].format(4) in mail["text"]
    assert said[3] in mail["text"]
    assert said[4] not in mail["text"]
    for name in (*WORDS, "Plain", "Ana", "Nord", "Sud AG", "@own.example", "Bonn"):
        assert name not in mail["text"] + mail["subject"] + mail["html"], "counts, never names"


def test_a_row_that_cannot_be_read_keeps_no_connection_from_stopping(hub: Synced, mails: Mails) -> None:
    member = hub.member
    one, other = list(rows.every(ContactRecord, member.tenant, "contact#"))[:2]
    one.sealed = other.sealed
    rows.put_if_unchanged(one)
    stop(hub, "ended")
    assert hub.seen()["state"] == "needs_consent"
    (mail,) = mails()
    assert "at least" in mail["text"], "what is there beside it is not known"
    assert look(hub) == "later"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("fault", ["ended", "forbidden", "down"])
def test_a_second_mail_comes_7_days_before_once(hub: Synced, mails: Mails, fault: str, language: str) -> None:
    assert hub.api.patch("/v1/me/settings", {"language": language}).status_code == 200
    seen = clock.now()
    stop(hub, fault)
    first = [] if fault == "down" else mails()
    assert len(first) == (fault != "down")
    assert look(hub) == "later"
    elapsed = (clock.now() - seen).total_seconds() / DAY
    look(hub, 22.9 - elapsed)
    assert mails() == first
    assert hub.api.patch(f"/v1/contacts/{hub.contacts()['Plainest']['id']}", {"notes": "mine"}).status_code == 200
    for _ in range(2):
        due.ensure(due.Due(NOTICE_DUE, hub.ident), clock.now())
        look(hub, 0.2)
    mail = mails()[-1]
    assert len(mails()) == len(first) + 1
    assert render.day(seen + timedelta(days=30), language) in mail["subject"]
    assert_told(mail, seen + timedelta(days=30), language, goes=(2, 2))  # counted when it is written
    assert SAID[language][2].format(5) in mail["text"]
    assert SAID[language][4] in mail["text"]
    assert not state.due(NOTICE_DUE, hub.ident)
    hub.cloud.advance(7 * DAY)
    assert sorted(hub.contacts()) == sorted((*WORDS, "Plainest")), "as it was said"
    assert len(mails()) == len(first) + 1


def test_the_second_mail_comes_in_time_where_copies_are_kept_for_fewer_days_meanwhile(
    hub: Synced, mails: Mails
) -> None:
    seen = clock.now()
    stop(hub, "ended")
    assert look(hub) == "later"
    assert look(hub, 1.01) == "later"
    assert hub.api.patch("/v1/workspace/settings", {"connection_copy_days": 10}).status_code == 200
    assert look(hub, 1.01) == "later"
    assert len(mails()) == 1
    assert look(hub, 1.01) == "done"
    assert len(mails()) == 2
    assert_told(mails()[-1], seen + timedelta(days=10), days=10)
    assert not state.due(NOTICE_DUE, hub.ident)


def test_the_scheduler_brings_the_second_mail(hub: Synced, mails: Mails) -> None:
    stop(hub, "ended")
    for days in (0, 23):
        hub.cloud.advance(days * DAY + 60)
        hub.cloud.drain()
    assert [each["subject"].partition(":")[0] for each in mails()] == ["Scripted needs your consent again", "Scripted"]


def consented_again(hub: Synced) -> None:
    record = repository.find(hub.member.tenant, hub.id)
    assert record

    def change(payload: Any) -> rows.TransactItems:
        payload.state, payload.mails, payload.failures, payload.consented_at = "active", {}, 0, clock.now()
        return ()

    repository.change(record, change)


def read_again(hub: Synced) -> None:
    consented_again(hub)
    hub.run()


def disconnected(hub: Synced) -> None:
    assert hub.api.delete(f"/v1/connections/{hub.id}").status_code == 202


def deleted(hub: Synced) -> None:
    disconnected(hub)
    hub.cloud.drain()
    assert not state.due(NOTICE_DUE, hub.ident)
    due.schedule(due.Due(NOTICE_DUE, hub.ident), clock.now())  # as a worker that was killed leaves it


@pytest.mark.parametrize("end", [consented_again, read_again, disconnected, deleted])
def test_no_second_mail_comes_where_the_connection_is_back_or_gone_meanwhile(
    hub: Synced, mails: Mails, end: Callable[[Synced], None]
) -> None:
    stop(hub, "ended")
    assert look(hub) == "later"
    look(hub, 10)
    end(hub)
    assert look(hub, 14) == "done"
    assert len(mails()) == 1
    assert not state.due(NOTICE_DUE, hub.ident)


def test_a_silence_that_ends_is_no_end_of_the_next_one(hub: Synced, mails: Mails) -> None:
    for silences in (1, 2):
        seen = clock.now()
        stop(hub, "down")
        look(hub)
        look(hub, 22)
        assert len(mails()) == silences
        assert render.day(seen + timedelta(days=30), "en") in mails()[-1]["subject"]
        hub.run()
        assert hub.seen()["health"]["incomplete"] is None


def test_who_is_told_on_the_last_days_is_told_once(hub: Synced, mails: Mails) -> None:
    seen = clock.now()
    hub.cloud.advance(22.5 * DAY)
    stop(hub, "ended")
    (mail,) = mails()
    assert_told(mail, seen + timedelta(days=30))
    assert SAID["en"][4] in mail["text"]
    assert look(hub) == "done"
    assert look(hub, 2) == "nothing is due"
    assert len(mails()) == 1


def test_what_another_connection_shows_goes_when_that_stops_as_well(
    hub: Synced, connect: Callable[..., Synced], mails: Mails
) -> None:
    other = connect()
    other.account.put(Person("x", "Cy", "Plainest", ("cy.plainest@own.example",)), Organization("e", "Ost AG"))
    other.run()
    seen = clock.now()
    assert len(hub.contacts()) == 7
    stop(hub, "ended")
    assert_told(mails()[-1], seen + timedelta(days=30), goes=(2, 2))
    stop(other, "ended")
    assert_told(mails()[-1], seen + timedelta(days=30), goes=(1, 1))


def test_a_connection_that_brought_nothing_says_so_and_plans_nothing(
    connect: Callable[..., Synced], sent_to: Sent
) -> None:
    hub = connect()
    hub.run()
    stop(hub, "ended")
    (mail,) = sent_to(hub.member.email)
    assert "Nothing that we have from it will be deleted." in mail["text"]
    assert SAID["en"][4] in mail["text"]
    assert look(hub) == "done"
    assert not state.due(NOTICE_DUE, hub.ident)


def test_a_worker_killed_before_it_planned_the_second_mail_leaves_it_to_the_next(hub: Synced, mails: Mails) -> None:
    stop(hub, "ended")
    due.done(due.Due(NOTICE_DUE, hub.ident))
    record = repository.find(hub.member.tenant, hub.id)
    assert record
    suspension.needs_consent(record)
    assert look(hub) == "later"
    assert len(mails()) == 1


def test_a_day_is_written_as_people_do() -> None:
    first, other = (
        datetime.fromisoformat("2027-01-01T23:59:00+00:00"),
        datetime.fromisoformat("2026-12-30T00:00:00+00:00"),
    )
    assert [render.day(each, "en") for each in (first, other)] == ["1 January 2027", "30 December 2026"]
    assert [render.day(each, "fr") for each in (first, other)] == ["1er janvier 2027", "30 décembre 2026"]
