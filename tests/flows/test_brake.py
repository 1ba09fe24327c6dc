"""A source that suddenly shows less than half of what it showed: nothing goes here before a second look at it an hour later."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from chalicelib.core import clock
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import followed
from tests.support.provider_connection import Followed, equal

HOUR = 3600.0
PEOPLE = 12
HIDDEN = range(8)


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member], provider: str) -> Iterator[Followed]:
    """Whose first pass is complete."""
    with followed(cloud, new_workspace(), provider, PEOPLE) as made:
        yield made


def held(hub: Followed) -> dict[str, Any]:
    """What is held back of its one stream that holds something."""
    health = hub.seen()["health"]
    assert health["state"] == "held"
    (found,) = health["held"]
    return dict(found)


def until(hub: Followed, over: Callable[[], bool], most: float = 2 * HOUR) -> None:
    """As its times come, until so."""
    passed = 0.0
    while not over():
        assert passed < most, f"{hub.seen()} {hub.outcomes()}"
        passed += hub.wait()


def is_held(hub: Followed) -> bool:
    return str(hub.seen()["health"]["state"]) == "held"


@pytest.mark.parametrize("provider", ["salesforce", "hubspot", "google", "linkedin"])
def test_a_second_full_pass_an_hour_later_decides(hub: Followed) -> None:
    before = hub.items()
    hub.source.hide(*HIDDEN)
    until(hub, lambda: is_held(hub), 30 * HOUR)
    told = held(hub)
    assert (told["stream"], told["before"], told["shown"], told["would_delete"]) == ("contacts", 12, 4, 8)
    assert hub.items() == before
    until(hub, lambda: not is_held(hub))
    assert HOUR <= clock.now().timestamp() - datetime.fromisoformat(told["since"]).timestamp() < 1.3 * HOUR
    assert hub.shown() == hub.source.people()
    assert len(hub.shown()) == PEOPLE - len(HIDDEN)
    assert hub.seen()["health"]["held"] == []


@pytest.mark.parametrize("provider", ["salesforce", "hubspot", "google", "linkedin"])
def test_nothing_goes_where_all_is_back_within_the_hour(hub: Followed) -> None:
    before = hub.items()
    noted = hub.api.patch(f"/v1/contacts/{before[0]['id']}", {"notes": "met in Lyon"})
    assert noted.status_code == 200
    before = hub.items()
    hub.source.hide(*HIDDEN)
    until(hub, lambda: is_held(hub), 30 * HOUR)
    hub.wait(HOUR / 2)
    assert hub.items() == before
    hub.source.bring_back(*HIDDEN)
    until(hub, lambda: not is_held(hub))
    ids = {item["id"]: item["notes"] for item in before}
    assert {item["id"]: item["notes"] for item in hub.items()} == ids
    equal(hub, hub.settle())
