"""What OAuth has in common at every provider."""

from collections.abc import Iterator

import pytest

from chalicelib.connectors import oauth, vendors
from chalicelib.connectors.oauth import PlainHttp
from chalicelib.connectors.paypal.client import PayPal
from chalicelib.connectors.port import App, Grant, Provider, Stream, Vendor
from chalicelib.core import settings
from infra.local.cloud import Cloud
from tests.support.granting import BACK, VERIFIER, Tokens

APP = App("id", "secret")


@pytest.fixture
def _plain(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Outside local mode, every provider at an address without TLS."""
    monkeypatch.setenv("IKO_MODE", "aws")
    for provider in vendors.CONNECTABLE:
        monkeypatch.setenv(f"IKO_CONNECTORS_{provider.upper()}_URL", "http://plain.example")
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


def first_page(vendor: Vendor, grant: Grant) -> None:
    source = vendor.source(Stream.CONTACTS, Tokens(vendor, APP, grant), grant, None)
    source.page(source.start())


@pytest.mark.usefixtures("_plain")
@pytest.mark.parametrize("provider", vendors.CONNECTABLE)
def test_no_credential_goes_over_plain_http(provider: Provider) -> None:
    vendor, grant = vendors.of(provider), Grant("token", "refresh", base_url="http://plain.example")
    with pytest.raises(PlainHttp):
        vendor.consent_url(APP, vendor.tiers[0], state="s", challenge="c", redirect_uri=BACK)
    with pytest.raises(PlainHttp):
        vendor.exchange(APP, code="c", verifier=VERIFIER, redirect_uri=BACK)
    with pytest.raises(PlainHttp):
        vendor.refresh(APP, grant)
    if Stream.CONTACTS in vendor.tiers[0].streams:
        with pytest.raises(PlainHttp):
            first_page(vendor, grant)


@pytest.mark.usefixtures("_plain")
def test_paypals_neither() -> None:
    with pytest.raises(PlainHttp):
        PayPal("http://plain.example", lambda _fresh: {})
    assert oauth.secure("https://plain.example") == "https://plain.example"
