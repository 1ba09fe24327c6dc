"""Breaks of what each viewer is told of changes (P2): times, ETags, the feed."""

from tests.breaks.replacement import Break

EACH_VIEWER = (
    Break(
        "P2",
        "chalicelib/domain/contacts/model.py",
        '"updated_at": (self.shown_at if with_companies else self.bare_at) or self.created_at,',
        '"updated_at": self.shown_at or self.created_at,',
        "tests/promises/test_p02_times.py::test_private_companies_move_no_time_and_no_etag_of_a_shared_contact",
    ),
    Break(
        "P2",
        "chalicelib/domain/visibility/ranges.py",
        "return self.row_version if self.mine else version_of(self.payload.model_dump_json())",
        "return self.row_version",
        "tests/promises/test_p02_times.py::test_what_is_private_moves_no_time_and_no_etag_of_a_colleague",
    ),
    Break(
        "P2",
        "chalicelib/api/members.py",
        "updated_at=payload.shown_updated_at,",
        "updated_at=payload.updated_at,",
        "tests/promises/test_p02_times.py::test_what_is_private_moves_no_time_and_no_etag_of_a_colleague",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/expire.py",
        "elif not left.over_at:  # colleagues",
        "elif not left.created_at:  # colleagues",
        "tests/promises/test_p02_over.py::test_a_life_that_is_over_for_colleagues_alone",
    ),
    Break(
        "P2",
        "chalicelib/domain/audit/journal.py",
        "        if changes:\n",
        "        if view:\n",
        "tests/promises/test_p02_over.py::test_what_is_not_shown_takes_no_row_and_no_page_of_a_colleagues_feed",
    ),
)
