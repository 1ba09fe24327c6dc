"""The team: listed, promoted, demoted, removed; an owner is always kept, whatever happens at the same time."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core.errors import Conflict, NotFound
from chalicelib.domain.accounts import team
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.invitations import listed, somebody


def role(by: Member, whom: Member, role: str, **more: Any) -> Any:
    return by.api.patch(f"/v1/members/{whom.id}", {"role": role}, **more)


def test_a_list_in_pages(cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]) -> None:
    colleagues = [new_colleague(member) for _ in range(2)]
    guests = [somebody(cloud) for _ in range(2)]
    for guest in guests:
        member.api.post("/v1/members", {"email": guest.email})
    seen: list[Any] = []
    path: str | None = "/v1/members?limit=2"
    while path:
        page = member.api.get(path).json()
        assert 1 <= len(page["items"]) <= 2
        seen += page["items"]
        path = f"/v1/members?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert [item["email"] for item in seen[:3]] == [member.email, *(c.email for c in colleagues)]
    assert [item["role"] for item in seen[:3]] == ["owner", "member", "member"]
    assert {item["email"] for item in seen[3:]} == {guest.email for guest in guests}
    assert all(item["expires_at"] is None for item in seen[:3])
    assert all(item["created_at"] and item["updated_at"] for item in seen)
    assert member.api.get("/v1/members?limit=0").status_code == 422
    assert member.api.get("/v1/members?cursor=x").status_code == 400


def test_an_owner_promotes_and_demotes(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], new_workspace: Callable[..., Member]
) -> None:
    colleague = new_colleague(member)
    for whom in (member, colleague):
        refused = role(colleague, whom, "owner")
        assert (refused.status_code, refused.json()["code"]) == (403, "owner_only")
    promoted = role(member, colleague, "owner")
    assert (promoted.status_code, promoted.json()["role"]) == (200, "owner")
    assert colleague.api.get("/v1/me").json()["role"] == "owner"
    assert role(colleague, member, "member").status_code == 200
    assert role(member, colleague, "member").json()["code"] == "owner_only"
    last = role(colleague, colleague, "member")
    assert (last.status_code, last.json()["code"]) == (409, "last_owner")
    assert listed(member)[colleague.email]["role"] == "owner"
    assert role(colleague, colleague, "owner").status_code == 200
    assert role(colleague, member, "boss").status_code == 422
    stranger = new_workspace()
    assert role(stranger, member, "owner").status_code == 404
    assert colleague.api.patch("/v1/members/mem_x", {"role": "owner"}).status_code == 404


def test_a_role_changes_on_the_version_that_was_read(member: Member, new_colleague: Callable[[Member], Member]) -> None:
    colleague = new_colleague(member)
    etag = member.api.get(f"/v1/members/{colleague.id}").headers["ETag"]
    changed = role(member, colleague, "owner", headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    assert role(member, colleague, "member", headers={"If-Match": etag}).status_code == 412
    assert role(member, colleague, "member", headers={"If-Match": changed.headers["ETag"]}).status_code == 200


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answered, or the error that it raised, all begun together in threads."""
    answers: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers[number] = acts[number]()
        except (Conflict, NotFound) as error:
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("run", range(5))
def test_two_owners_who_demote_each_other_at_once(
    member: Member, new_colleague: Callable[[Member], Member], run: int
) -> None:
    other = new_colleague(member)
    role(member, other, "owner")
    answers = at_once(lambda: role(member, other, "member"), lambda: role(other, member, "member"))
    # The second finds itself no owner any more, or the last one: never are both demoted.
    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409]), [a.text for a in answers]
    assert sorted(item["role"] for item in listed(member).values()) == ["member", "owner"]


@pytest.mark.parametrize("run", range(5))
def test_owners_who_are_removed_and_demoted_at_once(
    member: Member, new_colleague: Callable[[Member], Member], run: int
) -> None:
    second, third = new_colleague(member), new_colleague(member)
    for other in (second, third):
        role(member, other, "owner")
    at_once(
        lambda: team.remove_member(member.tenant, second.id),
        lambda: team.remove_member(member.tenant, member.id),
        lambda: role(third, third, "member"),
    )
    standing = [m for m in (member, second, third) if m.api.get("/v1/me").status_code == 200]
    assert [m for m in standing if m.api.get("/v1/me").json()["role"] == "owner"]


def test_a_member_promoted_while_removed_is_no_ghost_among_the_owners(
    member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    other = new_colleague(member)
    at_once(lambda: team.remove_member(member.tenant, other.id), lambda: role(member, other, "owner"))
    assert other.api.get("/v1/me").status_code == 403
    with pytest.raises(Conflict, match="last_owner"):
        team.end(member.tenant, member.id)


def test_a_removed_member_is_refused_at_the_next_request(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    contact = colleague.api.post("/v1/contacts", {"first_name": "Ann"}).json()["id"]
    assert member.api.get(f"/v1/contacts/{contact}").status_code == 200
    team.remove_member(member.tenant, colleague.id)
    for path in ("/v1/me", "/v1/contacts", f"/v1/contacts/{contact}", "/v1/members"):
        refused = colleague.api.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "no_membership"), path
    assert set(listed(member)) == {member.email}
    assert member.api.get(f"/v1/contacts/{contact}").status_code == 404
    with pytest.raises(NotFound):
        team.remove_member(member.tenant, colleague.id)
    assert member.api.post("/v1/members", {"email": colleague.email}).status_code == 201
    back = somebody(cloud)
    back.email = colleague.email
    joined = back.accept()
    assert joined.status_code == 201
    assert joined.json()["id"] != colleague.id


def test_a_membership_ends_with_one_write_and_its_rows_may_go_later(
    member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    for _ in range(2):
        team.end(member.tenant, colleague.id)
    assert colleague.api.get("/v1/me").json()["code"] == "no_membership"
    assert set(listed(member)) == {member.email}
    assert role(member, colleague, "owner").status_code == 404
    team.remove_member(member.tenant, colleague.id)
    with pytest.raises(Conflict, match="last_owner"):
        team.remove_member(member.tenant, member.id)
    assert member.api.get("/v1/me").status_code == 200


def test_somebody_who_accepts_twice_at_once_is_one_member(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    member.api.post("/v1/members", {"email": guest.email})
    code = guest.code()
    answers = at_once(*[lambda: guest.accept(code)] * 4)
    assert {answer.status_code for answer in answers} <= {201, 404, 409}
    assert guest.api().get("/v1/me").status_code == 200
    assert [email for email in listed(member) if email == guest.email] == [guest.email]
    assert len(member.api.get("/v1/members").json()["items"]) == 2


@pytest.mark.parametrize("run", range(3))
def test_somebody_who_accepts_while_it_makes_a_workspace_is_in_one_only(cloud: Cloud, member: Member, run: int) -> None:
    from chalicelib.domain.accounts.model import TERMS_VERSION

    guest = somebody(cloud)
    member.api.post("/v1/members", {"email": guest.email})
    code = guest.code()
    make = {"name": "Mine", "accept_terms": TERMS_VERSION}
    answers = at_once(lambda: guest.accept(code), lambda: guest.api().post("/v1/workspaces", make))
    assert sorted(answer.status_code for answer in answers) == [201, 409], [a.text for a in answers]
    mine = guest.api().get("/v1/me").json()["tenant"]["id"]
    active = [item for item in listed(member).values() if item["state"] == "active"]
    assert len(active) == (2 if mine == member.tenant else 1)


def test_the_log_of_the_workspace_tells_its_owners_who_did_what(cloud: Cloud, member: Member) -> None:
    guest, other = somebody(cloud), somebody(cloud)
    for email in (guest.email, other.email):
        assert member.api.post("/v1/members", {"email": email}).status_code == 201
    waiting = listed(member)[other.email]["id"]
    assert member.api.delete(f"/v1/members/{waiting}").status_code == 204
    joined = guest.accept().json()["id"]
    for role in ("owner", "member"):
        member.api.patch(f"/v1/members/{joined}", {"role": role})
    member.api.patch("/v1/workspace/settings", {"audit_days": 90})
    member.api.delete(f"/v1/members/{joined}")
    entries = member.api.get("/v1/audit").json()["items"]
    told = [(entry["action"], entry["by"], entry["about"]) for entry in reversed(entries)]
    assert told[2:] == [
        ("invitation.withdrawn", member.id, [waiting]),
        ("member.joined", joined, [joined]),
        ("role.changed", member.id, [joined]),
        ("role.changed", member.id, [joined]),
        ("workspace.settings_changed", member.id, []),
        ("member.removed", member.id, [joined]),
    ]
    assert [action for action, _, _ in told[:2]] == ["member.invited", "member.invited"]
