"""Access tokens: one refresh however many workers want one, nothing newer overwritten, an end of the grant believed late."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import Grant, GrantEnded, Provider, RefreshRefused
from chalicelib.core import clock
from chalicelib.core.errors import Unavailable
from chalicelib.core.ids import TenantId
from chalicelib.domain.connections import credentials, registrations, repository, suspension
from chalicelib.domain.connections.model import SYNC_DUE, CredentialPayload
from chalicelib.domain.connections.tokens import CLAIM_S, ConnectionTokens
from chalicelib.jobs import sync
from chalicelib.store import rows
from chalicelib.store.due import Due, schedule
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.consent_flow import answered, begin, connect, listed, returned

TOKEN = "/2/oauth2/token"


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Any]:
    cloud.connectors.social.log.clear()
    yield cloud.connectors.social
    cloud.connectors.social.heal()


@pytest.fixture
def place(cloud: Cloud, member: Member, social: Any) -> tuple[TenantId, str]:
    """Tenant and id of a connection to X, whose refresh tokens are good for one use."""
    made = connect(cloud, member, "x")["id"]
    social.log.clear()
    return member.tenant, made


def kept(place: tuple[TenantId, str]) -> CredentialPayload:
    row = credentials.read(*place)
    assert row
    return credentials.opened(row)


def refreshes(social: Any) -> int:
    return sum(each["path"] == TOKEN for each in social.log)


def test_a_token_serves_until_it_is_nearly_over_and_then_is_refreshed(
    cloud: Cloud, place: tuple[TenantId, str], social: Any
) -> None:
    tokens, first = ConnectionTokens(*place), kept(place)
    assert tokens.token() == tokens.token() == first.access_token
    cloud.advance(7200 - 90)
    assert tokens.token() == first.access_token
    cloud.advance(45)  # less than a minute is left
    second = tokens.token()
    assert second != first.access_token
    assert refreshes(social) == 1
    assert kept(place).refresh_token != first.refresh_token
    assert ConnectionTokens(*place).token() == second
    # The provider refuses it before its time; another worker that knows an older one gets the new one unasked.
    third = tokens.token(instead_of=second)
    assert third not in (first.access_token, second)
    assert ConnectionTokens(*place).token(instead_of=second) == third
    assert refreshes(social) == 2
    known = tokens.grant()
    assert (known.access_token, known.refresh_token, bool(known.account)) == ("", "", True)


def test_two_workers_at_once_make_one_refresh(place: tuple[TenantId, str], social: Any) -> None:
    old = kept(place).access_token
    social.fault("slow", seconds=0.4, on=TOKEN)
    got: list[str] = []
    workers = [
        threading.Thread(target=lambda: got.append(ConnectionTokens(*place).token(instead_of=old))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(got) == {kept(place).access_token} != {old}
    assert len(got) == 4
    assert refreshes(social) == 1


def claimed(place: tuple[TenantId, str]) -> Any:
    """The row as a worker has it that has claimed it and now asks the provider."""
    row = credentials.read(*place)
    assert row
    row.refreshing, row.refreshing_until = "another", clock.rfc3339(clock.now() + timedelta(seconds=CLAIM_S))
    rows.put_if_unchanged(row)
    return row


def test_a_claim_is_waited_for_no_longer_than_the_caller_has(place: tuple[TenantId, str], social: Any) -> None:
    old = kept(place).access_token
    claimed(place)
    with pytest.raises(ProviderDown) as down:
        ConnectionTokens(*place).token(instead_of=old, until=clock.monotonic() + 0.2)
    assert down.value.sent is False
    assert refreshes(social) == 0


def traded(place: tuple[TenantId, str]) -> CredentialPayload:
    """What the provider gives another worker for the refresh token that stands there: it is not good any more then."""
    known, before = ConnectionTokens(*place).whole_grant(), kept(place)
    fresh = vendors.of(Provider.X).refresh(registrations.app(Provider.X), known)
    return credentials.payload_of(fresh, before)


def test_a_lease_that_ended_under_a_slow_worker_loses_no_refresh_token(
    cloud: Cloud, place: tuple[TenantId, str], social: Any
) -> None:
    slow, old = ConnectionTokens(*place), kept(place).access_token
    row = claimed(place)
    slow._open(row)
    fresh = vendors.of(Provider.X).refresh(registrations.app(Provider.X), slow._grant())
    cloud.advance(CLAIM_S + 1)  # and the slow one has not stored what it got
    with pytest.raises(ProviderDown):  # the old token is refused; that is not believed yet
        ConnectionTokens(*place).token(instead_of=old)
    assert slow._store(row, fresh) == fresh.access_token  # over a row that moved twice meanwhile
    assert ConnectionTokens(*place).token(instead_of=old) == fresh.access_token
    assert kept(place).refresh_token == fresh.refresh_token


def test_a_slow_worker_overwrites_nothing_newer(cloud: Cloud, place: tuple[TenantId, str], social: Any) -> None:
    """Its request reaches the provider after another worker has taken over and traded the refresh token in."""
    old, got = kept(place).access_token, list[str]()
    social.fault("slow", seconds=20, on=TOKEN, times=1)
    slow = threading.Thread(target=lambda: got.append(ConnectionTokens(*place).token(instead_of=old)))
    slow.start()
    assert social.holds()
    cloud.advance(CLAIM_S + 1)
    newer = ConnectionTokens(*place).token(instead_of=old)
    social.heal()
    slow.join()
    assert got == [newer] == [kept(place).access_token]
    assert [each["status"] for each in social.log] == [200, 400]


def test_the_end_of_a_grant_is_no_end_where_another_worker_has_stored_a_new_one(
    place: tuple[TenantId, str], social: Any
) -> None:
    """Between the refusal and its being believed, the row is read again."""
    tokens, old = ConnectionTokens(*place), kept(place).access_token
    other = traded(place)  # from now on what stands there is refused

    def store(asked: Any, answer: Any) -> None:
        if asked.path == TOKEN and answer.status_code == 400:
            row = credentials.read(*place)
            assert row
            credentials.fill(row, other)
            rows.put_if_unchanged(row)

    social.log.listeners.append(store)
    try:
        assert tokens.token(instead_of=old) == other.access_token
    finally:
        social.log.listeners.remove(store)


def test_a_grant_that_ended_stops_its_connection_and_tells_the_member_once(
    cloud: Cloud, member: Member, place: tuple[TenantId, str], social: Any, sent_to: Any
) -> None:
    assert member.api.patch("/v1/me/settings", {"language": "fr"}).status_code == 200
    old = kept(place).access_token
    traded(place)  # nobody keeps what came of it: the grant is over for us
    with pytest.raises(GrantEnded):
        ConnectionTokens(*place).token(instead_of=old)
    assert refreshes(social) == 2
    record = repository.find(*place)
    assert record
    schedule(Due(SYNC_DUE, ".".join(place)), clock.now())
    for _ in range(2):  # as two workers that met it
        stale = repository.find(*place)
        suspension.needs_consent(record)
        assert stale
        suspension.needs_consent(stale)
    (mail,) = sent_to(member.email)
    assert mail["subject"] == "X : votre accord est à nouveau nécessaire"
    assert not state.due(SYNC_DUE, ".".join(place))
    (shown,) = listed(member)
    assert (shown["state"], shown["reason"]) == ("needs_consent", "grant_ended")
    social.log.clear()
    stray = {"Records": [{"messageId": "m", "body": json.dumps({"kind": SYNC_DUE, "id": ".".join(place)})}]}
    assert sync.handle(stray, None) == {"batchItemFailures": []}
    assert social.log == []
    assert not state.due(SYNC_DUE, ".".join(place))
    assert returned(cloud, answered(begin(member, "x"))).status_code == 200
    (shown,) = listed(member)
    assert (shown["id"], shown["state"], shown["reason"]) == (place[1], "active", None)
    assert state.due(SYNC_DUE, ".".join(place))
    suspension.needs_consent(record)  # a worker that is late: what it met was the former consent
    assert listed(member)[0]["state"] == "active"
    assert state.due(SYNC_DUE, ".".join(place))
    assert len(sent_to(member.email)) == 1


def test_a_provider_that_is_down_costs_no_grant_and_leaves_no_claim(place: tuple[TenantId, str], social: Any) -> None:
    old = kept(place)
    social.fault("status", status=503, on=TOKEN)
    with pytest.raises(ProviderDown):
        ConnectionTokens(*place).token(instead_of=old.access_token)
    social.heal()
    row = credentials.read(*place)
    assert row
    assert not row.refreshing
    assert ConnectionTokens(*place).token(instead_of=old.access_token) == kept(place).access_token


def test_a_refused_token_that_a_refresh_brings_again_is_asked_for_once(
    place: tuple[TenantId, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, asked = kept(place), []

    def same(_self: Any, _app: Any, grant: Grant) -> Grant:
        asked.append(grant)
        return Grant(old.access_token, "another refresh token", old.expires_at)

    monkeypatch.setattr(type(vendors.of(Provider.X)), "refresh", same)
    with pytest.raises(RefreshRefused):  # believed when it has lasted for a day
        ConnectionTokens(*place).token(instead_of=old.access_token)
    assert len(asked) == 1
    assert kept(place).refresh_token == "another refresh token"


@pytest.mark.parametrize("failure", [registrations.NotRegistered, Unavailable])
def test_a_worker_that_cannot_ask_leaves_no_claim(
    place: tuple[TenantId, str], monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise failure

    monkeypatch.setattr(registrations, "app", fails)
    with pytest.raises(failure):
        ConnectionTokens(*place).token(instead_of=kept(place).access_token)
    row = credentials.read(*place)
    assert row
    assert row.refreshing is None


def test_our_registration_that_was_rotated_is_read_anew(
    cloud: Cloud, place: tuple[TenantId, str], social: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = kept(place).access_token
    registrations.app(Provider.X)
    monkeypatch.setattr(social.x, "client_secret", "rotated")
    client, secret = cloud.client("secretsmanager"), cloud.outputs["ConnectorsSecretArn"]
    with pytest.raises(ProviderDown):
        ConnectionTokens(*place).token(instead_of=old)
    cloud.connectors.tell(client, secret)
    try:
        assert ConnectionTokens(*place).token(instead_of=old) == kept(place).access_token
    finally:
        monkeypatch.undo()
        cloud.connectors.tell(client, secret)
        registrations.app(Provider.X, fresh=True)
