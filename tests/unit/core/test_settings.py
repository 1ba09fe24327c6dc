"""Settings say at the start what is missing or wrong, by the names of the environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.core import settings

ROOT = Path(__file__).resolve().parents[3]
NEEDED = {
    "AWS_REGION": "eu-west-1",
    "IKO_PUBLIC_URL": "https://api.iko.example/",
    "IKO_PRIVACY_ADDRESS": "privacy@iko.example",
    "IKO_SENDER_ADDRESS": "no-reply@iko.example",
    "IKO_CONTROLLER_NAME": "IKO System SAS",
    "IKO_CONTROLLER_ADDRESS": "1 rue de l'Exemple, 75000 Paris",
    "IKO_OFFICER_ADDRESS": "officer@iko.example",
    "IKO_OIDC_ISSUER": "https://login.iko.example",
    "IKO_OIDC_JWKS_URL": "https://login.iko.example/jwks.json",
    "IKO_OIDC_AUDIENCE": "iko-api",
    "IKO_OIDC_CLIENT_ID": "iko",
    "IKO_OIDC_OFFICER_AUDIENCE": "iko-officer",
    "IKO_OIDC_OFFICER_AUTHORIZE_URL": "https://login.iko.example/authorize",
    "IKO_OIDC_OFFICER_TOKEN_URL": "https://login.iko.example/oauth/token",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a function that is given nothing but what every function needs."""
    for name in settings.Settings.variables():
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_all_that_is_missing_is_said_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("IKO_OIDC_ISSUER")
    environment.setenv("IKO_PUBLIC_URL", " ")
    with pytest.raises(settings.InvalidSettings) as raised:
        settings.from_environment()
    assert str(raised.value) == "These environment variables are not set: IKO_PUBLIC_URL, IKO_OIDC_ISSUER."


def test_what_is_wrong_is_said_without_its_value(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IKO_WAIT_GRACE_SECONDS", "three days")
    environment.setenv("IKO_WAIT_SYNC_EVERY_SECONDS", "-1")
    environment.setenv("IKO_MODE", "test")
    with pytest.raises(settings.InvalidSettings) as raised:
        settings.from_environment()
    said = str(raised.value)
    assert all(
        f"{name} is wrong: Input should be" in said
        for name in ("IKO_WAIT_GRACE_SECONDS", "IKO_WAIT_SYNC_EVERY_SECONDS", "IKO_MODE")
    )
    assert "three days" not in said


def test_what_a_function_is_not_given_fails_by_its_name_where_it_is_used(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IKO_TABLE_JOBS", "jobs")
    tables = settings.from_environment().tables
    assert tables.jobs == "jobs"
    with pytest.raises(settings.InvalidSettings, match="IKO_TABLE_LEDGER"):
        _ = tables.ledger


def test_in_local_mode_everything_is_needed(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IKO_MODE", "local")
    with pytest.raises(settings.InvalidSettings) as raised:
        settings.from_environment()
    for name in ("IKO_TABLE_TENANT_DATA", "IKO_QUEUE_SYNC", "IKO_BILLING_SECRET", "IKO_CONNECTORS_SECRET"):
        assert name in str(raised.value)


def test_types_lists_and_what_follows_from_another(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("IKO_CORS_ORIGINS", "https://app.iko.example, https://admin.iko.example,")
    environment.setenv("IKO_WAIT_LONGEST_FUNCTION_SECONDS", "120")
    made = settings.from_environment()
    assert made.cors_origins == ("https://app.iko.example", "https://admin.iko.example")
    assert (made.waits.longest_function, made.waits.second_pass, made.waits.grace) == (120, 420, 72 * 3600)
    assert (made.public_url, made.app_url, made.return_hosts) == ("https://api.iko.example", "", ())
    assert (made.mode, made.local, made.sync.full) == ("aws", False, 7 * 86_400)


def test_a_deployed_function_without_its_settings_does_not_start() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={"AWS_LAMBDA_FUNCTION_NAME": "iko-production", "AWS_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    *others, last = sorted(NEEDED.keys() - {"AWS_REGION"})
    assert "AWS_REGION" not in ran.stderr
    assert all(name in ran.stderr.splitlines()[-1] for name in (*others, last))
