"""How long a contact is kept (P15). Rules only; reading applies them at once, the daily pass deletes.

A life counts from the person's last message where one is known, and from the day the contact came in; the later of the two
counts. So say the limits of prospecting that supervisory authorities have set out under GDPR art. 5(1)(e) (CNIL, commercial
management, 2022: three years from collection or from the last contact *by the prospect*). What the member does, such as
an edit, a note, a tag or bringing the same file in again, is no word of the person, and does not count: otherwise a nightly
import would keep everybody for ever. For the same reason there is no way to prolong a life by hand. Who is in business with
the person tags the company `client`, which exempts its contacts for as long as the tag stands.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.domain.companies.retention_rules import unseen, unseen_from
from chalicelib.domain.contacts import annotated
from chalicelib.domain.contacts.annotated import Tagged
from chalicelib.domain.contacts.model import KIND, ContactPayload

NOTICE = timedelta(days=14)
LONGEST_MONTHS = 36


def ends_at(payload: ContactPayload, lives: Lives) -> datetime:
    """Return when the contact's life ends, were its company no client: after its days, and after 36 months of the calendar at
    the latest."""
    began = clock.parse_rfc3339(max(payload.created_at, payload.last_heard_at or ""))  # RFC 3339 in UTC sorts as text
    return min(began + timedelta(days=lives.contact_days), months_later(began, LONGEST_MONTHS))


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same time of day so many months of the calendar later: on the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def over(payload: ContactPayload, lives: Lives) -> bool:
    """Return whether the contact's life has ended, were its company no client."""
    return ends_at(payload, lives) <= clock.now()


def ends_soon(payload: ContactPayload, lives: Lives) -> bool:
    """Return whether the contact's life is to end within NOTICE, were its company no client."""
    now = clock.now()
    return now < ends_at(payload, lives) <= now + NOTICE


def soon_ends_at(payload: ContactPayload, lives: Lives, tagged: Tagged) -> datetime | None:
    """Return when the contact goes, where that is within NOTICE: its life ends, were its company no client; or nothing of it is
    left, since no connection shows it any more."""
    ends = [ends_at(payload, lives)] if ends_soon(payload, lives) else []
    unseen_from = unseen_at(payload, lives, tagged)
    if unseen_from is not None and unseen_from <= clock.now() + _notice_of_copies(lives):
        ends.append(unseen_from)
    return min(ends, default=None)


def unseen_at(payload: ContactPayload, lives: Lives, tagged: Tagged) -> datetime | None:
    """Return when nothing would be left of the contact if no connection showed it any more, None where something would, or where
    one cannot be read that may show it."""
    if not payload.seen or annotated.left(payload, frozenset(payload.seen), "", tagged) is not None:
        return None
    return unseen_from(KIND, payload.seen, lives)


def asks_for_tag(payload: ContactPayload, lives: Lives) -> bool:
    """Return whether `without_unseen` needs to know whether the contact's company has a tag."""
    return bool(unseen(KIND, payload.seen, lives)) and annotated.asks_for_tag(payload)


def without_unseen(payload: ContactPayload, lives: Lives, tagged: Tagged) -> ContactPayload | None:
    """Return the contact without what came from connections that have not shown it for too long; the same object where
    that is nothing, None where nobody is left.

    Such a connection vouches for nothing any more: a value goes that has no other source, and so do the contact's names
    there. What the member typed, or a file brought, is no copy of a connection and stays; and what the member annotated stays as
    its own, see `annotated`.
    """
    gone = unseen(KIND, payload.seen, lives)
    if not gone:
        return payload
    last = unseen_from(KIND, {source: payload.seen[source] for source in gone}, lives)
    at = clock.rfc3339(last or clock.now())
    return annotated.left(payload, gone, at, tagged, silent=True)


def _notice_of_copies(lives: Lives) -> timedelta:
    """As long as NOTICE, and no longer than what no healthy connection leaves unseen."""
    return min(NOTICE, timedelta(days=lives.copy_days) / 2)
