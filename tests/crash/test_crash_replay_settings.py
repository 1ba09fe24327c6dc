"""What is made more private, and the replay that does it again, killed anywhere: nothing opens, and nobody is told twice."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.suppression import opt_outs
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash.conftest import Crasher, points
from tests.support.consent_flow import listed as connections
from tests.support.google_connection import join
from tests.support.invitations import listed, somebody
from tests.support.table_backup import TABLES, Backup, empty_replay_log, replayed

pytestmark = pytest.mark.crash
REPLAY: tuple[str, list[Any]] = "chalicelib.jobs.replay:handle", [{}, None]
ALL_BUT_TAGS = {"contacts", "days", "owner", "invitation", "mailbox"}
SHARED, LONG = {"share_contacts": True, "share_tags": False}, {"contact_life_days": None}


def opened(cloud: Cloud, owner: Member, other: Member) -> Backup:
    """All is open, and a backup is made of it."""
    assert owner.api.patch("/v1/me/settings", SHARED).status_code == 200
    assert owner.api.patch("/v1/workspace/settings", LONG).status_code == 200
    assert owner.api.patch(f"/v1/members/{other.id}", {"role": "owner"}).status_code == 200
    return Backup(cloud)


def is_open(owner: Member, other: Member) -> set[str]:
    """What of it is open now."""
    settings = owner.api.get("/v1/me").json()["settings"]
    days = owner.api.get("/v1/workspace/privacy").json()["settings"]["contact_life_days"]
    found = {
        "contacts": settings["share_contacts"],
        "tags": settings["share_tags"],
        "days": days > 90,
        "owner": listed(owner)[other.email]["role"] == "owner",
        "invitation": any(each["state"] == "invited" for each in listed(owner).values()),
        "mailbox": any(each["tier"] == "headers" for each in connections(owner)),
    }
    return {name for name, is_so in found.items() if is_so}


def opt_out(owner: Member, address: str) -> None:
    """A sync hears that somebody wants no mail."""
    opt_outs.write(owner.tenant, [address], "salesforce:cxn_x", clock.rfc3339(clock.now()))


def test_a_change_killed_at_any_call_is_never_more_open_after_a_restore(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
) -> None:
    empty_replay_log()
    owner = new_workspace()
    other = new_colleague(owner)
    job: tuple[str, list[Any]] = "tests.crash.acting:close", [owner.tenant, owner.id, other.id]
    opened(cloud, owner, other)
    alive = crasher.run(*job)
    assert (alive["code"], is_open(owner, other)) == (0, set()), alive
    kills = 0
    for point in points(alive["calls"], 0):
        backup = opened(cloud, owner, other)
        kills += crasher.kill(*job, *point)
        before = is_open(owner, other)
        backup.put_back("accounts")
        replayed()
        assert is_open(owner, other) <= before, point
        assert crasher.run(*job)["code"] == 0, point
        backup.put_back("accounts")
        replayed()
        assert (is_open(owner, other), replayed()) == (set(), 0), point
    say("settings made more private", alive["calls"], kills)
    assert kills


def test_a_replay_of_settings_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    sent_to: Callable[[str], list[dict[str, Any]]],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
) -> None:
    empty_replay_log()
    owner, guest = new_workspace(), somebody(cloud)
    other, address = new_colleague(owner), f"quiet-{owner.id[-8:]}@crash.example"
    ident, joined = owner.api.post("/v1/members", {"email": guest.email}).json()["id"], join(cloud, owner)
    opt_outs.standing(owner.tenant, [address])  # the root of tags is in the backup
    backup = opened(cloud, owner, other)
    assert crasher.run("tests.crash.acting:close", [owner.tenant, owner.id, other.id])["code"] == 0
    assert owner.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    assert owner.api.delete(f"/v1/members/{ident}").status_code == 204
    opt_out(owner, address)
    join(cloud, owner, "contacts", joined.address)

    def check(what: tuple[int, str], mails: int) -> None:
        assert is_open(owner, other) == set(), what
        assert opt_outs.standing(owner.tenant, [address]), what
        assert replayed() == 0, what
        assert len(sent_to(owner.email)) <= mails + 1, what

    backup.put_back(*TABLES)
    assert is_open(owner, other) == ALL_BUT_TAGS, "the test tests nothing"
    kills, alive = 0, crasher.run(*REPLAY)
    assert alive["code"] == 0, alive
    assert [mail["subject"] for mail in sent_to(owner.email)] == ["Please look at your privacy settings"]
    check((0, "alive"), 0)
    for point in points(alive["calls"], 1):
        mails = len(sent_to(owner.email))
        backup.put_back(*TABLES)
        kills += crasher.kill(*REPLAY, *point)
        replayed()
        check(point, mails)
    say("replay of settings", alive["calls"], kills)
    assert kills
