"""Limits on mails and on guesses, by keyed hashes of address or source."""

from chalicelib.core import clock
from chalicelib.core.errors import TooManyRequests
from chalicelib.store.counters import DAY, take
from chalicelib.vault import tags

MAILS_PER_ADDRESS = 5  # a day: enough for a person who tries again, too few to pester a stranger
MAILS_IN_ALL = 5_000  # a day: SES's quota is shared with everything else
GUESSES = 30  # wrong links per source in ten minutes
GUESS_WINDOW = 600
_full: dict[str, float] = {}  # sources over their limit, until when: spares DynamoDB the rest of a flood


def mail_allowed(exact: str) -> bool:
    """Count one mail to an address; whether it is within the limits of that address and of all together."""
    return take("mail", exact, MAILS_PER_ADDRESS, DAY) and take("mail-all", "", MAILS_IN_ALL, DAY)


def wrong_guess(source: str) -> None:
    """Count a wrong link from a source. TooManyRequests from the limit on."""
    digest = tags.platform_digest("guess", source)
    now = clock.monotonic()
    if _full.get(digest, 0) > now:
        raise TooManyRequests(60, GUESSES, GUESS_WINDOW)
    if not take("guess", source, GUESSES, GUESS_WINDOW):
        if len(_full) > 10_000:  # noqa: PLR2004 - bounds the memory of a flood from many sources
            _full.clear()
        _full[digest] = now + 60
        raise TooManyRequests(60, GUESSES, GUESS_WINDOW)
