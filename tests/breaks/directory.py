"""Breaks of what persons said of the use of their data, and of the directory."""

from tests.breaks.replacement import Break

_FEED = "tests/flows/test_directory_feed.py"
_OWN = "tests/flows/test_directory.py"

DIRECTORY = (
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
)
