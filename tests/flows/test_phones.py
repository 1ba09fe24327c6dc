"""A phone's copies, kept by following GET /v1/changes, equal the lists after every step of what a team does at random.

IKO_MODEL_SEEDS and IKO_MODEL_STEPS ask for more.
"""

import os
import random
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.domain.contacts import switches
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.phone import Phone, differences
from tests.support.scripted_connection import connected, forget
from tests.support.team_at_work import Team

SEEDS = int(os.environ.get("IKO_MODEL_SEEDS", "3"))
STEPS = int(os.environ.get("IKO_MODEL_STEPS", "50"))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_a_phone_has_is_what_the_lists_show(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    erased: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(switches, "_AT_ONCE", 3)
    owner = new_workspace()
    phones = [Phone(owner), Phone(new_colleague(owner)), Phone(new_colleague(owner))]
    for phone in phones:
        phone.member.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True, "retention_days": 30})
        phone.follow()
    hub = connected(cloud, owner, tmp_path)
    team = Team(cloud, random.Random(seed), phones, hub, erased, uuid.uuid4().hex[:8])  # noqa: S311 - the same at each run
    for _ in range(STEPS):
        team.step()
        for number, phone in enumerate(phones):
            phone.follow()
            assert differences(phone.kept, phone.listed()) == {}, (number, team.log[-5:])
            assert phone.refused == 0, (number, team.log[-5:])
    forget(hub)
