"""Reading any mail ends, in time that is in proportion to its size, and says what it left out."""

import base64
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.lexicon import Lexicon, Meaning
from chalicelib.domain.privacy.parsing.mail import READ_AT_MOST, Drop, Reading, Verdicts, read
from tests.support.adversarial_mail import HEAD, HTML, MAILS, MIXED, TEXT

SIZES = (1_000, 100_000)
CPU_S = 1.0  # for 100 KB, on a busy machine; what grows with the square takes ten and more
WISH = b"Please delete my data.\r\n"


def reading(raw: bytes) -> Reading | Drop:
    return read(raw, Verdicts(), [EmailAddress.parse("privacy@iko.example")])


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_is_read_in_bounded_time(name: str) -> None:
    for size in SIZES:
        raw, began = MAILS[name](size), time.process_time()
        found = reading(raw)
        spent = time.process_time() - began
        assert isinstance(found, Reading | Drop)
        assert spent < CPU_S * max(1.0, len(raw) / 100_000), f"{spent:.2f} s for {len(raw)} bytes"


def test_sentences_of_a_letter_each_are_counted_once() -> None:
    raw, began = MAILS["words 'my '"](1_000) + b"a. " * 6_500, time.process_time()
    reading(raw)
    spent = time.process_time() - began
    assert spent < 2.5, f"{spent:.2f} s; 4 and more where each sentence counts the words of all"


@pytest.mark.parametrize("name", ["' ' between words", "containers", "lines within containers", "many fields", "marks"])
def test_a_mail_of_megabytes_costs_no_more_than_its_first_two(name: str) -> None:
    raw, began = MAILS[name](6_000_000), time.process_time()
    reading(raw)
    assert time.process_time() - began < CPU_S * READ_AT_MOST / 100_000


WORDS = st.sampled_from(
    [b"From: ", b"a@example.org", b"\r\n", b"\n", b"--b", b"--", b"<", b">", b'"', b"(", b"\\", b"=?", b"?=", b"?b?"]
)
PIECES = st.lists(
    st.one_of(WORDS, st.sampled_from([HEAD, TEXT, HTML, MIXED, b"Content-Type: ", b"charset="]), st.binary(max_size=8))
)


@given(PIECES.map(b"".join))
def test_whatever_is_sent_is_read_or_dropped(raw: bytes) -> None:
    found = reading(raw)
    assert isinstance(found, Reading | Drop)
    if isinstance(found, Reading):
        found.text.encode()  # no half of a character, which could not be stored


@pytest.mark.parametrize(
    ("body", "unread"),
    [
        (TEXT + WISH, ()),
        (TEXT + WISH + b"x" * 30_000, ("length",)),
        (TEXT + WISH + b"x" * 3_000_000, ("length", "size")),
        (HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + WISH, ("charset",)),
        (HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\n" + WISH, ("charset",)),
        (MIXED + b"--b\r\n" * 300 + b"\r\n" + WISH, ("parts", "text")),
        (MAILS["containers"](5_000), ("depth", "text")),
        (MAILS["mails within a mail"](64_000), ("mails", "text")),
        (MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + TEXT + WISH, ("mails", "text")),
        (MIXED + b"--b\r\nContent-Disposition: attachment\r\n\r\n" + WISH, ()),
    ],
    ids=[
        "all",
        "long",
        "megabytes",
        "punycode",
        "unknown charset",
        "parts",
        "depth",
        "rfc822",
        "forwarded",
        "attached",
    ],
)
def test_what_was_not_read_is_told(body: bytes, unread: tuple[str, ...]) -> None:
    found = reading(body)
    assert isinstance(found, Reading)
    assert found.unread == unread
    assert ("text" in unread) == (not found.rights)


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("utf-8", "Supprimez mes données".encode()),
        ("iso-8859-1", "Supprimez mes données".encode("latin-1")),
        ("us-ascii", "Supprimez mes données".encode("cp1252")),
        ("utf-16", "Supprimez mes données".encode("utf-16")),
        ("cp1252'fr'x", "Supprimez mes données".encode("cp1252")),
    ],
)
def test_words_in_a_charset_are_those_words(declared: str, body: bytes) -> None:
    sent = base64.encodebytes(body)
    head = HEAD + f"Content-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    found = reading(head + sent)
    assert isinstance(found, Reading)
    assert (found.text, found.certain, found.language) == ("Supprimez mes données", True, "fr")


def test_windows_apostrophes_called_latin_1_take_a_wish_back() -> None:
    body = HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nPlease don\x92t delete my data."
    found = reading(body)
    assert isinstance(found, Reading)
    assert not found.certain


def test_parts_nested_as_mail_programs_nest_them() -> None:
    raw = (
        b'From: anna@example.org\r\nContent-Type: multipart/mixed;\r\n boundary="=_a b"\r\n\r\npreamble\r\n--=_a b \r\n'
        b'Content-Type: multipart/alternative; boundary="c"\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n'
        b"--c\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset*0=ut; charset*1=f-8\r\n\r\n"
        b"Supprimez mes donn=C3=A9es =\r\npersonnelles.\r\n--c--\r\n\r\n--=_a b\r\n"
        b"Content-Type: image/png\r\n\r\nx\r\n--=_a b--\r\n"
    )
    found = reading(raw)
    assert isinstance(found, Reading)
    assert (found.text, found.certain, found.unread) == ("Supprimez mes données personnelles.", True, ())


class Counted(dict[str, list[Meaning]]):
    """A lexicon's sounds that count how often they are asked."""

    asked = 0

    def get(self, key: str, default: object = None) -> Any:
        self.asked += 1
        return super().get(key, default)


def test_what_is_too_long_for_a_word_is_looked_up_in_no_lexicon() -> None:
    sounds = Counted()
    asking = Lexicon(sounds=sounds)
    assert list(asking.mistyped("diagrafh", known=False)) == []
    assert sounds.asked
    sounds.asked = 0
    assert list(asking.mistyped("x" * 20_000, known=False)) == []
    assert sounds.asked == 0
