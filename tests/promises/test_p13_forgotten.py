"""P13: anybody is erased by e-mail, in their language, and no import or API call brings them back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Member


@pytest.mark.parametrize(
    "words", ["Please remove me from your database.", "Bonjour, supprimez toutes mes données, merci."], ids=["en", "fr"]
)
def test_nothing_brings_an_erased_person_back(
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
    run_import: Callable[..., dict[str, Any]],
    words: str,
) -> None:
    address = f"{mark('gone')}@people.example"
    holder, later = new_workspace(), new_workspace()
    holder.api.post("/v1/contacts", {"first_name": "Gone", "emails": [address]})
    kept = holder.api.post("/v1/contacts", {"first_name": "Kept"}).json()["id"]
    erased(address, words)
    for team in (holder, later):
        for form in (address, address.upper(), address.replace("@", "+x@")):
            again = team.api.post("/v1/contacts", {"first_name": "Back", "emails": [form]})
            assert (again.status_code, again.json()["code"]) == (409, "address_not_storable"), form
        result = run_import(team, f"First Name,Email\r\nBack,{address}\r\nFine,{mark(team.id[-4:])}@people.example\r\n")
        assert (result["created"], [r["code"] for r in result["rejected"]]) == (1, ["address_not_storable"])
    changed = holder.api.patch(f"/v1/contacts/{kept}", {"emails": [address]})
    assert changed.status_code == 409
    names = {item["first_name"] for item in holder.api.get("/v1/contacts").json()["items"]}
    assert names == {"Kept", "Fine"}
