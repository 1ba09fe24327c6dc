"""The simulated providers as contract tests have them: an org of Salesforce, a Google with mail, LinkedIn and X."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.connectors.port import App, Person
from chalicelib.connectors.salesforce import rest
from chalicelib.connectors.salesforce.oauth import ClientCredentials
from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from infra.simulators.google.simulator import Google
from infra.simulators.people import people
from infra.simulators.salesforce.simulator import Salesforce
from infra.simulators.social import linkedin
from infra.simulators.social.simulator import Social
from tests.support.google_app import CALLBACK
from tests.support.google_app import App as GoogleApp
from tests.support.salesforce_grant import callback

ADA, BEN = "ada@nordlicht.example", "ben@nordlicht.example"


@pytest.fixture
def salesforce(cloud: Cloud) -> Iterator[Salesforce]:
    """An org of this test's own; the cloud gives the settings."""
    made = Salesforce()
    made.register(callback())
    yield made
    made.stop()


@pytest.fixture
def org(salesforce: Salesforce) -> rest.Org:
    """The same org as the connector reaches it, with a process's own tokens."""
    return rest.Org(salesforce.url, ClientCredentials(salesforce.url, lambda _fresh: salesforce.credential))


@pytest.fixture
def crm(salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch) -> Iterator[Salesforce]:
    """The same org as the one that members connect."""
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", salesforce.url)
    settings.current.cache_clear()
    yield salesforce
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
def seven(cloud: Cloud, crm: Salesforce) -> list[str]:
    """The ids of seven contacts of an hour ago, answered three at once."""
    crm.page_size = 3
    made = [crm.crm.add("Contact", FirstName="N", LastName=str(n), Email=f"n{n}@x.example") for n in range(7)]
    cloud.advance(3600)
    return made


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Social]:
    """The cloud's own, empty at LinkedIn; whole again after."""
    there: Social = cloud.connectors.social
    there.linkedin.page_size = 50
    yield there
    there.heal()
    there.linkedin.rows[linkedin.ADA] = []


@pytest.fixture
def at_linkedin(social: Social) -> App:
    return App(social.linkedin.client_id, social.linkedin.client_secret)


@pytest.fixture
def at_x(social: Social) -> App:
    return App(social.x.client_id, social.x.client_secret)


@pytest.fixture
def network(social: Social) -> list[Person]:
    """Twelve people whom Ada knows, five on a page; as our connector has to see them."""
    social.linkedin.page_size = 5
    for somebody in people(12):
        social.linkedin.know(somebody, "01 Feb 2025")
    return [
        Person(
            external_id=each.linkedin.rpartition("/")[2],
            first_name=each.first_name,
            last_name=each.last_name,
            emails=() if each.number % 3 else (each.email,),
            profile_urls=(each.linkedin,),
            title=each.title,
            company_name=each.company.name,
        )
        for each in people(12)
    ]


@pytest.fixture
def google_with_mail() -> Iterator[GoogleApp]:
    """A Google of this test's own; ada has four mails, an hour apart, of a time that no history tells of."""
    google = Google()
    google.register(CALLBACK)
    box = google.accounts.add(ADA, "Ada Nordlicht").mailbox
    google.accounts.add(BEN, "Ben Nordlicht")
    began = clock.now() - timedelta(hours=10)
    for number in range(4):
        sender = "Otto Öl <otto@o.example>" if number % 2 else ""
        at = began + timedelta(hours=number)
        box.add(sender=sender, to=["otto@o.example"], subject=f"S{number}", text="B & C", at=at, past=True)
    yield GoogleApp(google)
    google.stop()
