"""A scripted connection's contacts, each but one with a word of its member's own."""

from typing import Any

from chalicelib.connectors.port import Organization, Person
from tests.support.scripted_connection import Synced

WORDS = ("Noted", "Phoned", "Linked", "Tagged")


def begun(hub: Synced) -> dict[str, Any]:
    """One contact for each word of the member, and one without; what the owner is shown of them."""
    firm = Organization("c", "Nord AG")
    plain = [
        Person(name, "Ana", name, (f"{name.lower()}.{hub.id[-6:]}@own.example",), title="Buyer")
        for name in (*WORDS, "Plain")
    ]
    plain[3] = Person("Tagged", "Ana", "Tagged", plain[3].emails, company_external_id="c")
    hub.account.put(firm, *plain)
    hub.run()
    ids = {name: each["id"] for name, each in hub.contacts().items()}
    own = hub.api.post("/v1/companies", {"name": "Own Ltd"}).json()["id"]
    nord = hub.companies()["Nord AG"]["id"]
    for path, change in (
        (f"contacts/{ids['Noted']}", {"notes": "met in Bonn"}),
        (f"contacts/{ids['Phoned']}", {"phones": ["+49 30 1234567"]}),
        (f"contacts/{ids['Linked']}", {"company_id": own}),
        (f"companies/{nord}", {"tag": "client"}),
    ):
        answer = hub.api.patch(f"/v1/{path}", change)
        assert answer.status_code == 200, answer.text
    found = hub.contacts()
    assert found["Tagged"]["company_id"] == nord
    return found
