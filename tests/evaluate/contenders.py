"""`python -m tests.evaluate.contenders ENGINE KIND FOLDER`: one engine links one set; figures as JSON.

ENGINE: ours, rapidfuzz (token_sort_ratio of all fields, over the same blocking), each in a process of its own for the peak of its
memory. What counts is at the threshold that each ships; a pair that blocking loses is lost.
"""

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

from chalicelib.domain.matching import companies, linker, normal, persons
from chalicelib.domain.matching.model import CompanyFields, PersonFields, Zone

Pair = tuple[str, str]
ENGINES = ("ours", "rapidfuzz")
_ALIKE = 85.0  # what rapidfuzz's users begin with


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def person(row: dict[str, str]) -> PersonFields:
    """Return the fields of a row."""
    at = {name: row.get(name) or "" for name in (*PersonFields.__dataclass_fields__, "email", "phone", "state")}
    return PersonFields(
        at["first_name"],
        at["last_name"],
        (at["email"],) if at["email"] else (),
        (at["phone"],) if at["phone"] else (),
        company=at["company"],
        street=at["street"],
        city=at["city"],
        postcode=at["postcode"],
        region=at["state"],
    )


def _weigh_persons(one: persons.Person, other: persons.Person) -> tuple[float, bool] | None:
    said = persons.weigh(one, other)
    return None if said.zone is Zone.NONE else (said.weight, said.zone is Zone.MATCH)


def _weigh_companies(one: CompanyFields, other: CompanyFields) -> tuple[float, bool] | None:
    said = companies.compare(one, other)
    return None if said.zone is Zone.NONE else (said.weight, said.zone is Zone.MATCH)


def _texts(one: str, other: str) -> tuple[float, bool] | None:
    from rapidfuzz.fuzz import token_sort_ratio

    alike = token_sort_ratio(one, other)
    return (alike, False) if alike >= _ALIKE else None


def _links(engine: str, kind: str, rows: list[dict[str, str]], lists: list[int]) -> list[linker.Link]:
    """Return the links that an engine finds among the pairs that our blocking finds."""
    if engine == "ours" and kind == "persons":
        prepared = [persons.prepare(person(row)) for row in rows]
        return linker.Linker(persons.keys, _weigh_persons).links(prepared, lists)
    if engine == "ours":
        named = [CompanyFields(row["name"]) for row in rows]
        return linker.Linker(companies.blocking_keys, _weigh_companies).links(named, lists)
    texts = [normal.fold(" ".join(v for k, v in row.items() if v and k not in ("id", "source"))) for row in rows]
    if kind == "persons":
        keys = {text: tuple(persons.blocking_keys(person(row))) for text, row in zip(texts, rows, strict=True)}
    else:
        keys = {
            text: tuple(companies.blocking_keys(CompanyFields(row["name"])))
            for text, row in zip(texts, rows, strict=True)
        }
    return linker.Linker(keys.__getitem__, _texts).links(texts, lists)


def measure(engine: str, kind: str, folder: Path) -> dict[str, float]:
    """Return the figures of an engine on a set."""
    rows = rows_of(folder / "records.csv")
    sources = sorted({row.get("source") or "" for row in rows})
    lists = [sources.index(row.get("source") or "") for row in rows]
    links = rows_of(folder / "links.csv")
    begun = time.perf_counter()
    found = _links(engine, kind, rows, lists)
    one = len(sources) > 1 or kind == "companies"
    kept = linker.one_to_one(found) if one else found
    groups = [] if one else linker.clusters(found, len(rows))
    took = time.perf_counter() - begun
    said = {_pair(rows[each.left]["id"], rows[each.right]["id"]) for each in kept} if one else _within(groups, rows)
    automatic = {_pair(rows[each.left]["id"], rows[each.right]["id"]) for each in found if each.automatic}
    true = {_pair(each["left"], each["right"]) for each in links}
    right = len(said & true)
    return {
        "records": len(rows),
        "precision": right / max(1, len(said)),
        "recall": right / max(1, len(true)),
        "f1": 2 * right / max(1, len(said) + len(true)),
        "automatic": len(automatic),
        "automatic_precision": len(automatic & true) / max(1, len(automatic)),
        "records_per_second": len(rows) / took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _within(groups: Iterable[list[int]], rows: list[dict[str, str]]) -> set[Pair]:
    return {_pair(rows[a]["id"], rows[b]["id"]) for group in groups for a, b in combinations(group, 2)}


def beside(kind: str, folder: Path) -> dict[str, dict[str, float]]:
    """Return the figures of each engine on a set, each from a process of its own."""
    told = {}
    for engine in ENGINES:
        asked = [sys.executable, "-m", "tests.evaluate.contenders", engine, kind, str(folder.resolve())]
        root = Path(__file__).resolve().parents[2]
        told[engine] = json.loads(subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout)
    return told


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
