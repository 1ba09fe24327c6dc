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
        "for c in _NO_LAST_OF_NAMES if",
        'for c in " " if',
        "tests/unit/core/test_identifiers.py::test_every_way_to_a_profile_is_the_same_profile",
    ),
    Break(
        "P13",
        "chalicelib/core/identifiers/profile_url.py",
        '"x.com": "_", ',
        "",
        "tests/unit/core/test_profile_urls.py::test_an_underscore_ends_names_where_accounts_may_have_one",
    ),
    Break(
        "P13",
        "chalicelib/core/identifiers/profile_url.py",
        "c not in _SIGNS and visible(c) == c",
        "visible(c) == c",
        "tests/unit/core/test_profile_urls.py::test_pages_that_differ_in_any_part_are_different_links",
    ),
    Break(
        "P13",
        "chalicelib/domain/redaction/links.py",
        "for _, _, text in texts_in(link[within:])",
        "for text in ()",
        "tests/unit/domain/redaction/test_links.py::test_no_number_hides_in_a_link",
    ),
    Break(
        "P13",
        "chalicelib/domain/redaction/links.py",
        "(_NUMBER, _NAMED, _IN_PATH)",
        "(_NUMBER, _NAMED)",
        "tests/unit/domain/redaction/test_links.py::test_no_number_hides_in_a_link",
    ),
    Break(
        "P13",
        "chalicelib/domain/contacts/repository.py",
        "(*payload.held(), *payload.named())",
        "payload.held()",
        "tests/promises/test_p13_odd_addresses.py::test_an_erasure_takes_who_stands_in_an_odd_address",
    ),
    Break(
        "P13",
        "chalicelib/domain/redaction/mentions.py",
        "_LISTED_IN_CELL if in_cell else _LISTED",
        "_LISTED_IN_CELL",
        "tests/unit/domain/redaction/test_likeness.py::test_a_name_before_a_comma_in_prose_is_nobodys_address",
    ),
    Break(
        "P13",
        "chalicelib/domain/redaction/mentions.py",
        "            yield from _encoded(seen, match)\n",
        "",
        "tests/unit/domain/redaction/test_links.py::test_an_encoded_address_is_found_and_cut_in_a_note",
    ),
    Break(
        "P13",
        "chalicelib/domain/imports/parsing/own_rows.py",
        "lambda text: str(_parsed(text, prefix))",
        "str",
        "tests/unit/domain/imports/test_own_export.py::test_an_id_that_is_none_is_not_kept_where_nobody_would_look",
    ),
)
