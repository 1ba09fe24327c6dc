"""P13: what stood on the erased contact is blocked in the workspace where it stood, and nowhere else; nobody else is met."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Member


def test_other_addresses_are_blocked_where_they_stood_and_not_elsewhere(
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    holder, other = new_workspace(), new_workspace()
    verified, second = f"{mark('one')}@people.example", f"{mark('two')}@home.example"
    page = f"https://www.linkedin.com/in/{mark('page')}"
    anna = {"first_name": "Anna", "emails": [verified, second], "profile_urls": [page]}
    assert holder.api.post("/v1/contacts", anna).status_code == 201
    assert other.api.post("/v1/contacts", {"first_name": "Anna", "emails": [verified]}).status_code == 201
    closing = erased(verified)
    assert "Other addresses and profile links" in closing
    for fields in (
        {"emails": [second]},
        {"emails": [second.upper().replace("@", "+x@")]},
        {"profile_urls": [page]},
    ):
        again = holder.api.post("/v1/contacts", {"first_name": "Back", **fields})
        assert (again.status_code, again.json()["code"]) == (409, "address_not_storable"), fields
    rows = f"First Name,Email\r\nBack,{second}\r\n"
    assert [each["code"] for each in run_import(holder, rows)["rejected"]] == ["address_not_storable"]
    noted = holder.api.post("/v1/contacts", {"first_name": "Ben", "notes": f"ask {second} or {page}"})
    assert noted.json()["notes"] == "ask […] or […]"
    assert other.api.post("/v1/contacts", {"first_name": "Kim", "emails": [second]}).status_code == 201
    assert other.api.post("/v1/contacts", {"first_name": "Lee", "profile_urls": [page]}).status_code == 201


def test_an_address_that_others_there_have_too_is_blocked_for_nobody(
    member: Member, mark: Callable[[str], str], erased: Callable[..., str]
) -> None:
    anna, family = f"{mark('anna')}@people.example", f"{mark('home')}@people.example"
    member.api.post("/v1/contacts", {"first_name": "Anna", "last_name": "Berg", "emails": [anna, family]})
    member.api.post("/v1/contacts", {"first_name": "Anna", "last_name": "Berg", "emails": [anna, family], "title": "x"})
    ben = member.api.post("/v1/contacts", {"first_name": "Ben", "last_name": "Dahl", "emails": [family]})
    assert ben.status_code == 201
    erased(anna)
    left = member.api.get("/v1/contacts").json()["items"]
    assert [each["first_name"] for each in left] == ["Ben"]
    changed = member.api.patch(f"/v1/contacts/{ben.json()['id']}", {"title": "Buyer"})
    assert (changed.status_code, changed.json()["emails"]) == (200, [family])


def test_a_company_that_is_the_person_goes_and_one_of_the_same_name_stays(
    new_workspace: Callable[..., Member], mark: Callable[[str], str], erased: Callable[..., str]
) -> None:
    team, elsewhere = new_workspace(), new_workspace()
    last, address = mark("Berg"), f"{mark('anna')}@people.example"
    for name, company in (("Anna", f"{last}, Anna"), ("Anna", f"{last} & Dahl AG")):
        made = team.api.post("/v1/companies", {"name": company, "notes": "a client"}).json()["id"]
        fields = {
            "first_name": name,
            "last_name": last,
            "company_id": made,
            "emails": [address.replace("@", f"+{made}@")],
        }
        assert (
            team.api.post("/v1/contacts", {**fields, "emails": [address]} if "," in company else fields).status_code
            == 201
        )
    for api in (team.api, elsewhere.api):
        assert api.post("/v1/companies", {"name": f"Anna {last}", "notes": "another"}).status_code == 201
    erased(address)
    names = {each["name"] for each in team.api.get("/v1/companies").json()["items"]}
    assert names == {f"{last} & Dahl AG", f"Anna {last}"}
    assert {each["name"] for each in elsewhere.api.get("/v1/companies").json()["items"]} == {f"Anna {last}"}
    assert team.api.post("/v1/companies", {"name": f"{last}, Anna"}).status_code == 201
