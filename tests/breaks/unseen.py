"""Breaks of what others can measure (P8): pages and cursors, calls, ids."""

from tests.breaks.replacement import Break

_TWO_WORLDS = "tests/promises/test_p08_two_worlds.py::test_nothing_measurable_tells_that_a_member_has_a_crm"
_IDS = "tests/promises/test_p08_two_worlds.py::test_no_id_tells_where_a_contact_or_company_came_from"

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
        "    return shown.page(record, tenant, Span(first, last), limit=size, after=after)\n",
        "    return rows.page(record, tenant, first, limit=size, after=after)\n",
        _TWO_WORLDS,
    ),
    Break(
        "P8",
        "chalicelib/domain/contacts/queries.py",
        "if where.mine and wanted and not _may_match",
        "if wanted and not _may_match",
        "tests/promises/test_p08_searches.py::test_a_search_costs_the_same_whether_or_not_a_crm_has_the_word",
    ),
    Break(
        "P8",
        "chalicelib/domain/ingest/linked.py",
        'tags.drawn_id(self.tenant, draw, f"{kind}\\0{key}")',
        "key",
        _IDS,
    ),
    Break(
        "P8",
        "chalicelib/domain/contacts/repository.py",
        "ids.new_owned(PREFIX, actor.member, ids.timeless())",
        "ids.new_owned(PREFIX, actor.member)",
        _IDS,
    ),
    Break(
        "P8",
        "chalicelib/domain/sync/stream_pass.py",
        "at.unsure, at.draw = False, new_draw()",
        "at.unsure = False",
        "tests/flows/test_sync_people.py::test_a_contact_that_comes_back_has_another_id",
    ),
    # What stands between two ranges that are read as one is somebody's who shows nothing.
    Break(
        "P2",
        "chalicelib/domain/visibility/ranges.py",
        "{actor.code, *actor.leaving, *(each.code for each in actor.colleagues), *theirs}",
        "{actor.code, *actor.leaving, *theirs}",
        "tests/unit/domain/visibility/test_ranges.py::test_what_stands_between_two_ranges_costs_no_call",
    ),
    Break(
        "P2",
        "chalicelib/domain/visibility/ranges.py",
        "{actor.code, *actor.leaving, *(each.code",
        "{actor.code, *(each.code",
        "tests/unit/domain/visibility/test_ranges.py::test_what_stands_between_two_ranges_costs_no_call",
    ),
)
