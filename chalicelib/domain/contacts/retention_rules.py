"""How long a contact is kept (P15). Rules only; reading applies them at once, the daily pass deletes.

A life counts from the person's last message where one is known, and from the day the contact came in; the later of the two
counts. So say the limits of prospecting that supervisory authorities have set out under GDPR art. 5(1)(e) (CNIL, commercial
management, 2022: three years from collection or from the last contact *by the prospect*). What the member does, such as
an edit, a note, a tag or bringing the same file in again, is no word of the person, and does not count: otherwise a nightly
import would keep everybody for ever. For the same reason there is no way to prolong a life by hand. Who is in business with
the person tags the company `client`, which exempts its contacts for as long as the tag stands.
"""

from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.domain.companies.retention_rules import unseen
from chalicelib.domain.contacts.merge import without_sources
from chalicelib.domain.contacts.model import ContactPayload

NOTICE = timedelta(days=14)


def ends_at(payload: ContactPayload, lives: Lives) -> datetime:
    """Return when the contact's life ends, were its company no client."""
    began = max(payload.created_at, payload.last_heard_at or "")  # RFC 3339 in UTC sorts as text
    return clock.parse_rfc3339(began) + timedelta(days=lives.contact_days)


def over(payload: ContactPayload, lives: Lives) -> bool:
    """Return whether the contact's life has ended, were its company no client."""
    return ends_at(payload, lives) <= clock.now()


def ends_soon(payload: ContactPayload, lives: Lives) -> bool:
    """Return whether the contact's life is to end within NOTICE, were its company no client."""
    now = clock.now()
    return now < ends_at(payload, lives) <= now + NOTICE


def without_unseen(payload: ContactPayload, lives: Lives) -> ContactPayload | None:
    """Return the contact without what came from connections that have not shown it for too long; the same object where
    that is nothing, None where nobody is left.

    Such a connection vouches for nothing any more: a value goes that has no other source, and so do the contact's names
    there. What the member typed, or a file brought, is no copy of a connection and stays.
    """
    gone = unseen(payload.seen, lives)
    if not gone:
        return payload
    left = without_sources(payload, gone)
    return left if left.says_who else None
