"""Mails as odd programs send them: what a person wrote is read whole, in its own letters."""

import base64

import pytest

from chalicelib.domain.privacy.parsing.mail import Drop, Reading, Verdicts, read

HEAD = b"From: anna@example.org\r\nMIME-Version: 1.0\r\n"
WISH = "Veuillez supprimer mes données."


def reading(raw: bytes) -> Reading:
    found = read(raw, Verdicts(), [])
    assert isinstance(found, Reading)
    return found


def in_charset(name: str, body: bytes) -> Reading:
    return reading(HEAD + f"Content-Type: text/plain; charset={name}\r\n\r\n".encode() + body)


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [
        ("gb2312", "gbk", "请删除朱镕基的数据"),
        ("x-gbk", "gbk", "请删除我的数据"),
        ("GB_2312-80", "gbk", "请删除我的数据"),
        ("ks_c_5601-1987", "cp949", "똠방각하 삭제"),
        ("euc-kr", "cp949", "똠방각하 삭제"),
        ("Shift_JIS", "cp932", "㈱髙橋を削除"),
        ("x-sjis", "cp932", "㈱髙橋を削除"),
        ("windows-31j", "cp932", "㈱髙橋を削除"),
        ("x-euc-jp", "euc_jp", "高橋を削除"),
        ("iso-2022-jp", "iso2022_jp_ext", "ﾀｶﾊｼを削除"),
        ("iso-8859-8-i", "iso8859-8", "מחק את הנתונים שלי"),
        ("ISO-8859-6-e", "iso8859-6", "احذف بياناتي"),
        ("windows-874", "cp874", "ลบข้อมูลของฉัน"),
        ("tis-620", "cp874", "ลบข้อมูล…"),
        ("x-mac-cyrillic", "mac-cyrillic", "Удалите мои данные"),
        ("koi8-r", "koi8-r", "Удалите мои данные"),
        ("windows-1251", "cp1251", "Удалите мои данные"),
        ("iso-8859-9", "cp1254", "Verilerimi “şimdi” silin"),
    ],
)
def test_a_charset_is_read_as_mail_programs_mean_its_name(name: str, codec: str, text: str) -> None:
    found = in_charset(name, text.encode(codec))
    assert (found.text, found.unread) == (text, ())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("utf-8", WISH.encode() + b" \xe9"),
        ("utf-8", f"{WISH} {'é' * 250_001}".encode()),  # cut off within a sign
        ("windows-1252", WISH.encode("cp1252") + b" \x81"),
        ("gb18030", WISH.encode("gb18030") + b"\xff"),
    ],
)
def test_a_spoiled_byte_spoils_no_other(name: str, body: bytes) -> None:
    found = in_charset(name, body)
    assert found.text.startswith(WISH)
    assert found.certain
    assert "charset" in found.unread


def test_what_is_called_utf_8_and_is_none_is_windows() -> None:
    assert in_charset("utf-8", WISH.encode("cp1252")).text == WISH


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", b"\r\n".join(base64.b64encode(part) for part in (b"Veuillez supprimer mes ", "données.".encode()))),
        ("base64", base64.b64encode(WISH.encode()) + b"=\r\n="),
        ("base64 (by hand)", base64.b64encode(WISH.encode())),
        ('"quoted-printable"', b"Veuillez supp=\r\nrimer mes donn=C3=A9es."),
        ("quoted-printable", b"Veuillez supp= \t\r\nrimer mes donn=C3=A9es."),
        ("Quoted-Printable;", b"Veuillez supprimer mes donn=c3=a9es."),
    ],
)
def test_a_transfer_encoding_as_programs_write_it(encoding: str, body: bytes) -> None:
    found = reading(
        HEAD
        + f"Content-Transfer-Encoding: {encoding}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n".encode()
        + body
    )
    assert (found.text, found.certain) == (WISH, True)


@pytest.mark.parametrize("kind", [b"plain", b"html"])
def test_a_text_in_two_with_a_picture_between_is_read_whole(kind: bytes) -> None:
    def part(media_type: bytes, body: bytes) -> bytes:
        return b"--x\r\nContent-Type: " + media_type + b"\r\nContent-Disposition: inline\r\n\r\n" + body + b"\r\n"

    found = reading(
        HEAD
        + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + part(b"text/" + kind, b"Hello,")
        + part(b"image/png", b"...")
        + part(b"text/" + kind, b"please delete my data.")
        + b"--x--\r\n"
    )
    assert found.certain
    assert found.text.split() == ["Hello,", "please", "delete", "my", "data."]


@pytest.mark.parametrize(
    "raw",
    [
        b"X: a\rFrom: victim@bank.example\r\rDelete my data\r\nFrom: anna@example.org\r\n\r\nHello\r\n",
        b"X: a\nFrom: victim@bank.example\n\nDelete my data\r\nFrom: anna@example.org\r\n\r\nHello\r\n",
        b"From: victim@bank.example\r\nno field\r\nFrom: anna@example.org\r\n\r\nHello\r\n",
        b"From: victim@bank.example\r\n\rfrom : anna@example.org\r\n\r\nHello\r\n",
    ],
)
def test_line_ends_that_hide_a_from_name_nobody(raw: bytes) -> None:
    assert read(raw, Verdicts(dmarc="PASS"), []) is Drop.SEVERAL_SENDERS


@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b"\r"])
def test_a_mail_with_one_kind_of_line_ends_is_read(ends: bytes) -> None:
    found = reading((HEAD + b"\r\nPlease delete my data.\r\nFrom: is a word\r\n").replace(b"\r\n", ends))
    assert (found.sender.exact, found.certain) == ("anna@example.org", True)
