"""`make evaluate DATA=folder`: how much of what people send is read right, as a table and in .local/evaluate.json.

The folder holds labelled sets, a part a subfolder; a part that is missing is said to be. Our own letters are always read.
"""

import json
import sys
from pathlib import Path

from tests.evaluate.matching import matching
from tests.evaluate.parts import Part, measure

_DEFAULT = Path("../shared/data")
_WHERE = Path(".local/evaluate.json")


def main(arguments: list[str]) -> int:
    """Print and write the figures of the folder; 2 where it is none."""
    folder = Path(arguments[0]) if arguments and arguments[0] else _DEFAULT
    if arguments and arguments[0] and not folder.is_dir():
        print(f"{folder} is no folder")
        return 2
    told = measure(folder)
    for name, found in told.items():
        show(name, found)
    linked = matching(folder)
    for name, engines in linked.items():
        print(f"\n{name}" + (f": {engines}" if isinstance(engines, str) else ""))
        for engine, figures in engines.items() if isinstance(engines, dict) else ():
            print(f"  {engine:10} " + "  ".join(f"{what} {value:,.4g}" for what, value in figures.items()))
    _WHERE.parent.mkdir(exist_ok=True)
    written: dict[str, object] = {
        name: {"status": found} if isinstance(found, str) else found.told() for name, found in told.items()
    }
    _WHERE.write_text(json.dumps(written | linked, indent=2, ensure_ascii=False) + "\n")
    print(f"\nwritten to {_WHERE}, with the rows that were not read right")
    return 0


def show(name: str, found: Part | str) -> None:
    """Print a part: its figures, or why there are none."""
    if isinstance(found, str):
        print(f"\n{name}: {found}")
        return
    print(f"\n{name}")
    for line in found.lines():
        print(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
