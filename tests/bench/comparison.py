"""Two files of `make bench`, side by side: `python -m tests.bench.comparison before.json after.json`."""

import json
import sys
from pathlib import Path

_TOLERATED = 1.1


def tell(before: Path, after: Path) -> int:
    """Print each figure of both, and what became worse; 1 where something did."""
    then, now = json.loads(before.read_text()), json.loads(after.read_text())
    worse = 0
    for name, value in now["figures"].items():
        was = then["figures"].get(name)
        if was is None:
            print(f"{name:82} {'':>10} {value:>10.2f}  new")
            continue
        bad = value > was * _TOLERATED
        worse += bad
        print(f"{name:82} {was:>10.2f} {value:>10.2f}  {'WORSE' if bad else ''}")
    for route, calls in now["routes"].items():
        more = {s: n for s, n in calls.items() if n > then["routes"].get(route, calls).get(s, 0)}
        worse += bool(more)
        if more:
            print(f"{route:56} {then['routes'][route]} {calls}  WORSE")
    print(f"{worse} became worse" if worse else "nothing became worse")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(tell(Path(sys.argv[1]), Path(sys.argv[2])))
