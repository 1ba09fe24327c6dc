"""LinkedIn makes a member's data ready after the consent: until then, nothing is no answer."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.core import clock
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.provider_accounts import LinkedIn
from tests.support.provider_connection import Followed

MINUTE, DAY = 60.0, 86_400.0


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member]) -> Iterator[Followed]:
    """Just connected; nothing was read yet."""
    source, member = LinkedIn(cloud), new_workspace()
    made = Followed(cloud, member, source, source.connect(member))
    yield made
    made.forget()
    source.close()


def test_no_data_in_the_first_day_is_asked_for_again_and_is_no_pass(hub: Followed) -> None:
    hub.source.put(0)
    hub.source.simulator.fault("preparing")
    hub.run()
    pauses = [round(hub.due_in() or 0)]
    for _ in range(4):
        hub.wait()
        pauses.append(round(hub.due_in() or 0))
    assert pauses == pytest.approx([each * MINUTE for each in (2, 5, 15, 60, 60)], abs=20), (
        "the clock of the run goes on"
    )
    seen = hub.seen()
    assert (seen["state"], hub.outcomes()) == ("active", ["not_ready"] * 5)
    assert (seen["health"]["last_complete_at"], seen["health"]["incomplete"]) == (None, "not_ready")
    (told,) = seen["health"]["streams"]
    assert (told["stream"], told["state"], told["last_complete_at"]) == ("contacts", "not_ready", None)
    assert (told["reason"], told["meaning"], told["hidden_fields"]) == (None, None, [])

    hub.source.heal()
    health = hub.settle()
    assert (hub.shown(), health["stored"]) == (hub.source.people(), 1)
    (contacts,) = health["streams"]
    assert (contacts["stream"], contacts["state"]) == ("contacts", "ok")
    assert contacts["last_complete_at"] is not None


def test_after_a_day_a_member_without_connections_has_none(hub: Followed) -> None:
    hub.run()
    passed = 0.0
    while hub.outcomes()[0] == "not_ready":
        assert passed < DAY + 60 * MINUTE
        passed += hub.wait()
    assert passed >= DAY
    health = hub.seen()["health"]
    assert (hub.outcomes()[0], health["seen"], health["incomplete"]) == ("complete", 0, None)


def test_a_new_consent_gives_it_a_new_day_and_takes_nothing_away(hub: Followed) -> None:
    hub.source.put(0)
    hub.source.put(1)
    hub.settle()
    hub.cloud.advance(3 * DAY)
    assert hub.api.get("/v1/me").status_code == 200, "signed in again"
    assert hub.source.connect(hub.member) == hub.id
    hub.source.simulator.fault("preparing")
    hub.run()
    assert (hub.outcomes()[0], len(hub.shown())) == ("not_ready", 2)
    assert hub.seen()["health"]["stored"] == 2
    hub.source.heal()
    assert hub.settle()["stored"] == 2


def test_who_asks_for_a_sync_meanwhile_is_told_after_a_moment(hub: Followed) -> None:
    hub.source.simulator.fault("preparing")
    hub.run()
    job = hub.api.post(f"/v1/connections/{hub.id}/sync").json()["job"]["id"]
    hub.cloud.drain()
    told = hub.api.get(f"/v1/jobs/{job}").json()
    assert (told["state"], told["failure"]) == ("failed", "not_ready")


def test_it_has_taken_the_token_so_that_refusals_before_are_over(hub: Followed) -> None:
    def refused(payload: ConnectionPayload) -> rows.TransactItems:
        payload.refused_since = payload.forbidden_since = clock.now()
        return ()

    record = repository.find(hub.member.tenant, hub.id)
    assert record
    repository.change(record, refused)
    hub.source.simulator.fault("preparing")
    hub.run()
    assert hub.outcomes()[0] == "not_ready"
    record = repository.find(hub.member.tenant, hub.id)
    assert record
    payload = record.unsealed(ConnectionPayload)
    assert (payload.refused_since, payload.forbidden_since) == (None, None)
