"""How long a company is kept that connections brought (P15). Rules only; reading applies them at once, the daily pass deletes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Lives, Unread
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import KIND, CompanyPayload


def unseen(kind: str, seen: Mapping[str, str], lives: Lives) -> frozenset[str]:
    """Return the connections (as sources of values) that have not shown a record of the kind for too long; `seen` is when each
    last did."""
    if not seen:  # of what no connection brought
        return frozenset()
    limit = clock.rfc3339(clock.now() - timedelta(days=lives.copy_days))
    old = {source: at for source, at in seen.items() if at <= limit}
    return frozenset(source for source, at in old.items() if _is_over(unseen_from(kind, {source: at}, lives)))


def unseen_from(kind: str, seen: Mapping[str, str], lives: Lives) -> datetime | None:
    """Return from when on none of these connections vouches for a record of the kind, if none shows it again; None where one
    cannot say, because what it shows of the kind cannot be read. The time for which it could not does not count."""
    last = None
    for source, at in seen.items():
        unread = lives.unread.get(f"{kind}:{source}")
        if unread is not None and not unread.until:
            return None
        until = clock.parse_rfc3339(at) + timedelta(days=lives.copy_days) + _unknown(unread, at)
        last = max(last or until, until)
    return last


def _unknown(unread: Unread | None, seen_at: str) -> timedelta:
    if unread is None or unread.until <= seen_at:
        return timedelta()
    return clock.parse_rfc3339(unread.until) - clock.parse_rfc3339(max(unread.since, seen_at))


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment <= clock.now()


def without_unseen(payload: CompanyPayload, lives: Lives) -> CompanyPayload | None:
    """Return the company without what only such connections say; the same object where that is nothing, None where
    nothing is left. What its member annotated stays, as when the connection ends (source_updates.forget)."""
    gone = unseen(KIND, payload.seen, lives)
    return source_updates.without(payload, gone, payload.updated_at, silent=True) if gone else payload
