"""Another server in a simulator's place, by settings alone."""

import json
import os
from typing import Any

import pytest

from infra.local.cloud import Cloud
from infra.simulators.providers import Providers

GIVEN = {
    "IKO_CONNECTORS_GOOGLE_URL": "http://127.0.0.1:9/google",
    "IKO_CONNECTORS_GOOGLE_CLIENT_ID": "its app",
    "IKO_CONNECTORS_GOOGLE_CLIENT_SECRET": "its secret",
}


class Kept:
    """Stands in for Secrets Manager's client."""

    def put_secret_value(self, **asked: Any) -> None:
        self.fields: dict[str, str] = json.loads(asked["SecretString"])


def test_what_is_given_stands_in_a_simulators_place(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    made, kept = Providers(cloud.salesforce), Kept()
    try:
        made.tell(kept, "secret")
        assert os.environ["IKO_CONNECTORS_GOOGLE_URL"] == made.google.url
        ours = kept.fields
        made.tell(kept, "secret", GIVEN)
    finally:
        made.stop()
    assert os.environ["IKO_CONNECTORS_GOOGLE_URL"] == GIVEN["IKO_CONNECTORS_GOOGLE_URL"]
    assert os.environ["IKO_CONNECTORS_HUBSPOT_URL"] == made.hubspot.url
    assert kept.fields == {**ours, "google_client_id": "its app", "google_client_secret": "its secret"}
