"""Inviting and accepting killed anywhere: one invitation, one mail, one member, and nothing left behind."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import settings
from chalicelib.core.ids import TenantId
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.invitations import Invited, listed, somebody

pytestmark = pytest.mark.crash
KEY_GIVEN_UP_S = 70
REQUEST = "tests.crash.http:request"


def left_of(cloud: Cloud, tenant: TenantId) -> list[str]:
    return [
        item["sk"]["S"]
        for item in state.partition(cloud, settings.current().tables.accounts, "pk", f"invitations#{tenant}")
    ]


def claims(cloud: Cloud, email: str) -> dict[str, str]:
    """The identity of that address, as the authorizer hands it over."""
    return {
        "issuer": cloud.issuer.url,
        "subject": cloud.issuer.subject(email),
        "email": email,
        "email_verified": "true",
        "auth_time": "0",
        "audiences": "member",
    }


def test_an_invitation_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, say: Callable[[str, int, int], None]
) -> None:
    def arguments(owner: Member, guest: Invited) -> list[Any]:
        return ["/v1/members", {"email": guest.email}, claims(cloud, owner.email), {"idempotency-key": "k"}]

    def check(owner: Member, guest: Invited) -> None:
        """The client repeats its request with the same key; where no mail came, the owner invites again."""
        cloud.advance(KEY_GIVEN_UP_S)
        owner.api.token = cloud.issuer.token(owner.email)
        again = owner.api.post("/v1/members", {"email": guest.email}, headers={"Idempotency-Key": "k"})
        assert again.status_code == 201, again.text
        assert len(guest.mails()) <= 1
        if not guest.mails():
            assert again.json()["mail"] == "unknown"
            assert owner.api.post("/v1/members", {"email": guest.email}).json()["mail"] == "sent"
        assert len(left_of(cloud, owner.tenant)) == 1
        assert guest.accept().status_code == 201
        assert left_of(cloud, owner.tenant) == []

    owner, guest = new_workspace(), somebody(cloud)
    alive = crasher.run(REQUEST, arguments(owner, guest))
    assert (alive["code"], alive["answer"]) == (0, "201"), alive
    assert len(guest.mails()) == 1
    check(owner, guest)
    kills = 0
    for call, when in points(alive["calls"], 0):
        owner, guest = new_workspace(), somebody(cloud)
        killed = crasher.run(REQUEST, arguments(owner, guest), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        check(owner, guest)
    say("invite", alive["calls"], kills)


@pytest.mark.parametrize("role", ["member", "owner"])
def test_an_acceptance_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
    role: str,
) -> None:
    def arguments(guest: Invited, code: str) -> list[Any]:
        return ["/v1/members/accept", {"token": code}, claims(cloud, guest.email), {}]

    def ready() -> tuple[Member, Invited, str]:
        owner, guest = new_workspace(), somebody(cloud)
        assert owner.api.post("/v1/members", {"email": guest.email, "role": role}).status_code == 201
        return owner, guest, guest.code()

    def check(owner: Member, guest: Invited) -> None:
        me = guest.api().get("/v1/me")
        assert (me.status_code, me.json()["role"]) == (200, role)
        team = listed(owner)
        assert {email: item["state"] for email, item in team.items()} == {owner.email: "active", guest.email: "active"}
        assert team[guest.email]["id"] == me.json()["id"]
        members = state.partition(cloud, settings.current().tables.accounts, "pk", f"tenant#{owner.tenant}")
        assert len(members) == 3  # the tenant and two members
        assert left_of(cloud, owner.tenant) == []

    owner, guest, code = ready()
    alive = crasher.run(REQUEST, arguments(guest, code))
    assert (alive["code"], alive["answer"]) == (0, "201"), alive
    check(owner, guest)
    kills = 0
    for call, when in points(alive["calls"], 3 if role == "owner" else 6):
        owner, guest, code = ready()
        killed = crasher.run(REQUEST, arguments(guest, code), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        again = guest.accept(code)
        # 409: it was done, and only the answer got lost.
        assert again.status_code == 201 or again.json()["code"] == "already_member", (call, when, again.text)
        check(owner, guest)
    say(f"accept as {role}", alive["calls"], kills)


def test_a_removal_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    crasher: Crasher,
    say: Callable[[str, int, int], None],
) -> None:
    from chalicelib.core.errors import NotFound
    from chalicelib.domain.accounts import team

    job = "chalicelib.domain.accounts.team:remove_member"
    owner = new_workspace()
    alive = crasher.run(job, [owner.tenant, new_colleague(owner).id])
    assert alive["code"] == 0, alive
    kills = 0
    for call, when in points(alive["calls"], 2):
        owner = new_workspace()
        colleague = new_colleague(owner)
        killed = crasher.run(job, [owner.tenant, colleague.id], call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        with contextlib.suppress(NotFound):  # it was done to its end
            team.remove_member(owner.tenant, colleague.id)
        assert colleague.api.get("/v1/me").json()["code"] == "no_membership"
        assert set(listed(owner)) == {owner.email}
        accounts = settings.current().tables.accounts
        assert len(state.partition(cloud, accounts, "pk", f"tenant#{owner.tenant}")) == 2
        back = Invited(cloud, colleague.email)
        assert owner.api.post("/v1/members", {"email": back.email}).status_code == 201
        assert back.accept().status_code == 201
    say("remove a member", alive["calls"], kills)
