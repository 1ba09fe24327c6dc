"""Breaks of what every route has in common, and of what an export takes for an id."""

from tests.breaks.replacement import Break

_CODES = "tests/unit/api/test_codes.py"

CONVENTIONS = (
    Break(
        "API",
        "chalicelib/api/answers.py",
        "found |= {Code.PRECONDITION_FAILED}",
        "found |= set()",
        f"{_CODES}::test_every_code_is_answered_by_a_route_or_the_gateway",
    ),
    Break(
        "API",
        "chalicelib/domain/imports/parsing/row.py",
        "RowCode.TOO_LONG if long",
        "RowCode.NO_IDENTITY if long",
        f"{_CODES}::test_every_word_is_used_and_no_row_is_refused_by_another",
    ),
    Break(
        "API",
        "chalicelib/api/jobs.py",
        "listed(JobFailure, RunOutcome)",
        "listed(JobFailure)",
        f"{_CODES}::test_the_schema_lists_the_words_of_each_field",
    ),
    Break(
        "API",
        "chalicelib/core/clock.py",
        'isoformat(timespec="milliseconds")',
        "isoformat()",
        "tests/unit/core/test_clock.py::test_times_have_milliseconds",
    ),
    Break(
        "API",
        "chalicelib/core/models.py",
        "PlainSerializer(clock.rfc3339, ",
        "PlainSerializer(datetime.isoformat, ",
        "tests/unit/core/test_clock.py::test_answers_have_times_of_one_precision",
    ),
    Break(
        "API",
        "chalicelib/domain/ingest/at_once.py",
        "in sorted(names)[:_MOST]",
        "in sorted(names)[:0]",
        "tests/flows/test_contacts_again.py::test_equal_requests_at_once_make_one_contact",
    ),
    Break(
        "P13",
        "chalicelib/core/identifiers/profile_url.py",
        "found = found.rstrip(_HYPHENS)",
        "found = found.rstrip()",
        "tests/unit/core/test_identifiers.py::test_every_way_to_a_profile_is_the_same_profile",
    ),
    Break(
        "P13",
        "chalicelib/domain/imports/parsing/own_rows.py",
        "lambda text: str(_parsed(text, prefix))",
        "str",
        "tests/unit/domain/imports/test_own_export.py::test_an_id_that_is_none_is_not_kept_where_nobody_would_look",
    ),
)
