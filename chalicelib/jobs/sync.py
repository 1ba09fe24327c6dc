"""The sync queue: connections that are to be read, or to end."""

from typing import Any

from chalicelib.jobs import table
from chalicelib.jobs.messages import carry_on

_WORKS = table.works("sync")


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again."""
    return carry_on(event, context, "sync", _WORKS)
