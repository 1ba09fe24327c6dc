"""A purge killed anywhere: all goes all the same, the certificate tells the true counts, and no owner is mailed twice."""

import json
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import settings
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.purge.records import LedgerRecord
from chalicelib.store import rows
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, points
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
STAGES = ("closing", "shredding", "last pass")
_WAIT_S = 12  # later than each wait of the local cloud


@dataclass
class Workspace:
    """A cancelled workspace; `advance` lets it come to a stage, whose message the test delivers itself."""

    cloud: Cloud
    owner: Member

    def message(self) -> list[Any]:
        return [sqs_event({"kind": "purge", "id": self.owner.tenant}), None]

    def come_to(self, stage: str) -> None:
        self.cloud.advance(_WAIT_S)
        for _ in range(STAGES.index(stage)):
            self.cloud.drain()
            self.cloud.advance(_WAIT_S)
        take_off(self.cloud, "deletions")

    def check(self) -> None:
        """The end state, whatever happened before."""
        tenant = self.owner.tenant
        assert state.partition(self.cloud, settings.current().tables.tenant_data, "tenant", tenant) == []
        assert state.partition(self.cloud, settings.current().tables.accounts, "pk", f"tenant#{tenant}") == []
        assert state.partition(self.cloud, settings.current().tables.jobs, "pk", f"purge#{tenant}") == []
        assert [row.sk for row in rows.every(LedgerRecord, f"ledger#{tenant}", "")] == ["contract"]
        for scope in (tenant, f"request#purge#{tenant}"):
            with pytest.raises(KeyShredded):
                ring.roots(scope, fresh=True)
        mails = [mail for mail in self.cloud.sent_mail() if self.owner.email in mail["to"]]
        subjects = Counter(mail["subject"] for mail in mails)
        assert max(subjects.values()) == 1, subjects
        if told := [mail for mail in mails if "/certificates/" in mail["text"]]:
            link = next(line for line in told[0]["text"].splitlines() if "/certificates/" in line)
            payload = self.owner.api.get(link.removeprefix(self.cloud.url)).text.split(".")[1]
            said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            assert (said["deleted"]["contact"], said["deleted"]["subject"]) == (2, 4), said["deleted"]


@pytest.fixture
def start(cloud: Cloud, new_workspace: Callable[..., Member]) -> Callable[[], Workspace]:
    """A workspace with two contacts, cancelled by its owner."""

    def make() -> Workspace:
        owner = new_workspace()
        for number in range(2):
            emails = [f"{kind}{number}@crash.example" for kind in "ab"]
            assert owner.api.post("/v1/contacts", {"first_name": "A", "emails": emails}).status_code == 201
        owner.api.token = cloud.issuer.token(owner.email)
        assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
        cloud.drain()
        return Workspace(cloud, owner)

    return make


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_purge_is_finished(
    cloud: Cloud,
    crasher: Crasher,
    start: Callable[[], Workspace],
    settle: Callable[[], None],
    say: Callable[[str, int, int], None],
    stage: str,
) -> None:
    first = start()
    first.come_to(stage)
    calls = crasher.run("chalicelib.jobs.deletions:handle", first.message())["calls"]
    settle()
    first.check()
    kills = 0
    for call, when in points(calls, shift=STAGES.index(stage) * 3):
        workspace = start()
        workspace.come_to(stage)
        kills += crasher.kill("chalicelib.jobs.deletions:handle", workspace.message(), call, when)
        settle()
        settle()
        workspace.check()
    say(f"purge, {stage}", calls, kills)
    assert kills
