"""Breaks of what holds against strangers: their mails, their forms, their floods."""

from tests.breaks.replacement import Break

_READING = "tests/unit/domain/privacy/test_adversarial_mail.py"
_SENDER = "tests/unit/domain/privacy/test_sender.py"

STRANGERS = (
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/intent.py",
        'r" ?\\n ?", "\\n", re.sub(r"[^\\S\\n]+", " ", _QUOTED.sub(" ", bare))',
        'r"\\s*\\n\\s*", "\\n", _QUOTED.sub(" ", bare)',
        f"{_READING}::test_every_mail_is_read_in_bounded_time",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mime.py",
        "    return name if name in _CHARSETS else",
        "    return name if name else",
        f"{_READING}::test_every_mail_is_read_in_bounded_time",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mime.py",
        'self.unread.add("depth")',
        'self.unread.discard("depth")',
        f"{_READING}::test_what_was_not_read_is_told",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/mime.py",
        'unfolded.decode("utf-8", "replace") if known == "from" else',
        'unfolded.decode("latin-1") if known == "from" else',
        f"{_SENDER}::test_what_could_be_read_in_two_ways_names_nobody",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/parsing/sender.py",
        'if _UNREADABLE in joined or "=?" in joined or not _as_it_is(joined):',
        "if _UNREADABLE in joined:",
        f"{_SENDER}::test_what_could_be_read_in_two_ways_names_nobody",
    ),
)
