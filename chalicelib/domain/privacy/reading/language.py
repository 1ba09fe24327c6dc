"""English or French, by the commonest words; English where the text is neither or too short to say."""

import re

_WORDS = {
    "en": frozenset(
        ["the", "of", "and", "to", "in", "is", "you", "that", "it", "for", "on", "are", "with", "as", "my", "me", "i", "your", "this", "have", "from", "please", "not", "be", "all", "any"]
    ),
    "fr": frozenset(
        ["le", "la", "les", "de", "des", "du", "et", "a", "un", "une", "vous", "je", "mes", "ma", "mon", "que", "qui", "dans", "est", "pour", "sur", "ne", "pas", "votre", "vos", "nous", "avec", "au", "aux", "par", "ce", "cette", "bonjour", "merci", "donnees", "veuillez"]
    ),
    "de": frozenset(
        ["der", "die", "das", "und", "ich", "sie", "mir", "mich", "meine", "nicht", "ist", "zu", "den", "von", "mit", "bitte", "auf", "ein", "eine", "daten", "ihre"]
    ),
    "es": frozenset(["el", "los", "las", "y", "que", "en", "por", "para", "con", "mis", "su", "una", "no", "datos", "del", "se", "al", "como", "favor"]),
    "it": frozenset(["il", "lo", "gli", "e", "che", "di", "per", "con", "i", "miei", "non", "una", "dati", "del", "si", "sono", "vi", "prego", "la", "mia"]),
}


def language(plain_text: str) -> str:
    """`fr` for French, else `en`: the languages that we answer in. Takes text as `rights.plain` gives it."""
    words = re.findall(r"[a-z]+", plain_text[:5000])
    scores = {name: sum(word in common for word in words) for name, common in _WORDS.items()}
    best = max(scores, key=lambda name: scores[name])
    return "fr" if best == "fr" and scores["fr"] > 1 else "en"
