"""What the documents name is there: decisions in their index, files and folders by their paths."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})
# Between backticks: with a slash and only what paths are made of, or the name of a file of ours at the top.
_PATH = re.compile(r"`((?:[\w.*{},-]+/)+[\w.*{},-]*|[\w.-]+\.(?:md|toml|txt))`")
_MADE_BY_RUNNING = ("build/", ".local/", ".venv/")


def test_the_index_of_decisions_lists_each_once_and_in_order() -> None:
    written = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert re.findall(r"^- \[[^\]]+\]\(([^)]+)\)$", (DECISIONS / "README.md").read_text(), re.MULTILINE) == written
    assert [int(name[:4]) for name in written] == list(range(1, len(written) + 1))


@pytest.mark.parametrize("path", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda path: path.name)
def test_a_decision_is_short_and_says_why(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert len(text.splitlines()) < 40
    parts = [text.find(f"\n**{part}.** ") for part in ("Context", "Decision", "Consequence")]
    assert -1 not in parts
    assert parts == sorted(parts)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(document: Path) -> None:
    gone = [
        named
        for named in _PATH.findall(document.read_text())
        if not named.startswith(_MADE_BY_RUNNING) and not _is_there(named)
    ]
    assert not gone, f"{document.relative_to(ROOT)} names what is not there: {gone}"


def _is_there(named: str) -> bool:
    """Whether a path leads somewhere, from the top or from chalicelib; `{a,b}.py` names two."""
    braces = re.search(r"\{([^}]*)\}", named)
    names = [named.replace(braces[0], each) for each in braces[1].split(",")] if braces else [named]
    bases = (ROOT, ROOT / "chalicelib")
    return all(any(list(base.glob(name.rstrip("/"))) for base in bases) for name in names)


def test_the_map_shows_the_rooms_of_the_domain_as_the_import_contract_has_them() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["name"].startswith("Domain"))
    floors = [[room.strip(" ()").rpartition(".")[2] for room in layer.split("|")] for layer in layers]
    domain = ROOT / "chalicelib" / "domain"
    built = {path.name.removesuffix(".py") for path in domain.iterdir() if path.name[0] not in "_."}
    floors = [sorted(built.intersection(floor)) for floor in floors if built.intersection(floor)]
    assert {room for floor in floors for room in floor} == built, "every room of the domain has a floor"
    whole = (ROOT / "docs" / "architecture.md").read_text().split("```\n")
    shown = [sorted(re.split(r" {3,}", line)[0].split(" | ")) for line in whole[3].splitlines()]
    assert shown == floors, "docs/architecture.md, The map"
    assert {path.name for path in (ROOT / "chalicelib").iterdir() if path.name[0] != "_"} == set(
        re.findall(r"\b(?:api|jobs|domain|texts|connectors|store|vault|core)\b", whole[1])
    )


def test_each_failure_of_erasure_has_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "rights.md").read_text()
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(lines) == 7
    for line in lines:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", line)
        assert named, line
        for path, test in named:
            assert f"def {test or 'test_'}" in (ROOT / path).read_text(), f"{path}::{test}"
