"""Breaks of how letters are read: whose data, how much of it, what comes before, what is taken back."""

from tests.breaks.replacement import Break

_INTENT = "chalicelib/domain/privacy/parsing/intent.py"
_MARKS = "tests/unit/domain/privacy/test_letters.py::test_what_a_person_has_to_read_says_why"
_LETTERS = "tests/unit/domain/privacy/test_letters.py::test_a_letter_is_read"

LETTERS = (
    Break("P13", _INTENT, "marks.add(Mark.THIRD_PERSON)", "pass", _MARKS),
    Break("P13", _INTENT, "marks.add(Mark.PARTIAL)", "pass", _MARKS),
    Break("P13", _INTENT, "marks.add(Mark.ANOTHER_FIRST)", "pass", _MARKS),
    Break("P13", _INTENT, "marks.add(Mark.COMPLAINT)", "pass", _MARKS),
    Break("P13", _INTENT, "marks.add(Mark.AGENT)", "pass", _MARKS),
    Break("P13", _INTENT, "certain = wished and not kept and not marks", "certain = wished and not marks", _LETTERS),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/erasure_wish.py",
        "if told(sentence) or taken_back:",
        "if told(sentence):",
        _LETTERS,
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/erasure_wish.py",
        'narrowed = sentence.any("aged", "elsewhere", "some")',
        "narrowed = False",
        _LETTERS,
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/erasure_wish.py",
        "_of_others(sentence, own) or (wish and not direct and _of_a_name(sentence)),",
        "_of_others(sentence, own),",
        _LETTERS,
    ),
)
