"""An org of Salesforce for each test, and our connector's view of it."""

from collections.abc import Iterator

import pytest

from chalicelib.connectors.salesforce import rest
from chalicelib.connectors.salesforce.oauth import ClientCredentials
from infra.local.cloud import Cloud
from infra.local.salesforce.simulator import Salesforce


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
