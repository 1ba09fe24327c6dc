"""GET /v1/audit: who did what and when; never contents, and never what the system did to a member's resources."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit import log
from chalicelib.domain.audit.model import Action
from infra.local.cloud import Cloud
from tests.conftest import Member


def entries(member: Member, **params: Any) -> list[dict[str, Any]]:
    answer = member.api.get("/v1/audit", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_ones_own_doings_newest_first(member: Member, run_import: Callable[..., dict[str, Any]]) -> None:
    contact = member.api.post("/v1/contacts", {"first_name": "Secret"}).json()["id"]
    member.api.patch(f"/v1/contacts/{contact}", {"notes": "Secret"})
    company = member.api.post("/v1/companies", {"name": "Secret"}).json()["id"]
    member.api.patch(f"/v1/companies/{company}", {"industry": "Secret"})
    member.api.put(f"/v1/companies/{company}/tag", {"tag": "client"})
    member.api.delete(f"/v1/companies/{company}/tag")
    member.api.delete(f"/v1/companies/{company}")
    member.api.delete(f"/v1/contacts/{contact}")
    member.api.patch("/v1/me/settings", {"share_tags": True})
    run_import(member, f"First Name,Email\r\nSecret,s{ids.secret(40)}@people.example\r\n")
    job = member.api.get("/v1/jobs").json()["items"][0]["id"]
    told = [(entry["action"], entry["about"]) for entry in reversed(entries(member))]
    assert told == [
        ("contact.created", [contact]),
        ("contact.updated", [contact]),
        ("company.created", [company]),
        ("company.updated", [company]),
        ("company.tagged", [company]),
        ("company.untagged", [company]),
        ("company.deleted", [company]),
        ("contact.deleted", [contact]),
        ("settings.changed", [member.id]),
        ("import.finished", [job]),
    ]
    assert {entry["by"] for entry in entries(member)} == {member.id}
    assert "Secret" not in member.api.get("/v1/audit").text
    assert [entry["at"] for entry in entries(member)] == sorted((e["at"] for e in entries(member)), reverse=True)


def test_pages_give_each_entry_once(member: Member) -> None:
    for _ in range(5):
        member.api.post("/v1/contacts", {"first_name": "Ann"})
    whole = entries(member)
    found, cursor = list[dict[str, Any]](), None
    while cursor is not None or not found:
        page = member.api.get("/v1/audit", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found, cursor = found + page["items"], page["next_cursor"]
    assert found == whole
    assert len({entry["id"] for entry in found}) == 5


def test_an_owner_sees_the_workspaces_entries_and_nobody_sees_a_colleagues(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    made = colleague.api.post("/v1/contacts", {"first_name": "Ann"}).json()["id"]
    own = owner.api.post("/v1/contacts", {"first_name": "Bob"}).json()["id"]
    audit.team(owner.tenant, Action.SUBSCRIPTION_CHANGED, by=None)
    assert [(e["action"], e["by"], e["about"]) for e in entries(owner)][:3] == [
        ("subscription.changed", "system", []),
        ("contact.created", owner.id, [own]),
        ("member.joined", colleague.id, [colleague.id]),
    ]
    assert [(e["action"], e["by"]) for e in entries(owner)][3:] == [("member.invited", owner.id)]
    assert [(e["action"], e["about"]) for e in entries(colleague)] == [("contact.created", [made])]


def test_a_shorter_life_holds_at_once(cloud: Cloud, member: Member) -> None:
    """As the workspace's setting has it in the request that reads."""
    member.api.post("/v1/contacts", {"first_name": "Old"})
    cloud.advance(40 * 86400)
    member.api.token = cloud.issuer.token(member.email)
    newer = member.api.post("/v1/contacts", {"first_name": "New"}).json()["id"]
    actor = Actor(member.tenant, member.id, "owner", ids.owner_code(member.id))
    assert len(log.page(actor, limit=10, after=None)[0]) == 2
    kept, _ = log.page(replace(actor, audit_days=30), limit=10, after=None)
    assert [entry.about for entry in kept] == [[newer]]


def test_an_import_is_named_once_however_often_its_worker_comes_back(
    cloud: Cloud, member: Member, run_import: Callable[..., dict[str, Any]]
) -> None:
    from chalicelib.jobs import work

    run_import(member, f"First Name,Email\r\nAnn,a{ids.secret(40)}@people.example\r\n")
    job = member.api.get("/v1/jobs").json()["items"][0]["id"]
    body = f'{{"kind": "import", "id": "{member.tenant}.{job}"}}'
    for _ in range(2):
        work.handle({"Records": [{"messageId": "m", "body": body}]}, None)
    assert [entry["action"] for entry in entries(member)] == ["import.finished"]
