"""P2: times and ETags are per viewer: what moves them for a colleague is what the colleague is shown, and nothing else."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower

HUBSPOT = "Record ID,First Name,Last Name,Email,Lifecycle Stage\r\n"
Import = Callable[..., dict[str, Any]]


@dataclass
class Owned:
    """What a member has, of which a colleague sees some."""

    member: Member
    contact: str
    company: str
    address: str
    imported: Import

    def patch(self, kind: str, **fields: Any) -> None:
        ident = self.contact if kind == "contacts" else self.company
        answer = self.member.api.patch(f"/v1/{kind}/{ident}", fields)
        assert answer.status_code == 200, answer.text

    def settings(self, **switches: Any) -> None:
        answer = self.member.api.patch("/v1/me/settings", switches)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def owned(new_workspace: Callable[..., Member], run_import: Import) -> Owned:
    member = new_workspace()
    address = f"ann-{uuid.uuid4().hex[:10]}@people.example"
    person = {"first_name": "Ann", "last_name": "Lee", "emails": [address]}
    contact = member.api.post("/v1/contacts", person).json()["id"]
    company = member.api.post("/v1/companies", {"name": "Acme"}).json()["id"]
    return Owned(member, contact, company, address, run_import)


def seen(colleague: Member, owned: Owned) -> list[Any]:
    """All that the colleague is shown of it: bodies and ETags, alone and in lists."""
    alone = (f"contacts/{owned.contact}", f"companies/{owned.company}", f"members/{owned.member.id}")
    answers = [colleague.api.get(f"/v1/{path}") for path in (*alone, "contacts", "companies", "members")]
    answers.append(colleague.api.post("/v1/contacts/search", {"q": "ann"}))
    return [(each.status_code, each.headers.get("ETag"), _told(each.json())) for each in answers]


def followed(
    cloud: Cloud, owned: Owned, new_colleague: Callable[[Member], Member], **sharing: bool
) -> tuple[Member, Follower]:
    """A colleague to whom that is shared, and its phone, which has heard of all there is."""
    colleague = new_colleague(owned.member)
    owned.settings(**sharing)
    cloud.drain()  # what the switches changed is told
    cloud.advance(61)
    phone = Follower(colleague)
    phone.poll()
    return colleague, phone


def _told(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "request_id"}


def _crm(owned: Owned) -> None:
    told = owned.imported(owned.member, f"{HUBSPOT}1,Ann,Lee,{owned.address},Lead\r\n")
    assert told["updated"] == 1


PRIVATE: dict[str, Callable[[Owned], object]] = {
    "language": lambda owned: owned.settings(language="fr"),
    "retention": lambda owned: owned.settings(retention_days=700),
    "other switches": lambda owned: owned.settings(directory_listed=True, interpret_replies=True),
    "relationships": lambda owned: owned.settings(share_relationships=True),
    "contact's notes": lambda owned: owned.patch("contacts", notes="hesitant"),
    "company's notes": lambda owned: owned.patch("companies", notes="hesitant"),
    "what a CRM's file says": _crm,
}
OF_COMPANIES: dict[str, Callable[[Owned], object]] = {
    "link": lambda owned: owned.patch("contacts", company_id=owned.company),
    "tag": lambda owned: owned.patch("companies", tag="client"),
    "industry": lambda owned: owned.patch("companies", industry="Ships"),
}


@pytest.mark.parametrize("act", PRIVATE)
def test_what_is_private_moves_no_time_and_no_etag_of_a_colleague(
    cloud: Cloud, owned: Owned, new_colleague: Callable[[Member], Member], act: str
) -> None:
    colleague, phone = followed(cloud, owned, new_colleague, share_contacts=True, share_tags=True)
    before = seen(colleague, owned)
    assert [status for status, _, _ in before] == [200] * 7
    PRIVATE[act](owned)
    cloud.advance(1)
    assert seen(colleague, owned) == before
    assert phone.poll() == (set(), set())


@pytest.mark.parametrize("act", OF_COMPANIES)
def test_private_companies_move_no_time_and_no_etag_of_a_shared_contact(
    cloud: Cloud, owned: Owned, new_colleague: Callable[[Member], Member], act: str
) -> None:
    colleague, phone = followed(cloud, owned, new_colleague, share_contacts=True)
    before, mine = seen(colleague, owned), seen(owned.member, owned)
    OF_COMPANIES[act](owned)
    assert seen(colleague, owned) == before
    assert phone.poll() == (set(), set())
    assert seen(owned.member, owned) != mine


@pytest.mark.parametrize("act", OF_COMPANIES)
def test_shared_companies_move_them(
    cloud: Cloud, owned: Owned, new_colleague: Callable[[Member], Member], act: str
) -> None:
    colleague, phone = followed(cloud, owned, new_colleague, share_contacts=True, share_tags=True)
    path = f"/v1/contacts/{owned.contact}" if act == "link" else f"/v1/companies/{owned.company}"
    before = colleague.api.get(path)
    OF_COMPANIES[act](owned)
    after = colleague.api.get(path)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json()["updated_at"] > before.json()["updated_at"]
    assert phone.poll() == ({owned.contact if act == "link" else owned.company}, set())


def test_whoever_is_shown_companies_later_has_the_later_time(
    cloud: Cloud, owned: Owned, new_colleague: Callable[[Member], Member]
) -> None:
    colleague, path = new_colleague(owned.member), f"/v1/contacts/{owned.contact}"
    owned.settings(share_contacts=True)
    bare = colleague.api.get(path)
    cloud.advance(5)
    owned.patch("contacts", company_id=owned.company)
    owned.settings(share_tags=True)
    full = colleague.api.get(path)
    assert full.json()["updated_at"] > bare.json()["updated_at"]
    assert full.headers["ETag"] != bare.headers["ETag"]
    owned.settings(share_tags=False)
    again = colleague.api.get(path)
    assert (again.json(), again.headers["ETag"]) == (bare.json(), bare.headers["ETag"])


def test_a_members_etag_moves_with_its_role_and_is_honoured(
    owned: Owned, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(owned.member)
    path = f"/v1/members/{colleague.id}"
    before = owned.member.api.get(path)
    assert colleague.api.patch("/v1/me/settings", {"language": "fr"}).status_code == 200
    assert owned.member.api.get(path).headers["ETag"] == before.headers["ETag"]
    etag = {"If-Match": before.headers["ETag"]}
    changed = owned.member.api.patch(path, {"role": "owner"}, headers=etag)
    assert changed.status_code == 200, "the member's own settings are no change of what its owner saw"
    assert changed.json()["updated_at"] > before.json()["updated_at"]
    assert changed.headers["ETag"] == owned.member.api.get(path).headers["ETag"] != before.headers["ETag"]
    assert owned.member.api.patch(path, {"role": "member"}, headers=etag).status_code == 412
