"""What is kept of the messages between a member and a contact, beside their counts."""

import pytest

from chalicelib.core import clock, ids
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.network.flows import exchanged
from chalicelib.store import rows
from tests.conftest import Member
from tests.support.aged_records import at, put
from tests.support.aged_records import contact as known
from tests.support.scripted_mailbox import OWN, connect, contact, header
from tests.unit.domain.network.test_message_counter import address, counts, marks


def test_whose_data_are_restricted_is_counted_once_that_is_lifted(member: Member) -> None:
    ada = address("ada")
    emails = [{"value": ada, "sources": {"member": at(1)}}]
    (row,) = put(member, known("C", at(1), emails=emails, restricted=True))
    ident = str(ids.owned_of("con", row.sk))
    reader = connect(member, [header(1, ada, [OWN]), header(2, OWN, [ada])])
    assert reader.read()
    assert (counts(reader, ident), marks(reader)) == (None, 0)
    found = rows.get(ContactRecord, member.tenant, row.sk)
    assert found
    heard = found.unsealed(ContactPayload)
    assert heard.last_heard_at, "its life counts from when the person wrote, all the same"
    found.reseal(heard.model_copy(update={"restricted": False}))
    rows.put_if_unchanged(found)
    clock.advance(8 * 86_400)
    assert reader.read(), "everything is read again"
    assert counts(reader, ident) == (1, 1, 2)


def test_the_counts_are_those_of_the_flows(member: Member) -> None:
    ada, other, bo = address("ada"), address("other"), address("bo")
    a = contact(member, ada, other)
    messages = [
        header(1, ada, [OWN], days=9),
        header(2, OWN, [ada, other, bo], days=5),
        header(3, other, [OWN], days=2),
        header(4, OWN, [ada], days=1),
    ]
    reader = connect(member, messages, size=2)
    assert reader.read()
    tally = reader.tally(a)
    assert tally
    flows = tally.flows.values()
    assert (
        (sum(flow.received for flow in flows), sum(flow.sent for flow in flows))
        == (tally.received, tally.sent)
        == (2, 2)
    )
    assert sorted(len(marks) for marks in tally.flows) == [8, 8, 16], (
        "one for each set of addresses that stood in a message"
    )
    sums = exchanged(flows, clock.now())
    assert sums.outward == pytest.approx(1 / 2 + 1 / 3 / 6, rel=0.03)
    assert sums.inward == pytest.approx(1 / 3 + 1 / 10, rel=0.03)
