"""Breaks of the promises on rankings (P2, P4, P8, P13): whose tags teach, what of it is seen, who is scored."""

from tests.breaks.replacement import Break

_TEST = "tests/promises/test_p02_prospects.py::"
RANKING = (
    Break(
        "P2",
        "chalicelib/domain/companies/queries.py",
        "    found = walk(CompanyRecord, actor, VIEW.ranges(actor), VIEW.see,",
        "    from chalicelib.domain.visibility.ranges import ranges\n\n"
        "    found = walk(CompanyRecord, actor, ranges(actor, lambda _: True), VIEW.see,",
        _TEST + "test_nothing_that_a_colleague_who_shares_nothing_does_moves_a_rank",
    ),
    Break(
        "P8",
        "chalicelib/domain/companies/queries.py",
        "    found = walk(CompanyRecord, actor, VIEW.ranges(actor), VIEW.see,",
        "    view = View(CompanyRecord, CompanyPayload, PREFIX, _shares, lambda payload, _: payload, _living)\n"
        "    found = walk(CompanyRecord, actor, view.ranges(actor), view.see,",
        _TEST + "test_what_only_a_crm_knows_of_a_member_who_shares_teaches_nobody_else",
    ),
    Break(
        "P4",
        "chalicelib/domain/ranking/prospects.py",
        "    fit = learned(list(firms.values())) if wanted else None",
        '    fit = globals().setdefault(f"kept {actor.member}", learned(list(firms.values())))',
        _TEST + "test_untagging_a_client_is_followed_at_once",
    ),
    Break(
        "P13",
        "chalicelib/domain/ranking/people.py",
        "        return forbidden.isdisjoint(exact([contact]))",
        "        return bool(contact)",
        _TEST + "test_a_title_of_who_objects_counts_for_nothing",
    ),
    Break(
        "P13",
        "chalicelib/domain/network/paths.py",
        "    return [each for each in found if (hidden if each.seen.mine else silent).isdisjoint(exact([each.seen.payload]))]",
        "    return [each for each in found if each.seen.mine or silent.isdisjoint(exact([each.seen.payload]))]",
        _TEST + "test_nobody_is_scored_who_does_not_want_it",
    ),
)
