"""What OAuth has in common at every provider."""

from collections.abc import Iterator
from typing import cast

import pytest
from werkzeug import Request, Response

from chalicelib.connectors import oauth, vendors
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.hubspot.rest import Unreadable
from chalicelib.connectors.oauth import PlainHttp
from chalicelib.connectors.paypal.client import PayPal
from chalicelib.connectors.port import App, Grant, Provider, Stream, Vendor
from chalicelib.connectors.salesforce.vendor import ForeignInstance
from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.replies import reply
from tests.support.oauth_grants import BACK, VERIFIER, Tokens

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


@pytest.mark.parametrize(("provider", "failure"), [("salesforce", ForeignInstance), ("hubspot", Unreadable)])
def test_a_grant_that_says_too_little_to_be_kept_is_ended(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, provider: str, failure: type[Exception]
) -> None:
    ended: list[str] = []

    def answer(asked: Request) -> Response:
        if asked.path.endswith("/revoke"):
            ended.append(asked.form["token"])
        return reply(200, {"access_token": "access", "refresh_token": "refresh"})

    server, vendor = Server(Request.application(answer)), vendors.of(Provider(provider))
    monkeypatch.setenv(f"IKO_CONNECTORS_{provider.upper()}_URL", server.url)
    settings.current.cache_clear()
    with pytest.raises(failure):
        vendor.exchange(APP, code="c", verifier=VERIFIER, redirect_uri=BACK)
    assert ended == ["refresh"]
    server.stop()
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize("failure", [ProviderDown("x"), ProviderRefused("x", 501)])
def test_a_grant_is_given_back_within_seconds_or_left(failure: Exception) -> None:
    class Deaf:
        provider = Provider.X

        def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:
            asked.append((app, grant, until))
            raise failure

    asked: list[tuple[App, Grant, float | None]] = []
    latest = clock.monotonic() + 5
    oauth.give_back(cast("Vendor", Deaf()), APP, Grant("token"))
    ((app, grant, until),) = asked
    assert (app, grant) == (APP, Grant("token"))
    assert until is not None
    assert until <= latest


@pytest.mark.parametrize(
    ("said", "ends"), [(60, 60), ("60", 60), ("²", None), (10**12, None), (True, None), (-1, None)]
)
def test_when_a_token_ends(said: object, ends: int | None) -> None:
    now = clock.now()
    found = oauth.grant_of({"access_token": "t", "expires_in": said}, now).expires_at
    assert (found and (found - now).total_seconds()) == ends
