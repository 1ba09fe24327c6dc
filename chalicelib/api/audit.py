"""The audit log, and the changes that clients with copies follow."""

from typing import TYPE_CHECKING, Any, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code
from chalicelib.core.models import Model, Time
from chalicelib.domain.audit.model import Action, Effect

if TYPE_CHECKING:
    from chalicelib.domain.audit.log import Logged

bp = Blueprint(__name__)


class LogEntry(Model):
    """`by` is a member's id, or `system`; `about` are the ids of what it was done to."""

    id: str
    at: Time
    action: Action
    by: str
    about: list[str]


class LogOut(Model):
    items: list[LogEntry]
    next_cursor: str | None


class ChangesQuery(pagination.ListQuery):
    """`limit` counts ids in one answer. Without a cursor: all changes that are kept (30 days)."""

    limit: int = Field(default=100, ge=1, le=1000)


class Changed(Model):
    kind: Literal["contact", "company"]
    id: str


class ChangesOut(Model):
    """Read each of `upserts` (404: drop it too), drop each of `deleted`; what is told twice is harmless. Then poll with
    `next_cursor`: at once where there is `more`. Take the first cursor before reading the lists."""

    upserts: list[Changed]
    deleted: list[Changed]
    next_cursor: str
    more: bool


def entry_out(entry: "Logged") -> dict[str, Any]:
    """Return an entry as LogEntry describes it."""
    return {"id": entry.id, "at": entry.at, "action": entry.action, "by": entry.by, "about": entry.about}


@route(bp, "GET", "/v1/audit", query=pagination.ListQuery, answer=LogOut)
def list_audit(call: Call) -> Reply:
    """List who did what and when, newest first: the caller's own entries, and for an owner also the workspace's."""
    from chalicelib.domain.audit import log  # noqa: PLC0415 - cold start

    after = pagination.position(call.actor, "audit", call.query.cursor).get("after")
    entries, last = log.page(call.actor, limit=call.query.limit, after=after)
    items = [entry_out(entry) for entry in entries]
    behind = {"after": last} if last else None
    return Reply({"items": items, "next_cursor": pagination.cursor(call.actor, "audit", behind)})


@route(bp, "GET", "/v1/changes", query=ChangesQuery, answer=ChangesOut, refuses=(Code.CURSOR_EXPIRED,))
def list_changes(call: Call) -> Reply:
    """List what changed since the cursor. 410 `cursor_expired`: drop every copy, read the lists, start without a cursor."""
    from chalicelib.domain.audit import changes  # noqa: PLC0415 - cold start

    at = pagination.position(call.actor, "changes", call.query.cursor)
    told = changes.since(call.actor, limit=call.query.limit, position=at)
    by_effect: dict[Effect, list[dict[str, str]]] = {effect: [] for effect in Effect}
    for (kind, ident), effect in told.effects.items():
        by_effect[effect].append({"kind": kind, "id": ident})
    body = {
        "upserts": by_effect[Effect.UPSERT],
        "deleted": by_effect[Effect.DELETE],
        "next_cursor": pagination.cursor(call.actor, "changes", told.position),
        "more": told.more,
    }
    return Reply(body)
