"""Cursors of lists: opaque, sealed, and good only for the caller and the list they were made for."""

import json

from chalicelib.core.codes import Code
from chalicelib.core.errors import BadRequest
from chalicelib.vault import tags


def seal(purpose: str, position: dict[str, str]) -> str:
    """Return a cursor. `purpose` names the list, the tenant and the member."""
    return tags.seal_token(f"cursor/{purpose}", json.dumps(position, separators=(",", ":")).encode())


def unseal(purpose: str, cursor: str | None) -> dict[str, str]:
    """Return the position in a cursor, empty for None. BadRequest(invalid_cursor) if it is another list's."""
    if cursor is None:
        return {}
    content = json.loads(tags.open_token(f"cursor/{purpose}", cursor))
    if not isinstance(content, dict):
        raise BadRequest(tags.INVALID_CURSOR, code=Code.INVALID_CURSOR)
    return {str(key): str(value) for key, value in content.items()}
