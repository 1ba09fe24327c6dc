"""What `make demo` delivers: each right, and letters in five languages, as mails that are read."""

from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind
from infra.local import demo

PASSED = Verdicts("PASS", "PASS", "PASS")


def test_each_right_is_exercised_and_each_language_spoken() -> None:
    letters = demo.letters()
    assert {letter.right for letter in letters} == {str(kind) for kind in RightKind} - {"unclear"}
    for right in ("erasure", "access", "objection"):
        spoken = {letter.language for letter in letters if letter.right == right}
        assert spoken == set(demo.LANGUAGES), right


def test_each_letter_is_a_mail_that_is_read_as_that_right() -> None:
    for letter in demo.letters():
        found = read(letter.raw, PASSED, [])
        assert isinstance(found, Reading)
        assert found.sender.text == letter.address
        assert letter.right in {str(right) for right in found.rights}, (letter.right, letter.language)
