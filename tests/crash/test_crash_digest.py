"""The weekly mail, killed at any call: sent once at most, and due again next week."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.domain.accounts import digests
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import Crasher, Killing, points
from tests.support.queues import sqs_event

pytestmark = pytest.mark.crash
Sent = Callable[[str], list[dict[str, Any]]]


def test_the_weekly_mail_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, killing: Killing, sent_to: Sent
) -> None:
    def another() -> Member:
        made = new_workspace()
        made.api.post("/v1/companies", {"name": "Firm", "tag": "prospect"})
        assert made.api.patch("/v1/me/settings", {"weekly_digest": True}).status_code == 200
        return made

    def job(of: Member) -> tuple[str, list[Any]]:
        work = digests.due_of(of.tenant, ids.owner_code(of.id))
        return "chalicelib.jobs.work:handle", [sqs_event({"kind": work.kind, "id": work.id}), None]

    def left(of: Member) -> None:
        work = digests.due_of(of.tenant, ids.owner_code(of.id))
        assert state.due(work.kind, work.id), "next week's"
        told = [each for each in sent_to(of.email) if each["subject"] == "Your prospects this week"]
        assert len(told) <= 1

    begun = another()
    alive = crasher.run(*job(begun))
    assert alive["answer"] == "{'batchItemFailures': []}", alive
    left(begun)
    assert len(sent_to(begun.email)) == 1
    killing("a weekly mail", alive, points(alive["calls"], 3), another, job, left)
