"""A restore brings settings back as they were; the replay closes what was closed since, and tells whom it cannot be sure of."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.core import settings
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Choice
from chalicelib.jobs import replay
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.support.table_backup import TABLES, Backup, empty_replay_log, replayed

OPEN = {"share_contacts": True, "share_tags": True, "directory_listed": True, "retention_days": None}
Told = Callable[[Member], list[str]]


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> Iterator[None]:
    """The log of this test only."""
    empty_replay_log()
    yield
    empty_replay_log()


@pytest.fixture
def colleague(member: Member, new_colleague: Callable[[Member], Member]) -> Member:
    """Somebody who shares a contact with the member, and all else too."""
    found = new_colleague(member)
    found.api.post("/v1/contacts", {"first_name": "Ada", "emails": ["ada@restored.example"]})
    assert put(found, **OPEN) == 200
    return found


@pytest.fixture
def told(sent_to: Callable[[str], list[dict[str, Any]]]) -> Told:
    """The subjects of a member's mails but for its invitation."""
    return lambda member: [
        mail["subject"] for mail in sent_to(member.email) if mail["subject"] != "You are invited to a team on IKO"
    ]


def put(member: Member, **patch: Any) -> int:
    return int(member.api.patch("/v1/me/settings", patch).status_code)


def own(member: Member) -> dict[str, Any]:
    """The member's settings."""
    found: dict[str, Any] = member.api.get("/v1/me").json()["settings"]
    return found


def days(member: Member) -> dict[str, int]:
    """How long the workspace keeps what."""
    found: dict[str, int] = member.api.get("/v1/workspace/privacy").json()["settings"]
    return found


def seen(member: Member) -> list[str]:
    return [each["first_name"] for each in member.api.get("/v1/contacts").json()["items"]]


def test_what_was_closed_since_is_closed_again(cloud: Cloud, member: Member, colleague: Member, told: Told) -> None:
    backup = Backup(cloud)
    assert put(colleague, share_contacts=False, directory_listed=False, retention_days=20) == 200
    wanted = own(colleague)
    backup.put_back("accounts")
    assert seen(member) == ["Ada"], "it did not come back: the test tests nothing"
    assert replayed() == 1
    assert (seen(member), own(colleague)) == ([], wanted)
    assert replayed() == 0
    assert told(colleague) == []


def test_fewer_days_of_a_workspace_stay_fewer(cloud: Cloud, member: Member, told: Told) -> None:
    backup = Backup(cloud)
    patch = {"contact_life_days": 90, "audit_days": 30}
    assert member.api.patch("/v1/workspace/settings", patch).status_code == 200
    backup.put_back("accounts")
    assert days(member)["contact_life_days"] == 1096
    assert (replayed(), replayed()) == (1, 0)
    assert days(member) == {"contact_life_days": 90, "audit_days": 30, "connection_copy_days": 30}
    assert told(member) == []


def test_what_was_opened_again_stays_open(cloud: Cloud, member: Member, colleague: Member, told: Told) -> None:
    assert put(colleague, share_contacts=False, retention_days=20) == 200
    backup = Backup(cloud)
    assert put(colleague, **OPEN) == 200
    assert put(colleague, share_tags=False) == 200
    backup.put_back("privacy")
    assert replayed() == 0
    assert seen(member) == ["Ada"]
    assert told(colleague) == []


def test_what_was_opened_since_is_closed_and_its_member_told_once(
    cloud: Cloud, member: Member, colleague: Member, told: Told
) -> None:
    assert put(colleague, share_contacts=False, language="fr") == 200
    backup = Backup(cloud)
    assert put(colleague, share_contacts=True) == 200
    backup.put_back("accounts")
    assert (replayed(), replayed()) == (0, 0)
    assert seen(member) == []
    assert told(colleague) == ["Merci de vérifier vos réglages de confidentialité"]
    assert put(colleague, share_contacts=True) == 200
    assert (replayed(), seen(member)) == (0, ["Ada"])
    assert len(told(colleague)) == 1


def test_longer_days_of_a_workspace_that_were_lost_are_told_its_owners(
    cloud: Cloud, member: Member, colleague: Member, told: Told
) -> None:
    member.api.patch("/v1/workspace/settings", {"contact_life_days": 90})
    backup = Backup(cloud)
    member.api.patch("/v1/workspace/settings", {"contact_life_days": None})
    backup.put_back("accounts")
    assert (replayed(), replayed()) == (0, 0)
    assert days(member)["contact_life_days"] == 90
    assert told(member) == ["Please look at your workspace's settings"]
    assert told(colleague) == []


def test_a_mail_that_is_not_taken_holds_up_no_deletion_and_is_sent_by_a_later_replay(
    cloud: Cloud,
    member: Member,
    colleague: Member,
    new_colleague: Callable[[Member], Member],
    told: Told,
    ses_at: Callable[[int], contextlib.AbstractContextManager[None]],
    unused_port: int,
) -> None:
    goes = new_colleague(member)
    put(colleague, share_contacts=False)
    member.api.patch("/v1/workspace/settings", {"contact_life_days": 90})
    backup = Backup(cloud)
    put(colleague, share_contacts=True)
    member.api.patch("/v1/workspace/settings", {"contact_life_days": None})
    assert goes.api.delete("/v1/me").status_code == 202
    backup.put_back(*TABLES)
    with ses_at(unused_port):
        answer = replay.handle({"untold": 1}, None)
    assert answer["done"]
    assert answer["untold"] == 3, "those of the run before count too"
    assert goes.api.get("/v1/me").json()["code"] == "no_membership"
    assert (told(member), told(colleague)) == ([], [])
    for _ in range(2):
        assert replay.handle({}, None)["untold"] == 0
        assert told(member) == ["Please look at your workspace's settings"]
        assert told(colleague) == ["Please look at your privacy settings"]


def test_a_change_that_was_noted_and_never_made_counts_as_the_more_private_side(
    member: Member, colleague: Member, told: Told
) -> None:
    replay_log.note_setting(Choice(tenant=colleague.tenant, member=colleague.id, on=[], days={"retention_days": 7}))
    assert (replayed(), seen(member)) == (1, [])
    assert (own(colleague)["share_tags"], own(colleague)["retention_days"]) == (False, 7)
    assert told(colleague) == ["Please look at your privacy settings"]
    assert put(colleague, **OPEN) == 200
    assert (replayed(), seen(member)) == (0, ["Ada"])


def test_nothing_is_changed_while_it_cannot_be_noted(
    member: Member, colleague: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("IKO_BUCKET_REPLAY", "no-such-bucket")
        settings.current.cache_clear()
        assert put(colleague, share_contacts=False) == 503
        assert member.api.patch("/v1/workspace/settings", {"audit_days": 30}).status_code == 503
        assert put(colleague, language="fr") == 200
    settings.current.cache_clear()
    assert (seen(member), days(member)["audit_days"]) == (["Ada"], 365)


def test_of_changes_at_the_same_time_none_is_forgotten(cloud: Cloud, colleague: Member) -> None:
    backup = Backup(cloud)
    names = ("share_contacts", "share_tags", "directory_listed")
    patches = [{name: on} for name in names for on in (False, True, False)]
    threads = [threading.Thread(target=put, args=(colleague,), kwargs=patch) for patch in patches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    before = own(colleague)
    backup.put_back("accounts")
    replayed()
    assert [name for name in names if own(colleague)[name] and not before[name]] == []


def test_the_log_holds_ids_and_switches_only_until_the_member_goes(
    cloud: Cloud, member: Member, colleague: Member
) -> None:
    bucket = settings.current().buckets.replay
    member.api.patch("/v1/workspace/settings", {"contact_life_days": 90})
    assert [entry.split("/")[0] for entry in replay_log.keys("")] == ["charter", "choice"]
    content = list(places.unsealed_objects(cloud, bucket))
    for mark in (member.email, colleague.email, "example"):
        assert places.holding(mark, content) == []
    assert colleague.api.delete("/v1/me").status_code == 202
    cloud.drain()
    assert [entry.split("/")[0] for entry in replay_log.keys("")] == ["charter", "leaving"]
