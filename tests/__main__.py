"""`make test`: every test, suite by suite, each in fresh processes that have a cloud each; the time of each suite at the end.

A cloud takes seconds to start, so there are few suites; what a module left in it goes with the module (tests/conftest.py).
"""

import subprocess
import sys
import time
from pathlib import Path

from infra import node
from tests.support.conformance.watching import left_out

ROOT = Path(__file__).resolve().parents[1]
_WORKERS = "3"  # on two cores: tests wait for sockets about a third of their time
# How each suite's tests are dealt out, and its folders.
SUITES = {
    "unit": ("loadfile", ("tests/unit",)),
    "contract and promises": ("load", ("tests/contract", "tests/promises")),
    "flows": ("loadfile", ("tests/flows",)),
    "crash": ("load", ("tests/crash",)),
}


def main() -> int:
    """0 where all passed; every suite is run."""
    run = {path for _, folders in SUITES.values() for folder in folders for path in (ROOT / folder).rglob("test_*.py")}
    left = sorted(str(path.relative_to(ROOT)) for path in set((ROOT / "tests").rglob("test_*.py")) - run)
    if left:
        print(f"no suite runs {', '.join(left)}: name its folder in tests/__main__.py")
        return 1
    ended = {name: _passed(name, dealt, folders) for name, (dealt, folders) in SUITES.items()}
    for name, (passed, seconds) in ended.items():
        print(f"{name:24} {'passed' if passed else 'FAILED'} {seconds:6.0f} s")
    for sentence in (left_out(), "" if node.ready() else node.LEFT_OUT, "" if node.browser() else node.NO_BROWSER):
        if sentence:
            print(sentence)
    good = all(passed for passed, _ in ended.values())
    print(f"{'all passed' if good else 'not all passed'} after {sum(seconds for _, seconds in ended.values()):.0f} s")
    return 0 if good else 1


def _passed(name: str, dealt: str, folders: tuple[str, ...]) -> tuple[bool, float]:
    print(f"suite: {name}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", _WORKERS, "--dist", dealt, *folders]
    done = subprocess.run(command, cwd=ROOT, check=False)
    return done.returncode == 0, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
