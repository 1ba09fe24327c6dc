"""P2: what a member has is visible to nobody else, and another's answers do not change with it."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Member

LISTS = ("/v1/contacts", "/v1/companies", "/v1/jobs")


def answers(member: Member, word: str) -> list[Any]:
    """All that a member can ask for without knowing an id."""
    found = [member.api.get(path).json() for path in LISTS]
    found += [member.api.get(f"/v1/companies?tag={tag}").json() for tag in ("client", "prospect")]
    found += [member.api.post(f"/v1/{kind}/search", {"q": word}).json() for kind in ("contacts", "companies")]
    return found


def test_neither_colleagues_nor_other_tenants_see_anything(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member], mark: Callable[[str], str]
) -> None:
    owner = new_workspace()
    others = (new_colleague(owner), new_workspace())
    before = [answers(other, mark("name")) for other in others]
    company = owner.api.post("/v1/companies", {"name": mark("name"), "tag": "client", "notes": mark("note")}).json()[
        "id"
    ]
    contact = owner.api.post("/v1/contacts", {"first_name": mark("name"), "emails": [f"{mark('m')}@p.example"]}).json()[
        "id"
    ]
    assert [answers(other, mark("name")) for other in others] == before
    for other in others:
        for path in (f"/v1/companies/{company}", f"/v1/contacts/{contact}"):
            seen = other.api.get(path)
            assert seen.status_code == 404
            assert mark("name") not in seen.text


def test_what_one_member_holds_changes_no_answer_to_another_that_writes_the_same(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member], mark: Callable[[str], str]
) -> None:
    owner = new_workspace()
    body = {"first_name": "Same", "emails": [f"{mark('same')}@p.example"]}
    first = owner.api.post("/v1/contacts", body)
    for other in (new_colleague(owner), new_workspace()):
        again = other.api.post("/v1/contacts", body)
        assert again.status_code == first.status_code == 201
        ignored = ("id", "created_at", "updated_at", "owner", "sources")
        assert {k: v for k, v in again.json().items() if k not in ignored} == {
            k: v for k, v in first.json().items() if k not in ignored
        }


def test_notes_stay_private_even_when_contacts_and_tags_are_shared(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member], mark: Callable[[str], str]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    company = owner.api.post("/v1/companies", {"name": "Shared", "tag": "client", "notes": mark("note")}).json()["id"]
    contact = owner.api.post("/v1/contacts", {"first_name": "Shared", "notes": mark("note")}).json()["id"]
    for path in (f"/v1/companies/{company}", f"/v1/contacts/{contact}"):
        seen = colleague.api.get(path)
        assert seen.status_code == 200
        assert mark("note") not in seen.text
