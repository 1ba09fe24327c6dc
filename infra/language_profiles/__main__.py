"""`python -m infra.language_profiles SOURCES`: learn the weights and write them (see the package's docstring)."""

import sys
from pathlib import Path
from typing import TextIO

import numpy as np

from infra.language_profiles.sources import Texts, sentences, trigrams
from infra.language_profiles.training import Lessons, Model
from infra.language_profiles.variants import greeklish

_WHERE = Path("chalicelib/domain/privacy/parsing/languages.txt")
_HEAD = """\
# Weights of parts of words for languages, made by infra/language_profiles, which says how and of what.
# Learnt from the translations of Django and packages around it (BSD-3-Clause, MIT), Sphinx (BSD-2-Clause), Apache Superset
# (Apache-2.0), Klaro (BSD-3-Clause), tarteaucitron (MIT), from langdetect's counts (Apache-2.0), and from our own sentences.
# "=": a script, what a step of the weights is worth, its languages with what speaks for each before. Then a line for each
# part of a word ("_" marks its ends): a sign for its weight in each of these languages, "0" the least.
"""
# By script its languages, and how many parts are kept.
_GROUPS = {
    "Latn": (
        "en fr de es it nl pt pl sv da no cs sk ro hr sr_latn sl fi et lv lt hu tr vi id ca gl eu ga is sq af cy mt el",
        6_000,
    ),
    "Cyrl": ("ru uk bg sr mk be", 1_200),
    "Arab": ("ar fa ur", 500),
}
# Of neighbours the one that fewer people write to us in, in nats; Greek in Latin letters and Serbian in them are rarer too.
_RARER = {
    "sr_latn": -8.0,
    "gl": -3.0,
    **dict.fromkeys(["ca", "el", "mt"], -1.5),
    **dict.fromkeys(["af", "cy", "ga", "eu"], -1.0),
    **dict.fromkeys(["is", "sq", "id", "sl", "et", "lv", "lt", "vi", "mk", "be", "ur"], -0.6),
    **dict.fromkeys(["no", "sk", "fi", "hu", "tr"], -0.2),
    "en": 0.3,
}
_FIRST, _KEPT = 400, 250  # steps with all candidates, and with those that are kept
_DIGITS, _LEAST = 64, 48


def main(folder: str) -> int:
    """Write the file; prints how far it is."""
    texts = sentences(Path(folder))
    with _WHERE.open("w", encoding="utf-8", newline="\n") as out:
        out.write(_HEAD)
        for script, (names, most) in _GROUPS.items():
            lessons = _lessons(names.split(), texts, latin=script == "Latn")
            model = Model(lessons)
            print(script, len(model.parts), "candidates", flush=True)
            model.learn(_FIRST)
            model.keep(most)
            model.learn(_KEPT)
            _write(out, script, model)
    print(_WHERE, _WHERE.stat().st_size, "bytes")
    return 0


def _lessons(languages: list[str], texts: Texts, *, latin: bool) -> Lessons:
    lessons = Lessons(
        languages,
        {language: sorted(texts.get(language, ())) for language in languages},
        {language: sorted(texts.get(f"{language} phrases", ())) for language in languages},
        {language: trigrams(language) for language in languages if not (latin and language == "el")},
        latin,
    )
    if latin:
        for kind in (lessons.sentences, lessons.phrases):
            kind["el"] = [greeklish(text, lessons.dice) for text in kind["el"]]
    for each in lessons.sentences.values():
        lessons.dice.shuffle(each)
    return lessons


def _write(out: TextIO, script: str, model: Model) -> None:
    weights = model.weights - model.weights.mean(1, keepdims=True)
    step = float(np.quantile(np.abs(weights), 0.9995)) / (_DIGITS / 2 - 1)
    named = (f"{language.partition('_')[0]}:{_RARER.get(language, 0)}" for language in model.lessons.languages)
    out.write(f"= {script} {step:.4f} {' '.join(named)}\n")
    signs = np.clip(np.rint(weights / step) + _DIGITS // 2, 0, _DIGITS - 1).astype(int) + _LEAST
    out.writelines(f"{part} {''.join(map(chr, row))}\n" for part, row in zip(model.parts, signs, strict=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
