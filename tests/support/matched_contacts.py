"""Contacts of one member that are, or may be, one person."""

from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member


def typed(member: Member, **fields: Any) -> dict[str, Any]:
    """Return a new contact of the member's."""
    answer = member.api.post("/v1/contacts", fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def told(member: Member, contact: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the contact with these fields, as the member changed them."""
    answer = member.api.patch(f"/v1/contacts/{contact['id']}", fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def two_of_one(cloud: Cloud, member: Member, domain: str = "nord.example") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two contacts that are surely one person, before anything was compared: the older one first."""
    one = typed(
        member,
        first_name="Marieke",
        last_name="Vossenberg",
        emails=[f"marieke.vossenberg@{domain}"],
        notes="Met in Oslo",
    )
    other = typed(member, first_name="Marieke", last_name="Vossenberg", phones=["+31 20 7654321"], notes="Likes tea")
    return one, told(member, other, emails=[f"marieke.vossenberg@{domain}", f"m.v@{domain}"], title="Buyer")


def two_who_may_be_one(member: Member, domain: str = "nord.example") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two contacts that may be one person or two."""
    one = typed(member, first_name="Marieke", last_name="Vossenberg", emails=[f"marieke.vossenberg@{domain}"])
    return one, typed(
        member, first_name="Marieke", last_name="Vossenberg", title="Head of purchasing", company_name="Nordwerk"
    )


def matches(member: Member, state: str = "") -> list[dict[str, Any]]:
    """Return the member's pairs in that state."""
    answer = member.api.get(f"/v1/matches?limit=100{f'&state={state}' if state else ''}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def decide(member: Member, match: dict[str, Any], decision: str) -> Any:
    """Return the answer to the member's decision."""
    return member.api.post(f"/v1/matches/{match['id']}", {"decision": decision})


def undo(member: Member, match: dict[str, Any]) -> Any:
    """Return the answer to the member's undoing a merge."""
    return member.api.post(f"/v1/matches/{match['id']}/undo")


def as_seen(member: Member, contact: dict[str, Any]) -> dict[str, Any]:
    """Return the contact as the member sees it, without its times."""
    answer = member.api.get(f"/v1/contacts/{contact['id']}")
    assert answer.status_code == 200, answer.text
    return without_times(answer.json())


def without_times(contact: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of a contact but when it was changed."""
    return {name: value for name, value in contact.items() if name not in ("updated_at", "shown_at")}
