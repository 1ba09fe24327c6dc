"""A member connects a Google account as a browser does it, and mail comes and goes there."""

import uuid
from dataclasses import dataclass
from typing import Any

from chalicelib.core import ids
from chalicelib.domain.contacts.correspondence import ExchangePayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.store import batch, rows
from infra.local.cloud import Cloud
from infra.simulators.google.mailbox import Mailbox
from tests.conftest import Api, Member


@dataclass
class Joined:
    """One connected account."""

    cloud: Cloud
    member: Member
    address: str

    @property
    def id(self) -> str:
        """Of the connection."""
        (found,) = self.member.api.get("/v1/connections").json()["items"]
        ident: str = found["id"]
        return ident

    @property
    def mailbox(self) -> Mailbox:
        return self.cloud.connectors.google.accounts.known(self.address).mailbox

    def person(self, name: str, *emails: str) -> str:
        """Somebody in the account's contacts; the first address."""
        found = emails or (f"{name.lower()}-{uuid.uuid4().hex[:8]}@people.example",)
        self.cloud.connectors.google.accounts.known(self.address).contacts.add(
            described(first_name=name, emails=list(found))
        )
        return found[0]

    def sync(self) -> None:
        """Now, as far as it goes."""
        answer = self.member.api.post(
            f"/v1/connections/{self.id}/sync", token=self.cloud.issuer.token(self.member.email)
        )
        assert answer.status_code == 202, answer.text
        self.cloud.drain()

    def exchanges(self) -> dict[str, ExchangePayload]:
        """What was counted, by the contact's first address."""
        return exchanges(self.member)


def described(**more: Any) -> Any:
    from infra.simulators.google.contacts import described as made

    return made(**more)


def exchanges(member: Member) -> dict[str, ExchangePayload]:
    """What was counted of the member's mail, by the contact's first address."""
    prefix = f"exchange#{ids.owner_code(member.id)}#"
    found = [row.unsealed(ExchangePayload) for row in rows.every(ExchangeRecord, member.tenant, prefix)]
    contacts = batch.get_all(ContactRecord, [(member.tenant, each.contact) for each in found])
    from chalicelib.domain.contacts.model import ContactPayload

    return {contacts[member.tenant, each.contact].unsealed(ContactPayload).emails[0].value: each for each in found}


def join(cloud: Cloud, member: Member, tier: str = "headers", address: str = "") -> Joined:
    """A new account, connected at that tier; nothing was read yet."""
    google = cloud.connectors.google
    address = address or f"mia.{uuid.uuid4().hex[:10]}@team.example"
    if google.accounts.get(address) is None:
        google.accounts.add(address, "Mia Member")
    asked = member.api.post("/v1/providers/google/authorize", {"tier": tier})
    assert asked.status_code == 201, asked.text
    back = google.agree(asked.json()["url"], address)
    answer = Api(cloud.url).get(back.removeprefix(cloud.url))
    assert answer.status_code < 400, answer.text
    return Joined(cloud, member, address)
