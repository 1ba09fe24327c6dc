"""Whom a From names: the address that stands there, or nobody; never another's."""

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.mail import Drop, Reading, Verdicts, read

NOBODY, SEVERAL = Drop.NO_SENDER, Drop.SEVERAL_SENDERS


def said(sender: str | bytes) -> str | Drop:
    raw = sender if isinstance(sender, bytes) else sender.encode()
    mail = b"From: " + raw + b"\r\n\r\nPlease delete my data.\r\n"
    found = read(mail, Verdicts(), [EmailAddress.parse("privacy@iko.example")])
    return found.sender.text if isinstance(found, Reading) else found


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("anna@example.org", "anna@example.org"),
        ("<anna@example.org>", "anna@example.org"),
        ("anna@example.org (Anna)", "anna@example.org"),
        ("anna(at work)@example.org", "anna@example.org"),
        ("Anna (a (nested) \\) note) <anna@example.org> (and more)", "anna@example.org"),
        ('"bob@example.org" <anna@example.org>', "anna@example.org"),
        ('"bob@example.org, Bob" <anna@example.org>', "anna@example.org"),
        ("=?utf-8?q?bob=40example=2Eorg?= <anna@example.org>", "anna@example.org"),
        ("anna@example.org <Anna@Example.org>", "Anna@Example.org"),
        ("Anna:anna@example.org;", "anna@example.org"),
        ("Doe, Jane <jane@example.org>", "jane@example.org"),
        ("Anna\r\n <anna@example.org>", "anna@example.org"),
        ("aaa..bbb.cc.@docomo.example", "aaa..bbb.cc.@docomo.example"),
        ("Jörg <jörg@bücher.example>", "jörg@bücher.example"),
        ("山田 <山田@例え.example>", "山田@例え.example"),
        ("Анна <анна@пример.example>", "анна@пример.example"),
        ("Jörg <jorg@example.org>".encode("latin-1"), "jorg@example.org"),
    ],
)
def test_the_address_that_stands_there(sender: str | bytes, address: str) -> None:
    assert said(sender) == address


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ("", NOBODY),
        ("Anna", NOBODY),
        ("undisclosed:;", NOBODY),
        ("anna@example.org, bob@example.org", SEVERAL),
        ("Anna <anna@example.org>, Bob <bob@example.org>", SEVERAL),
        ("Team: anna@example.org, bob@example.org;", SEVERAL),
        ("bob@example.org <anna@example.org>", SEVERAL),
        ("<anna@example.org> <bob@example.org>", SEVERAL),
        ("<anna@example.org> bob@example.org", NOBODY),
        ('<anna@example.org> "bob"', NOBODY),
        ("Anna anna@example.org", NOBODY),
        ("anna@example.org@example.com", NOBODY),
        ("<@relay.example:anna@example.org>", NOBODY),
        ("=?utf-8?q?anna=40example=2Eorg?=", NOBODY),
        ("<=?utf-8?q?anna?=@example.org>", NOBODY),
        ("<=?utf-8?q?anna=40example=2Eorg?=>", NOBODY),
        ("an\0na@example.org", NOBODY),
        ("an\u200bna@example.org", NOBODY),
        ("an\u202ena@example.org", NOBODY),
        ("anna@exam\u00adple.org", NOBODY),
        ("ａnna@example.org", NOBODY),
        ("ﬁnn@example.org", NOBODY),
        ("jörg@example.org".encode("latin-1"), NOBODY),
        ("анна@example.org".encode("koi8-r"), NOBODY),
        ("山田@example.org".encode("shift_jis"), NOBODY),
        (b"anna\xc0\xaf@example.org", NOBODY),
        (b"anna\xed\xa0\x80@example.org", NOBODY),
        ('"Anna <anna@example.org>', NOBODY),
        ("Anna (<anna@example.org>", NOBODY),
        ("Anna <anna@example.org", NOBODY),
        ("(" * 1_500, NOBODY),
        ("a@example.org," * 200, SEVERAL),
    ],
)
def test_what_could_be_read_in_two_ways_names_nobody(sender: str | bytes, why: Drop) -> None:
    assert said(sender) is why
