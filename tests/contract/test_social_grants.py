"""Consents and grants of LinkedIn and X, simulated, against what they document, and our connectors against both."""

from typing import Any

import pytest
import requests

from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.oauth import challenge_of
from chalicelib.connectors.port import (
    App,
    GrantEnded,
    Position,
    Stream,
)
from chalicelib.connectors.social.linkedin import VENDOR as LINKEDIN
from chalicelib.connectors.social.x import VENDOR as X
from infra.local.cloud import Cloud
from infra.simulators.social import linkedin
from infra.simulators.social.simulator import Social
from tests.support.oauth_grants import BACK, VERIFIER, Tokens, consented, granted
from tests.support.social_network import get, source


@pytest.mark.parametrize(("vendor", "app"), [(LINKEDIN, "at_linkedin"), (X, "at_x")], ids=["linkedin", "x"])
def test_consent_pages_work_without_script_and_bring_back_the_state(
    request: pytest.FixtureRequest, social: Social, vendor: Any, app: str
) -> None:
    ours: App = request.getfixturevalue(app)
    url = vendor.consent_url(ours, vendor.tiers[0], state="s t", challenge=challenge_of(VERIFIER), redirect_uri=BACK)
    page = requests.get(url, timeout=10)
    assert page.status_code == 200
    assert '<form method="post"' in page.text
    assert "<script" not in page.text
    assert all(scope in page.text for scope in vendor.tiers[0].scopes)
    assert consented(vendor, ours)["state"] == "st"
    assert set(consented(vendor, ours, answer="deny")) >= {"error", "state"}
    strangers = vendor.consent_url(
        App("no", ""), vendor.tiers[0], state="s", challenge=challenge_of(VERIFIER), redirect_uri=BACK
    )
    assert requests.get(strangers, allow_redirects=False, timeout=10).status_code in (400, 401), (
        "no way back for a stranger"
    )


def test_who_is_not_in_the_eea_cannot_consent_and_a_code_is_not_given_twice(social: Social, at_linkedin: App) -> None:
    url = LINKEDIN.consent_url(at_linkedin, LINKEDIN.tiers[0], state="s", challenge="c", redirect_uri=BACK)
    assert "code_challenge" not in url
    elsewhere = {"answer": "allow", "account": linkedin.UMA}
    assert requests.post(url, data=elsewhere, allow_redirects=False, timeout=10).status_code == 403
    code = consented(LINKEDIN, at_linkedin, account=linkedin.BEN)["code"]
    assert LINKEDIN.exchange(at_linkedin, code=code, verifier="", redirect_uri=BACK).account == linkedin.BEN
    with pytest.raises(ProviderRefused) as refused:
        LINKEDIN.exchange(at_linkedin, code=code, verifier="", redirect_uri=BACK)
    assert refused.value.answer is None, "what was said in it goes nowhere"


def test_linkedin_grants_end_by_their_age_alone(cloud: Cloud, social: Social, at_linkedin: App) -> None:
    grant = granted(LINKEDIN, at_linkedin)
    social.log.clear()
    with pytest.raises(ProviderRefused):
        LINKEDIN.revoke(at_linkedin, grant)
    assert social.log == [], "there is no endpoint that LinkedIn documents"
    cloud.advance(60 * 86400 + 1)
    LINKEDIN.revoke(at_linkedin, grant)
    with pytest.raises(GrantEnded):
        source(at_linkedin, grant).page(Position(True, {"start": "0"}))


def test_x_grants_are_refreshed_and_revoked(social: Social, at_x: App) -> None:
    grant = granted(X, at_x, account="9876543210")
    assert (grant.account, grant.address, grant.base_url) == ("9876543210", "", "")
    assert set(grant.scopes) == set(X.tiers[0].scopes)
    fresh = X.refresh(at_x, grant)
    assert fresh.refresh_token not in ("", grant.refresh_token)
    with pytest.raises(GrantEnded):
        X.refresh(at_x, grant)
    social.fault("refresh_refused", times=1)
    with pytest.raises(GrantEnded):
        X.refresh(at_x, fresh)
    social.fault("status", status=503, on="/2/oauth2/token", times=1)
    with pytest.raises(ProviderDown):
        X.refresh(at_x, fresh)
    X.revoke(at_x, fresh)
    X.revoke(at_x, fresh)
    assert get(social, "/2/users/me", fresh.access_token).status_code == 401
    with pytest.raises(GrantEnded):
        X.refresh(at_x, fresh)
    with pytest.raises(ProviderRefused):
        X.revoke(App(at_x.client_id, "wrong"), fresh)


def test_x_wants_the_verifier_and_has_nothing_to_read(social: Social, at_x: App) -> None:
    code = consented(X, at_x)["code"]
    with pytest.raises(ProviderRefused):
        X.exchange(at_x, code=code, verifier="another-verifier-of-forty-three-characters-00", redirect_uri=BACK)
    grant = granted(X, at_x)
    tokens = Tokens(X, at_x, grant)
    for stream in Stream:
        with pytest.raises(KeyError):
            X.source(stream, tokens, grant, None)
    with pytest.raises(KeyError):
        X.mailbox(tokens, grant, None)
