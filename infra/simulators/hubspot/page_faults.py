"""Faults that happen between two pages."""

from typing import Any

from infra.simulators.faults import Faults
from infra.simulators.hubspot.records import Objects, Record

Body = dict[str, Any]


class PageFaults:
    """Remembers each walk's last page, for it may come again."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._before: dict[str, Body] = {}  # by walk, whose first word is the object

    def repeated(self, walk: str, body: Body, *, further: bool) -> Body:
        """Return the answer to a request for a further page of a walk that is not at its end, or the answer before again."""
        before = self._before.pop(walk, None)
        if further and before is not None and self._faults.take(["repeat"], walk):
            body = before
        if "paging" in body:
            self._before[walk] = body
        return body

    def meanwhile(self, objects: Objects, of: str, page: list[Record], more: list[Record]) -> None:
        """After a page that is not the last: its first record changes; the next one's first vanishes."""
        if not more:
            return
        if self._faults.take(["change"], of):
            objects.change(of, str(page[0].ident), {"jobtitle" if of == "contacts" else "name": "Changed Meanwhile"})
        if self._faults.take(["vanish"], of):
            objects.archive(of, str(more[0].ident))
