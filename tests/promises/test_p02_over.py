"""P2: what is over for colleagues alone is told to their clients as deleted, and as new when it is shown again."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.audit.records import ShownRecord
from chalicelib.domain.contacts import last_activity
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower
from tests.support.daily_pass import days_pass

HUBSPOT = "Record ID,First Name,Last Name,Email,Lifecycle Stage\r\n"


@pytest.fixture
def sharing(new_workspace: Callable[..., Member]) -> Member:
    owner = new_workspace()
    owner.api.patch("/v1/me/settings", {"share_contacts": True})
    return owner


def of_a_client(owner: Member) -> str:
    company = owner.api.post("/v1/companies", {"name": "Acme", "tag": "client"}).json()["id"]
    return str(owner.api.post("/v1/contacts", {"first_name": "Ann", "company_id": company}).json()["id"])


def listed(member: Member) -> set[str]:
    return {item["id"] for item in member.api.get("/v1/contacts").json()["items"]}


def test_a_life_that_is_over_for_colleagues_alone(
    cloud: Cloud, sharing: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(sharing)
    sharing.api.patch("/v1/me/settings", {"retention_days": 20})
    contact = of_a_client(sharing)
    own, phone = Follower(sharing), Follower(colleague)
    own.poll(), phone.poll()
    before = sharing.api.get(f"/v1/contacts/{contact}")
    days_pass(cloud, 21, sharing, colleague)
    assert (listed(sharing), listed(colleague)) == ({contact}, set())
    assert phone.poll() == (set(), {contact})
    own.poll()
    after = sharing.api.get(f"/v1/contacts/{contact}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    days_pass(cloud, 1, sharing, colleague)
    assert phone.poll() == own.poll() == (set(), set()), "it is told once, and its owner is told nothing"
    record = next(iter(rows.every(ContactRecord, sharing.tenant, "contact#")))
    last_activity.heard(record, clock.rfc3339(clock.now()))
    days_pass(cloud, 1, sharing, colleague)
    assert phone.poll() == ({contact}, set())
    assert listed(colleague) == {contact}
    assert own.poll() == (set(), set())


def test_values_that_only_a_crm_says_from_now_on(
    cloud: Cloud,
    sharing: Member,
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    colleague, address = new_colleague(sharing), f"ann-{uuid.uuid4().hex[:10]}@people.example"
    contact = sharing.api.post("/v1/contacts", {"first_name": "Ann", "emails": [address]}).json()["id"]
    assert run_import(sharing, f"{HUBSPOT}1,Ann,,{address},Lead\r\n")["updated"] == 1
    cloud.advance(61)
    phone = Follower(colleague)
    phone.poll()
    assert run_import(sharing, f"{HUBSPOT}2,Bo,,bo-{address},Lead\r\n")["created"] == 1
    hidden = (listed(sharing) - {contact}).pop()
    assert phone.poll() == (set(), set())
    sharing.api.patch(f"/v1/contacts/{hidden}", {"title": "Buyer"})
    assert phone.poll() == (set(), set())
    sharing.api.patch(f"/v1/contacts/{hidden}", {"last_name": "Berg"})
    assert phone.poll() == ({hidden}, set())
    sharing.api.patch(f"/v1/contacts/{hidden}", {"last_name": None})
    cloud.advance(61)
    assert phone.poll() == (set(), {hidden})
    assert listed(sharing) == {contact, hidden}


def test_what_is_not_shown_takes_no_row_and_no_page_of_a_colleagues_feed(
    cloud: Cloud,
    sharing: Member,
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    colleague, run = new_colleague(sharing), uuid.uuid4().hex[:10]
    sharing.api.patch("/v1/me/settings", {"share_tags": True})
    phone = Follower(colleague, limit=1)
    phone.poll()
    people = "".join(f"{n},P,{n},p{n}-{run}@people.example,Lead\r\n" for n in range(30))
    assert run_import(sharing, f"{HUBSPOT}{people}")["created"] == 30
    for ident in sorted(listed(sharing))[:10]:
        sharing.api.patch(f"/v1/contacts/{ident}", {"notes": "hesitant"})
    assert list(rows.every(ShownRecord, sharing.tenant, "shown#")) == []
    assert phone.ask()["more"] is False
