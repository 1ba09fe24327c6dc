"""P2: in what a client follows and in the audit log, nothing of a colleague's shows that the colleague does not show."""

import uuid
from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower

HUBSPOT = "Record ID,First Name,Last Name,Email,Lifecycle Stage\r\n"


def made(member: Member, kind: str, **fields: Any) -> str:
    answer = member.api.post(f"/v1/{kind}", fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_feed_tells_nothing_of_what_is_not_shared(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague, stranger = new_colleague(owner), new_workspace()
    phones = [Follower(other) for other in (colleague, stranger)]
    for phone in phones:
        phone.ask()
    contact, company = made(owner, "contacts", first_name="Ann"), made(owner, "companies", name="Acme")
    owner.api.patch(f"/v1/contacts/{contact}", {"title": "Buyer"})
    owner.api.delete(f"/v1/companies/{company}")
    for phone in phones:
        assert phone.poll() == (set(), set())
        assert phone.member.api.get("/v1/audit").json()["items"] == []
    theirs = made(colleague, "contacts", first_name="Bob")
    assert theirs not in owner.api.get("/v1/audit").text, "nor to administrators"
    assert theirs not in owner.api.get("/v1/changes").text


def test_what_is_private_in_a_shared_contact_moves_no_colleagues_feed(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    run = uuid.uuid4().hex[:10]
    contact = made(owner, "contacts", first_name="Ann", last_name="Lee", emails=[f"ann-{run}@people.example"])
    company = made(owner, "companies", name="Acme", tag="client")
    cloud.drain()  # what the switches changed is told
    cloud.advance(61)
    phone, own = Follower(colleague), Follower(owner)
    phone.poll(), own.poll()
    assert owner.api.patch(f"/v1/contacts/{contact}", {"notes": "hesitant"}).status_code == 200
    assert owner.api.patch(f"/v1/companies/{company}", {"notes": "hesitant"}).status_code == 200
    assert run_import(owner, f"{HUBSPOT}1,Ann,Lee,ann-{run}@people.example,Lead\r\n")["updated"] == 1
    assert run_import(owner, f"{HUBSPOT}2,Crm,Only,crm-{run}@people.example,Lead\r\n")["created"] == 1
    mine, _ = own.poll()
    assert {contact, company} < mine
    assert len(mine) == 3
    assert phone.poll() == (set(), set())
    crm_only = (mine - {contact, company}).pop()
    owner.api.delete(f"/v1/contacts/{crm_only}")
    assert phone.poll() == (set(), set()), "what was never shown is not told to be gone"
    owner.api.patch(f"/v1/contacts/{contact}", {"title": "Buyer"})
    assert phone.poll() == ({contact}, set())


def test_a_contacts_company_is_told_only_while_companies_are_shared_too(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    contact, company = made(owner, "contacts", first_name="Ann"), made(owner, "companies", name="Acme")
    for tags in (False, True):
        owner.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": tags})
        owner.api.patch(f"/v1/contacts/{contact}", {"company_id": None})
        cloud.advance(61)
        phone = Follower(colleague)
        phone.poll()
        owner.api.patch(f"/v1/contacts/{contact}", {"company_id": company})
        assert phone.poll() == ({contact} if tags else set(), set())


def test_an_erasure_reaches_every_client_and_no_log(
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
) -> None:
    owner = new_workspace()
    sharing, reader = new_colleague(owner), new_colleague(owner)
    sharing.api.patch("/v1/me/settings", {"share_contacts": True})
    address = f"{mark('gone')}@people.example"
    contacts = [made(member, "contacts", first_name="Gone", emails=[address]) for member in (owner, sharing)]
    noted = made(reader, "contacts", first_name="Kept", notes=f"knows {address}")
    phones = [Follower(member) for member in (owner, sharing, reader)]
    for phone in phones:
        phone.poll()
    members = (owner, sharing, reader)
    logs = [member.api.get("/v1/audit").json()["items"] for member in members]
    erased(address)
    told = [phone.poll() for phone in phones]
    assert told[0] == (set(), set(contacts))
    assert told[1] == (set(), {contacts[1]})
    assert told[2] == ({noted}, {contacts[1]})
    assert [member.api.get("/v1/audit").json()["items"] for member in members] == logs
