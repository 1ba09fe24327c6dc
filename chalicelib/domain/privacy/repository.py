"""The row of a request, read and written; what works on it; and where rows about its address stand."""

from collections.abc import Callable, Sequence

from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.rights import Right
from chalicelib.store import rows
from chalicelib.store.rows import PutIf
from chalicelib.store.steps import Outcome, Turn
from chalicelib.vault import tags

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


def save_with_person(found: Found, kept: PersonRecord, person: PersonPayload, beside: Sequence[PutIf] = ()) -> None:
    """Write the request and what its person wrote over what was read, and these rows with them, all or nothing. VersionConflict
    where another write came between."""
    record, request = found
    record.reseal(request)
    kept.reseal(person)
    rows.put_if_unchanged(record, [PutIf(kept), *beside])


def answered_pk(exact: str) -> str:
    """Return the partition of what was sent to, or waits for, an address (exact form)."""
    return f"answered#{tags.platform_digest('answered', exact)}"
