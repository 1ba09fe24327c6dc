"""Weights of parts of words for the languages of a script, learnt from snippets: multinomial regression, by AdaGrad."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from chalicelib.domain.privacy.parsing.language import parts
from infra.language_profiles.variants import ascii_only, snippet

_RATE = 0.12
_SAMPLED = 6_000  # sentences of a language that candidates are looked for in
_CANDIDATES = 2_500  # of each language
_WHOLE = 1.3  # how much more a part of more than four signs is worth
_OF_PHRASES = 0.2  # of the snippets
_SNIPPETS, _BAGS, _IN_A_BAG = 24, 4, 7  # of each language in a step
_SEEN = 3


@dataclass
class Lessons:
    """What a group of languages is learnt from, in the order of `languages`."""

    languages: list[str]
    sentences: dict[str, list[str]]
    phrases: dict[str, list[str]]
    trigrams: dict[str, dict[str, int]]
    latin: bool
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def snippet(self, language: str) -> str:
        """Return some words of that language."""
        phrases = self.phrases.get(language)
        chosen = (
            phrases if phrases and self.dice.random() < _OF_PHRASES else self.sentences[language] or phrases or [""]
        )
        return snippet(self.dice.choice(chosen), language, self.dice, latin=self.latin and language != "el")

    def shares(self, language: str) -> dict[str, float]:
        """Return how large a share of all parts of words each is."""
        counts: Counter[str] = Counter()
        for sentence in self.sentences[language][:_SAMPLED] + 3 * self.phrases.get(language, []):
            counts.update(parts(sentence))
            bare = ascii_only(sentence, language, self.dice)
            if self.latin and bare != sentence.lower():
                counts.update(parts(bare))
        total = counts.total()
        return {part: n / total for part, n in counts.items() if n >= _SEEN}


class Model:
    """Weights by part and language; `learn` betters them, `keep` leaves only the parts that matter most."""

    def __init__(self, lessons: Lessons) -> None:
        self.lessons = lessons
        shares = [lessons.shares(language) for language in lessons.languages]
        self.mean: dict[str, float] = defaultdict(float)
        for each in shares:
            for part, share in each.items():
                self.mean[part] += share / len(shares)
        chosen: set[str] = set()
        for each in shares:
            worth = {part: self._tells(part, share) for part, share in each.items()}
            chosen.update(sorted(worth, key=lambda part: worth[part], reverse=True)[:_CANDIDATES])
        self._begin(sorted(chosen), np.zeros((len(chosen), len(shares)), np.float32))

    def _tells(self, part: str, share: float) -> float:
        whole = _WHOLE if len(part) > 4 else 1.0  # noqa: PLR2004
        return float(share * abs(np.log(share / self.mean[part])) * whole)

    def _begin(self, chosen: list[str], weights: np.ndarray) -> None:
        self.parts, self.weights = chosen, weights
        self.index = {part: at for at, part in enumerate(chosen)}
        self.squares = np.full_like(weights, 1e-3)
        self.__dict__.pop("bags", None)

    @cached_property
    def bags(self) -> dict[str, tuple[list[str], np.ndarray]]:
        """By language the three letters that are known, and how likely each is."""
        made = {}
        for language, counts in self.lessons.trigrams.items():
            known = [part for part in counts if part in self.index]
            sizes = np.array([counts[part] for part in known], float)
            if known:
                made[language] = known, sizes / sizes.sum()
        return made

    def learn(self, steps: int) -> None:
        """Take so many steps, each over snippets of every language alike."""
        for _ in range(steps):
            rows, wanted = self._batch()
            scores = rows @ self.weights
            shares = np.exp(scores - scores.max(1, keepdims=True))
            shares /= shares.sum(1, keepdims=True)
            shares[np.arange(len(wanted)), wanted] -= 1
            slope = (rows.T @ shares) * (30 / len(wanted))
            self.squares += slope * slope
            self.weights -= _RATE * slope / np.sqrt(self.squares)

    def _batch(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        rows: list[list[int]] = []
        wanted: list[int] = []
        for at, language in enumerate(self.lessons.languages):
            texts = [list(parts(self.lessons.snippet(language))) for _ in range(_SNIPPETS)]
            texts += self._of_bags(language)
            rows += [[self.index[part] for part in text if part in self.index] for text in texts]
            wanted += [at] * len(texts)
        ends = np.cumsum([0, *map(len, rows)])
        known = np.fromiter((part for row in rows for part in row), dtype=np.int32)
        made = sparse.csr_matrix((np.ones(len(known), np.float32), known, ends), shape=(len(rows), len(self.parts)))
        made.sum_duplicates()
        return made, np.array(wanted)

    def _of_bags(self, language: str) -> list[list[str]]:
        if language not in self.bags:
            return []
        known, likely = self.bags[language]
        drawn = np.random.default_rng(self.lessons.dice.randrange(2**32)).choice(
            len(known), size=(_BAGS, _IN_A_BAG), p=likely
        )
        return [[part for at in bag for part in _within(known[at])] for bag in drawn]

    def keep(self, most: int) -> None:
        """Leave the parts whose weights make the largest difference, as often as they are met."""
        centred = self.weights - self.weights.mean(1, keepdims=True)
        often = np.sqrt(np.array([self.mean[part] for part in self.parts]))
        worth = np.linalg.norm(centred, axis=1) * often
        kept = sorted(np.argsort(-worth)[:most])
        self._begin([self.parts[at] for at in kept], centred[kept])


def _within(trigram: str) -> list[str]:
    return [part for part in (trigram, trigram[:2], trigram[1:]) if part != "_"]
