"""Who sees what a file says that is a CRM's, or only looks like one (P8)."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.imported_files import contacts, send
from tests.support.uploads import start, upload

UNKNOWN = "First Name,Last Name,Email,Deal Stage\nAnna,Keller,anna@nord.example,won\n"
HUBSPOT = "Record ID,First Name,Last Name,Email,Lifecycle Stage\n7,Anna,Keller,anna@nord.example,lead\n"
DYNAMICS = "(Do Not Modify) Contact,Full Name,Email\n0f8f,Anna Keller,anna@nord.example\n"
DYNAMICS_GERMAN = "(Nicht ändern) Kontakt,Vollständiger Name,E-Mail\n0f8f,Anna Keller,anna@nord.example\n"
ODOO = "id,name,email\n__export__.res_partner_7_1a2b,Anna Keller,anna@nord.example\n"


@pytest.fixture
def pair(new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]) -> tuple[Member, Member]:
    """A member who shares contacts, and a colleague."""
    member = new_workspace()
    member.api.patch("/v1/me/settings", {"share_contacts": True})
    return member, new_colleague(member)


def _done(cloud: Cloud, member: Member, job: str) -> dict[str, Any]:
    cloud.drain()
    return dict(member.api.get(f"/v1/jobs/{job}").json()["result"]["file"])


@pytest.mark.parametrize("body", [UNKNOWN, HUBSPOT, DYNAMICS, DYNAMICS_GERMAN, ODOO])
def test_what_looks_like_a_crms_is_private(cloud: Cloud, pair: tuple[Member, Member], body: str) -> None:
    member, colleague = pair
    assert _done(cloud, member, send(member, body).json()["job"]["id"])["owner_only"]
    assert (len(contacts(member)), contacts(colleague)) == (1, [])


def test_a_file_that_is_no_crms_is_shared_where_its_member_says_so(cloud: Cloud, pair: tuple[Member, Member]) -> None:
    member, colleague = pair
    tried = send(member, UNKNOWN, query="?dry_run=true&shareable=true").json()["result"]["file"]
    assert tried == {
        "format": "generic_csv",
        "charset": "utf-8",
        "owner_only": False,
        "passed_over": [],
        "passed_over_total": 0,
    }
    assert _done(cloud, member, send(member, UNKNOWN, query="?shareable=true").json()["job"]["id"]) == tried
    assert [each["emails"] for each in contacts(colleague)] == [["anna@nord.example"]]
    other = UNKNOWN.replace("anna", "bea")
    assert _done(cloud, member, start(member, upload(member, other.encode(), shareable=True))) == tried
    assert len(contacts(colleague)) == 2


@pytest.mark.parametrize("body", [HUBSPOT, DYNAMICS, DYNAMICS_GERMAN, ODOO])
def test_a_file_of_a_crm_stays_private_whatever_its_member_says(
    cloud: Cloud, pair: tuple[Member, Member], body: str
) -> None:
    member, colleague = pair
    for job in (
        send(member, body, query="?shareable=true").json()["job"]["id"],
        start(member, upload(member, body.encode(), shareable=True)),
    ):
        assert _done(cloud, member, job)["owner_only"]
    assert (len(contacts(member)), contacts(colleague)) == (1, [])
