"""P4: a privacy setting holds from the next request on, in both directions."""

from collections.abc import Callable

import pytest

from chalicelib.domain.accounts import team
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower


def test_a_switch_holds_at_the_next_request_both_ways(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    contact = owner.api.post("/v1/contacts", {"first_name": "Ann", "last_name": "Lee"}).json()["id"]
    company = owner.api.post("/v1/companies", {"name": "Acme", "tag": "client"}).json()["id"]
    for shared in (True, False, True, False):
        assert owner.api.patch("/v1/me/settings", {"share_contacts": shared, "share_tags": shared}).status_code == 200
        expected = 200 if shared else 404
        assert colleague.api.get(f"/v1/contacts/{contact}").status_code == expected
        assert colleague.api.get(f"/v1/companies/{company}").status_code == expected
        assert len(colleague.api.get("/v1/contacts").json()["items"]) == int(shared)
        assert len(colleague.api.post("/v1/companies/search", {"q": "acme"}).json()["items"]) == int(shared)


def test_each_switch_shares_only_what_it_names(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.post("/v1/contacts", {"first_name": "Ann", "last_name": "Lee"})
    owner.api.post("/v1/companies", {"name": "Acme", "tag": "client"})
    owner.api.patch("/v1/me/settings", {"share_contacts": True})
    seen = [len(colleague.api.get(f"/v1/{kind}").json()["items"]) for kind in ("contacts", "companies")]
    assert seen == [1, 0]
    owner.api.patch("/v1/me/settings", {"share_contacts": False, "share_tags": True})
    seen = [len(colleague.api.get(f"/v1/{kind}").json()["items"]) for kind in ("contacts", "companies")]
    assert seen == [0, 1]


@pytest.mark.parametrize(("switch", "path"), [("share_contacts", "contacts"), ("share_tags", "companies")])
def test_a_client_with_copies_is_told_by_the_queue_what_came_and_what_to_drop(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    switch: str,
    path: str,
) -> None:
    owner = new_workspace()
    colleague, third = new_colleague(owner), new_colleague(owner)
    theirs = owner.api.post(f"/v1/{path}", {"last_name": "Lee"} if path == "contacts" else {"name": "Acme"}).json()[
        "id"
    ]
    for shared in (True, False):
        phone, own = Follower(colleague), Follower(owner)
        phone.poll(), own.poll()
        third.api.patch("/v1/me/settings", {"share_relationships": shared})
        phone.poll()
        owner.api.patch("/v1/me/settings", {switch: shared})
        cloud.drain()
        assert phone.poll() == (({theirs}, set()) if shared else (set(), {theirs}))
        own.poll()


def test_when_somebody_who_shared_leaves_the_others_drop_their_copies(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    private, sharing = new_colleague(owner), new_colleague(owner)
    sharing.api.patch("/v1/me/settings", {"share_contacts": True})
    phone = Follower(owner)
    phone.poll()
    team.remove_member(owner.tenant, private.id)
    phone.poll()
    team.remove_member(owner.tenant, sharing.id)
    assert phone.refused() == "cursor_expired"
