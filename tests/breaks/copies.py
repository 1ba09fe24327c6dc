"""Breaks of what a person's copy says, of what comes after it, and of what a correction reaches."""

from tests.breaks.replacement import Break

_FLOWS = "tests/flows/test_copies.py"
_STATES = "tests/unit/domain/privacy/test_states.py"
_HISTORIES = "tests/promises/test_p13_copies.py::test_every_value_of_fifty_histories_has_its_right_sources"

COPIES = (
    Break(
        "P2",
        "chalicelib/domain/privacy/asking.py",
        "one = ONE_OF.get(told.field)",
        'one = ONE_OF.get("")',
        "tests/promises/test_p02_rights.py::test_a_copy_tells_no_number_of_who_holds_the_person",
    ),
    Break(
        "P12",
        "chalicelib/domain/privacy/intake.py",
        "        changes=_new_values(address, asked),\n",
        "",
        "tests/flows/test_amending.py::test_the_form_is_filled_with_what_the_letter_says",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/tasks.py",
        "if said is TaskAnswer.COPY else []",
        "if said is TaskAnswer.REFUSED else []",
        f"{_FLOWS}::test_a_member_gives_a_copy_without_notes_or_name",
    ),
    Break(
        "P13",
        "chalicelib/domain/contacts/told.py",
        'return SourceKind.CONNECTION, source.partition(":")[0]',
        "return SourceKind.CONNECTION, source",
        _HISTORIES,
    ),
    Break(
        "P13",
        "chalicelib/domain/contacts/told.py",
        "for kept in payload.values_of(name)]",
        "for kept in payload.values_of(name)[:1]]",
        _HISTORIES,
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/states.py",
        "return other in COPIES",
        "return False",
        f"{_STATES}::test_a_form_comes_after_the_copy_and_only_its_words_begin_it",
    ),
    Break(
        "P13",
        "chalicelib/api/pages.py",
        'value=button_value(token, "erase" if verified else "confirm")',
        "value=button_value(token)",
        f"{_FLOWS}::test_the_erasure_is_offered_once_the_copy_is_there_and_not_before",
    ),
)
