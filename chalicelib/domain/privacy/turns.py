"""Which first mails wait for an address, and since when: those that wait longest go first, whatever a flood asks for meanwhile.

One mail answers all who wait for the same (answering), so that there is at most one of each to go before another.
"""

from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.limits import Ahead
from chalicelib.domain.privacy.records import AnsweredRecord
from chalicelib.domain.privacy.repository import answered_pk
from chalicelib.store import batch

FIRST = (
    "confirm_erasure",
    "confirm_request",
    "choose_right",
    "with_officer",
)  # every other mail to an unproved address lets these go first
_COMES_BACK = timedelta(hours=2)  # later than that, a request that was to be answered is there no more


def ahead(address: EmailAddress, template: str, asked_at: datetime) -> Ahead:
    """Return how many mails have waited longer for the mailbox, and for the alias of it that the address is."""
    since = _since(address)
    mine = _own_turn(since, address, template, asked_at)

    def older(exact: str) -> int:
        others = (at for (to, name), at in since.items() if to == exact and (to, name) != (address.exact, template))
        return sum(at < mine for at in others)

    return Ahead(mailbox=older(address.base), alias=older(address.exact) if address.exact != address.base else 0)


def wait(address: EmailAddress, template: str, asked_at: datetime, until: datetime) -> None:
    """Record that a mail waits for the address until it is tried again then, as long as the first that asked for it."""
    if template in FIRST:
        at = _own_turn(_since(address), address, template, asked_at)
        row = AnsweredRecord.build(*_key(address.exact, template), ends=until + _COMES_BACK, at=clock.rfc3339(at))
        batch.put_all([row])


def over(address: EmailAddress, template: str) -> None:
    """Record that the mail has gone, and waits no more."""
    if template in FIRST:
        batch.delete_all(AnsweredRecord, [_key(address.exact, template)])


def _own_turn(
    since: dict[tuple[str, str], datetime], address: EmailAddress, template: str, asked_at: datetime
) -> datetime:
    """Since when: what asks only now for a mail that others wait for as well goes in their place."""
    if template not in FIRST:
        return datetime.max.replace(tzinfo=asked_at.tzinfo)
    return min(asked_at, since.get((address.exact, template), asked_at))


def _since(address: EmailAddress) -> dict[tuple[str, str], datetime]:
    named = {_key(exact, template): (exact, template) for exact in {address.exact, address.base} for template in FIRST}
    rows = batch.get_all(AnsweredRecord, list(named))
    return {named[key]: clock.parse_rfc3339(row.at) for key, row in rows.items()}


def _key(exact: str, template: str) -> tuple[str, str]:
    return answered_pk(exact), f"answered#waits#{template}"
