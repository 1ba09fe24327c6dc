"""A member whose prospects are ranked."""

from chalicelib.core import clock
from chalicelib.core.ids import owner_code
from chalicelib.domain.accounts import digests
from chalicelib.store.due import schedule
from tests.conftest import Member


def ranked(owner: Member) -> None:
    """A prospect where somebody is known and something happened; its mail is due."""
    made = {"name": "Prospect", "domain": "person.example", "tag": "prospect"}
    prospect = owner.api.post("/v1/companies", made).json()["id"]
    told = {"type": "visit", "occurred_at": clock.rfc3339(clock.now())}
    assert owner.api.post(f"/v1/companies/{prospect}/signals", told).status_code == 201
    assert owner.api.get(f"/v1/prospects/explain/{prospect}").status_code == 200
    assert owner.api.get(f"/v1/companies/{prospect}/signals").status_code == 200
    assert owner.api.patch("/v1/me/settings", {"weekly_digest": True}).status_code == 200
    schedule(digests.due_of(owner.tenant, owner_code(owner.id)), clock.now())
