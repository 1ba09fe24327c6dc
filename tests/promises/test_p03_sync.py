"""P3: what a connection brings goes to no other provider, tenant or person, and never feeds the directory."""

import os
from collections.abc import Callable, Iterator

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.support.paired_crms import Crms, disconnect, own_crms, sync
from tests.support.provider_traffic import PROVIDERS, Life, Wire, laid

# The copy keeps what a record is called at its source: at LinkedIn that is a part of the profile's address.
STORED = {"table TenantData contact", "table TenantData company", "table TenantData copy"}
PEOPLE = ("ann", "crm", "google", "linkedin", "employer", "position", "subject", "body", "note")


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


@pytest.fixture
def wire(cloud: Cloud) -> Iterator[Wire]:
    with laid(cloud) as made:
        yield made


def test_nothing_that_one_provider_says_reaches_another_or_anybody_else(
    cloud: Cloud, crms: Crms, wire: Wire, new_workspace: Callable[..., Member], mark: Callable[[str], str]
) -> None:
    member, other = new_workspace(), new_workspace()
    mails, paid = len(cloud.sent_mail()), len(cloud.paypal.log)
    life = Life(cloud, member, crms, mark)
    life.fill()
    try:
        life.connect()
        life.change()
        sync(cloud, member)
        own = member.api.get("/v1/contacts?limit=100").text
        assert all(mark(word) in own for word in ("annlast", "crmnew", "googlenew", "linkedinnew")), "not all was read"
        opened = places.merged(places.unsealed(cloud))
        numbers = {"salesforce": [each["Id"].lower() for each in crms.salesforce.crm.all("Contact")]}
        people = cloud.connectors.google.accounts.known(life.box).contacts.listed("LAST_MODIFIED_ASCENDING")
        numbers["google"] = [each.name.rpartition("/")[2] for _, each in people]
        disconnect(cloud, member)
    finally:
        life.empty()

    for sent in wire.sent:
        if not sent.by_browser:
            assert mark("") not in sent.text, f"{sent.provider} {sent.asked.method} {sent.asked.path}"
    assert {each.provider for each in wire.sent} == set(PROVIDERS)
    for provider in PROVIDERS:
        assert_kept_apart(wire, provider, numbers.get(provider, []))
    assert not [each for each in wire.of("google") if each.asked.path.endswith("/send")]

    for word in PEOPLE[:6]:
        assert places.holding(mark(word), opened), f"{word}: the scan is blind"
    for word in PEOPLE:
        assert set(places.holding(mark(word), opened)) <= STORED, word
    directory = cloud.client("dynamodb").scan(TableName=os.environ["IKO_TABLE_DIRECTORY"], ConsistentRead=True)
    assert [item for item in directory["Items"] if "sealed" in item] == []
    for kind in ("contacts", "companies"):
        assert other.api.post(f"/v1/{kind}/search", {"q": mark("")}).json()["items"] == []
    assert (len(cloud.sent_mail()), len(cloud.paypal.log)) == (mails, paid)


def assert_kept_apart(wire: Wire, provider: str, numbers: list[str]) -> None:
    """No code, token or secret of the provider's, and none of its numbers of people, is ever sent to another."""
    own = {secret for kind, secrets in wire.secrets(provider).items() for secret in secrets if kind != "state"}
    assert len(own) >= 3, f"{provider}: a code, our secret, a token at least"
    others = "\n".join(each.text for each in wire.sent if each.provider != provider)
    for word in (*own, *numbers):
        assert word.lower() not in others, provider
