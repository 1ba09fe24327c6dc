"""A connection whose account does not show all that it did."""

from typing import Any

from tests.support.provider_connection import Followed

HOUR, DAY = 3_600.0, 86_400.0


def streams(followed: Followed) -> dict[str, dict[str, Any]]:
    """By name, as the member sees them."""
    return {each["stream"]: each for each in followed.seen()["health"]["streams"]}


def again(followed: Followed, after: float = HOUR) -> None:
    """Another pass, so much later."""
    followed.cloud.advance(after)
    followed.run()
    while followed.outcomes()[0] == "to_be_continued":
        followed.run()


def hide(followed: Followed, *names: str) -> None:
    """The org shows its users everything but these from now on."""
    source: Any = followed.source
    source.simulator.crm.hidden = {*names}
    again(followed)
