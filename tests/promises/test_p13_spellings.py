"""P13: an erased person comes back in no spelling that a reader would call the same, and no stranger goes with them."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Member


def test_no_spelling_brings_an_erased_address_back(
    member: Member, mark: Callable[[str], str], erased: Callable[..., str], run_import: Callable[..., dict[str, Any]]
) -> None:
    name = mark("gone")
    address = f"{name}@people.example"
    member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [address]})
    erased(address)
    spellings = [
        f"{name}\u200b@people.example",
        f"\ufeff{address}",
        f"{name}@peo\u00adple.example",
        f"\u202e{address}\u202c",
        f"{name}＠people。example",
        f"mailto:{address}",
        f"<{address.upper()}.>",
    ]
    for spelling in spellings:
        again = member.api.post("/v1/contacts", {"first_name": "Back", "emails": [spelling]})
        assert (again.status_code, again.json()["code"]) == (409, "address_not_storable"), ascii(spelling)
    for spelling in (f"{name}\n@people.example", f"{name}\x00@people.example"):
        again = member.api.post("/v1/contacts", {"first_name": "Back", "emails": [spelling]})
        assert again.status_code == 422, ascii(spelling)
    cells = [*spellings, f"{name}\x07@people.example"]
    result = run_import(member, "First Name,Email\r\n" + "".join(f"Back,{cell}\r\n" for cell in cells))
    assert (result["created"], {r["code"] for r in result["rejected"]}) == (0, {"address_not_storable"})
    assert len(result["rejected"]) == len(cells)
    assert member.api.get("/v1/contacts").json()["items"] == []


def test_strangers_who_share_a_page_are_neither_merged_nor_erased_nor_blocked(
    member: Member, mark: Callable[[str], str], erased: Callable[..., str], run_import: Callable[..., dict[str, Any]]
) -> None:
    emil = f"{mark('emil')}@two.example"
    rows = [
        f"Dora,One,https://crm.example/contact?id=1,{mark('dora')}@one.example",
        f"Emil,Two,https://crm.example/contact?id=2,{emil}",
        f"Fay,Three,https://crm.example/contact?id=3,{mark('fay')}@three.example",
        f"Gil,Four,https://www.linkedin.com/in/unavailable,{mark('gil')}@four.example",
        f"Hal,Five,https://www.linkedin.com/in/unavailable,{mark('hal')}@five.example",
    ]
    header = "First Name,Last Name,Profile URL,Email\r\n"
    assert run_import(member, header + "\r\n".join(rows) + "\r\n")["created"] == len(rows)
    items = member.api.get("/v1/contacts").json()["items"]
    kept = {url for item in items for url in item["profile_urls"]}
    assert {f"https://crm.example/contact?id={n}" for n in (1, 2, 3)} <= kept, "as the API keeps them"
    erased(emil)
    names = {item["first_name"] for item in member.api.get("/v1/contacts").json()["items"]}
    assert names == {"Dora", "Fay", "Gil", "Hal"}
    later = {"first_name": "Ivo", "profile_urls": ["https://crm.example/contact?id=2"]}
    assert member.api.post("/v1/contacts", later).status_code == 201


def test_an_erased_address_hides_in_no_other_field(
    member: Member, mark: Callable[[str], str], erased: Callable[..., str], run_import: Callable[..., dict[str, Any]]
) -> None:
    name = mark("hid")
    address = f"{name}@people.example"
    member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [address]})
    erased(address)
    spelt = [address, f"{name}＠people.example", f"{name}%40people.example", f"{name}(at)people.example"]
    for text in spelt:
        in_url = text.replace("(at)", "%2540")
        for fields in (
            {"phones": [f"030 1234567 {text}"]},
            {"profile_urls": [f"https://acme.example/people?mail={in_url}"]},
        ):
            answer = member.api.post("/v1/contacts", {"first_name": "Other", **fields})
            assert answer.status_code == 422, fields
        mapping = {"name": "mine", "columns": {text: "email"}}
        assert member.api.post("/v1/import-mappings", mapping).status_code == 422
        written = member.api.post("/v1/contacts", {"first_name": "Other", "title": f"Head, {text}", "notes": text})
        assert (written.json()["title"], written.json()["notes"]) == ("Head, […]", "[…]"), text
        assert member.api.post("/v1/companies", {"name": f"Acme {text}"}).json()["name"] == "Acme […]", text
    rows = "".join(f'Other,O{i},"Head, {text}","Acme {text}",030 1234567\r\n' for i, text in enumerate(spelt))
    result = run_import(member, f"First Name,Last Name,Title,Company,Phone,{address}\r\n{rows}")
    assert result["created"] == len(spelt)
    stored = member.api.get("/v1/contacts").text + member.api.get("/v1/jobs").text
    assert stored.count("Acme") == len(spelt)
    assert name not in stored
