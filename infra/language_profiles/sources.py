"""Sentences by language, out of the archives that were downloaded, and counts of three letters."""

import html
import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import langdetect
from babel.messages.mofile import read_mo
from babel.messages.pofile import PoFileError, read_po

_CATALOGUE = re.compile(r"/(?:locales?|translations)/([A-Za-z_@-]+)/.*\.(po|mo)$")
_MARKUP = re.compile(r"<[^>]*>|%\([^)]*\)[a-z]|%[sd]|\{[^}]*\}|&\w+;|https?:\S+|`[^`]*`|:\w+:|\\n|\\\"")
_BANNER = re.compile(r"(?:tarteaucitron\.|translations/)([a-z]{2}(?:_cyrl)?)\.(?:js|yml)$")
_QUOTED = re.compile(r'"\w+":\s*"((?:[^"\\]|\\.)*)"|^\s*[\w.-]+:\s*(\S.*)$', re.MULTILINE)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_LETTERS_AT_LEAST = 5
_NAMES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "se": "sv", "cn": "zh", "sr_cyrl": "sr"}
_MALTESE = "declaration/mlt.html"
Texts = dict[str, set[str]]


def sentences(folder: Path) -> Texts:
    """Return the sentences of each language, by its code; Serbian in Latin letters is `sr_latn`."""
    found: Texts = defaultdict(set)
    for archive in sorted(folder.iterdir()):
        for name, data in _files(archive):
            for language, text in _read(name, data):
                plain = " ".join(_MARKUP.sub(" ", text).replace("&", "").replace("_", "").split())
                if sum(map(str.isalpha, plain)) >= _LETTERS_AT_LEAST:
                    found[language].add(plain)
    for line in Path(__file__).with_name("phrases.txt").read_text("utf-8").splitlines():
        language, _, phrases = line.partition("\t")
        found[f"{language} phrases"] = set(phrases.split(" | "))
    return found


def trigrams(language: str) -> dict[str, int]:
    """Return how often three letters stand together, ends of words marked, in a large text; empty where there is none."""
    path = Path(langdetect.__file__).with_name("profiles") / language
    if not path.exists():
        return {}
    counts: dict[str, int] = json.loads(path.read_text("utf-8"))["freq"]
    marked = {part.replace(" ", "_").lower(): n for part, n in counts.items()}
    return {part: n for part, n in marked.items() if len(part) == 3 and part[1] != "_"}  # noqa: PLR2004


def _files(archive: Path) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as packed:
            names = [name for name in packed.namelist() if _CATALOGUE.search(name)]
            kept = [name for name in names if name.endswith(".po")] or names
            yield from ((name, packed.read(name)) for name in kept)
    elif archive.suffix == ".tgz":
        with tarfile.open(archive) as packed:
            for member in packed:
                if _BANNER.search(member.name) or member.name.endswith(_MALTESE):
                    content = packed.extractfile(member)
                    yield member.name, content.read() if content else b""


def _read(name: str, data: bytes) -> Iterable[tuple[str, str]]:
    catalogue, banner = _CATALOGUE.search(name), _BANNER.search(name)
    if catalogue:
        return _translated(_code(catalogue[1]), data, catalogue[2])
    text = data.decode("utf-8")
    if banner:
        language = "sr_latn" if banner[1] == "sr" else _NAMES.get(banner[1], banner[1])
        return ((language, quoted or value.strip("'\"")) for quoted, value in _QUOTED.findall(text))
    return (("mt", html.unescape(paragraph)) for paragraph in _PARAGRAPH.findall(text))


def _code(written: str) -> str:
    first, *rest = re.split(r"[_@-]", written.lower())
    if first == "sr" and {"latn", "latin"} & set(rest):
        return "sr_latn"
    return _NAMES.get(first, first)


def _translated(language: str, data: bytes, kind: str) -> Iterator[tuple[str, str]]:
    try:
        messages = list((read_po if kind == "po" else read_mo)(io.BytesIO(data)))
    except (PoFileError, ValueError, UnicodeDecodeError):
        return  # a few files are no catalogues
    for message in messages:
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        made = message.string if isinstance(message.string, tuple | list) else [message.string]
        if "fuzzy" not in message.flags and originals[0]:
            yield from (("en", text) for text in originals if len(text) > 3 * _LETTERS_AT_LEAST)
            yield from ((language, text) for text in made if text and text not in originals)
