"""When a member's weekly mail is due, who switched it on: on Monday morning, by UTC."""

from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.accounts.model import DIGEST_DUE, MemberSettings
from chalicelib.store import due
from chalicelib.store.due import Due, DueRecord

_HOUR = 6
_WEEK = 7  # days


def due_of(tenant: TenantId, owner: OwnerCode) -> Due:
    """Return the piece of work that mails it."""
    return Due(DIGEST_DUE, f"{tenant}.{owner}")


def following(moment: datetime) -> datetime:
    """Return the first Monday morning after that time."""
    morning = moment.replace(hour=_HOUR, minute=0, second=0, microsecond=0) - timedelta(days=moment.weekday())
    return morning if morning > moment else morning + timedelta(days=_WEEK)


def asking(actor: Actor, before: MemberSettings, after: MemberSettings) -> list[DueRecord]:
    """Return the row to be written with a switch that turns it on, so that it comes whatever is killed. One that is turned off
    ends with its next turn."""
    if before.weekly_digest or not after.weekly_digest:
        return []
    return [due.fresh(due_of(actor.tenant, actor.code), following(clock.now()))]
