"""The queue of deletions: requests of persons, purges of workspaces, members that leave."""

from typing import Any

from chalicelib.jobs import table
from chalicelib.jobs.messages import carry_on


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again."""
    return carry_on(event, context, "deletions", table.works("deletions"))
