"""The operator's mistakes meet every member at once: nobody's connection stops for them, and nobody but the operator is told."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.core import log
from chalicelib.vault import secrets
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import followed
from tests.support.provider_connection import Followed, equal

Register = Callable[[dict[str, str]], None]


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(json.loads(record.getMessage()))


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What our own log says meanwhile."""
    handler, logger = _Lines(), logging.getLogger(log._LOGGER)
    logger.addHandler(handler)
    yield handler.found
    logger.removeHandler(handler)


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member], provider: str) -> Iterator[Followed]:
    with followed(cloud, new_workspace(), provider) as made:
        yield made


@pytest.fixture
def register(cloud: Cloud) -> Iterator[Register]:
    """Puts our registrations into the secret as they should be, but for what it is given."""
    client, secret = cloud.client("secretsmanager"), cloud.outputs["ConnectorsSecretArn"]
    right = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])

    def put(wrong: dict[str, str]) -> None:
        client.put_secret_value(SecretId=secret, SecretString=json.dumps({**right, **wrong}))
        secrets.read(secret, fresh=True)

    yield put
    put({})


def waits(hub: Followed, why: str, lines: list[dict[str, Any]], sent_to: Any) -> None:
    """Its next runs come to nothing, and it comes again by itself."""
    told = len(sent_to(hub.member.email))
    lines.clear()
    for number in (1, 2):
        hub.wait()
        found = hub.seen()
        assert (found["state"], found["reason"], found["health"]["incomplete"]) == ("active", None, why)
        assert hub.due_in() is not None
        assert sum(line.get("Misconfigured", 0) for line in lines) >= number  # a pause may be shorter than a slow test
    assert {(line["provider"], line["reason"]) for line in lines if line.get("event") == "provider_misconfigured"} == {
        (hub.source.provider, why)
    }
    assert len(sent_to(hub.member.email)) == told
    assert len(hub.shown()) == 1


@pytest.mark.parametrize("provider", ["google"])
def test_an_api_that_is_not_switched_on_is_waited_for(hub: Followed, lines: Any, sent_to: Any, provider: str) -> None:
    hub.source.simulator.fault("refuse", reason="accessNotConfigured", on="/v1/people")
    waits(hub, "api_off", lines, sent_to)
    hub.source.heal()
    equal(hub, hub.settle())


@pytest.mark.parametrize(
    ("provider", "mistake", "why"),
    [
        ("google", {"client_secret": "of yesterday"}, "app_refused"),
        ("salesforce", {"client_id": "of another app"}, "app_refused"),
        ("hubspot", {"client_secret": "of yesterday"}, "app_refused"),
        ("hubspot", {"client_id": ""}, "app_missing"),
    ],
)
def test_a_registration_that_does_not_let_us_in_is_waited_for(
    hub: Followed, register: Register, lines: Any, sent_to: Any, provider: str, mistake: dict[str, str], why: str
) -> None:
    register({f"{provider}_{name}": value for name, value in mistake.items()})
    hub.source.simulator.fault("expired")
    waits(hub, why, lines, sent_to)
    register({})
    equal(hub, hub.settle())
