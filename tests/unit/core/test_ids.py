"""Ids sort by time, and sort keys say whose their rows are."""

from datetime import timedelta

from chalicelib.core import clock, ids


def test_the_floor_of_a_moment_is_below_its_ids_and_above_what_is_older() -> None:
    before = clock.now()
    made = ids.ulid()
    after = clock.now() + timedelta(milliseconds=1)
    assert ids.ulid_floor(before) <= made < ids.ulid_floor(after)
    assert len(ids.ulid_floor(before)) == len(made)


def test_an_id_of_a_moment_is_the_same_each_time() -> None:
    moment, other = clock.now() - timedelta(days=3), ids.ulid()
    made = ids.ulid_at(moment, other)
    assert made == ids.ulid_at(moment, other)
    assert ids.ulid_floor(moment) <= made < ids.ulid_floor(moment + timedelta(milliseconds=1))
    assert made[10:] == other[10:]


def test_a_sort_key_says_what_it_was_made_of() -> None:
    member = ids.new_member()
    made = ids.new_owned("con", member)
    sk = ids.sort_key("contact", made.owner, made.local)
    assert sk == f"contact#{member[-10:]}#{made.local}"
    assert (ids.kind_of(sk), ids.owner_of(sk), ids.owned_of("con", sk)) == ("contact", ids.owner_code(member), made)
    pointer = ids.sort_key("subject", made.owner, "tag", "h", sk)
    assert (ids.kind_of(pointer), ids.owner_of(pointer)) == ("subject", made.owner)


def test_a_range_holds_one_members_keys_only() -> None:
    one, other = ids.OwnerCode("a"), ids.OwnerCode("ab")
    assert ids.key_range("contact", one) == "contact#a#"
    assert ids.sort_key("contact", one, "1").startswith(ids.key_range("contact", one))
    assert not ids.sort_key("contact", other, "1").startswith(ids.key_range("contact", one))
    assert ids.key_range("copy", one, "cxn", "contact") == "copy#a#cxn#contact#"


def test_new_tenants_and_members_have_ids_of_their_kinds() -> None:
    assert ids.is_id(ids.new_tenant(), "ten")
    assert ids.is_id(ids.new_member(), "mem")
