"""The row of a request, read and written; and what works on it."""

from collections.abc import Callable

from chalicelib.domain.privacy.model import Request, Right
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from chalicelib.store.steps import Outcome, Turn

# A step of one kind of right: of the request as it stands, in its worker's turn. It saves what it changes; None where nothing
# (more) of its part is to be done.
RightStep = Callable[[Turn, RequestRecord, Request, Right], Outcome | None]
Found = tuple[RequestRecord, Request]  # a request's row, and what it holds


def find(ident: str) -> Found | None:
    """Return the request of that id, its row and what it holds; None where there is none (any more)."""
    record = rows.get(RequestRecord, f"request#{ident}", "request")
    return (record, record.unsealed(Request)) if record else None


def save(record: RequestRecord, request: Request) -> None:
    """Write the request over what was read. VersionConflict where another write came between."""
    record.reseal(request)
    rows.put_if_unchanged(record)
