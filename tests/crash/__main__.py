"""`make crash`: every crash test with every point, before and after each call; the kills per job and their sum at the end."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """pytest's exit code. Arguments go to pytest."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "load", *(sys.argv[1:] or ["tests/crash"])]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, "IKO_CRASH_ALL": "1"}, check=False)
    print(f"{'all passed' if ended.returncode == 0 else 'it failed'} after {(time.monotonic() - began) / 60:.0f} min")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
