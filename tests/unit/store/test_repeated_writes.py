"""A write whose answer is lost, and that AWS's client therefore sends again, is done once and answers as done."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.store import due, rows
from chalicelib.store.due import Due, DueRecord
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.aws_calls import told
from tests.unit.store.sample_rows import Payload, Row, row


@contextlib.contextmanager
def answers_lost(meanwhile: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """Executes the first write within the block, loses its answer, and lets `meanwhile` happen before it is sent again; the
    operations that were sent."""
    sent, session = list[str](), URLLib3Session()

    def send(request: Any, **_: Any) -> None:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        if operation in ("Query", "GetItem"):
            return
        sent.append(operation)
        if len(sent) == 1:
            assert session.send(request).status_code == 200
            meanwhile()
            raise ReadTimeoutError(endpoint_url=request.url)

    with told("before-send", send):
        yield sent


def named(tenant: TenantId, key: str) -> str | None:
    found = rows.get(Row, tenant, f"row#{key}")
    return found.unsealed(Payload).name if found else None


def changed(tenant: TenantId, key: str, name: str) -> Row:
    """The row as it stands, another name in it, not yet written."""
    found = rows.get(Row, tenant, f"row#{key}")
    assert found
    found.reseal(Payload(name=name))
    return found


def test_a_new_row(tenant: TenantId) -> None:
    with answers_lost() as sent:
        rows.put_new(row(tenant, "1"))
    assert (sent, named(tenant, "1")) == (["PutItem", "PutItem"], "x")


def test_a_new_row_that_another_has_deleted_meanwhile_stays_away(tenant: TenantId) -> None:
    with answers_lost(lambda: rows.delete_if_unchanged(changed(tenant, "1", "y"))):
        rows.put_new(row(tenant, "1"), deletable=True)
    assert named(tenant, "1") is None


def test_a_row_over_what_was_read(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    with answers_lost() as sent:
        rows.put_if_unchanged(changed(tenant, "1", "y"))
    assert (sent, named(tenant, "1")) == (["PutItem", "PutItem"], "y")


def test_a_deletion(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    with answers_lost() as sent:
        rows.delete_if_unchanged(changed(tenant, "1", "y"))
    assert (len(sent), named(tenant, "1")) == (2, None)


def test_several_rows(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    with answers_lost() as sent:
        rows.put_if_unchanged(changed(tenant, "1", "y"), [rows.PutIf(row(tenant, "2"), new=True)])
    assert (len(sent), named(tenant, "1"), named(tenant, "2")) == (2, "y", "x")


def test_a_lease(cloud: Cloud) -> None:
    piece = Due("test", uuid.uuid4().hex)
    due.schedule(piece, clock.now())
    with answers_lost():
        held = due.lease(piece, 60)
    found = rows.get(DueRecord, piece.pk, due.SK)
    assert found
    assert found.lease == held.lease
    with pytest.raises(due.Leased), answers_lost():
        due.lease(piece, 60)


def test_what_another_has_written_since_stays(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    mine = changed(tenant, "1", "mine")

    def another(*beside: rows.PutIf) -> None:
        rows.put_if_unchanged(changed(tenant, "1", "another's"), beside)

    with pytest.raises(VersionConflict), answers_lost(another):
        rows.put_if_unchanged(mine)
    assert named(tenant, "1") == "another's"
    mine = changed(tenant, "1", "mine")
    with pytest.raises(VersionConflict), answers_lost(lambda: another(rows.PutIf(row(tenant, "2"), new=True))):
        rows.put_if_unchanged(mine)
    assert named(tenant, "1") == "another's", "also where it was written in a transaction"


def test_a_row_that_another_has_made_or_changed_is_a_conflict_as_before(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    mine = changed(tenant, "1", "mine")
    rows.put_if_unchanged(changed(tenant, "1", "another's"))
    for write in (rows.put_if_unchanged, rows.delete_if_unchanged):
        with pytest.raises(VersionConflict):
            write(mine)
    with pytest.raises(VersionConflict):
        rows.put_new(row(tenant, "1"))
    assert named(tenant, "1") == "another's"


def test_a_client_gets_its_answer_and_no_412(member: Member) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "Ada"})
    headers = {"If-Match": made.headers["ETag"]}
    with answers_lost() as sent:
        answer = member.api.patch(f"/v1/contacts/{made.json()['id']}", {"title": "Engineer"}, headers=headers)
    assert (answer.status_code, len(sent) >= 2) == (200, True), answer.text
    with answers_lost():
        assert member.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    with answers_lost():
        gone = member.api.delete(f"/v1/contacts/{made.json()['id']}")
    assert gone.status_code == 204
