"""Breaks of what persons said of the use of their data, and of the directory."""

from tests.breaks.replacement import Break

_FEED = "tests/flows/test_directory_feed.py"
_OWN = "tests/flows/test_directory.py"
_RESTRICTED = "tests/flows/test_restriction.py"

DIRECTORY = (
    Break(
        "P12",
        "chalicelib/domain/directory/notices.py",
        "return bool(wishes.lift(place,",
        "return bool(wishes.stands(place,",
        f"{_FEED}::test_who_was_left_out_takes_it_back_and_is_told_before_anybody_finds_it",
    ),
    Break(
        "P12",
        "chalicelib/domain/directory/model.py",
        "return told is not None and told + QUIET <= now and any(",
        "return told is not None and any(",
        f"{_FEED}::test_nobody_finds_a_profile_before_its_person_was_told_and_14_days_passed",
    ),
    Break(
        "P12",
        "chalicelib/domain/directory/search.py",
        "    if left <= 0:\n        raise _too_many()\n",
        "",
        f"{_OWN}::test_a_hundred_profiles_a_day_and_then_no_more_whatever_is_asked",
    ),
    Break(
        "P12",
        "chalicelib/domain/directory/search.py",
        "        if payload.exact not in hidden and _may_be_found",
        "        if _may_be_found",
        f"{_OWN}::test_an_objection_hides_and_an_erasure_ends_it",
    ),
    Break(
        "P12",
        "chalicelib/domain/directory/feed_files.py",
        "    if file in objects.listed(bucket, file.key):\n",
        "    if file:\n",
        "tests/flows/test_feed_files.py::test_another_file_under_the_same_name_is_read_from_its_beginning",
    ),
    Break(
        "P15",
        "chalicelib/domain/directory/model.py",
        "LIFE = timedelta(days=730)",
        "LIFE = timedelta(days=1460)",
        f"{_FEED}::test_a_profile_ends_24_months_after_its_sources_date",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/wish_steps.py",
        "        wishes.record(exact, [Wish(each.kind) for each in rights], turn.id, clock.now())\n",
        "        pass\n",
        "tests/flows/test_wishes.py::test_a_confirmed_wish_holds_in_every_workspace_until_it_is_taken_back",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/model.py",
        "if self.restricted or (self.over_at and",
        "if (self.over_at and",
        f"{_RESTRICTED}::test_no_colleague_is_shown_a_restricted_contact_until_it_is_lifted",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/repository.py",
        "restricted_as(kept, at, restricted=restricted)",
        "restricted_as(kept, at, restricted=kept.restricted)",
        f"{_RESTRICTED}::test_whoever_learns_of_a_restricted_person_later_keeps_it_alone",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/repository.py",
        ", [*held, *payload.named()])",
        ", [*held])",
        f"{_RESTRICTED}::test_who_stands_in_an_odd_address_is_restricted_and_who_only_resembles_is_not",
    ),
    Break(
        "P12",
        "chalicelib/domain/ingest/upsert.py",
        ", [*map(self.whose, items)])",
        ")",
        f"{_RESTRICTED}::test_who_stands_in_an_odd_address_is_restricted_and_who_only_resembles_is_not",
    ),
    Break(
        "P12",
        "chalicelib/domain/ingest/upsert.py",
        "for each in compress(items, answer.restricted):",
        "for each in ():",
        f"{_RESTRICTED}::test_a_file_that_brings_a_restricted_person_makes_a_restricted_contact",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/merge.py",
        "    if payload.restricted:\n        return _only_known(payload, draft, at)\n",
        "",
        f"{_RESTRICTED}::test_a_sync_overwrites_nothing_and_is_asked_again_when_it_is_lifted",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/merge.py",
        'update["source_ids"] = [*payload.source_ids, draft.source_id]',
        "pass",
        f"{_RESTRICTED}::test_a_sync_overwrites_nothing_and_is_asked_again_when_it_is_lifted",
    ),
    Break(
        "P12",
        "chalicelib/domain/contacts/restriction.py",
        "links.outdate(tenant, KIND, after.source_ids)",
        "pass",
        f"{_RESTRICTED}::test_a_sync_overwrites_nothing_and_is_asked_again_when_it_is_lifted",
    ),
    Break(
        "P12",
        "chalicelib/domain/sources/staying.py",
        "return partial(_settled, shown)",
        "return survivorship.settled",
        f"{_RESTRICTED}::test_what_a_file_says_of_a_restricted_person_counts_once_it_is_lifted",
    ),
    Break(
        "P12",
        "chalicelib/domain/privacy/restriction.py",
        "_PASSES = 2",
        "_PASSES = 1",
        f"{_RESTRICTED}::test_a_contact_that_was_being_written_is_found_by_the_second_look",
    ),
    Break(
        "P10",
        "chalicelib/domain/directory/feed_files.py",
        '        yield f"{_UNKNOWN}\\n"\n',
        "        yield line\n",
        "tests/flows/test_feed_files.py::test_a_line_that_is_too_long_is_passed_over_in_pieces",
    ),
)
