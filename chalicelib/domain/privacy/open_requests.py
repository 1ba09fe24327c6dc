"""Which requests are not over: by a row for each, written before the request and deleted after it."""

from collections.abc import Iterator

from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import OpenRequestRecord, RequestRecord
from chalicelib.store import batch, rows

_PK, _PREFIX = "officer", "open_request#"
_MOST = 5_000  # that one look reads


def add(ident: str) -> None:
    """Record that there is a request of that id, or is about to be. Safe to repeat."""
    batch.put_all([row(ident)])


def row(ident: str) -> OpenRequestRecord:
    """Return the row that `add` writes, for whoever writes it with the request."""
    return OpenRequestRecord.build(_PK, _PREFIX + ident)


def remove(ident: str) -> None:
    """Record that nothing is left to do for that request. Safe to repeat."""
    batch.delete_all(OpenRequestRecord, [(_PK, _PREFIX + ident)])


def every(most: int = _MOST) -> Iterator[tuple[str, Request]]:
    """Yield the requests that are not over, by their ids, in no order that tells anything; at most so many."""
    idents = (sk.removeprefix(_PREFIX) for page in rows.keys(OpenRequestRecord, _PK, _PREFIX) for sk in page)
    left = most
    for chunk in batch.chunks(idents, batch.READ_AT_ONCE):
        found = batch.get_all(RequestRecord, [(f"request#{ident}", "request") for ident in chunk[:left]])
        left -= len(chunk)
        for (pk, _), record in found.items():
            yield pk.removeprefix("request#"), record.unsealed(Request)
        if left <= 0:
            return
