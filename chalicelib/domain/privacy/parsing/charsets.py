"""Text from the bytes of a mail, by the name that its sender gave the character set: right, or as near as can be."""

import codecs
import re

_CHARSET = re.compile(r"[a-z0-9_.:-]{1,40}", re.ASCII | re.IGNORECASE)
# Of Python's codecs those that are character sets of mails; others run programs of their own (punycode, unicode_escape, zip).
_CHARSETS = frozenset(
    [
        *(
            "ascii",
            "utf-8",
            "utf-8-sig",
            "utf-7",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-32-le",
            "utf-32-be",
        ),
        *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp{number}" for number in (437, 850, 852, 855, 857, 858, 866, 874, 932, 949, 950, *range(1250, 1259))),
        *("koi8-r", "koi8-u", "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish", "tis-620"),
        *("big5", "big5hkscs", "gb2312", "gbk", "gb18030", "hz", "euc_jp", "shift_jis", "euc_kr", "johab"),
        *("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr"),
    ]
)
# Read as browsers and mail programs read them (WHATWG): a name's wider set, which has all of its signs in their places and those
# that are sent under the name besides. What is called Latin-1 has Windows' quotation marks where the standard has controls.
_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
# Names that Python does not know, without what says nothing of the signs: `x-`, and the direction of Hebrew and Arabic.
_ALSO = {
    "windows-31j": "cp932",
    "sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "utf8mb4": "utf-8",
    "gb_2312-80": "gb18030",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
}
_DIRECTION = re.compile(r"(iso[-_]?8859[-_][68])[-_][ie]")
_SPOILED = "\N{REPLACEMENT CHARACTER}"


def decoded(raw: bytes, charset: str) -> tuple[str, bool]:
    """Return the bytes as text without lone surrogates, and whether they could be read as the charset says.

    Mails that lie about it are mostly UTF-8 or Windows-1252, which every byte string can be read as. Where a few bytes are
    spoiled or cut off, so that most signs beyond ASCII can be read, these are.
    """
    codec = _codec(charset)
    try:
        if codec:
            return _whole(raw.decode(codec)), True
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    for name in dict.fromkeys((codec, "utf-8")):
        nearly = _whole(raw.decode(name, "replace")) if name else ""
        spoiled = nearly.count(_SPOILED)
        if spoiled <= len(nearly) - len(nearly.encode("ascii", "ignore")) - spoiled:
            return nearly, False
    return raw.decode("cp1252", "replace"), False


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _codec(charset: str) -> str:
    """Python's name of a character set, empty where it is none that we read."""
    if not _CHARSET.fullmatch(charset):
        return ""
    plain = _DIRECTION.sub(r"\1", charset.lower().removeprefix("x-"))
    try:
        name = codecs.lookup(_ALSO.get(plain, plain)).name
    except LookupError:
        return ""
    name = _WIDER.get(name, name)
    return name if name in _CHARSETS else ""
