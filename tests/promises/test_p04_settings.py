"""P4: a privacy setting holds from the next request on, in both directions."""

from collections.abc import Callable

from tests.conftest import Member


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
