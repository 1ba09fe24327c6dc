"""A member's mailbox at a Gmail server that is not ours, and was not written for us: from its connection to its end."""

import os
from collections.abc import Iterator

import pytest

from chalicelib.core import settings
from chalicelib.domain.connections import credentials
from chalicelib.domain.connections.model import CredentialPayload
from infra import node
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.consent_flow import begin, listed, returned
from tests.support.gmail_emulator import Gmail, contact, running
from tests.support.google_connection import exchanges
from tests.support.paired_crms import disconnect, sync

ADDRESS, ADA = "mia@elsewhere.example", "ada@people.example"
NEEDED = os.environ.get("IKO_NODE") == "needed"  # in CI nothing is left out

pytestmark = pytest.mark.skipif(not node.ready() and not NEEDED, reason=node.LEFT_OUT)


@pytest.fixture
def gmail(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gmail]:
    """It stands in Google's place, with one account, whose one contact is Ada."""
    with running(cloud.connectors.google.oauth, f"{cloud.url}/oauth/google/callback", ADDRESS) as made:
        made.people = [contact("c1", "Ada", ADA)]
        monkeypatch.setenv("IKO_CONNECTORS_GOOGLE_URL", made.url)
        settings.current.cache_clear()
        yield made
        monkeypatch.undo()
        settings.current.cache_clear()


@pytest.fixture
def ident(cloud: Cloud, member: Member, gmail: Gmail) -> str:
    """Of the connection, which is read for the first time; two mails had come from Ada, and one went to her."""
    made = consented(cloud, member, gmail)
    token = kept(member, made).access_token
    for _ in range(2):
        gmail.put(token, "INBOX", **FROM_ADA)
    gmail.put(token, "SENT", **{"from": ADDRESS, "to": ADA, "subject": "Hello"})
    cloud.drain()
    return made


FROM_ADA = {"from": f"Ada <{ADA}>", "to": ADDRESS, "subject": "Hello"}


def consented(cloud: Cloud, member: Member, gmail: Gmail) -> str:
    """The connection's id, after a yes at the server's own page."""
    page = returned(cloud, gmail.agree(begin(member, "google", tier="headers")))
    assert page.status_code == 200, page.text
    (found,) = listed(member)
    assert (found["state"], found["account"]) == ("active", ADDRESS)
    return str(found["id"])


def kept(member: Member, ident: str) -> CredentialPayload:
    row = credentials.read(member.tenant, ident)
    assert row
    return credentials.opened(row)


def counts(member: Member) -> dict[str, tuple[int, int]]:
    """Mails from and to each contact."""
    return {address: (found.received, found.sent) for address, found in exchanges(member).items()}


def state(member: Member) -> str:
    (found,) = listed(member)
    return str(found["state"])


def test_its_first_pass_and_its_changes_are_counted(cloud: Cloud, member: Member, gmail: Gmail, ident: str) -> None:
    assert counts(member) == {ADA: (2, 1)}
    assert "POST /batch/gmail/v1" in gmail.asked
    assert "POST /gmail/v1/users/me/watch" in gmail.asked
    gmail.asked.clear()
    gmail.put(kept(member, ident).access_token, "INBOX", **FROM_ADA)
    sync(cloud, member)
    assert counts(member) == {ADA: (3, 1)}
    assert "GET /gmail/v1/users/me/messages" not in gmail.asked, "changes are read by the history"


def test_where_its_history_is_forgotten_everything_is_read_again(
    cloud: Cloud, member: Member, gmail: Gmail, ident: str
) -> None:
    gmail.put(kept(member, ident).access_token, "INBOX", **FROM_ADA)
    gmail.forgets = True
    sync(cloud, member)
    gmail.forgets = False
    cloud.advance(1000)
    cloud.drain()
    assert counts(member) == {ADA: (3, 1)}
    assert "GET /gmail/v1/users/me/messages" in gmail.asked


def test_a_lost_access_token_is_replaced_and_a_lost_refresh_token_needs_consent(
    cloud: Cloud, member: Member, gmail: Gmail, ident: str
) -> None:
    first = kept(member, ident)
    gmail.put(first.access_token, "INBOX", **FROM_ADA)
    gmail.revoke(first.access_token)
    sync(cloud, member)
    assert (counts(member), state(member)) == ({ADA: (3, 1)}, "active")
    second = kept(member, ident)
    assert second.access_token != first.access_token

    gmail.put(second.access_token, "INBOX", **FROM_ADA)
    gmail.revoke(second.access_token, second.refresh_token)
    sync(cloud, member)
    assert (counts(member), state(member)) == ({ADA: (3, 1)}, "needs_consent")
    assert consented(cloud, member, gmail) == ident
    cloud.drain()
    assert (counts(member), state(member)) == ({ADA: (4, 1)}, "active")


def test_what_is_disconnected_is_revoked_and_gone(cloud: Cloud, member: Member, gmail: Gmail, ident: str) -> None:
    app, token = cloud.connectors.google.oauth, kept(member, ident).refresh_token
    assert gmail.refreshes(token, app)
    disconnect(cloud, member)
    assert listed(member) == []
    assert counts(member) == {}
    assert member.api.get("/v1/contacts").json()["items"] == []
    assert not gmail.refreshes(token, app)
