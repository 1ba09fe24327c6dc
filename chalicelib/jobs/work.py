"""The work queue: imports, exports, daily passes, subscriptions that are to be looked at."""

from typing import Any

from chalicelib.domain.exports.model import Shapes
from chalicelib.jobs import table
from chalicelib.jobs.messages import carry_on


def handle(event: dict[str, Any], context: Any, shapes: Shapes | None = None) -> dict[str, Any]:
    """Carry each piece of work on. What failed is named, so that the queue brings it again.

    `shapes`: how the API shows what an export holds; nothing else needs them.
    """
    return carry_on(event, context, "work", table.works("work", shapes))
