"""Pointers that a change at the source drops: none is left, whoever is killed, and nobody looks for what is not there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.sources.model import SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.store import batch, pointers, rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.scripted_connection import Synced, connected, forget, person, written


@pytest.fixture
def hub(cloud: Cloud, member: Member, tmp_path: Path) -> Iterator[Synced]:
    made = connected(cloud, member, tmp_path, 20)
    yield made
    forget(made)


def test_what_finds_a_contact_is_written_before_it_and_what_says_it_is_stored_after(
    hub: Synced, run_import: Callable[..., Any]
) -> None:
    hub.account.put(person(7, opted_out=True))
    with written() as seen:
        hub.run()
    kinds = ("subject", "audit", "contact", "company", "opt_out", "copy")
    assert [kind for kind in seen if kind in kinds] == ["subject", "audit", "contact", "opt_out", "copy"]
    with written() as seen:
        run_import(hub.member, "First Name,Email\nAna,ana@first.example\n")
    assert [kind for kind in seen if kind in kinds] == ["subject", "audit", "contact"]


def test_a_change_that_shows_nowhere_costs_no_look_at_all_pointers(hub: Synced) -> None:
    queries = []
    hub.account.put(person(1, title="Buyer"))
    hub.run()
    hub.api.patch(f"/v1/contacts/{hub.contacts()['Person1']['id']}", {"title": "Boss"})
    for phones in ((), ("+49 30 1112223",)):
        hub.account.put(person(1, title="Seller", phones=phones))
        with written() as seen:
            hub.run()
        queries.append(seen["call Query"])
    assert (queries[0], hub.runs()[0]["updated"], hub.runs()[1]["unchanged"]) == (queries[1], 1, 1)


def test_what_a_killed_worker_left_of_a_change_is_tidied(hub: Synced) -> None:
    hub.account.put(person(1))
    hub.run()
    old = hub.rows("subject")
    (row,) = rows.every(SourceLinkRecord, hub.member.tenant, "copy#")
    before = row.unsealed(SourceLinkPayload)
    hub.account.put(person(1, emails=("other@sync.example",)))
    hub.run()
    for change in (person(1, emails=("other@sync.example",)), None):
        # As it stands when a worker was killed after it had written the contact, before it dropped the pointers.
        batch.put_all([SourceLinkRecord.build(row.tenant, row.sk, before.model_copy(update={"untidy": True}))])
        pointers.write(pointers.parse(row.tenant, sk) for sk in old)
        assert state.unpointed(hub.cloud, hub.member.tenant) != []
        hub.account.put(change) if change else hub.account.delete("p1")
        hub.run()
        assert state.unpointed(hub.cloud, hub.member.tenant) == []
    assert hub.contacts() == {}
