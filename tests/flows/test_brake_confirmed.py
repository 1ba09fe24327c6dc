"""What is held back is told to its member once, who may say that it shall go now."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.connectors.port import Organization, Stream
from chalicelib.core import clock
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload, Held
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.queues import take_off
from tests.support.scripted_connection import Synced, person

HOUR = 3600.0
Sent = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def hub(connect: Callable[..., Synced], new_workspace: Callable[..., Member]) -> Synced:
    """Of 12 contacts that it had, 4 are left, and the 8 others are held back."""
    made: Synced = connect(new_workspace())
    made.account.put(*(person(number) for number in range(12)))
    made.run()
    lose(made, *range(8))
    return made


def lose(hub: Synced, *numbers: int) -> None:
    hub.account.delete(*(f"p{number}" for number in numbers))
    hub.run()
    assert hub.seen()["health"]["state"] == "held"


def confirm(hub: Synced, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = hub.api.post(f"/v1/connections/{hub.id}/confirm-deletions", headers=headers or {})
    assert answer.status_code == 202, answer.text
    return dict(answer.json()["job"])


def refused(hub: Synced, headers: dict[str, str] | None = None) -> tuple[int, str]:
    answer = hub.api.post(f"/v1/connections/{hub.id}/confirm-deletions", headers=headers or {})
    return answer.status_code, str(answer.json().get("code"))


def as_seen(hub: Synced) -> dict[str, str]:
    """What says which version of the connection its member has seen: this one."""
    return {"If-Match": str(hub.api.get(f"/v1/connections/{hub.id}").headers["ETag"])}


def with_companies(hub: Synced) -> Synced:
    hub.account.put(*(person(number) for number in range(10)))
    hub.account.put(*(Organization(f"c{number}", f"Firm {number}") for number in range(11)))
    hub.run()
    return hub


def test_the_next_pass_deletes_what_its_member_confirmed(hub: Synced) -> None:
    hub.cloud.advance(60)
    job = confirm(hub)
    assert job["type"] == "sync"
    assert confirm(hub)["id"] == job["id"], "asked again, it is the same"
    assert len(hub.contacts()) == 12
    hub.cloud.drain()  # at once
    assert len(hub.contacts()) == 4
    assert (hub.seen()["health"]["state"], hub.seen()["health"]["held"]) == ("ok", [])
    assert hub.api.get(f"/v1/jobs/{job['id']}").json()["state"] == "done"
    again = hub.api.post(f"/v1/connections/{hub.id}/confirm-deletions")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_held")


def test_what_is_back_stays_though_its_member_confirmed(hub: Synced) -> None:
    hub.account.put(*(person(number) for number in range(8)))
    confirm(hub)
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("ok", 12)


def test_what_goes_after_its_member_confirmed_is_held_anew(
    connect: Callable[..., Synced], new_workspace: Callable[..., Member]
) -> None:
    hub = connect(new_workspace())
    hub.account.put(*(person(number) for number in range(30)))
    hub.run()
    lose(hub, *range(18))
    confirm(hub)
    hub.account.delete(*(f"p{number}" for number in range(18, 27)))
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("held", 30)
    hub.run()
    assert len(hub.contacts()) == 30, "that word was for what was held then"
    assert refused(hub) == (412, "precondition_failed"), "the same call once more"
    hub.run()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("held", 30)
    confirm(hub, as_seen(hub))
    confirm(hub)  # its answer was lost
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("ok", 3)


def test_a_call_that_comes_late_covers_nothing_that_is_held_since(hub: Synced) -> None:
    before = as_seen(hub)
    confirm(hub)
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("ok", 4)
    hub.account.put(*(person(number) for number in range(20, 40)))
    hub.run()
    lose(hub, *range(20, 40))
    assert refused(hub) == refused(hub, before) == (412, "precondition_failed"), "the same call, from a phone's queue"
    hub.run()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("held", 24)
    confirm(hub, as_seen(hub))
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("ok", 4)


def test_what_was_held_long_ago_asks_no_more_what_was_seen(hub: Synced) -> None:
    confirm(hub)
    hub.cloud.drain()
    hub.account.put(*(person(number) for number in range(20, 40)))
    hub.run()
    hub.cloud.advance(8 * 24 * HOUR)
    hub.run()  # over everything, as once a week
    hub.api.token = hub.cloud.issuer.token(hub.member.email)
    lose(hub, *range(20, 40))
    confirm(hub)


def test_neither_does_one_that_was_for_what_is_back(hub: Synced) -> None:
    hub.account.put(*(person(number) for number in range(8)))
    hub.cloud.advance(HOUR)
    hub.run()
    assert hub.seen()["health"]["state"] == "ok"
    lose(hub, *range(8))
    assert refused(hub) == (412, "precondition_failed")
    confirm(hub, as_seen(hub))


def test_a_confirmation_of_one_stream_covers_no_other(
    connect: Callable[..., Synced], new_workspace: Callable[..., Member]
) -> None:
    hub = with_companies(connect(new_workspace()))
    hub.account.delete(*(f"c{number}" for number in range(11)), stream="companies")
    hub.run()
    before = as_seen(hub)
    confirm(hub, before)
    hub.account.delete(*(f"p{number}" for number in range(10)))
    hub.cloud.drain()
    assert [each["stream"] for each in hub.seen()["health"]["held"]] == ["contacts"]
    assert refused(hub) == refused(hub, before) == (412, "precondition_failed"), "the same call once more"
    hub.run()
    assert (len(hub.companies()), len(hub.contacts())) == (0, 10)
    confirm(hub, as_seen(hub))
    hub.cloud.drain()
    assert (hub.seen()["health"]["state"], len(hub.contacts())) == ("ok", 0)


def test_the_same_call_covers_nothing_that_another_stream_holds_beside_it(hub: Synced) -> None:
    def beside(payload: ConnectionPayload) -> rows.TransactItems:
        payload.health.held.append(Held(stream=Stream.COMPANIES, since=clock.now(), before=20, shown=0))
        return ()

    confirm(hub)
    record = repository.find(hub.member.tenant, hub.id)
    assert record
    repository.change(record, beside)
    assert refused(hub) == (412, "precondition_failed")


def test_nobody_else_confirms(cloud: Cloud, hub: Synced, new_workspace: Callable[..., Member]) -> None:
    token = cloud.issuer.token(new_workspace().email)
    answer = hub.member.api.post(f"/v1/connections/{hub.id}/confirm-deletions", token=token)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    hub.cloud.drain()
    assert len(hub.contacts()) == 12


def test_where_nothing_is_held_there_is_nothing_to_confirm(connect: Callable[..., Synced]) -> None:
    hub = connect()
    hub.account.put(person(1))
    hub.run()
    answer = hub.api.post(f"/v1/connections/{hub.id}/confirm-deletions")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_held")
    take_off(hub.cloud, "sync")


@pytest.mark.parametrize(("language", "words"), [("en", ["8 contact(s)"]), ("fr", ["8 contact(s)", "Bonjour"])])
def test_its_member_is_told_once_each_time(hub: Synced, sent_to: Sent, language: str, words: list[str]) -> None:
    told = len(sent_to(hub.member.email))
    assert told == 1
    hub.cloud.advance(HOUR / 2)
    hub.run()
    assert len(sent_to(hub.member.email)) == told, "once"
    hub.api.patch("/v1/me/settings", {"language": language})
    hub.account.put(*(person(number) for number in range(8)))
    hub.cloud.advance(HOUR)
    hub.run()
    assert hub.seen()["health"]["state"] == "ok"
    assert len(sent_to(hub.member.email)) == told
    lose(hub, *range(8))
    mail = sent_to(hub.member.email)[-1]
    assert len(sent_to(hub.member.email)) == told + 1, "of the next time"
    assert [word for word in words if word not in mail["text"]] == []


def test_one_mail_tells_of_both_streams(
    connect: Callable[..., Synced], new_workspace: Callable[..., Member], sent_to: Sent
) -> None:
    hub = with_companies(connect(new_workspace()))
    hub.account.delete(*(f"c{number}" for number in range(11)), stream="companies")
    hub.account.delete(*(f"p{number}" for number in range(10)))
    hub.run()
    (mail,) = sent_to(hub.member.email)
    assert "10 contact(s) and 11 company(ies)" in mail["text"]


def test_its_member_is_told_though_the_other_stream_fails(
    connect: Callable[..., Synced], new_workspace: Callable[..., Member], sent_to: Sent
) -> None:
    hub = connect(new_workspace())
    hub.account.put(*(Organization(f"c{number}", f"Firm {number}") for number in range(11)))
    hub.run()
    hub.account.delete(*(f"c{number}" for number in range(11)), stream="companies")
    hub.account.fault("down")
    hub.run()
    health = hub.seen()["health"]
    assert (health["state"], health["incomplete"]) == ("held", "provider_unavailable")
    (mail,) = sent_to(hub.member.email)
    assert "11 company(ies)" in mail["text"]
