"""P5: a whole story with a deployment's own addresses: who is called at each step is who the member chose, and nobody else."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from chalicelib.connectors import hosts, vendors
from chalicelib.connectors.port import Provider
from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.consent_flow import connect, listed
from tests.support.google_connection import join
from tests.support.invitations import somebody
from tests.support.markup import Markup, addresses
from tests.support.privacy_mail import link_in, mail
from tests.support.production_hosts import CUSTOMER, OPERATOR, Names, in_production

SANDBOXES = "test.salesforce.com"
HOSTING, SIGN_IN = "hosting", "the operator's identity provider"
PAYPAL = "PayPal"  # by schedule too, for any workspace that ever went to check out
FILE = "First Name,Last Name,E-mail\nAnn,Lee,ann.lee@people.example\n"

ONE_STORY = True  # one production, which test after test asks


@pytest.fixture(scope="module")
def production(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    """What other tests connected is read before, and not due again while this lasts."""
    cloud.advance(3600)
    cloud.drain()
    already = len(cloud.sent_mail())
    with in_production(cloud, tmp_path_factory.mktemp("names")) as names:
        yield names
    untracked(cloud.sent_mail()[already:], cloud.url)


@pytest.fixture
def names(production: Names) -> Names:
    """Nobody was called yet."""
    production.forget()
    return production


def test_without_a_connection_no_provider_of_people_is_called(
    cloud: Cloud,
    names: Names,
    new_workspace: Callable[..., Member],
    run_import: Callable[..., dict[str, Any]],
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    paying: Any,
) -> None:
    owner, guest, person = new_workspace(), somebody(cloud), somebody(cloud).email
    assert run_import(owner, FILE)["created"] == 1
    assert owner.api.post("/v1/members", {"email": guest.email}).status_code == 201
    assert guest.accept().status_code == 201
    assert owner.api.get("/v1/billing/invoices").status_code == 200
    back = paying.answer(paying.checkout(owner))
    assert back.startswith(f"{cloud.url}/subscription/return")
    drop_mail(mail(person, "Please delete all my personal data.\r\n"))
    cloud.drain()
    assert Api(cloud.url).press(link_in(sent_to(person)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
    cloud.drain()

    assert whose(names.backend) == {HOSTING, SIGN_IN, PAYPAL, "Salesforce"}
    assert {host for host in names.backend if "salesforce" in host} == {OPERATOR}
    assert "email.eu-west-1.amazonaws.com" in names.backend
    assert names.browser == {"www.paypal.com"}


@pytest.mark.parametrize(
    ("login", "called"), [("sandbox", {SANDBOXES, CUSTOMER}), (f"https://{CUSTOMER.upper()}/", {CUSTOMER})]
)
def test_who_signs_in_elsewhere_at_salesforce_has_nothing_else_called(
    cloud: Cloud, names: Names, member: Member, login: str, called: set[str]
) -> None:
    """The consent's page, its tokens, those that refresh them, and their revocation are all at the one login."""
    name = render.provider(Provider.SALESFORCE, "en")
    connect(cloud, member, "salesforce", login=login)
    cloud.drain()
    (connection,) = listed(member)
    cloud.salesforce.fault("expired")
    assert member.api.post(f"/v1/connections/{connection['id']}/sync").status_code == 202
    cloud.drain()
    assert any(entry["path"].endswith("/query") for entry in cloud.salesforce.log)
    assert member.api.delete(f"/v1/connections/{connection['id']}").status_code == 202
    cloud.drain()
    assert listed(member) == []
    assert {host for host in names.backend | names.browser if whose({host}) == {name}} == called


@pytest.mark.parametrize("provider", vendors.CONNECTABLE)
def test_who_connects_a_provider_has_it_called_and_no_other(
    cloud: Cloud, names: Names, member: Member, new_workspace: Callable[..., Member], provider: Provider
) -> None:
    new_workspace()  # of somebody who connected nothing
    name = render.provider(provider, "en")
    {Provider.GOOGLE: with_mail}.get(provider, plainly)(cloud, member, provider)
    (connection,) = listed(member)
    assert member.api.delete(f"/v1/connections/{connection['id']}").status_code == 202
    cloud.drain()
    assert listed(member) == []

    assert whose(names.backend) - {HOSTING, SIGN_IN, PAYPAL} == {name}
    assert whose(names.browser) == {name}
    own = [each for each in hosts.listed() if each.purpose.startswith(f"{name}:")]
    called = {each.pattern for each in own if not each.browser and "*" not in each.pattern} - {SANDBOXES}
    spoken = {host for host in names.backend if whose({host}) == {name}}
    assert spoken == called | ({CUSTOMER} if provider is Provider.SALESFORCE else set())
    seen = {each.pattern for each in own if each.browser and each.pattern in names.browser | names.backend}
    assert seen == {each.pattern for each in own if each.browser} - names.backend


def plainly(cloud: Cloud, member: Member, provider: Provider) -> None:
    """Connected, read, and read again."""
    connection = connect(cloud, member, provider)
    cloud.drain()
    assert member.api.post(f"/v1/connections/{connection['id']}/sync").status_code == 202
    cloud.drain()
    assert listed(member)[0]["state"] == "active"


def with_mail(cloud: Cloud, member: Member, _: Provider) -> None:
    """Google with its mail, of which it tells us."""
    joined, google = join(cloud, member), cloud.connectors.google
    joined.mailbox.add(sender=joined.person("Known"), to=[joined.address], subject="Hello")
    cloud.drain()
    joined.mailbox.add(to=[joined.person("Other")], subject="Hello")
    assert google.pushes.deliver() >= 1
    joined.sync()
    assert joined.exchanges(), "no mail was read"


def whose(called: set[str]) -> set[str]:
    """Who they are, by the list: the name that its purposes begin with. A host that is not listed fails."""
    found = {host: {purpose.partition(":")[0] for purpose in purposes(host)} for host in called}
    assert all(len(owners) == 1 for owners in found.values()), found
    return {owner for owners in found.values() for owner in owners}


def purposes(host: str) -> list[str]:
    listed_here = [each.purpose for each in hosts.listed() if fnmatchcase(host, each.pattern)]
    assert listed_here == hosts.purposes(host)
    return listed_here


def untracked(mails: list[dict[str, Any]], url: str) -> None:
    """Mails as they were sent: every address in them is ours, and the same in both parts."""
    for each in mails:
        seen = Markup(each["html"])
        assert seen.fetched == seen.forms == []
        assert sorted(seen.links) == sorted(addresses(each["text"]))
        assert all(link.startswith(f"{url}/") for link in seen.links), each["subject"]
