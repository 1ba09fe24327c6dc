"""P8: what was exported here and is brought back is its owner's alone, whatever it says and however it is read."""

from collections.abc import Callable

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.own_exports import brought, every, export_of, files_of

SHARING = {"share_contacts": True, "share_tags": True}


def filled(member: Member, mark: Callable[[str], str]) -> None:
    company = member.api.post(
        "/v1/companies", {"name": mark("firm"), "tag": "client", "domain": f"{mark('d')}.example"}
    )
    fields = {
        "first_name": mark("given"),
        "emails": [f"{mark('p')}@people.example"],
        "company_id": company.json()["id"],
    }
    assert member.api.post("/v1/contacts", fields).status_code == 201


@pytest.mark.parametrize("read_as", ["", "?format=generic_csv", "?format=google_csv", "?mapping"])
def test_nothing_of_it_is_shown_to_a_colleague(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
    read_as: str,
) -> None:
    member, fresh = new_workspace(), new_workspace()
    colleague = new_colleague(fresh)
    fresh.api.patch("/v1/me/settings", SHARING)
    filled(member, mark)
    packed = export_of(cloud, member)
    if read_as == "?mapping":
        columns = {"first_name": "first_name", "emails": "email"}
        read_as += f"={fresh.api.post('/v1/import-mappings', {'name': 'x', 'columns': columns}).json()['id']}"
    content, kind = (files_of(packed)["contacts.csv"], "text/csv") if read_as else (packed, "application/zip")
    brought(cloud, fresh, content, kind, read_as)
    assert mark("given") in fresh.api.get("/v1/contacts").text
    assert every(colleague, "contacts") == every(colleague, "companies") == []
    feed = colleague.api.get("/v1/changes").json()
    assert (feed["upserts"], feed["deleted"]) == ([], [])


def test_what_colleagues_see_does_not_move(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
) -> None:
    member = new_workspace()
    colleague = new_colleague(member)
    member.api.patch("/v1/me/settings", SHARING)
    filled(member, mark)
    packed = export_of(cloud, member)
    member.api.delete(f"/v1/companies/{every(member, 'companies')[0]['id']}/tag")
    contact = every(member, "contacts")[0]["id"]
    member.api.patch(f"/v1/contacts/{contact}", {"title": "Buyer", "first_name": "Other"})
    seen = every(colleague, "contacts"), every(colleague, "companies")
    cursor = colleague.api.get("/v1/changes").json()["next_cursor"]
    cloud.advance(120)
    colleague.api.token, member.api.token = cloud.issuer.token(colleague.email), cloud.issuer.token(member.email)
    cursor = colleague.api.get("/v1/changes", params={"cursor": cursor}).json()["next_cursor"]
    result = brought(cloud, member, packed, "application/zip")
    assert (result["created"], result["rejected_total"]) == (0, 0)
    assert [(each["column"], each["code"]) for each in result["dropped"]] == [("tag", "seen_by_colleagues")]
    assert (every(colleague, "contacts"), every(colleague, "companies")) == seen
    assert colleague.api.get("/v1/changes", params={"cursor": cursor}).json()["upserts"] == []
