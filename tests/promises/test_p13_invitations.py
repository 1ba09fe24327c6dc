"""P13: an invitation that waits for somebody goes with the person's erasure, whoever sent it; a membership does not."""

from collections.abc import Callable

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.support.invitations import Invited, listed, somebody


def test_an_erasure_withdraws_what_waits_for_the_person(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    erased: Callable[..., str],
) -> None:
    teams = [new_workspace(), new_workspace()]
    asks, alias = f"{mark('asks')}@people.example", f"{mark('asks')}+work@people.example"
    bystander = somebody(cloud, "people.example")
    for team in teams:
        for email in (asks, alias, bystander.email):
            assert team.api.post("/v1/members", {"email": email}).status_code == 201
    code = Invited(cloud, asks).code()
    assert places.holding(mark("asks"), places.unsealed(cloud)) == ["table Accounts invitation"]
    closing = erased(asks)
    assert "pending invitations for you: 4" in closing
    assert places.holding(mark("asks"), places.unsealed(cloud)) == []
    for team in teams:
        team.api.token = cloud.issuer.token(team.email)
        assert set(listed(team)) == {team.email, bystander.email}
    assert Invited(cloud, asks).accept(code).status_code == 404
    assert bystander.accept().status_code == 201


def test_an_account_outlives_the_erasure_of_its_owner_s_address(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    erased: Callable[..., str],
) -> None:
    colleague = new_colleague(new_workspace())
    erased(colleague.email)
    colleague.api.token = cloud.issuer.token(colleague.email)
    assert colleague.api.get("/v1/me").json()["email"] == colleague.email


def test_a_workspace_that_ends_takes_its_invitations_along(
    cloud: Cloud, new_workspace: Callable[..., Member], mark: Callable[[str], str]
) -> None:
    from chalicelib.domain.accounts import invitations

    going, staying = new_workspace(), new_workspace()
    for team in (going, staying):
        team.api.post("/v1/members", {"email": f"{mark('guest')}@people.example"})
    for _ in range(2):
        invitations.withdraw_all(going.tenant)
    assert invitations.pending(going.tenant) == []
    assert len(invitations.pending(staying.tenant)) == 1
    place = invitations.place_of(f"{mark('guest')}@people.example")
    assert [found.tenant for found in invitations.found_under(place)] == [staying.tenant]
