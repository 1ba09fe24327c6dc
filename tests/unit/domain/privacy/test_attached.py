"""What is attached to a mail: plain text is read and does nothing alone, other documents are named by their kind."""

import pytest

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.mail import Reading, Verdicts, read
from chalicelib.domain.privacy.states import RightKind

HEAD = "From: Anna <anna@example.org>\r\nSubject: Hello\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


def reading(text: str, *parts: str) -> Reading:
    whole = "".join(f"--b\r\n{part}\r\n" for part in (f"Content-Type: text/plain\r\n\r\n{text}", *parts))
    found = read(f"{HEAD}{whole}--b--\r\n".encode(), Verdicts(), [EmailAddress.parse("privacy@iko.example")])
    assert isinstance(found, Reading)
    return found


def file(kind: str, name: str, text: str = "", how: str = "attachment") -> str:
    return f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: {how}; filename="{name}"\r\n\r\n{text}'


@pytest.mark.parametrize(
    ("part", "unread"),
    [
        (file("application/pdf", "Letter.PDF"), ("attached:pdf",)),
        (file("application/octet-stream", "letter.docx"), ("attached:docx",)),
        (file("application/pdf", "letter", how="inline"), ("attached:pdf",)),
        (file("application/octet-stream", "=?utf-8?b?w6kucGRm?="), ()),
        (file("application/pdf", "=?utf-8?b?w6kucGRm?="), ("attached:pdf",)),
        (file("image/jpeg", "scan.jpg"), ("attached:jpg",)),
        (file("image/png", "logo.png", how="inline"), ()),
        (file("application/pkcs7-signature", "smime.p7s"), ()),
        (file("application/x-msdownload", 'x.exe"><script>'), ()),
    ],
)
def test_a_document_is_named_by_its_kind_and_nothing_else_of_it(part: str, unread: tuple[str, ...]) -> None:
    assert reading("Please send me a copy of my data", part).unread == unread


def test_an_attached_plain_text_is_read_and_gets_no_link_alone() -> None:
    found = reading("See attached.", file("text/plain", "letter.txt", "Please delete all my personal data."))
    assert (found.rights, found.certain, found.unread) == ((RightKind.ERASURE,), False, ())
    assert "Please delete all my personal data." in found.text


def test_what_is_attached_may_hold_a_plain_wish_back() -> None:
    wish = "Please delete all my personal data."
    assert reading(wish, file("text/plain", "x.txt", "Kind regards")).certain
    found = reading(wish, file("text/plain", "x.txt", "But first send me a copy of my data."))
    assert (found.certain, set(found.rights)) == (False, {RightKind.ERASURE, RightKind.ACCESS})
