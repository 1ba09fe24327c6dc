"""Lists that walk over several members' ranges: a cursor holds whose range, and where in it."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from chalicelib.core.actor import Actor
from chalicelib.core.models import Input, Model, Time
from chalicelib.core.written import ONE_LINE

if TYPE_CHECKING:
    from chalicelib.domain.visibility.ranges import Seen


class ListQuery(Input):
    """One page of a list."""

    limit: int = Field(default=50, ge=1, le=100)
    cursor: Annotated[str, Field(max_length=4000), ONE_LINE] | None = None


class Owner(Model):
    """Whose the resource is; only its owner changes it."""

    id: str
    mine: bool


class Source(Model):
    """Where a resource came from, and since when."""

    source: str
    at: Time


def position(actor: Actor, name: str, cursor: str | None) -> dict[str, str]:
    """Return the position in a cursor. BadRequest(invalid_cursor) if it is another list's, filter's or member's."""
    from chalicelib.store import cursors  # noqa: PLC0415 - cold start

    return cursors.unseal(f"{name}/{actor.tenant}/{actor.member}", cursor)


def cursor(actor: Actor, name: str, at: dict[str, str] | None) -> str | None:
    """Return the cursor for a position, or None at the end."""
    from chalicelib.store import cursors  # noqa: PLC0415 - cold start

    return cursors.seal(f"{name}/{actor.tenant}/{actor.member}", at) if at else None


def common(seen: "Seen[Any]") -> dict[str, Any]:
    """Return the fields that every resource shows besides its own."""
    return {
        "id": seen.id,
        "owner": {"id": seen.member, "mine": seen.mine},
        "created_at": seen.payload.created_at,
        "updated_at": seen.payload.updated_at,
    }
