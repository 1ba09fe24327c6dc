"""What a workspace is called in a mail."""

import pytest

from chalicelib.domain.accounts.invite import plain

J = "\N{WORD JOINER}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nordlicht Sales", "Nordlicht Sales"),
        ("Müller & Co. KG", "Müller & Co. KG"),
        ("  two\r\n\r\nlines\t", "two lines"),
        ("see https://evil.example/x", f"see https:{J}/{J}/{J}evil.{J}example/{J}x"),
        ("Acme.io", f"Acme.{J}io"),
        ("a\x00b\u202ec", "a b c"),
        ("{link} {0}", "{link} {0}"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_name_is_one_plain_line(name: str, shown: str) -> None:
    assert plain(name) == shown
