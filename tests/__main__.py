"""`make test`: every test, suite by suite, each in fresh processes with a cloud of their own.

The simulated cloud keeps what a test leaves; over hundreds of tests that makes scans and moves of the clock slow.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-n",
    "3",
)  # on two cores: tests wait for sockets about a third of their time
_PIECES = 3  # of the flows: tests of restores read all that others left


def suites() -> list[tuple[str, list[str]]]:
    """Each suite with how its tests are dealt out, and its files."""
    found = {
        name: sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / name).rglob("test_*.py"))
        for name in ("unit", "contract", "promises", "flows", "crash")
    }
    flows = [("loadfile", found["flows"][piece::_PIECES]) for piece in range(_PIECES)]
    return [
        ("loadfile", found["unit"]),
        ("load", found["contract"] + found["promises"]),
        *flows,
        ("load", found["crash"]),
    ]


def main() -> int:
    """0 where all passed; every suite is run."""
    every = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")}
    left = every - {file for _, files in suites() for file in files}
    if left:
        print(f"no suite runs {', '.join(sorted(left))}: name its folder in tests/__main__.py")
        return 1
    failed, began = 0, time.monotonic()
    for number, (dealt, files) in enumerate(suites(), 1):
        print(f"suite {number} of {len(suites())}: {len(files)} files, from {files[0]}", flush=True)
        failed += subprocess.run([*_PYTEST, "--dist", dealt, *files], cwd=ROOT, check=False).returncode != 0
    print(f"{'all suites passed' if not failed else f'{failed} suites failed'} after {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
