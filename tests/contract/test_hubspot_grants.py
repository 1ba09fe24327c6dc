"""What our connector makes of a consent at HubSpot: the grant, its renewal, its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.oauth import challenge_of
from chalicelib.connectors.port import App, Grant, GrantEnded, Provider
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.hubspot.simulator import HUB, OTHER_HUB, HubSpot
from tests.support.hubspot_app import CALLBACK, emptied
from tests.support.oauth_grants import brought

VENDOR = vendors.of(Provider.HUBSPOT)
TIER = VENDOR.tiers[0]
VERIFIER = "v" * 64


@pytest.fixture
def hubspot(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own, emptied."""
    yield from emptied(cloud)


@pytest.fixture
def app(hubspot: HubSpot) -> App:
    return App(hubspot.oauth.client_id, hubspot.oauth.client_secret)


def consented(hubspot: HubSpot, app: App, account: int = HUB) -> Grant:
    url = VENDOR.consent_url(app, TIER, state="s", challenge=challenge_of(VERIFIER), redirect_uri=CALLBACK)
    code = brought(hubspot.agree(url, account))["code"]
    return VENDOR.exchange(app, code=code, verifier=VERIFIER, redirect_uri=CALLBACK)


def test_a_consent_becomes_a_grant_that_is_renewed_and_ended(hubspot: HubSpot, app: App) -> None:
    grant = consented(hubspot, app)
    assert (grant.account, grant.address, grant.scopes) == (f"{HUB}-7001", "ada@nordlicht.example", TIER.scopes)
    assert grant.expires_at is not None
    assert timedelta(minutes=29) < grant.expires_at - clock.now() <= timedelta(minutes=30)
    assert consented(hubspot, app, OTHER_HUB).account == f"{OTHER_HUB}-7002"
    fresh = VENDOR.refresh(app, grant)
    assert fresh.access_token not in ("", grant.access_token)
    VENDOR.revoke(app, fresh)
    VENDOR.revoke(app, fresh)  # had ended before
    with pytest.raises(GrantEnded):
        VENDOR.refresh(app, fresh)
    told = [{**entry["query"], **entry["form"]} for entry in hubspot.log]
    assert not [each for each in told if grant.refresh_token in str(each) or grant.access_token in str(each)]
    assert all(entry["query"] == {} for entry in hubspot.log if entry["path"] != "/oauth/authorize"), "nothing in URLs"


def test_only_the_end_of_a_grant_ends_it(hubspot: HubSpot, app: App) -> None:
    grant = consented(hubspot, app)
    with pytest.raises(ProviderRefused):
        VENDOR.refresh(replace(app, client_secret="old"), grant)
    hubspot.fault("status", status=503, on="/oauth/2026-03/token")
    with pytest.raises(ProviderDown):
        VENDOR.refresh(app, grant)
    hubspot.heal()
    hubspot.fault("revoked")
    with pytest.raises(GrantEnded):
        VENDOR.refresh(app, grant)
    with pytest.raises(ProviderRefused) as refused:
        VENDOR.exchange(app, code="spent", verifier=VERIFIER, redirect_uri=CALLBACK)
    assert (refused.value.status, refused.value.answer) == (400, None)


def test_a_grant_is_made_also_where_introspection_fails(hubspot: HubSpot, app: App) -> None:
    hubspot.fault("status", status=400, on="/oauth/2026-03/token/introspect")
    grant = consented(hubspot, app)
    assert (grant.account, grant.address) == (f"{HUB}-7001", "")
