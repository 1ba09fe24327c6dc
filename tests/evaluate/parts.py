"""The parts of an evaluation: what a folder of labelled sets may hold, and what measures each."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from tests.evaluate import look_alike
from tests.evaluate.letters import Letter, judge, letters
from tests.evaluate.messages import generated, measured, read
from tests.evaluate.tally import Tally


class Part(Protocol):
    """The figures of a part."""

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""

    def told(self) -> dict[str, object]:
        """Return what the JSON has."""


Told = dict[str, Part | str]  # by a part's name its figures, or in one word why there are none
MISSING = "missing"
NOT_BUILT = "not built yet"
_OWN_LETTERS = Path(__file__).resolve().parents[1] / "data" / "privacy_letters"
_NOT_BUILT = ("received_mail", "reply_text")


def measure(folder: Path, own: Path = _OWN_LETTERS) -> Told:
    """Return the figures of each part of the folder, and of our own letters, each half of these apart."""
    told = _privacy_requests(folder / "privacy_requests") | _privacy_letters(own) | _messages(folder / "messages")
    told |= {
        "look-alike, structure": look_alike.measured(look_alike.EFFECTS),
        "look-alike, no structure": look_alike.measured({}, rounds=60, peers=False),
    }
    return told | {name: NOT_BUILT if (folder / name).exists() else MISSING for name in _NOT_BUILT}


def _privacy_requests(folder: Path) -> Told:
    return {"privacy_requests": _judged(_all_of(sorted(folder.glob("*.jsonl"))))}


def _privacy_letters(folder: Path) -> Told:
    found = _all_of(sorted(folder.glob("**/*.jsonl")))
    halves = sorted({letter.half for letter in found}, reverse=True)
    if not halves:
        return {"privacy_letters": MISSING}
    return {
        f"privacy_letters {half}".strip(): _judged([each for each in found if each.half == half]) for half in halves
    }


def _messages(folder: Path) -> Told:
    """Each network of the folder, and the one that is made by chance, whose assumptions `generated` states."""
    found: Told = {f"messages {path.stem}": measured(read(path)) for path in sorted(folder.glob("*.csv"))}
    return (found or {"messages": MISSING}) | {"messages generated": measured(generated())}


def _all_of(paths: Iterable[Path]) -> list[Letter]:
    return [letter for path in paths for letter in letters(path)]


def _judged(found: list[Letter]) -> Tally | str:
    if not found:
        return MISSING
    tally = Tally()
    for letter in found:
        judge(letter, tally)
    return tally
