"""Headers become counts: of contacts only, each message once, whatever is read again."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import CursorExpired, OverQuota
from chalicelib.core import clock, ids
from chalicelib.core.errors import VersionConflict
from chalicelib.domain import kinds
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.network import counted_messages, message_counter
from chalicelib.domain.network.records import HeardPayload, HeardRecord
from chalicelib.domain.retention import sweep
from chalicelib.domain.sync.records import CheckpointRecord
from chalicelib.store import batch, rows, steps
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.aged_records import at, put
from tests.support.aged_records import contact as known
from tests.support.scripted_mailbox import OWN, Reader, connect, contact, contact_sk, header


def address(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}@people.example"


def counts(reader: Reader, ident: str) -> tuple[int, int, int] | None:
    found = reader.tally(ident)
    return (found.received, found.sent, found.recipients) if found else None


def marks(reader: Reader) -> int:
    found = rows.every(
        HeardRecord, reader.member.tenant, counted_messages.prefix(ids.owner_code(reader.member.id), reader.local)
    )
    return sum(len(row.unsealed(HeardPayload).marks) for row in found) // counted_messages.MARK_LENGTH


def test_who_wrote_to_whom_how_often_and_when(member: Member) -> None:
    ada, bo, stranger = address("ada"), address("bo"), address("stranger")
    a, b, me = contact(member, ada, address("other")), contact(member, bo), contact(member, OWN)
    messages = [
        header(1, ada.upper(), [OWN], days=9),
        header(2, f"{ada}", ["m.e+x@googlemail.com", bo, stranger], days=5),  # to us and two others
        header(3, OWN, [ada, bo, bo.upper()], days=4),
        header(4, OWN, [stranger], days=3),
        header(5, stranger, [OWN, ada], days=3),
        header(6, ada, [OWN], days=1, automatic=True),
        header(7, OWN, [OWN], days=1),
        header(8, bo, [OWN], days=366),
        header(9, bo, [OWN], days=-400),
        header(10, "not an address", [OWN]),
    ]
    reader = connect(member, messages)
    assert reader.read()
    assert (counts(reader, a), counts(reader, b), counts(reader, me)) == ((2, 1, 6), (0, 1, 2), None)
    found = reader.exchange(a)
    assert found
    assert (found.last_received_at, found.last_sent_at) == tuple(clock.rfc3339(messages[i].at) for i in (1, 2))
    of_bo = reader.exchange(b)
    assert of_bo
    assert (of_bo.last_received_at, of_bo.last_sent_at) == (None, clock.rfc3339(messages[2].at))
    assert marks(reader) == 4, "what counts for nobody is not remembered"
    at = reader.checkpoint().at
    assert (at.seen, at.stored) == (10, 3)
    assert at.skipped == {"no_contact": 4, "automatic": 1, "too_old": 1, "not_yet": 1}


def test_nothing_counts_twice_and_nothing_is_lost(member: Member) -> None:
    """History that overlaps, the whole mailbox again, a contact that comes later."""
    ada, late = address("ada"), address("late")
    a = contact(member, ada)
    reader = connect(member, [header(n, ada, [OWN], days=40 * n) for n in range(1, 8)], size=2)
    assert not reader.read(lambda: False)
    reader.mailbox.messages.append(header(8, ada, [OWN]))
    assert reader.read()
    assert reader.read()
    assert counts(reader, a) == (8, 0, 8)
    reader.mailbox.messages += [header(9, OWN, [ada, late]), header(10, late, [OWN])]
    reader.mailbox.lost = True
    assert reader.read()
    assert counts(reader, a) == (8, 1, 10)
    assert reader.checkpoint().at.seen == 10
    ident = contact(member, late)
    assert reader.read()
    assert counts(reader, ident) is None
    clock.advance(8 * 86_400)
    assert reader.read(), "everything is read again"
    assert (counts(reader, ident), counts(reader, a)) == ((1, 1, 3), (8, 1, 10))


def test_a_month_with_more_than_a_row_takes_goes_on_in_the_next(member: Member) -> None:
    ada = address("ada")
    a = contact(member, ada)
    reader = connect(member, [header(n, ada, [OWN], days=0) for n in range(3)])
    month = clock.rfc3339(clock.now())[:7]
    sk = f"{counted_messages.prefix(ids.owner_code(member.id), reader.local)}{month}#000"
    full = HeardPayload(marks="".join(f"{n:013}" for n in range(8_000)))
    batch.put_all([HeardRecord.build(member.tenant, sk, full, ends=clock.now() + timedelta(days=370))])
    assert reader.read()
    reader.mailbox.lost = True
    assert reader.read()
    assert (counts(reader, a), marks(reader)) == ((3, 0, 3), 8_003)
    assert len(list(rows.every(HeardRecord, member.tenant, "heard#"))) == 2


def test_a_page_of_more_contacts_than_a_transaction_takes(member: Member) -> None:
    many = [address(f"p{n}") for n in range(80)]
    kept = [known("C", at(1), emails=[{"value": each, "sources": {"member": at(1)}}]) for each in many]
    found = [str(ids.owned_of("con", row.sk)) for row in put(member, *kept)]
    reader = connect(member, [header(n, OWN, many[: n + 70], days=n) for n in range(10)], size=100)
    assert reader.read()
    assert [counts(reader, ident) for ident in found[:2]] == [(0, 10, sum(range(70, 80)))] * 2
    assert counts(reader, found[78]) == (0, 1, 79)
    assert reader.checkpoint().at.stored == 10


def test_a_worker_that_was_overtaken_counts_nothing(member: Member) -> None:
    ada = address("ada")
    a = contact(member, ada)
    reader = connect(member, [header(n, ada, [OWN]) for n in range(4)])

    def overtaken() -> bool:
        reader.checkpoint()
        return True

    with pytest.raises(VersionConflict):
        reader.read(overtaken)
    assert counts(reader, a) == (3, 0, 3)
    assert reader.read()
    assert counts(reader, a) == (4, 0, 4)


def test_the_mailbox_is_asked_within_its_quota(member: Member) -> None:
    reader = connect(member, [header(n, OWN, [OWN]) for n in range(30)], size=1, units=2_000)
    with pytest.raises(OverQuota) as raised:
        reader.read()
    assert reader.mailbox.asked == 3
    assert 19 < raised.value.retry_after <= 20
    clock.advance(raised.value.retry_after + 0.1)
    with pytest.raises(OverQuota):
        reader.read()
    assert reader.mailbox.asked == 4
    clock.advance(60)
    with pytest.raises(OverQuota):
        reader.read()
    assert reader.mailbox.asked == 7, "never more than a minute's"


def test_a_position_that_is_lost_at_once_again_is_the_providers_fault(member: Member) -> None:
    class Lost:
        def page(self, _: object) -> None:
            raise CursorExpired

    reader = connect(member)
    reader.mailbox.page = Lost().page  # type: ignore[method-assign, assignment]
    with pytest.raises(ProviderDown):
        reader.read()


def test_news_are_asked_for_once_a_day(member: Member) -> None:
    reader = connect(member)
    reader.read()
    reader.read()
    assert reader.mailbox.watches == 1
    kept = rows.get(ConnectionRecord, member.tenant, reader.row.sk)
    assert kept
    assert kept.unsealed(ConnectionPayload).watched_until
    clock.advance(86_500)
    reader.read()
    assert reader.mailbox.watches == 2


def test_a_life_counts_from_the_last_message_received(member: Member) -> None:
    ada, bo = address("ada"), address("bo")
    a, b = contact(member, ada), contact(member, bo)

    def last(ident: str) -> tuple[str | None, int]:
        row = rows.get(ContactRecord, member.tenant, contact_sk(ident))
        assert row
        return row.unsealed(ContactPayload).last_heard_at, int(row.version)

    reader = connect(
        member, [header(1, ada, [OWN], days=20), header(2, OWN, [bo]), header(3, bo, [OWN], automatic=True)]
    )
    reader.read()
    heard_at = clock.rfc3339(reader.mailbox.messages[0].at)
    assert (last(a), last(b)) == ((heard_at, 1), (None, 1))
    reader.mailbox.messages.append(header(4, ada, [OWN], days=15))
    reader.read()
    assert last(a) == (heard_at, 1), "not a write for each message"
    reader.mailbox.messages.append(header(5, ada, [OWN], days=2))
    reader.read()
    assert last(a) == (clock.rfc3339(reader.mailbox.messages[-1].at), 1)


def test_who_wrote_lately_is_kept(member: Member) -> None:
    old, silent = address("old"), address("silent")
    kept = [known("C", at(1097), emails=[{"value": each, "sources": {"member": at(9)}}]) for each in (old, silent)]
    rows_there = put(member, *kept)
    connect(member, [header(1, old, [OWN], days=3), header(2, OWN, [silent], days=3)]).read()
    assert steps.run(sweep.work(kinds.RECORDS), member.tenant, lambda: True).state == "passed"
    assert [rows.get(ContactRecord, member.tenant, row.sk) is not None for row in rows_there] == [True, False]
    assert len(list(rows.every(ExchangeRecord, member.tenant, "exchange#"))) == 1, "its counts went with it"


def test_counts_go_with_their_contact(member: Member, erased: Callable[..., str]) -> None:
    ada, bo, cy = address("ada"), address("bo"), address("cy")
    a, b, c = (contact(member, each) for each in (ada, bo, cy))
    reader = connect(member, [header(n, each, [OWN]) for n, each in enumerate((ada, bo, cy))])
    reader.read()
    assert counts(reader, a) == counts(reader, b) == (1, 0, 1)
    assert member.api.delete(f"/v1/contacts/{a}").status_code == 204
    erased(bo)
    reader.mailbox.messages += [header(7, ada, [OWN]), header(8, bo, [OWN]), header(9, cy, [OWN])]
    reader.mailbox.lost = True
    reader.read()
    assert [counts(reader, each) for each in (a, b, c)] == [None, None, (2, 0, 2)]
    again = contact(member, ada)
    clock.advance(8 * 86_400)
    reader.read()
    assert counts(reader, again) == (2, 0, 2), "of what is in the mailbox nothing is lost to a contact made anew"


def test_a_contact_that_goes_while_its_mail_is_counted(member: Member) -> None:
    ada, bo = address("ada"), address("bo")
    a, b = contact(member, ada), contact(member, bo)
    reader = connect(member, [header(1, ada, [OWN]), header(2, bo, [OWN])])
    recorder = message_counter.Recorder(member.tenant, ids.owner_code(member.id), reader.local, [OWN])
    done = recorder.record(reader.mailbox.messages)
    assert member.api.delete(f"/v1/contacts/{a}").status_code == 204
    checkpoint = reader.checkpoint()
    with pytest.raises(VersionConflict):
        checkpoint.save(checkpoint.at, done.pieces[0])
    assert (reader.exchange(a), reader.exchange(b)) == (None, None)
    assert reader.read()
    assert (counts(reader, a), counts(reader, b)) == (None, (1, 0, 1))


def test_a_mailbox_that_is_disconnected_takes_its_counts_away(cloud: Cloud, member: Member) -> None:
    ada, bo = address("ada"), address("bo")
    a, b = contact(member, ada), contact(member, bo)
    first = connect(member, [header(1, ada, [OWN]), header(2, bo, [OWN])])
    second = connect(member, [header(1, ada, ["me@work.example"])], address="me@work.example")
    first.read()
    second.read()
    both = first.exchange(a)
    assert both
    assert (both.received, both.recipients) == (2, 2)
    owner = ids.owner_code(member.id)
    for _ in range(2):
        assert message_counter.forget(member.tenant, owner, first.local, lambda: True)
        assert (counts(first, a), counts(second, a), first.exchange(b)) == (None, (1, 0, 1), None)
    assert (marks(first), marks(second)) == (0, 1)
    assert not message_counter.forget(member.tenant, owner, second.local, lambda: False), (
        "where there is no time, a piece goes"
    )
    assert message_counter.forget(member.tenant, owner, second.local, lambda: False)
    assert list(rows.every(ExchangeRecord, member.tenant, "exchange#")) == []
    assert len(list(rows.every(CheckpointRecord, member.tenant, "checkpoint#"))) == 2


def test_the_counts_of_a_mailbox_that_was_quiet_for_long_stay_when_another_goes(member: Member) -> None:
    ada = address("ada")
    a = contact(member, ada)
    first = connect(member, [header(1, ada, [OWN])])
    quiet = connect(member, [header(1, ada, ["me@work.example"])], address="me@work.example")
    first.read()
    quiet.read()
    owner = ids.owner_code(member.id)
    counted_messages.forget(member.tenant, owner, quiet.local)  # as by its age
    assert message_counter.forget(member.tenant, owner, first.local, lambda: True)
    assert (counts(first, a), counts(quiet, a)) == (None, (1, 0, 1))


def test_what_is_remembered_outlives_what_is_read(member: Member) -> None:
    ada = address("ada")
    a = contact(member, ada)
    reader = connect(member, [header(1, ada, [OWN], days=1)])
    reader.read()
    row = next(rows.every(HeardRecord, member.tenant, "heard#"))
    assert row.expires_at > clock.now() + timedelta(days=364)
    clock.advance(363 * 86_400)
    reader.mailbox.lost = True
    reader.read()
    assert counts(reader, a) == (1, 0, 1)
