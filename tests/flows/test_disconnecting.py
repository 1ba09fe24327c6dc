"""Disconnecting: hidden at once, revoked at the provider, gone with all that leads to it; the same when a member or all leave."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, settings
from chalicelib.core.ids import TenantId
from chalicelib.domain.connections import credentials, disconnect, mailboxes, repository, revocation
from chalicelib.domain.connections.model import DISCONNECT_DUE, SYNC_DUE, ConnectionPayload
from chalicelib.domain.sync import disconnect_cleanup
from chalicelib.jobs import deletions
from chalicelib.store import steps
from chalicelib.store.due import Due, lease, schedule
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.consent_flow import answered, begin, connect, listed, returned
from tests.support.paypal_checkout import Paying
from tests.support.provider_connection import NoTime
from tests.support.queues import sqs_event

REVOKE = "/2/oauth2/revoke"


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Any]:
    cloud.connectors.social.log.clear()
    yield cloud.connectors.social
    cloud.connectors.social.heal()


def left(cloud: Cloud, tenant: TenantId, ident: str) -> list[str]:
    """What still tells of the connection, besides the log and the job."""
    tables = settings.current().tables
    found = [
        item["sk"]["S"]
        for table in (tables.tenant_data, tables.credentials)
        for item in state.partition(cloud, table, "tenant", tenant)
        if ident[-26:] in item["sk"]["S"]
    ]
    return found + [kind for kind in (SYNC_DUE, DISCONNECT_DUE) if state.due(kind, f"{tenant}.{ident}")]


def revoked(social: Any) -> int:
    return sum(each["path"] == REVOKE and each["status"] == 200 for each in social.log)


def test_a_connection_is_hidden_at_once_revoked_and_gone(cloud: Cloud, member: Member, social: Any) -> None:
    ident = connect(cloud, member, "x")["id"]
    cloud.drain()
    read = member.api.get(f"/v1/connections/{ident}")
    stale = member.api.delete(f"/v1/connections/{ident}", headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    answer = member.api.delete(f"/v1/connections/{ident}", headers={"If-Match": read.headers["ETag"]})
    assert answer.status_code == 202
    job = answer.json()["job"]
    assert (job["type"], job["state"]) == ("disconnect", "queued")
    assert listed(member) == []
    assert member.api.get(f"/v1/connections/{ident}").status_code == 404
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 404
    back = returned(cloud, answered(begin(member, "x")))
    assert (back.status_code, "still being disconnected" in back.text) == (409, True)
    assert revoked(social) == 2, "what the new consent gave"
    cloud.drain()
    done = member.api.get(f"/v1/jobs/{job['id']}").json()
    assert (done["state"], done["result"]["revocation_unconfirmed"]) == ("done", False)
    assert revoked(social) == 4  # the refresh token and the access token
    assert left(cloud, member.tenant, ident) == []
    assert member.api.get("/v1/audit").json()["items"][0]["action"] == "connection.disconnected"
    assert connect(cloud, member, "x")["state"] == "active"


def test_a_provider_that_is_down_holds_nothing_up_and_is_asked_again(cloud: Cloud, member: Member, social: Any) -> None:
    ident = connect(cloud, member, "x")["id"]
    cloud.drain()
    job = member.api.delete(f"/v1/connections/{ident}").json()["job"]["id"]
    social.fault("status", status=503, on=REVOKE)
    for _ in range(disconnect.TRIES):
        assert member.api.get(f"/v1/jobs/{job}").json()["state"] == "queued"
        cloud.drain()
        cloud.advance(130)
    cloud.drain()
    done = member.api.get(f"/v1/jobs/{job}").json()
    assert (done["state"], done["result"]["revocation_unconfirmed"]) == ("done", True)
    assert left(cloud, member.tenant, ident) == []


def test_a_sync_under_way_is_waited_for_and_one_that_vanished_is_looked_after(
    cloud: Cloud, member: Member, social: Any
) -> None:
    ident = connect(cloud, member, "x")["id"]
    cloud.drain()
    work, passes = f"{member.tenant}.{ident}", list[str]()

    def forget(tenant: TenantId, connection_id: str, has_time: Callable[[], bool]) -> bool:
        assert (tenant, connection_id, has_time()) == (member.tenant, ident, True)
        passes.append(connection_id)
        return len(passes) > 1 and disconnect_cleanup.forget(
            tenant, connection_id, has_time
        )  # the first time it has no time

    lease(Due(SYNC_DUE, work), 60)
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 202

    def run() -> list[str]:
        schedule(Due(DISCONNECT_DUE, work), clock.now() + timedelta(days=1))  # no other worker comes by itself
        steps.run(disconnect.work(forget), work, lambda: True)
        return passes

    assert run() == []
    cloud.advance(61)  # the worker has not come back; it may be slow only
    assert len(run()) == 1
    assert len(run()) == 2
    assert left(cloud, member.tenant, ident) != []
    assert len(run()) == 2  # too early
    cloud.advance(settings.current().waits.second_pass + 1)
    assert len(run()) == 3
    assert left(cloud, member.tenant, ident) == []
    steps.run(disconnect.work(forget), work, lambda: True)  # a message that comes twice
    assert len(passes) == 3


def test_a_locked_workspace_disconnects_too(cloud: Cloud, member: Member, social: Any) -> None:
    from chalicelib.domain.accounts import membership
    from chalicelib.domain.accounts.model import TenantState

    ident = connect(cloud, member, "x")["id"]
    membership.set_tenant_state(member.tenant, TenantState.LOCKED, frozenset({TenantState.ACTIVE}))
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 202
    cloud.drain()
    assert left(cloud, member.tenant, ident) == []


def test_who_leaves_has_its_grants_revoked_and_a_colleague_keeps_its_own(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    social: Any,
) -> None:
    owner = new_workspace()
    goes = new_colleague(owner)
    ident, stays = connect(cloud, goes, "x")["id"], connect(cloud, owner, "x", account=1)["id"]
    cloud.drain()
    social.fault("status", status=503, on=REVOKE)
    job = owner.api.delete(f"/v1/members/{goes.id}").json()["job"]["id"]
    for _ in range(2):
        cloud.drain()
        cloud.advance(settings.current().waits.second_pass + 1)
    cloud.drain()
    assert left(cloud, owner.tenant, ident) == []
    assert [each["id"] for each in listed(owner)] == [stays]
    assert owner.api.get(f"/v1/jobs/{job}").json()["result"]["revocation_unconfirmed"] is True
    assert credentials.read(owner.tenant, stays)


def test_a_purge_revokes_says_what_it_could_not_and_leaves_no_way_from_a_mailbox(
    cloud: Cloud, member: Member, social: Any, paying: Paying
) -> None:
    ident = connect(cloud, member, "x")["id"]
    cloud.drain()
    record = repository.find(member.tenant, ident)
    assert record
    address = f"box-{member.id[-8:]}@person.example"
    payload = record.unsealed(ConnectionPayload).model_copy(update={"address": address})
    repository.save(record, payload)
    mailboxes.remember(address, member.tenant, ident)
    assert revocation.of_tenant(member.tenant, "", lambda: True) == (True, None)
    assert revoked(social) == 2
    assert mailboxes.find(address) == []
    assert revocation.of_tenant(member.tenant, "", lambda: True) == (True, None)  # ended before is ended
    social.fault("status", status=403, on=REVOKE)
    assert revocation.of_tenant(member.tenant, "", lambda: True) == (False, None)
    paying.subscribe(member)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 200
    for _ in range(8):
        cloud.advance(20)
        cloud.drain()
    assert left(cloud, member.tenant, ident) == []
    (link,) = [word for word in cloud.sent_mail()[-1]["text"].split() if "/certificates/" in word]
    assert certificate(member, link)["revocation_unconfirmed"] == ["connections"]


@pytest.mark.parametrize("end", ["leaving", "purge"])
def test_many_grants_are_ended_in_as_many_goes_as_it_takes(
    cloud: Cloud, new_colleague: Callable[[Member], Member], member: Member, social: Any, paying: Paying, end: str
) -> None:
    goes = new_colleague(member) if end == "leaving" else member
    kept = [connect(cloud, goes, "x", account=number)["id"] for number in range(2)]
    if end == "leaving":
        assert member.api.delete(f"/v1/members/{goes.id}").status_code == 202
    else:
        paying.subscribe(member)
        member.api.token = cloud.issuer.token(member.email)
        assert member.api.post("/v1/subscription/cancel", {}).status_code == 200
    social.log.clear()
    message = sqs_event({"kind": end, "id": f"{member.tenant}.{goes.id}" if end == "leaving" else member.tenant})
    ended = [0]
    for _ in range(8):
        cloud.advance(20)
        assert deletions.handle(message, NoTime()) == {"batchItemFailures": []}
        ended.append(revoked(social))
    assert ended == sorted(ended)
    assert set(ended) == {0, 2, 4}, "one connection a go, each of its two tokens once"
    assert len([each for each in social.log if each["path"] == REVOKE]) == 4
    assert [left(cloud, member.tenant, ident) for ident in kept] == [[], []]
    cloud.drain()


def test_a_sync_that_was_asked_for_ends_with_its_connection(cloud: Cloud, member: Member, social: Any) -> None:
    ident = connect(cloud, member, "x")["id"]
    cloud.drain()
    asked = member.api.post(f"/v1/connections/{ident}/sync").json()["job"]["id"]
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 202
    cloud.drain()
    assert member.api.get(f"/v1/jobs/{asked}").json()["state"] == "cancelled"


def certificate(member: Member, link: str) -> dict[str, Any]:
    import base64
    import json

    body = member.api.session.get(link, timeout=30).text.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found
