"""`python -m infra.matching.tables`: make the tables of names and legal forms anew from packages that carry their sources.

Needs requirements-bench.txt. The sources and their licences stand at the head of each table. The same packages give the same
bytes.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from chalicelib.domain.matching import normal

WHERE = Path(__file__).resolve().parents[2] / "chalicelib" / "domain" / "matching" / "tables"
_FAMILIES, _GIVEN = 12_000, 6_000  # names; rarer ones all count as rare
_CENSUS = (
    "US Census Bureau, 1990 frequently occurring names (public domain), as the package names 0.3.0 (MIT) carries them"
)
_SPELLINGS, _LONGEST_GROUP = 5, 24


def main() -> None:
    """Write all tables."""
    families = _census(["dist.all.last"], _FAMILIES)
    given = _census(["dist.female.first", "dist.male.first"], _GIVEN)
    _write("families.txt", f"Bits of each family name: -log2 of its share. {_CENSUS}.", _bits(families))
    _write("given.txt", f"Bits of each given name: -log2 of its share. {_CENSUS}.", _bits(given))
    _write(
        "nicknames.txt",
        "Given names, and those they are called by. The package nicknames 1.0.1 (Apache-2.0, carltonnorthern/nicknames).",
        _nicknames(),
    )
    _write(
        "spellings.txt",
        "Given names in several spellings, a group a line. Wikidata (CC0), as the package rigour 1.2.2 (MIT) carries it.",
        _spellings({name for name, _ in given.items()}),
    )
    _write(
        "legal_forms.txt",
        "Legal forms of companies, folded, of all countries. The package rigour 1.2.2 (MIT), its list of organisation types.",
        _legal_forms(),
    )


def _write(name: str, head: str, lines: Iterable[str]) -> None:
    (WHERE / name).write_text(f"# {head}\n" + "".join(f"{line}\n" for line in lines))


def _package(name: str) -> Path:
    return Path(str(import_module(name).__file__)).parent


def _census(files: Iterable[str], most: int) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for file in files:
        rows = [line.split() for line in (_package("names") / file).read_text().splitlines()]
        whole = sum(float(row[1]) for row in rows)
        for row in rows:
            shares[normal.fold(row[0])] += float(row[1]) / whole
    ranked = sorted(shares.items(), key=lambda each: (-each[1], each[0]))[:most]
    whole = sum(shares.values())
    return {name: share / whole for name, share in ranked}


def _bits(shares: dict[str, float]) -> Iterator[str]:
    for name, share in sorted(shares.items()):
        yield f"{name} {-math.log2(share):.1f}"


def _nicknames() -> Iterator[str]:
    called: dict[str, set[str]] = defaultdict(set)
    for line in (_package("nicknames") / "names.csv").read_text().splitlines()[1:]:
        name, _, nickname = (normal.fold(each).replace(" ", "") for each in line.split(","))
        called[name].add(nickname)
    for name, nicknames in sorted(called.items()):
        yield " ".join([name, *sorted(nicknames - {name})])


def _spellings(known: set[str]) -> Iterator[str]:
    """Yield groups of at least so many Latin spellings of which one is a common given name."""
    groups = set()
    for line in (_package("rigour") / "data" / "names" / "persons.txt").read_text().splitlines():
        names = line.partition(" => ")[0].split(", ")
        latin = {normal.fold(each) for each in names if ord(each[0]) < 0x250}  # noqa: PLR2004 - the end of Latin
        plain = sorted(each for each in latin if each.isalpha() and len(each) > 2)  # noqa: PLR2004
        if _SPELLINGS <= len(plain) <= _LONGEST_GROUP and known.intersection(plain):
            groups.add(" ".join(plain))
    yield from sorted(groups)


def _legal_forms() -> Iterator[str]:
    forms = set()
    for kind in import_module("rigour.data.names.org_types").ORG_TYPES:
        for alias in [*kind.get("aliases", []), kind.get("display") or ""]:
            written = " ".join(normal.words(alias))
            joined = written.replace(" ", "")
            forms |= {written, joined if len(joined) <= 6 else written}  # noqa: PLR2004 - B.V. is also BV
    yield from sorted(forms - {""})


if __name__ == "__main__":
    main()
