"""The version of a resource as one viewer sees it, for its ETag: made of what is shown, so that nothing else moves it."""

import hashlib
from typing import TypeAlias

from chalicelib.core.errors import PreconditionFailed

Versions: TypeAlias = frozenset[int]  # of which a caller will change one; None, where that is allowed: whichever stands

_BYTES = 6


def version_of(*shown: str) -> int:
    """Return a number that is another one wherever any of these texts is another one."""
    content = "\0".join(f"{len(text)}:{text}" for text in shown)
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:_BYTES])


def require(if_match: Versions | None, version: int) -> None:
    """Return where the caller will change this version. PreconditionFailed where it is none of those that it names."""
    if if_match is not None and version not in if_match:
        raise PreconditionFailed
