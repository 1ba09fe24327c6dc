"""Faults that a request alone does not show: what happens between two pages."""

from infra.loopback import Said
from infra.simulators.hubspot.records import Objects, Record
from infra.simulators.simulator import Fault

KINDS = ("repeat", "change", "vanish")


class PageFaults:
    """Those that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._before: dict[str, Said] = {}  # by walk, whose first word is the object

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def pending(self) -> int:
        return len(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

    def repeated(self, walk: str, said: Said, *, further: bool) -> Said:
        """The answer to a request for a further page of a walk that is not at its end, or the answer before again."""
        before = self._before.pop(walk, None)
        if further and before is not None and self._take("repeat", walk.split(maxsplit=1)[0]):
            said = before
        if "paging" in said.document:
            self._before[walk] = said
        return said

    def meanwhile(self, objects: Objects, of: str, page: list[Record], more: list[Record]) -> None:
        """After a page that is not the last: its first record changes; the next one's first vanishes."""
        if not more:
            return
        if self._take("change", of):
            objects.change(of, str(page[0].ident), {"jobtitle" if of == "contacts" else "name": "Changed Meanwhile"})
        if self._take("vanish", of):
            objects.archive(of, str(more[0].ident))

    def _take(self, kind: str, of: str) -> bool:
        for fault in self._waiting:
            if fault.kind == kind and fault.on in ("", of):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return True
        return False
