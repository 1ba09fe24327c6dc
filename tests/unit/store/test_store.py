"""Rows, batches, pointers and due work."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.store import batch, due, pointers, rows
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.unit.store.sample_rows import Payload, Row, row


def test_every_write_has_its_condition(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    with pytest.raises(VersionConflict):
        rows.put_new(row(tenant, "1"))
    first, second = (rows.get(Row, tenant, "row#1") for _ in range(2))
    assert first
    assert second
    first.reseal(Payload(name="first"))
    rows.put_if_unchanged(first)
    second.reseal(Payload(name="second"))
    with pytest.raises(VersionConflict):
        rows.put_if_unchanged(second)
    with pytest.raises(VersionConflict):
        rows.delete_if_unchanged(second)
    kept = rows.get(Row, tenant, "row#1")
    assert kept
    assert (kept.unsealed(Payload).name, kept.version) == ("first", 2)
    rows.delete_if_unchanged(kept)
    assert rows.get(Row, tenant, "row#1") is None


def test_a_write_and_the_row_that_tells_of_it_come_together_or_not_at_all(tenant: TenantId) -> None:
    def told(number: int) -> bool:
        return rows.get(Row, tenant, f"row#told{number}") is not None

    rows.put_new(row(tenant, "1"), [row(tenant, "told1")])
    with pytest.raises(VersionConflict):
        rows.put_new(row(tenant, "1"), [row(tenant, "told2")])
    first, second = (rows.get(Row, tenant, "row#1") for _ in range(2))
    assert first
    assert second
    first.reseal(Payload(name="first"))
    rows.put_if_unchanged(first, [row(tenant, "told3")])
    second.reseal(Payload(name="second"))
    with pytest.raises(VersionConflict):
        rows.put_if_unchanged(second, [row(tenant, "told4")])
    assert second.version == 1
    with pytest.raises(VersionConflict):
        rows.delete_if_unchanged(second, [row(tenant, "told5")])
    kept = rows.get(Row, tenant, "row#1")
    assert kept
    assert (kept.unsealed(Payload).name, kept.version) == ("first", 2)
    rows.delete_if_unchanged(kept, [row(tenant, "told6")])
    assert rows.get(Row, tenant, "row#1") is None
    assert [told(number) for number in range(1, 7)] == [True, False, True, False, False, True]


def test_what_is_written_beside_a_row_may_have_conditions_of_its_own(tenant: TenantId) -> None:
    def standing() -> dict[str, str]:
        return {found.sk: found.unsealed(Payload).name for found in rows.every(Row, tenant, "row#")}

    rows.put_new(row(tenant, "a"))
    rows.put_new(row(tenant, "b"))
    main = rows.get(Row, tenant, "row#a")
    assert main
    rows.put_if_unchanged(
        main,
        [
            rows.PutIf(row(tenant, "new", "1"), new=True),
            rows.MustExist(Row, "row#b"),
            rows.DeleteIfPresent(Row, "row#gone"),
        ],
    )
    before = standing()
    overtaken = rows.get(Row, tenant, "row#new")
    assert overtaken
    overtaken.reseal(Payload(name="2"))
    overtaken.move(visible=True)
    wrong = (
        rows.PutIf(row(tenant, "new", "2"), new=True),
        rows.PutIf(overtaken),
        rows.MustExist(Row, "row#gone"),
    )
    for part in wrong:
        with pytest.raises(VersionConflict):
            rows.put_if_unchanged(main, [part, row(tenant, "beside")])
    assert standing() == before == {"row#a": "x", "row#b": "x", "row#new": "1"}
    new = rows.get(Row, tenant, "row#new")
    assert new
    new.reseal(Payload(name="3"))
    rows.put_if_unchanged(main, [rows.PutIf(new)])
    rows.delete_if_unchanged(main, [rows.DeleteIfPresent(Row, "row#b")])
    assert standing() == {"row#new": "3"}


@pytest.mark.parametrize("second_shows", [True, False])
@pytest.mark.parametrize("beside", [True, False])
def test_of_two_writes_over_one_read_the_later_fails_though_no_client_is_shown_the_first(
    tenant: TenantId, second_shows: bool, beside: bool
) -> None:
    rows.put_new(row(tenant, "1"))
    first, second = (rows.get(Row, tenant, "row#1") for _ in range(2))
    assert first
    assert second
    first.reseal(Payload(name="first"))
    rows.put_if_unchanged(first, [row(tenant, "told")] if beside else (), visible=False)
    second.reseal(Payload(name="second"))
    with pytest.raises(VersionConflict):
        rows.put_if_unchanged(second, [row(tenant, "told")] if beside else (), visible=second_shows)
    with pytest.raises(VersionConflict):
        rows.delete_if_unchanged(second)
    kept = rows.get(Row, tenant, "row#1")
    assert kept
    assert (kept.unsealed(Payload).name, kept.version) == ("first", 1)
    assert (first.lock, first.version) == (kept.lock, kept.version)


def test_a_row_that_went_and_came_back_is_not_taken_for_its_former_self(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    former = rows.get(Row, tenant, "row#1")
    assert former
    rows.delete_if_unchanged(former)
    clock.advance(0.002)
    rows.put_new(row(tenant, "1", "anew"))
    with pytest.raises(VersionConflict):
        rows.put_if_unchanged(former)


def append(letter: str, meanwhile: Callable[[], None]) -> Callable[[Row], rows.Put]:
    """A change that adds to the name what others may add too, while it is under way."""

    def change(found: Row) -> rows.Put:
        name = found.unsealed(Payload).name
        meanwhile()
        found.reseal(Payload(name=name + letter))
        return rows.Put()

    return change


def test_an_update_reads_again_where_another_was_faster_and_nothing_is_lost(tenant: TenantId) -> None:
    key = rows.Key(Row, tenant, "row#1")
    assert rows.update(key, append("a", lambda: None)) is None
    rows.put_new(row(tenant, "1"))
    others = iter("bc")

    def meanwhile() -> None:
        for other in others:
            rows.update(key, append(other, lambda: None))
            return

    after = rows.update(key, append("a", meanwhile))
    assert after
    kept = rows.get(Row, tenant, "row#1")
    assert kept
    assert kept.unsealed(Payload).name == after.unsealed(Payload).name == "xbca"


def test_an_update_may_begin_with_the_row_as_it_was_read_delete_it_or_leave_it(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    former, read = (rows.get(Row, tenant, "row#1") for _ in range(2))
    assert former
    assert read
    untouched = rows.update(read, lambda _: None)
    assert untouched is read
    rows.update(read, append("a", lambda: None))
    after = rows.update(former, append("b", lambda: None))
    assert after
    assert after.unsealed(Payload).name == "xab"
    assert rows.update(former, lambda _: rows.Delete([row(tenant, "told")])) is None
    assert [found.sk for found in rows.every(Row, tenant, "row#")] == ["row#told"]


def test_an_update_that_others_always_overtake_ends(tenant: TenantId) -> None:
    rows.put_new(row(tenant, "1"))
    key, tries = rows.Key(Row, tenant, "row#1"), 0

    def meanwhile() -> None:
        nonlocal tries
        tries += 1
        rows.update(key, append("b", lambda: None))

    with pytest.raises(VersionConflict):
        rows.update(key, append("a", meanwhile))
    assert tries == rows.ATTEMPTS == 8


def test_expired_rows_are_not_seen(tenant: TenantId) -> None:
    rows.put_new(Row.build(tenant, "row#old", Payload(name="x"), ends=clock.now() - timedelta(seconds=2)))
    rows.put_new(Row.build(tenant, "row#new", Payload(name="x"), ends=clock.now() + timedelta(days=1)))
    assert rows.get(Row, tenant, "row#old") is None
    assert [r.sk for r in rows.every(Row, tenant, "row#")] == ["row#new"]
    assert set(batch.get_all(Row, [(tenant, "row#old"), (tenant, "row#new")])) == {(tenant, "row#new")}


def test_an_expired_row_keeps_no_new_one_out(tenant: TenantId) -> None:
    rows.put_new(Row.build(tenant, "row#again", Payload(name="old"), ends=clock.now() - timedelta(seconds=2)))
    rows.put_new(Row.build(tenant, "row#again", Payload(name="new"), ends=clock.now() + timedelta(days=1)))
    with pytest.raises(VersionConflict):
        rows.put_new(row(tenant, "again"))
    kept = rows.get(Row, tenant, "row#again")
    assert kept
    assert kept.unsealed(Payload).name == "new"


def test_pages_and_batches(tenant: TenantId) -> None:
    batch.put_all([row(tenant, f"{n:04}") for n in range(130)])
    page = rows.page(Row, tenant, "row#", limit=50)
    assert (len(page.records), page.last) == (50, "row#0049")
    assert len(list(rows.every(Row, tenant, "row#", page_size=40))) == 130
    keys = [(tenant, f"row#{n:04}") for n in range(130)]
    assert len(batch.get_all(Row, keys)) == 130
    batch.delete_all(Row, [keys[0], *keys])  # DynamoDB refuses a batch that names an item twice
    assert list(rows.every(Row, tenant, "row#")) == []


def test_pointers_are_found_by_tag_over_tenants_and_by_owner(tenant: TenantId) -> None:
    other = TenantId(f"ten_{uuid.uuid4().hex}")
    ring.create(other)
    tag = uuid.uuid4().hex
    mine = Pointer(tenant, tag, Role.HOLDS, SortKey("contact#o#1"))
    theirs = Pointer(other, tag, Role.MENTIONS, SortKey("contact#p#2"))
    pointers.write([mine, theirs, mine])
    assert set(pointers.find(tag)) == {mine, theirs}
    assert list(pointers.find(tag, tenant)) == [mine]
    assert list(pointers.of_owner(tenant, OwnerCode("o"))) == [mine]
    pointers.delete([mine, theirs])
    assert list(pointers.find(tag)) == []


def test_due_work_is_leased_to_one_and_found_again_when_the_lease_ends(cloud: Cloud) -> None:
    work = due.Due("test", uuid.uuid4().hex)
    due.schedule(work, clock.now() - timedelta(seconds=1))
    assert work in list(due.find(clock.now()))
    due.lease(work, 60)
    with pytest.raises(due.Leased):
        due.lease(work, 60)
    assert work not in list(due.find(clock.now()))
    assert work in list(due.find(clock.now() + timedelta(seconds=61)))
    due.schedule(work, clock.now())
    due.lease(work, 60)
    due.done(work)
    assert work not in list(due.find(clock.now() + timedelta(days=9)))


def test_a_change_that_overtakes_another_leaves_no_record_without_its_pointers(tenant: TenantId) -> None:
    tag = uuid.uuid4().hex
    pointer = Pointer(tenant, tag, Role.HOLDS, SortKey("contact#o#1"))
    pointers.write([pointer])

    def added_again_meanwhile() -> None:
        """Another change writes the pointer, and its record, while this one is dropping it."""
        pointers.write([pointer])

    pointers.move([], [pointer], added_again_meanwhile, lambda: [pointer])
    assert list(pointers.find(tag)) == [pointer]
    pointers.move([pointer], [], lambda: pointers.delete([pointer]), list)
    assert list(pointers.find(tag)) == [pointer]
    pointers.move([], [pointer], lambda: None, list)
    assert list(pointers.find(tag)) == []
