"""An org of Salesforce for each test, and our connectors' views of it."""

from collections.abc import Iterator

import pytest

from chalicelib.connectors.salesforce import rest
from chalicelib.connectors.salesforce.oauth import ClientCredentials
from chalicelib.core import settings
from infra.local.cloud import Cloud
from infra.simulators.salesforce.simulator import Salesforce


@pytest.fixture
def salesforce(cloud: Cloud) -> Iterator[Salesforce]:
    """An org of this test's own; the cloud gives the settings."""
    made = Salesforce()
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
