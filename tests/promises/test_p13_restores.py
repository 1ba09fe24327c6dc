"""Restores of random tables to random moments: nothing private opens, nothing erased returns, phones equal the lists.

IKO_RESTORE_SEEDS asks for more of them.
"""

import os
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.consent_flow import connect, listed
from tests.support.invitations import listed as team_of
from tests.support.invitations import somebody
from tests.support.phone import Phone, differences
from tests.support.scripted_connection import connected, forget
from tests.support.table_backup import TABLES, Backup, empty_replay_log, replayed
from tests.support.team_at_work import Team

SEEDS = int(os.environ.get("IKO_RESTORE_SEEDS", "9"))
STEPS = 6
SWITCHES = ("share_contacts", "share_tags", "share_relationships", "directory_listed")


@dataclass
class Workspace:
    """Two with phones, and a third who may leave."""

    cloud: Cloud
    chance: random.Random
    members: list[Member]
    account: str
    third_left: bool = False

    def sign_in(self) -> None:
        for member in self.members:
            member.api.token = self.cloud.issuer.token(member.email)

    def set_something(self) -> None:
        """Whatever a member or the owner sets or takes away."""
        owner, by = self.members[0], self.chance.choice(self.members[:2])
        act = self.chance.choice(["switch", "switch", "days", "workspace", "role", "invite", "withdraw", "disconnect"])
        if act == "switch":
            by.api.patch("/v1/me/settings", {self.chance.choice(SWITCHES): self.chance.random() < 0.5})
        elif act == "days":
            by.api.patch("/v1/me/settings", {"retention_days": self.chance.choice([60, 90, None])})
        elif act == "workspace":
            owner.api.patch("/v1/workspace/settings", {"contact_life_days": self.chance.choice([60, 90, None])})
        elif act == "role":
            role = self.chance.choice(["owner", "member"])
            owner.api.patch(f"/v1/members/{self.members[1].id}", {"role": role})
        elif act == "invite":
            owner.api.post("/v1/members", {"email": somebody(self.cloud).email})
        elif act == "withdraw":
            for each in team_of(owner).values():
                if each["state"] == "invited":
                    owner.api.delete(f"/v1/members/{each['id']}")
        else:
            self.members[1].api.delete(f"/v1/connections/{self.account}")

    def leave(self) -> None:
        """The third one goes, and is told no more."""
        assert self.members[2].api.delete("/v1/me").status_code == 202
        self.third_left = True
        self.cloud.drain()

    def open_now(self) -> set[tuple[str, ...]]:
        """All that is open, in words that can be compared."""
        owner, found = self.members[0], set[tuple[str, ...]]()
        for member in self.members[:2]:
            settings = member.api.get("/v1/me").json()["settings"]
            found |= {(member.id, name) for name in SWITCHES if settings[name]}
            found |= {(member.id, "kept beyond", str(n)) for n in (60, 90) if (settings["retention_days"] or 1096) > n}
        days = owner.api.get("/v1/workspace/privacy").json()["settings"]["contact_life_days"]
        found |= {("workspace", "kept beyond", str(n)) for n in (60, 90) if days > n}
        for email, each in team_of(owner).items():
            found.add((each["state"], each["role"] if each["state"] == "active" else "", email))
        found |= {("member", each["id"]) for each in listed(self.members[1])}
        return {each for each in found if each[:2] != ("active", "member")}

    def strangers(self) -> set[tuple[str, str]]:
        """Whose contacts or tags each of the two is shown, though these are another's."""
        found = set[tuple[str, str]]()
        for member in self.members[:2]:
            for ident, item in Phone(member).listed().items():
                if not item["owner"]["mine"]:
                    what = "share_contacts" if ident.startswith("con_") else "share_tags"
                    found |= {(ident[4:14], what)} if what == "share_contacts" or item.get("tag") else set()
        return found

    def sharing(self) -> set[tuple[str, str]]:
        """Who shares what."""
        return {(each[0][-10:], each[1]) for each in self.open_now() if each[1] in SWITCHES}


def played(workspace: Workspace, team: Team) -> list[Backup]:
    """What they do at random, with backups made now and then; the first is of the beginning."""
    backups = [Backup(workspace.cloud)]
    for _ in range(STEPS):
        team.step()
        for phone in team.phones:
            phone.follow()
        workspace.set_something()
        if workspace.chance.random() < 0.4:
            backups.append(Backup(workspace.cloud))
    if workspace.chance.random() < 0.5:
        workspace.leave()
    return backups


def restore(backups: list[Backup], chance: random.Random) -> list[str]:
    """Some of the tables, each to a moment of its own; which."""
    tables = chance.sample(TABLES, chance.randint(1, len(TABLES)))
    for table in tables:
        chance.choice(backups).put_back(table)
    return tables


def assert_phones_begin_anew(phones: list[Phone], told: tuple[object, ...]) -> None:
    for phone in phones:
        refused = phone.member.api.get("/v1/changes", params={"cursor": phone.cursor})
        assert refused.status_code == 410, told
        phone.follow()
        assert differences(phone.kept, phone.listed()) == {}, told


def assert_gone(workspace: Workspace, address: str, told: tuple[object, ...]) -> None:
    tenant = workspace.members[0].tenant
    assert state.marked(workspace.cloud, tenant, address) == [], told
    assert state.unpointed(workspace.cloud, tenant) == [], told
    for member in workspace.members[:2]:
        again = member.api.post("/v1/contacts", {"first_name": "Back", "emails": [address]})
        assert again.json()["code"] == "address_not_storable", told


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_restore_opens_nothing_and_brings_back_nobody(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    erased: Callable[..., str],
    tmp_path: Path,
    seed: int,
) -> None:
    empty_replay_log()
    chance, owner = random.Random(seed), new_workspace()  # noqa: S311 - the same at each run
    members = [owner, new_colleague(owner), new_colleague(owner)]
    phones = [Phone(member) for member in members[:2]]
    account, hub = connect(cloud, members[1], "x")["id"], connected(cloud, owner, tmp_path)
    gone = f"gone.{uuid.uuid4().hex[:8]}@people.example"
    for phone in phones:
        phone.member.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
        phone.member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [gone]})
        phone.follow()
    workspace = Workspace(cloud, chance, members, account)
    team = Team(cloud, chance, phones, hub, erased, uuid.uuid4().hex[:8])
    backups = played(workspace, team)
    erased(gone)
    workspace.sign_in()
    workspace.set_something()
    forget(hub)
    cloud.drain()
    before, sharing = workspace.open_now(), workspace.sharing()
    told = (seed, team.log, restore(backups, chance))

    replayed()
    assert replayed() == 0, told
    cloud.drain()
    cloud.advance(61)
    assert workspace.open_now() <= before, told
    assert workspace.strangers() <= sharing, told
    assert_gone(workspace, gone, told)
    if workspace.third_left:
        assert members[2].api.get("/v1/me").json()["code"] == "no_membership", told
    assert_phones_begin_anew(phones, told)
    forget(hub)
