"""One deliberate break."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Break:
    """Replace `old` (which must be there) by `new` in `file`; then `test` must fail."""

    promise: str
    file: str
    old: str
    new: str
    test: str
