"""Pushes of Gmail's news, as Pub/Sub sends them: taken from our own subscription only."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwk, jwt

from chalicelib.connectors.google import push
from chalicelib.connectors.google.push import Notification
from chalicelib.connectors.http import ProviderDown
from chalicelib.core import clock, settings
from chalicelib.core.errors import BadRequest, Unauthenticated
from infra.local.cloud import Cloud
from infra.simulators.google import signing_keys
from infra.simulators.google.simulator import Google

ACCOUNT = "push@iko-local.iam.gserviceaccount.com"
CERTS = "/oauth2/v3/certs"


@pytest.fixture
def google(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """The one whose keys the settings name; our subscription pushes as ACCOUNT."""
    monkeypatch.setenv("IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT", ACCOUNT)
    settings.current.cache_clear()
    yield cloud.connectors.google
    cloud.connectors.google.heal()
    monkeypatch.undo()
    settings.current.cache_clear()


def claims(**other: Any) -> dict[str, Any]:
    """Those of Pub/Sub's token; None leaves one out."""
    now = clock.epoch()
    said = {
        "iss": "https://accounts.google.com",
        "aud": f"{settings.current().public_url}/webhooks/gmail",
        "azp": "113774264463038321964",
        "sub": "113774264463038321964",
        "email": ACCOUNT,
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
        **other,
    }
    return {name: value for name, value in said.items() if value is not None}


def envelope(data: bytes) -> bytes:
    """Pub/Sub's body around a message."""
    message = {"data": base64.urlsafe_b64encode(data).decode(), "messageId": "1", "publishTime": "2026-01-01T00:00:00Z"}
    return json.dumps({"message": message, "subscription": "projects/iko/subscriptions/gmail"}).encode()


NEWS = envelope(b'{"emailAddress": "mia>>>@team.example", "historyId": 9876543210}')


def test_a_push_of_our_subscription_is_read(google: Google) -> None:
    token = signing_keys.sign(claims())
    assert push.read(f"Bearer {token}", NEWS) == Notification("mia>>>@team.example", "9876543210")
    asked = sum(entry["path"] == CERTS for entry in google.log)
    assert push.read(f"Bearer {signing_keys.sign(claims(iss='accounts.google.com'))}", NEWS).history_id == "9876543210"
    assert sum(entry["path"] == CERTS for entry in google.log) == asked  # the keys are kept
    assert "mia" not in repr(push.read(f"Bearer {token}", NEWS))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://accounts.example"},
        {"iss": None},
        {"aud": "https://other.example/webhooks/gmail"},
        {"aud": None},
        {"email": "push@other.iam.gserviceaccount.com"},
        {"email": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"exp": 1_500_000_000},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"iat": None},
    ],
    ids=str,
)
def test_a_token_with_one_wrong_claim_is_refused(google: Google, wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        push.read(f"Bearer {signing_keys.sign(claims(**wrong))}", NEWS)


def test_a_token_that_google_did_not_sign_is_refused(google: Google) -> None:
    known = signing_keys.published()["keys"][0]
    secret = jwk.OctKey.import_key(json.dumps(known))
    part = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    strange = jwk.RSAKey.generate_key(2048, {"kid": "strange"})
    for token in (
        signing_keys.sign(claims(), stray=True),
        jwt.encode({"alg": "HS256", "kid": known["kid"]}, claims(), secret),
        jwt.encode({"alg": "RS256", "kid": "strange"}, claims(), strange),
        f"{unsigned}.{part}.",
        "no.token",
        "",
        "a" * 10_000,
    ):
        with pytest.raises(Unauthenticated):
            push.read(f"Bearer {token}", NEWS)
    with pytest.raises(Unauthenticated):
        push.read(signing_keys.sign(claims()), NEWS)


def test_without_a_known_account_every_push_is_refused(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signing_keys.sign(claims(email=""))
    monkeypatch.setenv("IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT", "")
    settings.current.cache_clear()
    with pytest.raises(Unauthenticated):
        push.read(f"Bearer {token}", NEWS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"message": {}}',
        envelope(b"[]"),
        envelope(b'{"historyId": "1"}'),
        NEWS.decode().encode("utf-16"),
        NEWS.decode().encode("utf-32-le"),
        NEWS + b"\xff",
    ],
)
def test_what_is_no_notification_is_said_to_be_none(google: Google, body: bytes) -> None:
    with pytest.raises(BadRequest):
        push.read(f"Bearer {signing_keys.sign(claims())}", body)


def test_old_keys_are_fetched_again_and_without_keys_nobody_is_judged(cloud: Cloud, google: Google) -> None:
    push.read(f"Bearer {signing_keys.sign(claims())}", NEWS)
    cloud.advance(3601)
    google.fault("status", status=503, on=CERTS)
    with pytest.raises(ProviderDown):
        push.read(f"Bearer {signing_keys.sign(claims())}", NEWS)
    google.heal()
    assert push.read(f"Bearer {signing_keys.sign(claims())}", NEWS).history_id == "9876543210"
