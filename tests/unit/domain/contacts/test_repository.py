"""Two writers on one contact: nothing is lost, and a client's ETag stays good where it was shown nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import Conflict, PreconditionFailed, VersionConflict
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.contacts import last_activity, repository
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import rows
from tests.conftest import Member

HEARD_AT = "2026-01-31T09:00:00.000Z"


class Overlapped(dict[str, Any]):
    """The fields of a PATCH, during which something else happens: after the contact was read, before it is written."""

    def __init__(self, fields: dict[str, Any], meanwhile: Callable[[], object], times: int = 1) -> None:
        super().__init__(fields)
        self.left, self._meanwhile = times, meanwhile

    def get(self, key: str, default: Any = None) -> Any:
        if self.left:
            self.left -= 1
            self._meanwhile()
        return super().get(key, default)


def made(member: Member) -> tuple[Actor, ContactRecord, str]:
    found = member_lookup.readable(member.tenant, ids.owner_code(member.id))
    assert found
    answer = member.api.post("/v1/contacts", {"last_name": "Nowak", "emails": ["nowak@firma.example"]}).json()
    body = answer["id"].split("_", 1)[1]
    row = rows.get(ContactRecord, member.tenant, f"contact#{body[:10]}#{body[10:]}")
    assert row
    return found.actor, row, answer["id"]


def kept(row: ContactRecord) -> tuple[str | None, str, int]:
    found = rows.get(ContactRecord, row.tenant, row.sk)
    assert found
    payload = found.unsealed(ContactPayload)
    return payload.last_heard_at, payload.title.value if payload.title else "", int(found.version)


def test_a_patch_and_the_mail_worker_that_overlap_lose_nothing(member: Member) -> None:
    actor, row, ident = made(member)
    fields = Overlapped({"title": "CTO"}, lambda: last_activity.heard(row, HEARD_AT))
    after = repository.update(actor, ident, fields, if_match=frozenset({1}))
    assert kept(row) == (HEARD_AT, "CTO", 2)
    assert int(after.version) == 2, "its own ETag was good: nobody was shown what the mail worker wrote"


def test_the_mail_worker_goes_on_from_what_the_member_wrote(member: Member) -> None:
    actor, read_before, ident = made(member)
    repository.update(actor, ident, {"title": "CTO"})
    last_activity.heard(read_before, HEARD_AT)
    assert kept(read_before) == (HEARD_AT, "CTO", 2)


def test_of_two_writes_that_no_client_is_shown_none_is_lost(member: Member) -> None:
    _, row, _ = made(member)
    other = rows.get(ContactRecord, row.tenant, row.sk)
    assert other
    last_activity.heard(row, HEARD_AT)
    other.reseal(other.unsealed(ContactPayload).model_copy(update={"seen": {"hubspot:x": HEARD_AT}}))
    with pytest.raises(VersionConflict):
        rows.put_if_unchanged(other, visible=False)
    assert kept(row) == (HEARD_AT, "", 1)


def test_an_etag_fails_where_something_visible_changed_meanwhile(member: Member) -> None:
    actor, row, ident = made(member)
    fields = Overlapped({"title": "CTO"}, lambda: repository.update(actor, ident, {"title": "CEO"}))
    with pytest.raises(PreconditionFailed):
        repository.update(actor, ident, fields, if_match=frozenset({1}))
    assert kept(row) == (None, "CEO", 2)


def test_a_patch_that_is_always_overtaken_ends_with_a_conflict(member: Member) -> None:
    actor, row, ident = made(member)
    titles = iter(map(str, range(100)))
    fields = Overlapped({"title": "CTO"}, lambda: repository.update(actor, ident, {"title": next(titles)}), times=100)
    with pytest.raises(Conflict):
        repository.update(actor, ident, fields)
    assert 100 - fields.left == rows.ATTEMPTS
    assert kept(row)[1] == str(rows.ATTEMPTS - 1)
