"""A member's mailbox read through the whole backend: who writes to whom, as Gmail changes, forgets, refuses and slows down."""

from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.domain.contacts.records import ExchangeRecord
from chalicelib.domain.network.records import HeardRecord
from chalicelib.jobs import sync
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.consent_flow import listed
from tests.support.google_connection import Joined, exchanges, join
from tests.support.pass_time import settle
from tests.support.provider_connection import NoTime
from tests.support.queues import sqs_event


def counts(member: Member) -> dict[str, tuple[int, int]]:
    return {address: (found.received, found.sent) for address, found in exchanges(member).items()}


def received(joined: Joined, sender: str, number: int = 1, days: float = 1, **more: Any) -> None:
    for _ in range(number):
        joined.mailbox.add(sender=sender, to=[joined.address], at=clock.now() - timedelta(days=days), **more)


def test_counts_follow_the_mailbox(cloud: Cloud, member: Member) -> None:
    joined, google = join(cloud, member), cloud.connectors.google
    ada, bo = joined.person("Ada"), joined.person("Bo")
    received(joined, ada, 2, days=90, past=True)
    joined.mailbox.add(to=[ada, bo], cc=["stranger@people.example"])
    received(joined, bo, headers={"Auto-Submitted": "auto-replied"})
    joined.mailbox.add(sender=joined.address, to=[joined.address])
    cloud.drain()
    assert counts(member) == {ada: (2, 1), bo: (0, 1)}
    assert exchanges(member)[ada].recipients == 5

    received(joined, bo)
    assert google.pushes.deliver() >= 1, "Gmail watches the mailbox, and its word is taken"
    cloud.drain()
    assert counts(member) == {ada: (2, 1), bo: (1, 1)}

    received(joined, ada)
    google.fault("history_expired")
    joined.sync()
    assert counts(member) == {ada: (3, 1), bo: (1, 1)}, "all of it was read again, and only what is new counts"

    (contact,) = [i["id"] for i in member.api.get("/v1/contacts").json()["items"] if i["first_name"] == "Ada"]
    assert member.api.delete(f"/v1/contacts/{contact}").status_code == 204
    assert counts(member) == {bo: (1, 1)}
    assert member.api.delete(f"/v1/connections/{joined.id}").status_code == 202
    settle(cloud)
    assert [*rows.every(ExchangeRecord, member.tenant, "exchange#")] == []
    assert [*rows.every(HeardRecord, member.tenant, "heard#")] == []


def test_a_mailbox_is_read_within_its_quota_and_what_google_says_of_it(cloud: Cloud, member: Member) -> None:
    joined, google = join(cloud, member), cloud.connectors.google
    ada = joined.person("Ada")
    received(joined, ada, 350, past=True)
    cloud.drain()
    asked = [e for e in google.log if "/messages/" in e["path"] and e.get("account") == joined.address]
    assert len(asked) == 300, "6,000 units are 300 messages"
    assert counts(member) == {ada: (300, 0)}
    google.fault("limit", seconds=30, times=1, on="/gmail/")
    settle(cloud, 8, 45)
    assert counts(member) == {ada: (350, 0)}
    assert member.api.get(f"/v1/connections/{joined.id}").json()["state"] == "active"


def test_what_a_mailbox_was_read_for_goes_when_its_member_wants_it_read_no_more(cloud: Cloud, member: Member) -> None:
    joined, google = join(cloud, member), cloud.connectors.google
    ada, bo = joined.person("Ada"), joined.person("Bo")
    received(joined, ada, 2, past=True)
    received(joined, bo, past=True)
    cloud.drain()
    other = join(cloud, member)
    other.mailbox.add(sender=ada, to=[other.address])
    cloud.drain()
    assert counts(member) == {ada: (3, 0), bo: (1, 0)}
    (ident,) = [each["id"] for each in listed(member) if each["account"] == joined.address]

    join(cloud, member, "contacts", joined.address)
    google.log.clear()
    sync.handle(sqs_event({"kind": "sync", "id": f"{member.tenant}.{ident}"}), NoTime())
    cloud.drain()  # goes on where the first worker had no time left
    received(joined, bo)
    cloud.advance(1000)
    cloud.drain()
    assert counts(member) == {ada: (1, 0)}, "the other mailbox is still read"
    heard = [row.sk for row in rows.every(HeardRecord, member.tenant, "heard#")]
    assert (len(heard), [sk for sk in heard if ident[-26:] in sk]) == (1, [])
    read = {e["path"].split("/")[1] for e in google.log if e.get("account") == joined.address}
    assert read == {"v1"}, "People, and not Gmail, though the grant still reaches it"
    shown = member.api.get(f"/v1/connections/{ident}").json()
    assert (shown["state"], shown["tier"], shown["health"]["stored"]) == ("active", "contacts", 2)
    assert (shown["health"]["incomplete"], shown["health"]["stale"]) == (None, False)

    join(cloud, member, "headers", joined.address)
    cloud.drain()
    assert counts(member) == {ada: (3, 0), bo: (2, 0)}, "begun anew, from what is there"
