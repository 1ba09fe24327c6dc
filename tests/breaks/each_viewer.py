"""Breaks of what each viewer is told of changes (P2): times, ETags, the feed."""

from tests.breaks.replacement import Break

EACH_VIEWER = (
    Break(
        "P2",
        "chalicelib/domain/contacts/switches.py",
        "    return made and payload.first_shown <= clock.rfc3339(until)",
        "    return made",
        "tests/promises/test_p02_switches.py::test_what_is_hidden_is_dropped_and_what_was_never_seen_is_not_told",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/switches.py",
        "    return made and payload.first_shown <= clock.rfc3339(until)",
        "    return payload.first_shown <= clock.rfc3339(until)",
        "tests/promises/test_p02_switches.py::test_what_an_import_stores_after_the_switch_is_not_told",
    ),
    Break(
        "P2",
        "chalicelib/domain/accounts/own_settings.py",
        "        sharing.holds(own, clock.now())\n",
        "",
        "tests/promises/test_p02_switches.py::test_what_an_import_stores_after_the_switch_is_not_told",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/switches.py",
        "change.since <= last:",
        "last:",
        "tests/promises/test_p02_switches.py::test_what_is_hidden_is_dropped_and_what_was_never_seen_is_not_told",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/switches.py",
        "    return payload.shared(with_companies=Share.TAGS in shares_of(view)) if",
        "    return payload.shown(with_companies=Share.TAGS in shares_of(view)) if",
        "tests/promises/test_p02_switches.py::test_a_switch_tells_whose_time_is_another_one_by_it",
    ),
    Break(
        "P2",
        "chalicelib/domain/audit/followed.py",
        "had = ids.ulid_floor(switch.at), max(begin, before_began)",
        "had = ids.ulid_floor(switch.at), begin",
        "tests/promises/test_p02_switches.py::test_who_comes_later_is_told_nothing_of_before",
    ),
    Break(
        "P4",
        "chalicelib/domain/audit/followed.py",
        "        if switch.was and had < end:\n",
        "        if not switch.was and had < end:\n",
        "tests/promises/test_p02_switches.py::test_what_is_hidden_is_dropped_and_what_was_never_seen_is_not_told",
    ),
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
    Break(
        "P2",
        "chalicelib/domain/companies/lent_names.py",
        "    return before.lends and (after is None or before.lent_names() != after.lent_names())",
        "    return before.lends and after is None",
        "tests/flows/test_linked_companies.py::test_a_new_name_is_shown_at_once_found_and_told",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/linking.py",
        '        update = {"company_id": None, "company_from": ""}\n',
        "        update = {}\n",
        "tests/flows/test_linked_companies.py::test_a_company_that_goes_leaves_no_link",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/linking.py",
        "    if followed(after, company, at) is not after:\n        raise VersionConflict\n",
        "",
        "tests/flows/test_linked_companies.py"
        "::test_a_contact_that_is_linked_while_its_company_is_renamed_is_not_written_with_the_old_name",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/repository.py",
        "full = audit.effect(*seen_of(*both, with_companies=True))",
        "full = audit.effect(*(payload and payload.own_view() for payload in both))",
        "tests/promises/test_p02_over.py::test_values_that_only_a_crm_says_from_now_on",
    ),
    Break(
        "P2",
        "chalicelib/domain/sources/survivorship.py",
        "source for source, name in lent.items() if names.get(source) != name))\n    for source, name in names.items():\n"
        "        if lent.get(source) != name:\n",
        "lent))\n    for source, name in names.items():\n        if True:\n",
        "tests/unit/domain/sources/test_survivorship.py"
        "::test_another_name_for_the_owner_alone_moves_nothing_that_colleagues_see",
    ),
    Break(
        "P2",
        "chalicelib/domain/imports/restored_companies.py",
        'row.reseal(payload.model_copy(update={"lends": True}))',
        "row.reseal(payload)",
        "tests/flows/test_own_exports.py::test_contacts_that_came_back_follow_their_companies",
    ),
)
