"""P13: an export that was made before an erasure brings nobody back, into its own workspace or another."""

import json
from collections.abc import Callable

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.own_exports import brought, every, export_of, files_of


@pytest.mark.parametrize(
    "files", [("companies.csv", "contacts.csv"), ("companies.json", "contacts.json"), ("zip",)], ids="+".join
)
def test_it_brings_back_nobody_who_was_erased(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
    files: tuple[str, ...],
) -> None:
    member, fresh = new_workspace(), new_workspace()
    address = f"{mark('lea')}@people.example"
    member.api.post("/v1/companies", {"name": "Nordwerk", "notes": f"ask {address}"})
    member.api.post("/v1/contacts", {"first_name": "Lea", "emails": [address]})
    member.api.post("/v1/contacts", {"first_name": "Lea", "emails": [address.replace("@", "+work@")]})
    member.api.post("/v1/contacts", {"first_name": "Jonas", "notes": f"knows {address} well"})
    packed = export_of(cloud, member)
    content = {**files_of(packed), "zip": packed}
    erased(address)
    kinds = {"csv": "text/csv", "json": "application/json", "zip": "application/zip"}
    for where in (fresh, member):
        results = [brought(cloud, where, content[name], kinds[name.rpartition(".")[2]]) for name in files]
        assert {each["code"] for result in results for each in result["rejected"]} == {"address_not_storable"}
        assert sum(result["rejected_total"] for result in results) == 2
        contacts = every(where, "contacts")
        assert [(each["first_name"], each["notes"]) for each in contacts] == [("Jonas", "knows […] well")]
        assert [each["notes"] for each in every(where, "companies")] == ["ask […]"]
        assert mark("lea") not in json.dumps(contacts)
