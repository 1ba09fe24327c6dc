"""Breaks of what tells a CRM's export in other languages (P8): columns not to be changed, sums of rows, words of owners."""

from tests.breaks.replacement import Break

_CRMS = "tests/unit/domain/imports/test_crm_columns.py"
_DYNAMICS = "test_dynamics_tells_in_every_language_not_to_change_its_columns"
_ALONE = "test_what_one_crm_alone_writes_is_private_whatever_its_member_says"
_MAY_BE = "test_what_may_be_a_crms_in_any_language_is_private_unless_its_member_says_else"

CRM_FILES = (
    *(
        Break("P8", "chalicelib/domain/imports/parsing/crm_columns.py", old, new, f"{_CRMS}::{test}")
        for old, new, test in (
            ("        or _is_locked(header)\n", "", _DYNAMICS),
            ("in crm_words.CHECKSUMS)", "in ())", _ALONE),
            ("        or any(map(_PATH.fullmatch, header))\n", "", _ALONE),
            ("or _is_a_records(name, frozenset(parts))", "", _MAY_BE),
            ("any(map(_is_a_crms, names))", "False", _MAY_BE),
        )
    ),
)
