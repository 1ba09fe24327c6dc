"""P2: what is not shown changes nothing that is: body, status and headers stay while the owner writes private notes."""

from collections.abc import Callable

import requests

from tests.conftest import Member

VARYING = frozenset({"date", "x-request-id"})


def shown(answer: requests.Response) -> tuple[int, str, dict[str, str]]:
    """Status, body, headers but dates and request ids."""
    return (
        answer.status_code,
        answer.text,
        {k.lower(): v for k, v in answer.headers.items() if k.lower() not in VARYING},
    )


def test_a_private_note_moves_nothing_that_a_colleague_sees(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    contact = owner.api.post("/v1/contacts", {"first_name": "Ann", "last_name": "Lee"}).json()["id"]
    company = owner.api.post("/v1/companies", {"name": "Acme", "tag": "client"}).json()["id"]
    paths = (f"/v1/contacts/{contact}", f"/v1/companies/{company}", "/v1/contacts", "/v1/companies?tag=client")
    before = [shown(colleague.api.get(path)) for path in paths]
    assert {status for status, _, _ in before} == {200}
    for path in paths[:2]:
        assert owner.api.patch(path, {"notes": "hesitant"}).status_code == 200
    assert [shown(colleague.api.get(path)) for path in paths] == before
    for kind in ("contacts", "companies"):
        assert colleague.api.post(f"/v1/{kind}/search", {"q": "hesitant"}).json()["items"] == []
