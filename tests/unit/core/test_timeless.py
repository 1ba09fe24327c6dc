"""Ids that tell nothing."""

import re

from chalicelib.core import ids

_FORM = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")


def test_a_timeless_id_has_the_form_of_a_ulid_and_no_time() -> None:
    made = [ids.timeless() for _ in range(200)]
    assert all(_FORM.fullmatch(each) for each in made)
    assert len({each[:4] for each in made}) > 190, "a time in front would be the same for all"
    assert {each[0] for each in made} == set("01234567")


def test_sixteen_bytes_stand_in_it_whole() -> None:
    assert ids.timeless_of(bytes(16)) == "0" * 26
    assert ids.timeless_of(b"\xff" * 16) == "7" + "z" * 25
    assert ids.timeless_of(bytes(15) + b"\x01") == "0" * 25 + "1"
