"""Until when a request is to be answered, and when somebody is reminded: pure calendar."""

import calendar
from datetime import datetime, timedelta

REMIND_DAYS = (14, 7, 3, 1)  # before a right is due
MONTHS, EXTENDED_MONTHS = 1, 3  # GDPR art. 12(3): a month, and two more where it is extended
_REMIND_HOUR = 6  # UTC: all reminders of a day go as one mail, in the morning


def months_after(moment: datetime, months: int = MONTHS) -> datetime:
    """Return the same day so many months later, or that month's last day (GDPR art. 12(3), Regulation 1182/71 art. 3)."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def remind_at(due: datetime, days: int) -> datetime:
    """Return when somebody is reminded, so many days before: the last morning that is no later."""
    latest = due - timedelta(days=days)
    morning = latest.replace(hour=_REMIND_HOUR, minute=0, second=0, microsecond=0)
    return morning if morning <= latest else morning - timedelta(days=1)


def level(due: datetime, now: datetime) -> int | None:
    """Return the last of REMIND_DAYS whose reminder is to have gone by now; None where that is none of them."""
    return min((days for days in REMIND_DAYS if remind_at(due, days) <= now), default=None)


def next_look(due: datetime, now: datetime) -> datetime:
    """Return when the next reminder is to go, or the time at which it is due."""
    return min((at for at in (remind_at(due, days) for days in REMIND_DAYS) if at > now), default=due)
