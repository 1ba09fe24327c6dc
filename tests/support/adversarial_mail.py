"""Mails that a stranger may write to break their reader: each kind as large as is asked for, under a plain head."""

from collections.abc import Callable

HEAD = b"From: Anna <anna@example.org>\r\nMessage-ID: <1@example.org>\r\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
Make = Callable[[int], bytes]


def filled(unit: str | bytes, head: bytes = TEXT, tail: bytes = b"") -> Make:
    """Returns what makes a mail of so many bytes by repeating the unit."""
    raw = unit.encode() if isinstance(unit, str) else unit
    return lambda size: head + raw * max(1, (size - len(head) - len(tail)) // len(raw)) + tail


def named(field: str, unit: str | bytes, tail: bytes = b"\r\n\r\nhi") -> Make:
    """The same, in a field of the head."""
    others = b"" if field == "From" else HEAD
    return filled(unit, others + field.encode() + b": ", tail)


def coded(encoding: str, unit: bytes) -> Make:
    """The same, in a body of that transfer encoding."""
    return filled(unit, HEAD + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode())


def charset(name: str, unit: bytes) -> Make:
    """The same, in a body of that character set."""
    return filled(unit, HEAD + f"Content-Type: text/plain; charset={name}\r\n\r\n".encode())


def nested(kind: str) -> Make:
    """As many containers, each within the one before."""

    def make(size: int) -> bytes:
        each = len(f"--b99999\r\nContent-Type: {kind}; boundary=b99999\r\n\r\n")
        parts = (f"--b{n}\r\nContent-Type: {kind}; boundary=b{n + 1}\r\n\r\n" for n in range(max(1, size // each)))
        return HEAD + f"Content-Type: {kind}; boundary=b0\r\n\r\n".encode() + "".join(parts).encode()

    return make


def _lines_in_containers(size: int) -> bytes:
    """Short lines, about each of which every open container could be asked."""
    return nested("multipart/mixed")(2_000) + b"\r\n" * max(1, (size - 2_000) // 2)


MAILS: dict[str, Make] = {
    **{
        f"text of {unit!r}": filled(unit)
        for unit in ("<", '"', "(", ">", "_", "-", "\t", "\n", "\r", " \n", ". ", "\0")
    },
    **{
        f"words {unit!r}": filled(unit)
        for unit in ("my ", "delete my ", "about me ", "a-", "corrig", "what ", "request ")
    },
    "hyphens after a verb": filled("delete my " + "-" * 470 + ". "),
    "wrote": filled("on wrote: "),
    "attributions": filled("on aaaaaaaa\n"),
    "marks": filled("\u0323\u0301", TEXT + b"a"),
    "signs that become many": filled("\ufdfa"),
    **{
        f"{unit!r} between words": filled(unit, TEXT + b"x", b"y")
        for unit in (" ", "\t", "\u00a0", "\u2028", "\x0b\x0c")
    },
    **{
        f"markup {unit!r}": filled(unit, HTML)
        for unit in ("<", "&", "<p>", "<script>", "<!", "<a b='", " ", "&#1;", "&lt")
    },
    "an endless entity": filled("9", HTML + b"&#"),
    "an endless hexadecimal entity": filled("f", HTML + b"&#x"),
    "nested tags": filled("<div><b>", HTML),
    **{
        f"From of {unit!r}": named("From", unit)
        for unit in ("(", '"', "<", ",", "@", "a@[", "\\", ":;", "=?utf-8?q?a?= ")
    },
    "From folded": named("From", "a@example.org\r\n "),
    "Subject folded": named("Subject", "a\r\n "),
    "Subject folded to nothing": named("Subject", " \r\n "),
    "Subject of words": named("Subject", "=?utf-8?q?a?= "),
    "Subject of one word": named("Subject", "A", b"?=\r\n\r\nhi"),
    "Subject of spaces": named("Subject", " ", b"x\r\n\r\nhi"),
    "many fields": filled("X: y\r\n", b"", HEAD + b"\r\nhi"),
    "many Froms": filled("From: a@example.org\r\n", b"", b"\r\nhi"),
    "no field": filled("x", b""),
    "a field without a name": filled(":", HEAD, b"\r\n\r\nhi"),
    **{
        f"parameters {unit!r}": named("Content-Type", f"text/plain{unit}")
        for unit in (";", ';"', "; a=b", '; a="\\"', "; a*1=b")
    },
    "base64 that is none": coded("base64", b"!@#$%^\n"),
    "base64 of ends": coded("base64", b"="),
    "quoted-printable that is none": coded("quoted-printable", b"=G"),
    "quoted-printable of line ends": coded("quoted-printable", b"=\n"),
    "quoted-printable of spaces": coded("quoted-printable", b" "),
    "uuencode": coded("x-uuencode", b"begin 644 x\n"),
    "an unknown encoding": coded("\u00ff", b"x"),
    **{
        f"charset {name}": charset(name, unit)
        for name, unit in (
            ("punycode", b"b9z-\xff"),
            ("idna", b"xn--a."),
            ("uu_codec", b"begin\n"),
            ("zlib_codec", b"x"),
            ("bz2", b"x"),
            ("rot13", b"x"),
            ("hex", b"6"),
            ("undefined", b"x"),
            ("unicode_escape", b"\\N{"),
            ("raw_unicode_escape", b"\\ud800"),
            ("utf-7", b"+2AA-"),
            ("utf-16", b"\x00\xd8"),
            ("gb18030", b"\xff"),
            ("iso-2022-jp", b"\x1b$B"),
            ('"a\0b"', b"x"),
            ("../../etc", b"x"),
            ("x" * 5_000, b"x"),
        )
    },
    "many parts": filled("--b\r\n\r\nx\r\n", MIXED),
    "many empty parts": filled("--b\r\n", MIXED),
    "almost the boundary": filled("\n--bx", MIXED),
    "a long boundary": lambda size: (
        HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * size + b"\r\n\r\n--b\r\n"
    ),
    "containers": nested("multipart/mixed"),
    "containers of digests": nested("multipart/digest"),
    "lines within containers": _lines_in_containers,
    "mails within a mail": filled("Content-Type: message/rfc822\r\n\r\n", HEAD, b"hi"),
    "reports": filled("a: b\r\n\r\n", HEAD + b"Content-Type: message/delivery-status\r\n\r\n"),
    "nothing": lambda _: b"",
    "an end": lambda size: b"\r\n" * (size // 2),
}
