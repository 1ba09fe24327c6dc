"""Breaks of what others can measure (P8): pages and cursors, calls, ids."""

from tests.breaks.replacement import Break

_TWO_WORLDS = "tests/promises/test_p08_two_worlds.py::test_nothing_measurable_tells_that_a_member_has_a_crm"

UNSEEN = (
    Break(
        "P8",
        "chalicelib/domain/visibility/ranges.py",
        "    return Found(items, None)\n",
        "    return Found(items, last if len(items) == limit else None)\n",
        _TWO_WORLDS,
    ),
    Break(
        "P8",
        "chalicelib/domain/visibility/ranges.py",
        "rows.page if where.mine else shown.page",
        "rows.page",
        _TWO_WORLDS,
    ),
)
