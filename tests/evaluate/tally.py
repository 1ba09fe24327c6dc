"""Counts of right and wrong answers, by what was asked and in which language, each share with its interval."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from math import sqrt

ALL = "all"
_Z = 1.959964  # 95 %


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the bounds of Wilson's 95 % interval of a share; all of 0 to 1 where nothing was counted."""
    if not n:
        return 0.0, 1.0
    share, square = right / n, _Z * _Z
    middle = share + square / (2 * n)
    spread = _Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + square / n)), min(1.0, (middle + spread) / (1 + square / n))


@dataclass(frozen=True)
class Figure:
    """`wrong` are those that were read as something else; what is neither right nor wrong was not read."""

    what: str
    language: str
    n: int
    right: int
    wrong: int
    share: float
    low: float
    high: float


@dataclass
class Tally:
    """Counts of one part. `misread` names each row that was not read right, what was asked of it, and what was read."""

    counts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    misread: list[dict[str, str]] = field(default_factory=list)

    def add(self, what: str, language: str, ident: str, *, right: bool, wrong: bool, read: str) -> None:
        """Count one answer, for its language and for all."""
        for each in (ALL, language):
            counted = self.counts.setdefault((what, each), [0, 0, 0])
            for at, so in enumerate((True, right, wrong)):
                counted[at] += so
        if not right:
            self.misread.append({"id": ident, "what": what, "language": language, "read": read})

    def figures(self) -> list[Figure]:
        """Return the figures in the order in which their subjects came, of each all languages first."""
        subjects = list(dict.fromkeys(what for what, _ in self.counts))
        ordered = sorted(self.counts, key=lambda key: (subjects.index(key[0]), key[1] != ALL, key[1]))
        return [self._figure(*key, *self.counts[key]) for key in ordered]

    @staticmethod
    def _figure(what: str, language: str, n: int, right: int, wrong: int) -> Figure:
        return Figure(what, language, n, right, wrong, right / n, *wilson(right, n))

    def lines(self) -> Iterator[str]:
        """Yield the part as it is printed: a line a figure."""
        yield f"  {'':46} {'':8} {'n':>5} {'right':>6} {'wrong':>6} {'share':>7}   95 %"
        for each in self.figures():
            counts = f"{each.n:5} {each.right:6} {each.wrong:6} {each.share:7.1%}"
            yield f"  {each.what:46} {each.language:8} {counts}   {each.low:.1%} to {each.high:.1%}"

    def told(self) -> dict[str, object]:
        """Return the part as the JSON has it."""
        return {"status": "measured", "figures": [asdict(each) for each in self.figures()], "misread": self.misread}
