"""Exports as their member fetches them and brings them back, and what is compared of two workspaces."""

import io
import json
import zipfile
from typing import Any

import requests

from infra.local.cloud import Cloud
from tests.conftest import Member

_ANEW = ("id", "owner", "company_id", "sources", "created_at", "updated_at")


def export_of(cloud: Cloud, member: Member) -> bytes:
    """Make an export to its end, and return the zip."""
    made = member.api.post("/v1/exports").json()["id"]
    cloud.drain()
    answer = member.api.get(f"/v1/exports/{made}/file")
    assert answer.status_code == 303, answer.text
    got = requests.get(answer.headers["Location"], timeout=60)
    assert got.status_code == 200
    content: bytes = got.content
    return content


def files_of(packed: bytes) -> dict[str, bytes]:
    """The files of a zip, by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def brought(cloud: Cloud, member: Member, content: bytes, kind: str, query: str = "") -> dict[str, Any]:
    """Import a file to its end, and return the job's result."""
    answer = member.api.post(f"/v1/imports{query}", data=content, headers={"Content-Type": kind})
    assert answer.status_code == 202, answer.text
    cloud.drain()
    job = member.api.get(f"/v1/jobs/{answer.json()['job']['id']}").json()
    assert job["state"] == "done", job
    result: dict[str, Any] = job["result"]
    return result


def every(member: Member, what: str) -> list[dict[str, Any]]:
    """All of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = member.api.get(f"/v1/{what}", params={"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def told(member: Member) -> list[str]:
    """What the member has of companies and contacts, ids, times and sources apart: a contact's company by what that says."""
    companies = {each["id"]: _bare(each) for each in every(member, "companies") if each["owner"]["mine"]}
    contacts = [
        {**_bare(each), "company": companies.get(each["company_id"])}
        for each in every(member, "contacts")
        if each["owner"]["mine"]
    ]
    return sorted(json.dumps(each, sort_keys=True, ensure_ascii=False) for each in (*companies.values(), *contacts))


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _ANEW}
