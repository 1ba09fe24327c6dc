"""What a workspace promises its people, and its owner's settings."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain import kinds
from chalicelib.domain.accounts.model import TERMS_VERSION
from infra.local.cloud import Cloud
from tests.conftest import Api, Member

PAGE, SETTINGS = "/v1/workspace/privacy", "/v1/workspace/settings"
DEFAULTS = {"contact_life_days": 1096, "connection_copy_days": 30, "audit_days": 365}


def test_any_member_reads_terms_processors_and_lives(
    member: Member, new_colleague: Callable[[Member], Member], api: Api
) -> None:
    answer = new_colleague(member).api.get(PAGE)
    page = answer.json()
    assert (page["id"], page["name"], page["settings"]) == (member.tenant, "Test team", DEFAULTS)
    (terms,) = page["terms"]
    assert (terms["version"], terms["member"]) == (TERMS_VERSION, member.id)
    assert terms["accepted_at"] == page["created_at"]
    assert page["region"] == "eu-west-1"
    assert page["privacy_address"] == api.get("/config").json()["privacy_address"]
    assert {each["name"] for each in page["sub_processors"]} == {"Amazon Web Services", "PayPal", "Salesforce"}
    assert [life["kind"] for life in page["lives"]] == sorted(kinds.BY_KIND)
    assert all(life["life"] and life["ended_by"] for life in page["lives"])
    days = {life["kind"]: life["life_days"] for life in page["lives"]}
    assert (days["contact"], days["job"], days["company"]) == (1096, 30, None)
    assert len(page["kept_after_purge"]) == 3
    assert all(kept["what"] and kept["why"] and kept["until"] for kept in page["kept_after_purge"])
    assert answer.headers["ETag"]


def test_an_owner_shortens_lives(member: Member) -> None:
    before = member.api.get(PAGE)
    changed = member.api.patch(
        SETTINGS, {"contact_life_days": 365, "audit_days": 30}, headers={"If-Match": before.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["settings"] == {**DEFAULTS, "contact_life_days": 365, "audit_days": 30}
    assert {life["kind"]: life["life_days"] for life in changed.json()["lives"]}["contact"] == 365
    after = member.api.get(PAGE)
    assert (after.json(), after.headers["ETag"]) == (changed.json(), changed.headers["ETag"])
    assert after.json()["updated_at"] > before.json()["updated_at"]
    stale = member.api.patch(SETTINGS, {"audit_days": 31}, headers={"If-Match": before.headers["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert member.api.patch(SETTINGS, {"contact_life_days": None}).json()["settings"]["contact_life_days"] == 1096


@pytest.mark.parametrize(
    "body",
    [
        {"contact_life_days": 1097},
        {"contact_life_days": 29},
        {"connection_copy_days": 31},
        {"connection_copy_days": True},
        {"audit_days": 731},
        {"audit_days": "60"},
        {"name": "x"},
    ],
)
def test_longer_lives_and_other_fields_are_refused(member: Member, body: dict[str, Any]) -> None:
    answer = member.api.patch(SETTINGS, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == next(iter(body))
    assert member.api.get(PAGE).json()["settings"] == DEFAULTS


def test_only_an_owner_may(member: Member, new_colleague: Callable[[Member], Member]) -> None:
    answer = new_colleague(member).api.patch(SETTINGS, {"audit_days": 30})
    assert (answer.status_code, answer.json()["code"]) == (403, "owner_only")


def test_only_terms_that_exist_can_be_accepted(cloud: Cloud) -> None:
    client = Api(cloud.url, cloud.issuer.token("terms@team.example"))
    for version in ("2026-12", "x", "", TERMS_VERSION + "0"):
        answer = client.post("/v1/workspaces", {"name": "Team", "accept_terms": version})
        assert answer.status_code == 422, version
        assert [error["field"] for error in answer.json()["errors"]] == ["accept_terms"]
    assert client.post("/v1/workspaces", {"name": "Team", "accept_terms": TERMS_VERSION}).status_code == 201
