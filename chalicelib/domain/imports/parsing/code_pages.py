"""Which code page a file of single bytes, or of an Asian double-byte set, was written in: told by what it makes of the words.

The bytes above ASCII are read in each candidate and the words are judged: a letter of that code page's languages counts for
it, a symbol or a capital within a word, or two scripts in one word, against it. Where no reading is clearly the best, none is
taken: a file is refused rather than its names garbled.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from chalicelib.domain.imports.parsing import stream

# The letters that names and words of the code page's languages are full of.
_WESTERN = "äöüßÄÖÜéèêëàâçîïôùœñáíóúÉÈÀÇÁÍÓÚÑãÃåøæÅØÆìò"
_CENTRAL = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžČĎĚŇŘŠŤŮŽľĺŕÁÉÍőűŐŰöüÖÜăâîșțşţĂÂÎŞŢäßÄđĐ"
_TURKISH = "ğĞıİşŞçÇöÖüÜâîû"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯёЁ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋΐ"
_LETTERS: Mapping[str, str] = {
    "cp1252": _WESTERN,
    "iso8859-15": _WESTERN + "œŒŸšŠžŽ",
    "mac_roman": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "mac_latin2": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1257": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽąęėįųĄĘĖĮŲõäöüÕÄÖÜåÅ",
    "cp1251": _CYRILLIC + "іїєґІЇЄўјљњћџђ",
    "mac_cyrillic": _CYRILLIC + "іїєґІЇЄўјљњћџђ",
    "koi8-r": _CYRILLIC,
    "cp1253": _GREEK,
    "iso8859-7": _GREEK,
    "mac_greek": _GREEK,
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
}
_ASIAN = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
# Lead bytes of the rows that hold the common characters of each set: level 1 of JIS, GB 2312 and Big5, and Hangul.
_COMMON_LEADS = {
    "cp932": (0x82, 0x97), "euc_jp": (0xA4, 0xCF), "gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "cp949": (0xB0, 0xC8),
}  # fmt: skip
# Letters of few languages, which others write otherwise: with them a reading is less sure.
_RARER = {"õ": 0.4, "Õ": 0.4, "û": 0.4, "ð": 0.5, "Ð": 0.5, "þ": 0.5, "Þ": 0.5, "ý": 0.3, "Ý": 0.2, "ÿ": 0.2}
# What stands beside words and within them: quotes, dashes, currencies.
_APOSTROPHES = "’‘"
_VOWELS = "aeiouyæøœαεηιουωаеёиоуыэюяієћ"
_SHORTEST_WORD, _SHORT_WORD = 3, 4  # letters
_FEWEST_VOWELS = 8  # of so many letters at least one is a vowel
_MARKS = "’‘“”„–—…€«»£§°"
# Beginnings of column names in the languages of a code page, as far as ASCII writes them.
_HEADINGS = {
    _CENTRAL: rb"jm..?no|p..?jmen|spole|prijm|meno|priezv|nazwisk|stanowisk|imi|keresztn|vezet|beoszt|szervez|prenume|nume",
    _TURKISH: rb"soyad|ad[;,\t]|eposta|e-posta|unvan|cep tel",
}
_HEADING_BYTES = 2000
# An at sign or a bar behind a byte above ASCII may be the second half of a character in Asian sets.
_BETWEEN_WORDS = re.compile(rb"(?:[\s,;\"<>]|(?<![\x80-\xff])[@|])+")
_LONGEST_WORD = 1 << 12  # bytes
_SAMPLE_WORDS = 2000  # with a byte above ASCII; more of them tell no more
_AGAINST = -3.0
_ASIAN_CHARACTER, _SURE_HANGUL = 0.8, 8  # two bytes fit an Asian set more easily than a word fits an alphabet
_USUAL, _SPOKEN = 0.3, 0.45  # for Windows-1252, in which most such files are written; for what the column names say
_SELDOM, _UNUSUAL = (
    ("mac_cyrillic", "mac_greek", "iso8859-7"),
    0.16,
)  # beside Windows' own sets, which differ in few characters
# ISO 8859-15 differs from Windows-1252 in eight signs and in having controls for what Windows has at 0x80: of these the word
# `œuvre` and the euro tell it, for nobody writes a fraction in a word, or the sign for any currency.
_LATIN_9 = re.compile(rb"[\xbc\xbd][uU]|\A[0-9.,]*\xa4[0-9.,]*\Z")
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_WITHIN_NO_WORD = re.compile("(?<=[^\\W\\d_])[¤¦÷¼½¾](?=[^\\W\\d_])")
_LEAST, _MARGIN = 0.45, 0.15  # of the score per character: what a reading needs, and by how much it must be the best


def told_by_words(file: IO[bytes]) -> str:
    """Return the codec in which the file's words are words; empty where none is clearly the best."""
    words = list(itertools.islice(_words(file), _SAMPLE_WORDS))
    heading = re.split(rb"[\r\n]", stream.head(file, _HEADING_BYTES).lower(), maxsplit=1)[0]
    readings: dict[tuple[str, ...], tuple[float, str]] = {}
    other = "cp1252" if _is_latin_9(words) else "iso8859-15"
    for name in (*_LETTERS, *_ASIAN):
        read = _decoded(words, name) if name != other else None
        if read is not None:
            score = _score(read, words, name) + _expected(name, heading)
            readings[read] = max(readings.get(read, (-99.0, "")), (score, name))
    best = sorted(readings.items(), key=lambda reading: reading[1], reverse=True)[:2]
    (read, (score, name)), *others = best or [((), (0.0, ""))]
    sure = score >= _LEAST and all(score - other >= _MARGIN for _, (other, _) in others)
    return name if sure and not any(map(_WITHIN_NO_WORD.search, read)) else ""


def _is_latin_9(words: list[bytes]) -> bool:
    return any(map(_LATIN_9.search, words)) and not any(map(_CONTROLS.search, words))


def _expected(name: str, heading: bytes) -> float:
    """What speaks for a codec before a word is read."""
    pattern = _HEADINGS.get(_LETTERS.get(name, ""))
    spoken = pattern is not None and re.search(rb"(?:\A|[;,\t\"])(?:" + pattern + rb")", heading) is not None
    return _SPOKEN * spoken + _USUAL * (name in ("cp1252", "iso8859-15")) - _UNUSUAL * (name in _SELDOM)


def _words(file: IO[bytes]) -> Iterator[bytes]:
    """The pieces of the file's cells with a byte above ASCII in them, each once."""
    seen: set[bytes] = set()
    held = b""
    for chunk in itertools.chain(stream.chunks(file), [b"\n"]):
        # What the end of a chunk cuts waits for the next; a word without end is no word.
        *pieces, held = _BETWEEN_WORDS.split((held if len(held) < _LONGEST_WORD else b"") + chunk)
        for piece in pieces:
            if any(byte > 0x7F for byte in piece) and piece not in seen:  # noqa: PLR2004 - the end of ASCII
                seen.add(piece)
                yield piece


def _decoded(words: Iterable[bytes], name: str) -> tuple[str, ...] | None:
    try:
        return tuple(word.decode(name) for word in words)
    except UnicodeDecodeError:
        return None


def _score(read: tuple[str, ...], words: list[bytes], name: str) -> float:
    total = count = 0.0
    for text, raw in zip(read, words, strict=True):
        high = sum(not c.isascii() for c in text)
        total += _asian(text, raw, name) if name in _ASIAN else _alphabetic(text, _LETTERS[name])
        count += high
    surely = name == "cp949" and count >= _SURE_HANGUL and total >= _ASIAN_CHARACTER * count
    return total / count + (1 - _ASIAN_CHARACTER) * surely if count else 0.0


def _alphabetic(text: str, letters: str) -> float:
    """The sum over the characters above ASCII of one word."""
    score = 0.0
    scripts = {unicodedata.name(c, "?").partition(" ")[0] for c in text if c.isalpha()}
    unlikely = len(scripts & {"LATIN", "GREEK", "CYRILLIC", "HEBREW"}) > 1 or _unspeakable(text) or _humped(text)
    for at, c in enumerate(text):
        if c.isascii():
            continue
        if c in _MARKS:
            within = (
                text[at - 1 : at].isalpha() and at > 0 and text[at + 1 : at + 2].isalpha() and c not in _APOSTROPHES
            )
            score += _AGAINST if within else 0.3
        elif not c.isalpha() or unlikely or _out_of_place(text, at):
            score += _AGAINST
        else:
            score += 1.0 if c in letters else _RARER.get(c, -0.5)
    return score


def _unspeakable(text: str) -> bool:
    """Whether no such word is spoken: hardly a vowel in it; or Latin, and hardly a letter without an accent."""
    letters = [c for c in text.lower() if c.isalpha()]
    if len(letters) < _SHORTEST_WORD or "א" <= letters[0] <= "ת":  # Hebrew writes no vowels
        return False
    plain = [unicodedata.normalize("NFD", c)[0] for c in letters]
    vowels = sum(c in _VOWELS for c in plain)
    accented = sum(not c.isascii() and p.isascii() for c, p in zip(letters, plain, strict=True))
    strange = accented == len(letters) or (len(letters) > _SHORT_WORD and accented * 3 > len(letters) * 2)
    return vowels * _FEWEST_VOWELS < len(letters) or strange


def _humped(text: str) -> bool:
    """Whether an ASCII capital stands behind a small letter above ASCII, as in half of a character of an Asian set."""
    return any(c.isascii() and c.isupper() and not b.isascii() and b.islower() for b, c in itertools.pairwise(text))


def _out_of_place(text: str, at: int) -> bool:
    """Whether a letter is a capital within a word, a small one between capitals, or stands beside a digit."""
    c, before, behind = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before.isdigit() or behind.isdigit():
        return True
    if c.isupper():
        return before.islower() or (before.isupper() and behind.islower())
    return before.isupper() and (behind.isupper() or text[at - 2 : at - 1].isupper())


def _asian(text: str, raw: bytes, name: str) -> float:
    low, high = _COMMON_LEADS[name]
    if any(c.isascii() and c.isalpha() for c in text):
        return _AGAINST * sum(not c.isascii() for c in text)
    score, at = 0.0, 0
    for c in text:
        width = len(c.encode(name))
        if not c.isascii():
            common = width > 1 and low <= raw[at] <= high and c.isalpha()
            fits = common and (name != "cp949" or "\uac00" <= c <= "\ud7a3")
            score += _ASIAN_CHARACTER if fits else -1.0 if c.isalpha() and width > 1 else _AGAINST
        at += width
    return score
