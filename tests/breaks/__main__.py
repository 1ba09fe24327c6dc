"""`make breaks`: break each promise on purpose in a copy of the tree, and see its test fail by name.

Exit 1 where one stays green.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app.py", "chalicelib", "infra", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Break:
    """Replace `old` (which must be there) by `new` in `file`; then `test` must fail."""

    promise: str
    file: str
    old: str
    new: str
    test: str


BREAKS = (
    Break(
        "P1",
        "chalicelib/vault/sealing.py",
        "if dict(header.encryption_context) != context.as_dict():",
        "if dict(header.encryption_context) == {}:",
        "tests/promises/test_p01_confidential.py::test_a_ciphertext_moved_to_another_item_is_refused",
    ),
    Break(
        "P1",
        "chalicelib/core/log.py",
        '"error": type(error).__name__,',
        '"error": str(error.__cause__ or error),',
        "tests/promises/test_p01_confidential.py::test_an_exception_that_quotes_a_value_reaches_no_log",
    ),
    Break(
        "P2",
        "chalicelib/domain/contacts/reading.py",
        "    return colleague.share_contacts",
        "    return bool(colleague.code)",
        "tests/promises/test_p02_private.py::test_neither_colleagues_nor_other_tenants_see_anything",
    ),
    Break(
        "P3",
        "chalicelib/domain/contacts/writing.py",
        "    rows.insert(record)\n    return record",
        "    rows.insert(record)\n"
        "    class Leak(__import__('chalicelib.store.records', fromlist=['x']).PlatformRecord):\n"
        "        table, declared = 'Directory', ContactRecord.declared\n"
        "    rows.insert(Leak.build(ident.local, 'profile', payload))\n"
        "    return record",
        "tests/promises/test_p03_not_shared.py::test_a_contact_feeds_no_directory_and_no_other_tenant",
    ),
    Break(
        "P4",
        "chalicelib/domain/accounts/membership.py",
        'key = (row.sk, row.sealed.ciphertext if row.sealed else b"")',
        'key = (row.sk, b"")',
        "tests/promises/test_p04_settings.py::test_a_switch_holds_at_the_next_request_both_ways",
    ),
    Break(
        "P13",
        "chalicelib/domain/suppression/tombstones.py",
        "    return [bool(group & standing) for group in keys]",
        "    return [bool(group and not standing and not keys) for group in keys]",
        "tests/promises/test_p13_forgotten.py::test_nothing_brings_an_erased_person_back",
    ),
    Break(
        "P4",
        "chalicelib/domain/contacts/model.py",
        '"company_id": self.company_id if with_companies else None,',
        '"company_id": self.company_id,',
        "tests/promises/test_p04_each_route.py::test_what_a_colleague_sees_on_each_route",
    ),
    Break(
        "P13",
        "chalicelib/domain/privacy/erasure.py",
        "for found in invitations.addressed_to(exact):",
        "for found in list(invitations.addressed_to(exact))[:0]:",
        "tests/promises/test_p13_invitations.py::test_an_erasure_withdraws_what_waits_for_the_person",
    ),
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
