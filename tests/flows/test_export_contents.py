"""What a member reads by the API is in its export, as the API shows it."""

import json
from collections.abc import Callable
from typing import Any

from chalicelib.core.codes import RunOutcome
from chalicelib.domain.connections import repository
from chalicelib.domain.sync.runs import Run
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.consent_flow import connect
from tests.support.own_exports import every, export_of, files_of


def in_any_order(items: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in items)


def test_the_export_holds_what_the_member_sees_elsewhere(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    ident = connect(cloud, owner, "x")["id"]
    record = repository.find(owner.tenant, ident)
    assert record is not None
    run = Run(record)
    run.begin()
    run.end(RunOutcome.COMPLETE)
    owner.api.post("/v1/companies", {"name": "Nordwerk", "tag": "client"})
    owner.api.post("/v1/contacts", {"first_name": "Zoë"})
    owner.api.post("/v1/import-mappings", {"name": "Ours", "columns": {"Mail": "email"}})
    owner.api.patch("/v1/me/settings", {"share_tags": True})
    owner.api.patch("/v1/workspace/settings", {"audit_days": 300})
    assert owner.api.post("/v1/members", {"email": "waits@invited.example"}).status_code == 201
    files = {
        name: json.loads(each) for name, each in files_of(export_of(cloud, owner)).items() if name.endswith(".json")
    }
    for name in ("companies", "contacts", "import-mappings", "audit"):
        shown = every(owner, name)
        assert shown
        assert in_any_order(files[f"{name}.json"]["items"]) == in_any_order(shown), name
    assert {"settings.changed", "member.joined", "workspace.settings_changed", "export.requested"} <= {
        each["action"] for each in files["audit.json"]["items"]
    }
    members = [each for each in every(owner, "members") if each["state"] == "active"]
    assert files["members.json"]["items"] == members
    assert {each["email"] for each in members} == {owner.email, colleague.email}
    runs = files["runs.json"]["items"]
    shown = owner.api.get(f"/v1/connections/{ident}/runs").json()["items"]  # it may have run again meanwhile
    assert runs
    assert {*in_any_order(runs)} <= {*in_any_order(shown)}
    assert {each["connection_id"] for each in runs} == {ident}
    assert [each["id"] for each in files["connections.json"]["items"]] == [ident]
    for name, route in (("me", "me"), ("subscription", "subscription"), ("workspace", "workspace/privacy")):
        assert files[f"{name}.json"] == owner.api.get(f"/v1/{route}").json(), name
    assert "waits@invited.example" not in json.dumps(files)


def test_a_member_exports_none_of_what_owners_alone_see(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    member = new_colleague(owner)
    owner.api.patch("/v1/workspace/settings", {"audit_days": 300})
    member.api.post("/v1/contacts", {"first_name": "Own"})
    items = json.loads(files_of(export_of(cloud, member))["audit.json"])["items"]
    assert in_any_order(items) == in_any_order(every(member, "audit"))
    assert {each["by"] for each in items} == {member.id}
