"""Breaks of how letters are read: whose data, how much of it, what comes before, what is taken back."""

from tests.breaks.replacement import Break

_INTENT = "chalicelib/domain/privacy/parsing/intent.py"
_MARKS = "tests/unit/domain/privacy/test_letters.py::test_what_a_person_has_to_read_says_why"
_UNDERSTOOD = "tests/flows/test_understood_letters.py"
_HASTY = "tests/unit/domain/privacy/test_hasty.py"
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
        'narrowed = sentence.any("aged", "elsewhere", "some", "told")',
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
    Break(
        "P13",
        "chalicelib/domain/privacy/intake.py",
        'mails={} if asked.addressed else {"first": NOT_ADDRESSED},',
        "mails={},",
        f"{_UNDERSTOOD}::test_a_newsletter_gets_no_answer_and_is_kept_for_our_officer",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/watch.py",
        "if Mark.COMPLAINT in request.marks and not request.complaint_told:",
        "if False:",
        f"{_UNDERSTOOD}::test_our_officer_is_told_of_a_complaint_at_once_and_once",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mail.py",
        "wish.certain and attached.rights in ((), (RightKind.ERASURE,)) and not attached.marks,",
        "wish.certain or attached.certain,",
        "tests/unit/domain/privacy/test_attached.py::test_what_is_attached_may_hold_a_plain_wish_back",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/replies.py",
        "theirs = to == reply.answers and address.exact in {each.exact for each in person.addresses}",
        "theirs = to == reply.answers",
        "tests/flows/test_replies_join.py::test_who_knows_the_address_of_anothers_request_joins_nothing",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mail.py",
        'certain=wish.certain and language in ("", *LANGUAGES),',
        "certain=wish.certain,",
        "tests/unit/domain/privacy/test_letters.py::test_a_language_near_to_one_of_ours_gets_no_link",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mail.py",
        "return wish if own == body or read_wish(subject, own).certain else replace(wish, certain=False)",
        "return wish if own == body else wish",
        "tests/unit/domain/privacy/test_quoted_mails.py::test_nothing_is_done_by_words_that_may_be_anothers",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/quotations.py",
        'f";{line.strip(_AROUND)};" in _BANNERS or',
        "False or",
        "tests/unit/domain/privacy/test_quoted_mails.py::test_an_earlier_wish_below_a_reply_is_not_wished_again",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/erasure_wish.py",
        "limited(sentence) or of_a_thing(sentence, own.whole)",
        "limited(sentence)",
        "tests/unit/domain/privacy/test_what_is_no_wish.py::test_out_of_what_nobody_knows_is_a_part_and_for_our_officer",
    ),
    Break(
        "P13",
        _INTENT,
        "replace(found, wish=mine, direct=mine, others=not mine)",
        "replace(found, wish=True, direct=True)",
        "tests/unit/domain/privacy/test_what_is_no_wish.py::test_who_is_named_is_another_unless_the_mail_comes_from_that_name",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/hasty.py",
        "        or _out_of_a_thing(sentence)\n",
        "",
        _LETTERS,
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/hasty.py",
        "            if any(start - _BESIDE <= at < end + _BESIDE for start, end in verbs):\n                return False\n",
        "",
        f"{_HASTY}::test_a_thing_of_everyday_gets_no_link",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/objects.py",
        "whole, part = [span for span in whole if span not in of_it], [*part, *of_it]",
        "pass",
        f"{_HASTY}::test_a_thing_of_everyday_gets_no_link",
    ),
)
