"""`make evaluate DATA=folder`: how much of what people send is read right, as a table and in .local/evaluate.json.

The folder holds labelled sets, a part a subfolder; a part that is missing is said to be. Our own letters are always read.
"""

import json
import sys
from pathlib import Path

from tests.evaluate.parts import measure
from tests.evaluate.tally import Tally

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
    _WHERE.parent.mkdir(exist_ok=True)
    written = {name: found.told() if isinstance(found, Tally) else {"status": found} for name, found in told.items()}
    _WHERE.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n")
    print(f"\nwritten to {_WHERE}, with the rows that were not read right")
    return 0


def show(name: str, found: Tally | str) -> None:
    """Print a part: a line a figure, or why there is none."""
    if not isinstance(found, Tally):
        print(f"\n{name}: {found}")
        return
    print(f"\n{name:48} {'':8} {'n':>5} {'right':>6} {'wrong':>6} {'share':>7}   95 %")
    for each in found.figures():
        counts = f"{each.n:5} {each.right:6} {each.wrong:6} {each.share:7.1%}"
        print(f"  {each.what:46} {each.language:8} {counts}   {each.low:.1%} to {each.high:.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
