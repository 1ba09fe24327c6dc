"""Exports: everything of the member as the API shows it, in a zip that lives a day."""

import csv
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import requests

from chalicelib.core.ids import TenantId
from infra.local.cloud import Cloud
from tests.conftest import Member

HOURS = 3600
FILES = [
    "README.txt",
    "audit.json",
    "companies.csv",
    "companies.json",
    "connections.json",
    "contacts.csv",
    "contacts.json",
    "directory_profile.json",
    "import-mappings.json",
    "introduction_requests.json",
    "introductions.json",
    "jobs.json",
    "matches.json",
    "me.json",
    "members.json",
    "privacy_tasks.json",
    "runs.json",
    "schema.json",
    "signals.csv",
    "signals.json",
    "subscription.json",
    "workspace.json",
]


@pytest.fixture
def export(cloud: Cloud) -> Callable[[Member], str]:
    """Makes an export to its end; its id."""

    def make(member: Member) -> str:
        answer = member.api.post("/v1/exports")
        assert answer.status_code == 202, answer.text
        cloud.drain()
        made: str = answer.json()["id"]
        assert member.api.get(f"/v1/exports/{made}").json()["state"] == "done"
        return made

    return make


def fetched(member: Member, export_id: str) -> dict[str, bytes]:
    """The files of the zip, as a browser gets it: by the URL alone."""
    answer = member.api.get(f"/v1/exports/{export_id}/file")
    assert answer.status_code == 303, answer.text
    # A browser that followed the redirect to another origin says so.
    got = requests.get(answer.headers["Location"], timeout=60, headers={"Origin": "null"})
    assert got.status_code == 200
    assert got.headers["Access-Control-Allow-Origin"] in ("*", "null")
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def items(files: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[f"{name}.json"])["items"]
    return found


def sheet(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    assert files[f"{name}.csv"].startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))


def objects(cloud: Cloud, tenant: TenantId) -> list[str]:
    found = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["ExportsBucketName"], Prefix=f"{tenant}/")
    return [item["Key"] for item in found.get("Contents", [])]


def fill(member: Member, run_import: Callable[..., dict[str, Any]]) -> None:
    company = member.api.post("/v1/companies", {"name": "Nordwerk", "tag": "client", "notes": "our best", "size": 51})
    member.api.post(
        "/v1/contacts",
        {
            "first_name": "Zoë",
            "last_name": "Łuk",
            "emails": ["zoe@nordwerk.example", "z2@nordwerk.example"],
            "phones": ["+49 30 5550177"],
            "profile_urls": ["https://www.linkedin.com/in/zoe-luk"],
            "company_id": company.json()["id"],
            "notes": "likes\nlong walks",
        },
    )
    run_import(member, "First Name,Last Name,Email\r\nMara,Lind,mara@fabrik.example\r\nDesk,,info@fabrik.example\r\n")
    mapping = member.api.post("/v1/import-mappings", {"name": "Ours", "columns": {"Mail": "email"}})
    assert mapping.status_code == 201, mapping.text


def test_the_content_is_what_the_api_shows_and_keeps_to_its_schemas(
    member: Member, export: Callable[[Member], str], run_import: Callable[..., dict[str, Any]]
) -> None:
    fill(member, run_import)
    files = fetched(member, export(member))
    assert sorted(files) == FILES
    assert json.loads(files["me.json"]) == member.api.get("/v1/me").json()
    for name in ("companies", "contacts", "import-mappings"):
        shown = member.api.get(f"/v1/{name}").json()
        assert shown["items"]
        assert json.loads(files[f"{name}.json"]) == shown, name
    jobs = {job["id"]: job for job in member.api.get("/v1/jobs").json()["items"]}
    imports = [job for job in items(files, "jobs") if job["type"] == "import"]
    assert imports == [jobs[imports[0]["id"]]]
    schema = json.loads(files["schema.json"])
    for name, where in schema["files"].items():
        jsonschema.validate(json.loads(files[name]), {**schema, **where})
    assert set(schema["files"]) == {name for name in files if name.endswith(".json")} - {"schema.json"}
    for name in files:
        assert name == "README.txt" or name in files["README.txt"].decode()


def test_a_sheet_has_a_row_for_each_record(
    member: Member, export: Callable[[Member], str], run_import: Callable[..., dict[str, Any]]
) -> None:
    fill(member, run_import)
    files = fetched(member, export(member))
    contacts, companies = sheet(files, "contacts"), sheet(files, "companies")
    assert [row["id"] for row in contacts] == [item["id"] for item in items(files, "contacts")]
    zoe = next(row for row in contacts if row["first_name"] == "Zoë")
    assert zoe["emails"] == "zoe@nordwerk.example | z2@nordwerk.example"
    assert zoe["phones"].startswith("'+49")
    assert (zoe["sources"], zoe["notes"]) == ("member", "likes\nlong walks")
    assert [(row["name"], row["size"], row["tag"]) for row in companies] == [("Nordwerk", "51", "client")]


def test_no_cell_of_a_sheet_begins_a_formula(member: Member, export: Callable[[Member], str]) -> None:
    for sign in ("=", "+", "-", "@"):
        text = f"{sign}cmd|'/c calc'!A1"
        member.api.post("/v1/contacts", {"first_name": text, "title": f"{sign}1", "notes": f'{sign}"x","=y"'})
        member.api.post("/v1/companies", {"name": text, "industry": text, "notes": f"\t{sign}1"})
    files = fetched(member, export(member))
    for name in ("contacts", "companies"):
        rows = sheet(files, name)
        assert len(rows) == 4
        for row in rows:
            for column, value in row.items():
                assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), (column, value)
    assert {item["first_name"][0] for item in items(files, "contacts")} == {"=", "+", "-", "@"}, "JSON is unaltered"


def test_only_the_members_own_records(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    export: Callable[[Member], str],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    for member, name in ((owner, "Owners"), (colleague, "Colleagues")):
        member.api.patch("/v1/me/settings", {"share_tags": True, "share_contacts": True})
        member.api.post("/v1/contacts", {"first_name": name})
        member.api.post("/v1/companies", {"name": name})
    assert len(colleague.api.get("/v1/contacts").json()["items"]) == 2
    made = export(colleague)
    files = fetched(colleague, made)
    assert [item["first_name"] for item in items(files, "contacts")] == ["Colleagues"]
    assert [item["name"] for item in items(files, "companies")] == ["Colleagues"]
    assert not [name for name, content in files.items() if b"Owners" in content]
    for other in (owner, new_workspace()):
        for path in (f"/v1/exports/{made}", f"/v1/exports/{made}/file", f"/v1/exports/{made.replace('exp_', 'job_')}"):
            assert other.api.get(path).status_code == 404


def test_the_answer_names_the_job_and_one_export_is_made_at_a_time(cloud: Cloud, member: Member) -> None:
    first = member.api.post("/v1/exports", {})
    body = first.json()
    assert first.status_code == 202
    assert first.headers["Location"] == f"/v1/exports/{body['id']}"
    assert body["state"] == body["job"]["state"] == "queued"
    assert body["job"] == member.api.get(f"/v1/jobs/{body['job']['id']}").json()
    assert body["job"]["id"] == body["id"].replace("exp_", "job_")
    again = member.api.post("/v1/exports")
    assert (again.status_code, again.json()["id"]) == (202, body["id"])
    early = member.api.get(f"/v1/exports/{body['id']}/file")
    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    cloud.drain()
    by_either = [member.api.get(f"/v1/exports/{name}") for name in (body["id"], body["job"]["id"])]
    assert by_either[0].json() == by_either[1].json()
    assert by_either[0].headers["ETag"] == by_either[1].headers["ETag"]
    done = by_either[0].json()
    assert done["state"] == "done"
    assert done["size"] > 0
    assert member.api.get(f"/v1/jobs/{done['job_id']}").json()["state"] == "done"
    assert member.api.post("/v1/exports").json()["id"] != body["id"]
    cloud.drain()


def test_a_repeated_request_with_its_key_is_the_same_export(cloud: Cloud, member: Member) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = member.api.post("/v1/exports", headers=key).json()["id"]
    cloud.drain()
    again = member.api.post("/v1/exports", headers=key)
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (202, first, "done")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(objects(cloud, member.tenant)) == 1


def test_the_file_lives_a_day(cloud: Cloud, member: Member, export: Callable[[Member], str]) -> None:
    made = export(member)
    url = member.api.get(f"/v1/exports/{made}/file").headers["Location"]
    assert "X-Amz-Expires=300&" in url
    assert member.email not in url
    assert objects(cloud, member.tenant) == [f"{member.tenant}/{made}/export.zip"]
    cloud.advance(23 * HOURS)
    cloud.drain()
    member.api.token = cloud.issuer.token(member.email)
    assert fetched(member, made)
    cloud.advance(HOURS + 1)
    late = member.api.get(f"/v1/exports/{made}/file")
    assert (late.status_code, late.json()["code"]) == (410, "export_expired")
    cloud.drain()
    assert objects(cloud, member.tenant) == []
    assert requests.get(url, timeout=30).status_code in (403, 404)
    assert member.api.get(f"/v1/exports/{made}").json()["state"] == "expired"
    assert member.api.get(f"/v1/exports/{made}/file").status_code == 410


def test_a_cancelled_export_leaves_nothing(cloud: Cloud, member: Member) -> None:
    body = member.api.post("/v1/exports").json()
    assert member.api.delete(f"/v1/jobs/{body['job']['id']}").status_code == 204
    other = member.api.post("/v1/exports").json()["id"]
    assert other != body["id"], "what was cancelled is not being made"
    cloud.drain()
    assert member.api.get(f"/v1/exports/{body['id']}").json()["state"] == "failed"
    answer = member.api.get(f"/v1/exports/{body['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, "export_failed")
    assert objects(cloud, member.tenant) == [f"{member.tenant}/{other}/export.zip"]


def set_state(member: Member, state: str) -> None:
    from chalicelib.domain.accounts.model import TenantPayload, TenantState
    from chalicelib.domain.accounts.records import TenantRow
    from chalicelib.store import rows

    row = rows.get(TenantRow, f"tenant#{member.tenant}", "tenant")
    assert row
    row.reseal(row.unsealed(TenantPayload).model_copy(update={"state": TenantState(state)}))
    rows.put_if_unchanged(row)


def test_a_locked_workspace_may_still_be_exported(member: Member, export: Callable[[Member], str]) -> None:
    member.api.post("/v1/contacts", {"first_name": "Kept"})
    set_state(member, "locked")
    assert [item["first_name"] for item in items(fetched(member, export(member)), "contacts")] == ["Kept"]


def test_a_closing_workspace_is_exported_no_more(cloud: Cloud, member: Member) -> None:
    made = member.api.post("/v1/exports").json()["id"]
    set_state(member, "closing")
    cloud.drain()
    assert objects(cloud, member.tenant) == []
    answer = member.api.get(f"/v1/exports/{made}")
    assert (answer.status_code, answer.json()["code"]) == (403, "workspace_closed")


def test_an_erasure_takes_the_exports_that_may_hold_the_person(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    export: Callable[[Member], str],
    erased: Callable[..., str],
) -> None:
    address = f"p{uuid.uuid4().hex}@person.example"
    holder, untouched = new_workspace(), new_workspace()
    mentions = new_colleague(holder)
    holder.api.post("/v1/contacts", {"first_name": "Lea", "emails": [address]})
    mentions.api.post("/v1/companies", {"name": "Firm", "notes": f"ask {address}"})
    made = {member.id: export(member) for member in (holder, mentions, untouched)}
    url = holder.api.get(f"/v1/exports/{made[holder.id]}/file").headers["Location"]
    erased(address)
    for member in (holder, mentions):
        assert member.api.get(f"/v1/exports/{made[member.id]}").json()["state"] == "expired"
        assert member.api.get(f"/v1/exports/{made[member.id]}/file").status_code == 410
    assert objects(cloud, holder.tenant) == []
    assert requests.get(url, timeout=30).status_code in (403, 404)
    assert fetched(untouched, made[untouched.id])
