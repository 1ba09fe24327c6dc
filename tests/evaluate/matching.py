"""The parts of an evaluation on matching: lists of persons and of companies, and pairs of names."""

from collections.abc import Callable
from pathlib import Path

from chalicelib.domain.matching import companies, names
from chalicelib.domain.matching.similarity import Level
from tests.evaluate.contenders import beside, rows_of
from tests.evaluate.parts import MISSING

Figures = dict[str, dict[str, float]]
_ALIKE = 85.0


def matching(folder: Path) -> dict[str, Figures | str]:
    """Return by each set the figures of each engine at its own threshold, or why there are none."""
    told: dict[str, Figures | str] = {}
    for kind in ("persons", "companies"):
        sets = sorted(each.parent for each in (folder / kind).glob("*/records.csv"))
        told.update({f"{kind}/{each.name}": beside(kind, each) for each in sets})
        if not sets:
            told[kind] = MISSING
    paths = sorted((folder / "names").glob("*pairs*.csv"))
    told.update({f"names/{path.stem}": _pairs(path) for path in paths})
    if not paths:
        told["names"] = MISSING
    return told


def _company_names_agree(one: str, other: str) -> bool:
    level = companies.names_level(companies.core(one), companies.core(other))
    return level in (Level.EXACT, Level.CLOSE)


def _alike(one: str, other: str) -> bool:
    from rapidfuzz.fuzz import token_sort_ratio

    return token_sort_ratio(one.lower(), other.lower()) >= _ALIKE


def _pairs(path: Path) -> Figures:
    rows = rows_of(path)
    ours = _company_names_agree if "compan" in path.stem else names.agree
    return {"ours": _judged(rows, ours), "rapidfuzz": _judged(rows, _alike)}


def _judged(rows: list[dict[str, str]], agree: Callable[[str, str], bool]) -> dict[str, float]:
    said = [agree(row["left"], row["right"]) for row in rows]
    true = [row["match"] == "1" for row in rows]
    right = sum(a and b for a, b in zip(said, true, strict=True))
    return {
        "pairs": len(rows),
        "precision": right / max(1, sum(said)),
        "recall": right / max(1, sum(true)),
        "f1": 2 * right / max(1, sum(said) + sum(true)),
    }
