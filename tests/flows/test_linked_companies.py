"""A contact shows the name that its company has now, and links no company that is gone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.connectors.port import Organization
from chalicelib.core import clock, ids
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.contacts import company_names, repository, writer_lock
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower
from tests.support.scripted_connection import connected, forget, person


def made(member: Member, kind: str, **fields: Any) -> str:
    answer = member.api.post(f"/v1/{kind}", fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def shown(member: Member, contact: str) -> tuple[str | None, str | None]:
    """Which company, and its name: alone and in the list the same."""
    one = member.api.get(f"/v1/contacts/{contact}").json()
    (listed,) = [each for each in member.api.get("/v1/contacts?limit=100").json()["items"] if each["id"] == contact]
    assert listed == one
    return one["company_id"], one["company_name"]


def found(member: Member, **query: str) -> list[str]:
    return [item["id"] for item in member.api.post("/v1/contacts/search", query).json()["items"]]


def rename(member: Member, company: str, name: str) -> None:
    answer = member.api.patch(f"/v1/companies/{company}", {"name": name})
    assert answer.status_code == 200, answer.text


def test_a_new_name_is_shown_at_once_found_and_told(cloud: Cloud, member: Member) -> None:
    company = made(member, "companies", name="Acme")
    linked = made(member, "contacts", first_name="Ann", company_id=company)
    own = made(member, "contacts", first_name="Bo", company_name="Nord", company_id=company)
    before = member.api.get(f"/v1/contacts/{linked}")
    cloud.advance(61)
    phone = Follower(member)
    phone.poll()
    rename(member, company, "Zenith")
    assert shown(member, linked) == (company, "Zenith")
    assert shown(member, own) == (company, "Nord"), "a name of its own stays"
    assert (found(member, q="zenith"), found(member, q="acme")) == ([linked], [])
    after = member.api.get(f"/v1/contacts/{linked}")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json()["updated_at"] > before.json()["updated_at"]
    assert phone.poll() == ({company, linked}, set())


def test_a_company_that_goes_leaves_no_link(cloud: Cloud, member: Member) -> None:
    company = made(member, "companies", name="Acme")
    linked = made(member, "contacts", first_name="Ann", company_id=company)
    own = made(member, "contacts", first_name="Bo", company_name="Nord", company_id=company)
    cloud.advance(61)
    phone = Follower(member)
    phone.poll()
    assert member.api.delete(f"/v1/companies/{company}").status_code == 204
    assert (shown(member, linked), shown(member, own)) == ((None, None), (None, "Nord"))
    assert found(member, company_id=company) == found(member, q="acme") == []
    assert phone.poll() == ({linked, own}, {company})


def test_colleagues_who_are_not_shown_companies_are_told_nothing(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    member.api.patch("/v1/me/settings", {"share_contacts": True})
    company = made(member, "companies", name="Acme")
    linked = made(member, "contacts", first_name="Ann", company_id=company)
    cloud.advance(61)
    phone = Follower(colleague)
    phone.poll()
    before = colleague.api.get(f"/v1/contacts/{linked}")
    assert before.json()["company_name"] is None
    for act in (lambda: rename(member, company, "Zenith"), lambda: member.api.delete(f"/v1/companies/{company}")):
        act()
        after = colleague.api.get(f"/v1/contacts/{linked}")
        assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
        assert phone.poll() == (set(), set())


def test_colleagues_who_are_shown_companies_see_the_new_name(
    member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    member.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    company = made(member, "companies", name="Acme")
    linked = made(member, "contacts", first_name="Ann", company_id=company)
    rename(member, company, "Zenith")
    assert shown(colleague, linked) == (company, "Zenith")
    member.api.delete(f"/v1/companies/{company}")
    assert shown(colleague, linked) == (None, None)


def test_what_a_request_has_no_time_for_follows_by_the_queue(
    cloud: Cloud, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company_names, "_AT_ONCE", 2)
    monkeypatch.setattr(company_names, "_AT_ONCE_S", -1.0)
    company = made(member, "companies", name="Acme")
    linked = [made(member, "contacts", first_name=f"P{n}", company_id=company) for n in range(7)]
    rename(member, company, "Zenith")
    assert sorted(str(shown(member, each)[1]) for each in linked) == ["Acme"] * 5 + ["Zenith"] * 2
    rename(member, company, "Zeta")
    cloud.drain()
    assert [shown(member, each)[1] for each in linked] == ["Zeta"] * 7, "another name begins the walk again"


def test_the_names_wait_for_an_import_or_sync_of_that_member(cloud: Cloud, member: Member) -> None:
    company = made(member, "companies", name="Acme")
    linked, owner = made(member, "contacts", first_name="Ann", company_id=company), ids.owner_code(member.id)
    writer_lock.acquire(member.tenant, owner, "job", 300)
    rename(member, company, "Zenith")
    assert shown(member, linked) == (company, "Acme")
    writer_lock.release(member.tenant, owner, "job")
    cloud.advance(31)
    cloud.drain()
    assert shown(member, linked) == (company, "Zenith")


def test_a_contact_that_is_linked_while_its_company_is_renamed_is_not_written_with_the_old_name(
    member: Member,
) -> None:
    team = member_lookup.readable(member.tenant, ids.owner_code(member.id))
    assert team is not None
    company = made(member, "companies", name="Acme")
    at = clock.rfc3339(clock.now())
    read = repository.checked(team.actor, None, {"first_name": "Ann", "company_id": company}, at)
    rename(member, company, "Zenith")
    with pytest.raises(VersionConflict):
        repository.create(team.actor, read)


def test_what_a_connection_links_follows_its_company(cloud: Cloud, member: Member, tmp_path: Path) -> None:
    hub = connected(cloud, member, tmp_path, 5)
    hub.account.put(Organization("c1", "Nord AG", "nord.example"), person(1, company_external_id="c1"))
    hub.run()
    contact = hub.contacts()["Person1"]["id"]
    company = hub.companies()["Nord AG"]["id"]
    assert shown(member, contact) == (company, "Nord AG")
    hub.account.put(Organization("c1", "Nord SE", "nord.example"))
    hub.run()
    cloud.drain()
    assert shown(member, contact) == (company, "Nord SE")
    rename(member, company, "North")
    assert shown(member, contact) == (company, "North")
    assert member.api.delete(f"/v1/companies/{company}").status_code == 204
    assert shown(member, contact) == (None, None)
    forget(hub)


def test_what_no_contact_is_linked_with_costs_no_walk(member: Member, dynamodb_calls: Callable[..., Any]) -> None:
    company = made(member, "companies", name="Acme")
    made(member, "contacts", first_name="Ann")
    with dynamodb_calls() as calls:
        rename(member, company, "Zenith")
        member.api.delete(f"/v1/companies/{company}")
    assert calls == ["Query", "GetItem", "TransactWriteItems"] * 2
