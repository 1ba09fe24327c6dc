"""`make test`: every test, suite by suite, each in fresh processes that have a cloud each; the time of each suite at the end.

The simulated cloud keeps what a test leaves; over hundreds of tests that makes scans and moves of the clock slow.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_WORKERS = "3"  # on two cores: tests wait for sockets about a third of their time
_PIECES = 3  # of the flows: tests of restores read all that others left


def suites() -> dict[str, tuple[str, list[str]]]:
    """Return how each suite's tests are dealt out, and its files."""
    flows = _files("flows")
    pieces = {f"flows, {n + 1} of {_PIECES}": ("loadfile", flows[n::_PIECES]) for n in range(_PIECES)}
    return {
        "unit": ("loadfile", _files("unit")),
        "contract and promises": ("load", _files("contract") + _files("promises")),
        **pieces,
        "crash": ("load", _files("crash")),
    }


def _files(folder: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / folder).rglob("test_*.py"))


def main() -> int:
    """0 where all passed; every suite is run."""
    left = sorted(set(_files("")) - {file for _, files in suites().values() for file in files})
    if left:
        print(f"no suite runs {', '.join(left)}: name its folder in tests/__main__.py")
        return 1
    ended = {name: _passed(name, dealt, files) for name, (dealt, files) in suites().items()}
    for name, (passed, seconds) in ended.items():
        print(f"{name:24} {'passed' if passed else 'FAILED'} {seconds:6.0f} s")
    good = all(passed for passed, _ in ended.values())
    print(f"{'all passed' if good else 'not all passed'} after {sum(seconds for _, seconds in ended.values()):.0f} s")
    return 0 if good else 1


def _passed(name: str, dealt: str, files: list[str]) -> tuple[bool, float]:
    print(f"suite: {name}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", _WORKERS, "--dist", dealt, *files]
    done = subprocess.run(command, cwd=ROOT, check=False)
    return done.returncode == 0, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
