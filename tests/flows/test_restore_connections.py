"""A restore brings a disconnected account back; the replay ends it again, and nothing that was consented to since."""

from collections.abc import Iterator

import pytest

from chalicelib.core import settings
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.connections import credentials, mailboxes
from chalicelib.domain.connections.tokens import ConnectionTokens
from chalicelib.jobs import replay
from infra.local.cloud import Cloud
from infra.simulators.hubspot.oauth import REVOKE
from infra.simulators.hubspot.simulator import HubSpot
from tests.conftest import Member
from tests.support.consent_flow import connect, listed
from tests.support.google_connection import join
from tests.support.hubspot_app import emptied
from tests.support.pass_time import settle
from tests.support.table_backup import TABLES, Backup, empty_replay_log


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> None:
    """The log of this test only."""
    empty_replay_log()


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own, with one person."""
    for found in emptied(cloud):
        found.objects.add("contacts", {"firstname": "Ada", "email": "ada.ahl@nord-papier.example"})
        yield found


def replayed() -> int:
    """All of the log, done again; how much had come back."""
    answer = replay.handle({}, None)
    assert answer["done"]
    return int(answer["changed"])


def revoked(hubspot: HubSpot) -> list[int]:
    """What the provider answered to each try."""
    return [entry["status"] for entry in hubspot.log if entry["path"] == REVOKE]


def disconnected(cloud: Cloud, member: Member, connection: str) -> None:
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.delete(f"/v1/connections/{connection}").status_code == 202
    cloud.drain()
    assert (listed(member), members_contacts(member)) == ([], [])


def members_contacts(member: Member) -> list[str]:
    return [each["first_name"] for each in member.api.get("/v1/contacts").json()["items"]]


@pytest.mark.parametrize("tables", [("tenant_data",), TABLES], ids="+".join)
def test_an_account_that_was_disconnected_is_ended_again(
    cloud: Cloud, member: Member, hubspot: HubSpot, tables: tuple[str, ...]
) -> None:
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    assert members_contacts(member) == ["Ada"]
    backup = Backup(cloud)
    hubspot.fault("status", status=403, on=REVOKE)
    disconnected(cloud, member, connection)
    hubspot.heal()
    hubspot.log.clear()

    backup.put_back(*tables)
    assert [each["id"] for each in listed(member)] == [connection], "it did not come back: the test tests nothing"
    assert replayed() == 1
    assert listed(member) == []
    assert replayed() == 0
    settle(cloud, 1, 70)
    member.api.token = cloud.issuer.token(member.email)
    assert (listed(member), members_contacts(member)) == ([], [])
    assert revoked(hubspot) == ([200] if "credentials" in tables else [])
    assert [entry for entry in hubspot.log if entry["path"] != REVOKE] == [], "it was read again"
    assert credentials.read(member.tenant, connection) is None
    assert replayed() == 0


def test_tokens_that_came_back_by_themselves_go(cloud: Cloud, member: Member, hubspot: HubSpot) -> None:
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    backup = Backup(cloud)
    disconnected(cloud, member, connection)
    backup.put_back("credentials")
    assert credentials.read(member.tenant, connection)
    assert replayed() == 1
    assert credentials.read(member.tenant, connection) is None
    assert replayed() == 0


@pytest.mark.parametrize("restored_to", ["before the end", "the new consent"])
def test_an_account_that_was_connected_again_since_stays(
    cloud: Cloud, member: Member, hubspot: HubSpot, restored_to: str
) -> None:
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    before = Backup(cloud)
    disconnected(cloud, member, connection)
    cloud.advance(60)
    assert connect(cloud, member, "hubspot")["id"] == connection
    cloud.drain()
    if restored_to == "before the end":
        before.put_back("tenant_data", "jobs")  # the tokens of the new consent stand, and say when it was given
    hubspot.log.clear()
    assert replayed() == 0
    settle(cloud, 1, 70)
    member.api.token = cloud.issuer.token(member.email)
    assert [(each["id"], each["state"]) for each in listed(member)] == [(connection, "active")]
    assert members_contacts(member) == ["Ada"]
    assert revoked(hubspot) == []
    assert ConnectionTokens(member.tenant, connection).token()


def test_a_mailbox_that_its_member_wanted_read_no_more_is_not_read_again(cloud: Cloud, member: Member) -> None:
    joined = join(cloud, member)
    ada = joined.person("Ada")
    joined.mailbox.add(sender=ada, text="Hello")
    joined.sync()
    assert list(joined.exchanges()) == [ada]
    backup = Backup(cloud)
    join(cloud, member, "contacts", joined.address)
    cloud.drain()
    assert (listed(member)[0]["tier"], joined.exchanges()) == ("contacts", {})
    backup.put_back("tenant_data", "accounts")
    assert (listed(member)[0]["tier"], list(joined.exchanges())) == ("headers", [ada]), "it did not come back"
    cloud.connectors.google.log.clear()
    assert (replayed(), replayed()) == (1, 0)
    assert mailboxes.find(joined.address) == []
    settle(cloud, 1, 70)
    member.api.token = cloud.issuer.token(member.email)
    assert (listed(member)[0]["tier"], joined.exchanges()) == ("contacts", {})
    assert [entry for entry in cloud.connectors.google.log if entry["path"].startswith("/gmail")] == []
    join(cloud, member, "headers", joined.address)
    cloud.drain()
    assert (listed(member)[0]["tier"], list(joined.exchanges())) == ("headers", [ada])
    assert (replayed(), listed(member)[0]["tier"]) == (0, "headers"), "a later consent stands"


def test_the_log_holds_ids_only_and_nothing_ends_while_it_cannot_be_written(
    cloud: Cloud, member: Member, hubspot: HubSpot, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(cloud, member, "hubspot")["id"]
    cloud.drain()
    assert member.api.delete(f"/v1/connections/{connection}").status_code == 202
    with monkeypatch.context() as away:
        away.setenv("IKO_BUCKET_REPLAY", "no-such-bucket")
        settings.current.cache_clear()
        cloud.drain()
        assert revoked(hubspot) == []
        assert members_contacts(member) == ["Ada"]
    settings.current.cache_clear()
    settle(cloud, 1, 70)
    member.api.token = cloud.issuer.token(member.email)
    assert members_contacts(member) == []
    (key,) = replay_log.keys()
    assert key == f"disconnection/{member.tenant}.{connection}"
    assert set(replay_log.read(key).entry.model_dump()) == {"tenant", "connection", "at", "keeps"}
