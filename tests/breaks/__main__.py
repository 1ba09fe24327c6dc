"""`make breaks`: break each promise on purpose in a copy of the tree, and see its test fail by name.

Exit 1 where one stays green.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.breaks.conventions import CONVENTIONS
from tests.breaks.copies import COPIES
from tests.breaks.crm_files import CRM_FILES
from tests.breaks.directory import DIRECTORY
from tests.breaks.each_viewer import EACH_VIEWER
from tests.breaks.endings import ENDINGS
from tests.breaks.letters import LETTERS
from tests.breaks.officers_desk import OFFICERS_DESK
from tests.breaks.other_side import OTHER_SIDE
from tests.breaks.providers import PROVIDERS
from tests.breaks.ranking import RANKING
from tests.breaks.refusals import REFUSALS
from tests.breaks.relationships import RELATIONSHIPS
from tests.breaks.replacement import ROOT, Break
from tests.breaks.restores import RESTORES
from tests.breaks.sharing import SHARING
from tests.breaks.sources_and_ends import SOURCES_AND_ENDS
from tests.breaks.strangers import STRANGERS
from tests.breaks.unreadable import UNREADABLE
from tests.breaks.unseen import UNSEEN

COPIED = ("app.py", ".chalice", "chalicelib", "infra", "tests", "pyproject.toml")


BREAKS = (
    *SHARING,
    *EACH_VIEWER,
    *SOURCES_AND_ENDS,
    *ENDINGS,
    *PROVIDERS,
    *REFUSALS,
    *OTHER_SIDE,
    *RESTORES,
    *STRANGERS,
    *OFFICERS_DESK,
    *LETTERS,
    *COPIES,
    *UNSEEN,
    *RELATIONSHIPS,
    *CONVENTIONS,
    *CRM_FILES,
    *UNREADABLE,
    *DIRECTORY,
    *RANKING,
)


class NotThere(RuntimeError):
    """The text that a break replaces is no longer in the file: the break must be written anew."""


def noticed(broken: Break) -> bool:
    """Whether the promise's own test fails in a copy of the tree that has the break."""
    with tempfile.TemporaryDirectory(prefix="iko-break-") as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        target = copy / broken.file
        text = target.read_text()
        if broken.old not in text:
            raise NotThere(f"{broken.file} has no {broken.old!r}")
        target.write_text(text.replace(broken.old, broken.new))
        command = [sys.executable, "-m", "pytest", "-x", broken.test]
        ran = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        # 1: tests ran and one failed; anything else (collection error, no test) is no proof
        return ran.returncode == 1 and f"FAILED {broken.test}" in ran.stdout


def main() -> int:
    """A line a break."""
    unnoticed = 0
    for broken in BREAKS:
        seen = noticed(broken)
        unnoticed += not seen
        print(f"{broken.promise:4} {broken.file:50} {'noticed' if seen else 'NOT NOTICED'}", flush=True)
    print(f"{len(BREAKS)} breaks, {unnoticed} not noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
