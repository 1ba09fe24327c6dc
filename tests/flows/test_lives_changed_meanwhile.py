"""A setting or a tag that is changed while the daily pass runs: what is deleted is decided when it is deleted."""

from collections.abc import Callable

import pytest

from chalicelib.core import ids
from chalicelib.core.actor import Lives
from chalicelib.core.ids import OwnerCode
from chalicelib.domain import kinds
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.contacts import expire
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.retention import sweep
from chalicelib.store import rows
from chalicelib.store.steps import run
from infra.local.cloud import Cloud
from tests.conftest import Member

DAY_S = 86_400


@pytest.fixture
def aged(cloud: Cloud, new_workspace: Callable[..., Member]) -> Callable[..., Member]:
    """A workspace with so many contacts of a company, 40 days old, which the pass has not come to."""

    def make(count: int, **company: str) -> Member:
        owner = new_workspace()
        firm = owner.api.post("/v1/companies", {"name": "Firm", **company}).json()["id"]
        for number in range(count):
            body = {"first_name": f"C{number}", "company_id": firm}
            assert owner.api.post("/v1/contacts", body).status_code == 201
        cloud.advance(40 * DAY_S)
        owner.api.token = cloud.issuer.token(owner.email)
        return owner

    return make


def contacts(owner: Member) -> list[ContactRecord]:
    return list(rows.every(ContactRecord, owner.tenant, "contact#"))


def lives_of(owner: Member) -> Callable[[OwnerCode], Lives]:
    def now(code: OwnerCode) -> Lives:
        team = retention_settings.of_team(owner.tenant)
        assert team
        return team.of(code)

    return now


def test_a_setting_that_is_put_back_while_the_pass_runs_keeps_all_that_is_left(aged: Callable[..., Member]) -> None:
    owner = aged(5)
    assert owner.api.patch("/v1/workspace/settings", {"contact_life_days": 30}).status_code == 200

    def put_back(_: list[ids.SortKey]) -> None:
        assert owner.api.patch("/v1/workspace/settings", {"contact_life_days": None}).status_code == 200

    assert expire.expire(owner.tenant, contacts(owner), lives_of(owner), put_back) == 0
    assert len(owner.api.get("/v1/contacts").json()["items"]) == 5


def test_a_setting_that_is_put_back_between_two_parts_of_a_pass_keeps_the_rest(
    aged: Callable[..., Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = aged(5)
    assert owner.api.patch("/v1/workspace/settings", {"contact_life_days": 30}).status_code == 200
    monkeypatch.setattr(sweep, "_AT_ONCE", 2)

    def put_back() -> bool:
        assert owner.api.patch("/v1/workspace/settings", {"contact_life_days": None}).status_code == 200
        return True

    run(sweep.work(kinds.RECORDS), owner.tenant, put_back)
    left = len(contacts(owner))
    assert left >= 5 - 2, "those of the first part may have gone"
    run(sweep.work(kinds.RECORDS), owner.tenant, put_back)
    assert len(contacts(owner)) == left


def test_clients_that_are_tagged_again_while_the_pass_runs_stay(aged: Callable[..., Member]) -> None:
    owner = aged(5)
    firm = owner.api.get("/v1/companies").json()["items"][0]["id"]
    assert owner.api.patch("/v1/me/settings", {"retention_days": 30}).status_code == 200

    def tag(_: list[ids.SortKey]) -> None:
        assert owner.api.put(f"/v1/companies/{firm}/tag", {"tag": "client"}).status_code == 200

    expire.expire(owner.tenant, contacts(owner), lives_of(owner), tag)
    assert len(contacts(owner)) == 5


def test_a_company_that_becomes_a_client_at_the_last_moment_keeps_its_contact(aged: Callable[..., Member]) -> None:
    owner = aged(1)
    firm = owner.api.get("/v1/companies").json()["items"][0]["id"]
    assert owner.api.patch("/v1/me/settings", {"retention_days": 30}).status_code == 200
    (ending,) = expire.due(owner.tenant, contacts(owner), lives_of(owner))
    assert ending.left is None
    assert owner.api.put(f"/v1/companies/{firm}/tag", {"tag": "client"}).status_code == 200
    assert not expire.end(ending), "the very write of the deletion has the company for its condition"
    assert len(contacts(owner)) == 1
