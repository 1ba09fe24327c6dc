"""Breaks of who is told who knows whom, and of introductions (P2, P4, P8)."""

from tests.breaks.replacement import Break

_PATHS = "tests/flows/test_paths.py::"
_ASKS = "tests/flows/test_introductions.py::"
_HIDES = "tests/promises/test_p02_relationships.py::test_nothing_that_a_member_who_hides_does_is_seen"
_CRM = "tests/promises/test_p02_relationships.py::test_nothing_that_only_a_crm_knows_is_seen_of_a_member_who_shows"
_SHARES = "lambda colleague: actor.share_relationships and colleague.share_relationships"
_QUERIES, _MODULE = "chalicelib/domain/contacts/queries.py", "chalicelib/domain/network/paths.py"
_INTRODUCTIONS = "chalicelib/domain/network/introductions.py"

RELATIONSHIPS = (
    # Who hides is seen.
    Break("P2", _QUERIES, _SHARES, "lambda colleague: actor.share_relationships", _HIDES),
    # Who hides sees others.
    Break(
        "P2",
        _QUERIES,
        _SHARES,
        "lambda colleague: colleague.share_relationships",
        f"{_PATHS}test_a_colleague_is_someone_in_the_team_and_only_while_both_share",
    ),
    # The switch holds for good once it was on.
    Break(
        "P4",
        "chalicelib/domain/accounts/membership.py",
        "        switches.share_relationships,\n",
        "        True,\n",
        _HIDES,
    ),
    # What only a CRM knows of a colleague's contact is looked at.
    Break(
        "P8",
        _QUERIES,
        "    view = tagged.view()\n\n    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:\n"
        "        seen = view.see(where, row)\n        return seen if seen is not None and wanted",
        "    view = replace(tagged.view(), shared=lambda payload, _: payload)\n\n"
        "    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:\n"
        "        seen = view.see(where, row)\n        return seen if seen is not None and wanted",
        _CRM,
    ),
    # Mail to an address that only a CRM knows moves the band.
    Break("P8", _MODULE, "            if seen.mine or shown &", "            if seen.mine or marks or shown &", _CRM),
    Break(
        "P8",
        "chalicelib/domain/network/message_counter.py",
        'tally = _with(tally, message, "".join(marks))',
        'tally = _with(tally, message, "".join(sorted(address_mark(self._tenant, sk, each) for each in contact.emails)))',
        _CRM,
    ),
    # The exact strength of a colleague's, or its order, is told before it agreed.
    Break(
        "P2",
        _MODULE,
        "    return Path(ident, company_id, False, told.band, told.recent)\n",
        "    return Path(ident, company_id, False, told.band, told.recent, told)\n",
        f"{_PATHS}test_a_colleague_is_someone_in_the_team_and_only_while_both_share",
    ),
    # Who agreed for one company is named for every other.
    Break(
        "P2",
        _MODULE,
        "    if (company_id, member) in named:\n",
        "    if member in {each for _, each in named}:\n",
        f"{_ASKS}test_who_agreed_is_named_for_that_company_and_that_asker_alone",
    ),
    # A colleague is known again by the ids of its paths.
    Break(
        "P2",
        _MODULE,
        'f"path\\0{actor.member}\\0{company_id}\\0{whom}"',
        'f"path\\0{actor.member}\\0{whom}"',
        f"{_PATHS}test_a_path_is_known_again_by_the_same_caller_for_the_same_company_alone",
    ),
    # A list that was bought counts as acquaintance.
    Break(
        "P2",
        _MODULE,
        "if each.seen.mine or set(each.strength.evidence) - {Evidence.RECORD}]",
        "if each.seen.mine or set(each.strength.evidence)]",
        f"{_PATHS}test_a_list_of_people_is_no_acquaintance",
    ),
    # Whoever wants no mail, or objected, is led to.
    Break(
        "P13",
        _MODULE,
        "    silent = hidden | opt_outs.standing(actor.tenant, exact(theirs))\n",
        "    silent = hidden\n",
        f"{_PATHS}test_who_wants_no_mail_is_on_no_colleagues_path",
    ),
    Break(
        "P13",
        _MODULE,
        "    hidden = wishes.forbidden(Use.SCORING,",
        "    hidden = wishes.forbidden(Use.SHARING,",
        f"{_PATHS}test_who_objects_is_weighed_by_nobody",
    ),
    # The asker's row tells whom it went to.
    Break(
        "P2",
        _INTRODUCTIONS,
        "IntroductionPayload(company_id=company_id, path=path_id, created_at=at)",
        "IntroductionPayload(company_id=company_id, path=path_id, created_at=at, colleague=relation.seen.member)",
        f"{_ASKS}test_the_asker_learns_who_at_agree_and_not_before",
    ),
    Break(
        "P2",
        _INTRODUCTIONS,
        "    noted = _noted(actor, Action.INTRODUCTION_ASKED, mine)\n",
        "    noted = _noted(actor, Action.INTRODUCTION_ASKED, theirs)\n",
        f"{_ASKS}test_the_asker_learns_who_at_agree_and_not_before",
    ),
    # Who declined is named.
    Break(
        "P2",
        _INTRODUCTIONS,
        'told = {"colleague": actor.member} if decision is Decision.AGREE else {}',
        'told = {"colleague": actor.member}',
        f"{_ASKS}test_declining_tells_nothing_but_that",
    ),
    # Asking tells a path of somebody who hides from one that never was.
    Break(
        "P2",
        _INTRODUCTIONS,
        "    every = paths.behind(actor, company_id)\n",
        "    from dataclasses import replace\n"
        "    all_of_them = tuple(replace(each, share_relationships=True) for each in actor.colleagues)\n"
        "    every = paths.behind(replace(actor, colleagues=all_of_them), company_id)\n",
        f"{_ASKS}test_asking_finds_nobody_who_hides",
    ),
    # Asking without end.
    Break(
        "P2",
        _INTRODUCTIONS,
        'counters.take(_COUNTER, f"{actor.tenant}.{actor.member}", ASKED_A_DAY',
        'counters.take(_COUNTER, f"{actor.tenant}.{actor.member}", 1000 * ASKED_A_DAY',
        f"{_ASKS}test_a_member_asks_so_many_times_a_day",
    ),
)
