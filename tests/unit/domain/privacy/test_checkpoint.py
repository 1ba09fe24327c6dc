"""The checkpoint of an erasure: whatever is found, wherever, no row of it outgrows its table."""

import uuid
from collections.abc import Iterator

import pytest

from chalicelib.core import ids
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.privacy import checkpoint
from chalicelib.domain.privacy.checkpoint import Checkpoint
from chalicelib.domain.privacy.records import TracesRecord
from chalicelib.domain.privacy.traces import Trace
from chalicelib.domain.redaction.names import PersonName
from chalicelib.domain.suppression.model import Mark, Subject
from chalicelib.store import rows
from chalicelib.vault.keys import ring
from chalicelib.vault.tags import Identifier
from infra.local.cloud import Cloud

LARGEST = 400_000  # bytes of a DynamoDB item
TENANTS = 300
A = TenantId("ten_a")


@pytest.fixture
def pk(cloud: Cloud) -> str:
    made = f"request#req_{uuid.uuid4().hex}"
    ring.create(made)
    return made


def records(count: int) -> Iterator[tuple[SortKey, Subject]]:
    """Sort keys of contacts of one person, each with an address and a source of its own."""
    for number in range(count):
        marks = (Mark(Identifier.EMAIL, "lea@p.example"), Mark(Identifier.SOURCE, f"hubspot:cxn_{'x' * 36}:{number}"))
        sk = ids.sort_key("contact", OwnerCode("o" * 10), f"{number:026}")
        yield sk, Subject("2026-01-01T00:00:00Z", ("Lea", "Roth"), marks)


def sizes(pk: str) -> list[int]:
    found = [len(row.sealed.ciphertext) for row in rows.every(TracesRecord, pk, "traces#") if row.sealed]
    return sorted(found)


def test_five_thousand_records_of_one_tenant_take_several_rows(pk: str) -> None:
    kept = Checkpoint(pk, "0.1")
    for number, (sk, subject) in enumerate(records(5000)):
        kept.of(A).remember(sk, subject)
        if number % 500 == 499:
            kept.save(A)
    assert len(sizes(pk)) > 5
    assert sizes(pk)[-1] < LARGEST / 3
    again = Checkpoint(pk, "0.1").of(A)
    assert again.counts == {"contact": 5000, "note": 0}
    assert again.names == [PersonName("Lea", "Roth")]
    assert len(again.marks) == 5001
    assert again.erased == kept.of(A).erased
    for sk, subject in records(5000):
        again.remember(sk, subject)
    assert not any(part.changed for part in again.parts), "what is known is written again"


def test_each_tenant_has_a_row_of_its_own(pk: str) -> None:
    kept, ((sk, subject),) = Checkpoint(pk, "0.1"), records(1)
    for number in range(TENANTS):
        kept.of(TenantId(f"ten_{number:04}")).remember(sk, subject)
        kept.of(TenantId(f"ten_{number:04}")).count("0.1")
        kept.save(TenantId(f"ten_{number:04}"))
    found = sizes(pk)
    assert (len(found), found[-1] < 2000) == (TENANTS, True)
    again = Checkpoint(pk, "0.1")
    assert (again.counts, again.found, len(again.tenants)) == ({"contact": TENANTS}, TENANTS, TENANTS)
    assert Checkpoint(pk, "1.1").found == 0, "another pass has found nothing yet"
    checkpoint.forget(pk)
    assert Checkpoint(pk, "0.1").tenants == []


def test_two_workers_do_not_write_over_each_other(pk: str) -> None:
    one, other = Checkpoint(pk, "0.1"), Checkpoint(pk, "0.1")
    one.of(A).add(Trace.OWNER, "o1")
    one.save(A)
    other.of(A).add(Trace.OWNER, "o2")
    with pytest.raises(VersionConflict):
        other.save(A)
    one.at.after = "ten_a"
    one.save_position()
    other.at.after = "ten_b"
    with pytest.raises(VersionConflict):
        other.save_position()
    assert Checkpoint(pk, "0.1").at.after == "ten_a"
    assert Checkpoint(pk, "0.2").at.after == "", "the position is of one pass"
