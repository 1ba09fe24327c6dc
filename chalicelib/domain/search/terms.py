"""What sales people type, compared with what is stored: both are brought into forms of which one is part of the other.

Neither case, accents nor signs count. An apostrophe is nothing (O'Neil, ONeil), a hyphen nothing or a space (Meyer-Landrut, Meyer
Landrut), a letter such as ü both u and ue, and a label of a domain is read as its letters (xn--mller-kva is müller). Of scripts
that are written without spaces, spaces do not count.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from chalicelib.domain.redaction.folding import fold

Term = tuple[str, ...]  # the forms of one word or phrase, of which a text has one

_APOSTROPHES = "'’‘‚‛ʼʻʽʹʾʿ`´′＇՚׳ꞌꞋ\"“”„‟«»‹›″״＂「」『』"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c"
_HYPHENS = "-‐‑‒–—―−﹘﹣－⁃־゠・･·‧"
_SEPARATORS = ",;，；、،؛"
_PLAIN_SIGNS = re.compile(r"[-'\"`,;]|xn--|\s\s")  # those of ASCII: most texts have none
_SIGNS = str.maketrans(dict.fromkeys(_APOSTROPHES + _UNSEEN, "") | dict.fromkeys(_SEPARATORS, " "))
_JOINED, _APART = (str.maketrans(dict.fromkeys(_HYPHENS, instead)) for instead in ("", " "))
# Letters that are also written as two: in the Nordic countries, in German, and as Đoković is.
_SPELLED_OUT = {"ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa", "đ": "dj"}
_SPELLING = str.maketrans(_SPELLED_OUT)
_OF_BOTH = re.compile(f"[{''.join(_SPELLED_OUT)}]")
_MIXED = 4  # letters of a word that are looked for in either spelling each; of more, all in the one or all in the other
# Kana, Han, Bopomofo; Thai, Lao, Burmese, Khmer, Tibetan. Hangul has spaces, but none between a family's and a given name.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3100-\u318f\u31a0-\u31ff\u3400-\u9fff\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LABEL = re.compile(r"xn--[a-z0-9-]+", re.IGNORECASE)
# An inch, or the sign in a Hebrew abbreviation, stands after a letter and before one, or has no fellow.
_PHRASE = re.compile(r"(?<!\S)[\"“”„‟«»＂「『](.+?)[\"“”‟«»＂」』](?=[\s,;]|$)", re.DOTALL)


def terms(query: str) -> tuple[Term, ...]:
    """Return the words and the phrases (in quotes) of a query; none where it has nothing to look for."""
    phrases = [found[1] for found in _PHRASE.finditer(query)]
    words = _PHRASE.sub(" ", query).translate(_SIGNS).split()
    return tuple(filter(None, map(_forms_of_term, [*phrases, *words])))


def matches(wanted: Sequence[Term], text: str) -> bool:
    """Return whether a text, as `searchable` makes it, has every term. No terms match everything."""
    return all(any(form in text for form in term) for term in wanted)


def searchable(texts: Iterable[str | None], name: Sequence[str | None] = ()) -> str:
    """Return what is looked into for terms: the forms of each text, and of a name's parts, first and last, in either order."""
    parts = [part for part in name if part]
    lines = [" ".join([*parts, parts[0]])] if len(parts) > 1 else parts
    whole = "\n".join([*lines, *filter(None, texts)])
    if whole.isascii() and not _PLAIN_SIGNS.search(whole):
        return whole.lower()
    return "\n".join(dict.fromkeys(form for line in whole.split("\n") for form in _forms_of_text(line)))


def _forms_of_text(line: str) -> Iterator[str]:
    """The forms of one line: those with its hyphens left out, and those with spaces instead."""
    yield from _labels_as_they_are(line)
    plain = _plain(line)
    for joined in dict.fromkeys((plain.translate(_JOINED), plain.translate(_APART))):
        text = " ".join(joined.split())
        forms = dict.fromkeys((fold(text), fold(text.translate(_SPELLING))))
        yield from forms
        if len(forms) > 1:
            yield from (form for word in text.split() for form in _spellings(word))
        if _UNSPACED.search(text):
            yield fold("".join(text.split()))


def _forms_of_term(term: str) -> Term:
    plain = " ".join(_plain(term).split())
    joined, apart = (" ".join(plain.translate(how).split()) for how in (_JOINED, _APART))
    forms = [form for text in dict.fromkeys((joined, apart)) for form in _spellings(text)]
    if _UNSPACED.search(plain):
        forms.append(fold("".join(joined.split())))
    forms += _labels_as_they_are(term)
    return tuple(dict.fromkeys(form for form in forms if form))


def _spellings(text: str) -> Iterator[str]:
    """The text folded, each letter that is also written as two in either way."""
    yield fold(text)
    of_both = len(_OF_BOTH.findall(text))
    if of_both > _MIXED:
        yield fold(text.translate(_SPELLING))
    elif of_both:
        pieces = ((c, _SPELLED_OUT[c]) if c in _SPELLED_OUT else (c,) for c in text)
        yield from (fold("".join(chosen)) for chosen in product(*pieces))


def _plain(text: str) -> str:
    """The text in small letters, its labels of domains as they are read, without signs but hyphens."""
    shown = _LABEL.sub(lambda label: _decoded(label[0]), text) if "--" in text else text
    return unicodedata.normalize("NFC", shown).casefold().translate(_SIGNS)


def _labels_as_they_are(text: str) -> list[str]:
    """The text with the labels of its domains as machines write them: somebody may type the beginning of one."""
    return [fold(text.translate(_SIGNS).translate(_JOINED))] if _LABEL.search(text) else []


def _decoded(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:  # it is none
        return label
