"""A member goes: refused at once, its records deleted, the team's kept."""

import threading
from collections.abc import Callable
from typing import Any

from chalicelib.core import clock, ids, settings
from chalicelib.domain.purge.model import LeavingPayload
from chalicelib.domain.purge.records import LeavingRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.own_exports import export_of
from tests.support.pass_time import settle


def fill(member: Member, run_import: Callable[..., dict[str, Any]], word: str) -> None:
    """A contact, a company, an import, a mapping of that member."""
    assert (
        member.api.post("/v1/companies", {"name": word, "tag": "client", "notes": f"{word}@c.example"}).status_code
        == 201
    )
    run_import(member, f"First Name,Last Name,Email\r\n{word},X,{word}@people.example\r\n")
    mapping = {"name": word, "columns": {word: "first_name"}}
    assert member.api.post("/v1/import-mappings", mapping).status_code == 201


def test_who_leaves_is_refused_at_once_and_everything_it_brought_goes(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    fill(owner, run_import, "stays")
    fill(colleague, run_import, "leaves")
    colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    assert len(owner.api.get("/v1/contacts").json()["items"]) == 2
    answer = colleague.api.delete("/v1/me")
    assert (answer.status_code, answer.json()["job"]["type"]) == (202, "leaving")
    refused = colleague.api.get("/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (403, "no_membership")
    assert len(owner.api.get("/v1/contacts").json()["items"]) == 1
    settle(cloud)
    kept = state.partition(cloud, settings.current().tables.tenant_data, "tenant", owner.tenant)
    code = colleague.id[-10:]
    assert [row["sk"]["S"] for row in kept if f"#{code}#" in row["sk"]["S"]] == []
    assert any(f"#{owner.id[-10:]}#" in row["sk"]["S"] for row in kept)
    assert state.marked(cloud, owner.tenant, "leaves") == []
    assert state.unpointed(cloud, owner.tenant) == []


def test_the_last_owner_stays(new_workspace: Callable[..., Member]) -> None:
    owner = new_workspace()
    answer = owner.api.delete("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert owner.api.get("/v1/me").status_code == 200


def test_an_owner_removes_a_member_and_sees_when_it_is_done(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    colleague.api.post("/v1/contacts", {"first_name": "Gone"})
    forbidden = colleague.api.delete(f"/v1/members/{owner.id}")
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "owner_only")
    removed = owner.api.delete(f"/v1/members/{colleague.id}")
    assert removed.status_code == 202
    assert colleague.api.get("/v1/contacts").json()["code"] == "no_membership"
    assert owner.api.delete(f"/v1/members/{colleague.id}").status_code == 404
    settle(cloud)
    job = owner.api.get(f"/v1/jobs/{removed.json()['job']['id']}").json()
    assert (job["type"], job["state"]) == ("leaving", "done")


def test_a_removal_that_was_killed_and_asked_for_again_tells_whoever_asked(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    jobs = [str(ids.new_owned("job", owner.id))]
    plan = LeavingPayload(owner_code=ids.owner_code(colleague.id), asked_at=clock.now(), jobs=jobs)
    rows.put_new(LeavingRecord.build(f"leaving#{owner.tenant}.{colleague.id}", "leaving", plan))  # and no more
    removed = owner.api.delete(f"/v1/members/{colleague.id}")
    assert removed.status_code == 202
    settle(cloud)
    assert owner.api.get(f"/v1/jobs/{removed.json()['job']['id']}").json()["state"] == "done"


def test_of_two_owners_who_leave_at_once_one_stays(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    second = new_colleague(owner)
    assert owner.api.patch(f"/v1/members/{second.id}", {"role": "owner"}).status_code == 200
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda api=member.api: answers.append(api.delete("/v1/me").status_code))
        for member in (owner, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202, 409]
    settle(cloud)
    standing = [member for member in (owner, second) if member.api.get("/v1/me").status_code == 200]
    assert [member.api.get("/v1/me").json()["role"] for member in standing] == ["owner"]


def test_a_leavers_name_stays_in_no_export_of_a_colleague(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    ready = owner.api.post("/v1/exports").json()["id"]
    cloud.drain()
    assert owner.api.get(f"/v1/exports/{ready}/file").status_code == 303
    assert colleague.api.delete("/v1/me").status_code == 202
    settle(cloud)
    gone = owner.api.get(f"/v1/exports/{ready}/file")
    assert (gone.status_code, gone.json()["code"]) == (410, "export_expired")
    assert b"members.json" in export_of(cloud, owner), "a new one is made as ever"
