"""How long a company is kept that connections brought (P15). Rules only; reading applies them at once, the daily pass deletes."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import CompanyPayload


def unseen(seen: Mapping[str, str], lives: Lives) -> frozenset[str]:
    """Return the connections (as sources of values) that have not shown it for too long; `seen` is when each last
    did."""
    limit = clock.rfc3339(clock.now() - timedelta(days=lives.copy_days))
    return frozenset(source for source, at in seen.items() if at <= limit)


def without_unseen(payload: CompanyPayload, lives: Lives) -> CompanyPayload | None:
    """Return the company without what only such connections say; the same object where that is nothing, None where
    nothing is left. What its member annotated stays, as when the connection ends (source_updates.forget)."""
    gone = unseen(payload.seen, lives)
    return source_updates.without(payload, gone, payload.updated_at, silent=True) if gone else payload
