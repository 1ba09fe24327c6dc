"""Finding a person in one tenant: the records that hold it, those that mention it, and pointers that lead nowhere."""

from collections import deque
from collections.abc import Iterable, Mapping

from chalicelib.core import ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.privacy import subject_tags
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.store import pointers
from chalicelib.store.handlers import FindSubject, Subject
from chalicelib.store.pointers import Pointer, Role
from chalicelib.store.records import SealedRecord
from chalicelib.vault.tags import Identifier

Classes = Mapping[str, type[SealedRecord]]  # by kind


class TenantSearch:
    """What one pass finds in one tenant, some records at a time; nothing is changed, but that what joined several persons'
    records is parted again first: else what was another's went too.

    `found` are the records to erase that were found and not erased yet, each with the index tag that it must answer to; None:
    known from an erasure before. `taken` are all that ever were in `found`. `stale` are pointers without their record.
    `unhandled` are kinds that a pointer led to, and that nothing erases or redacts.
    """

    def __init__(self, tenant: TenantId, classes: Classes, start: Iterable[Pointer], tags: Iterable[str]) -> None:
        self.tenant, self._classes = tenant, classes
        self._start, self._left, self._tags = list(start), deque[Pointer](), deque(dict.fromkeys(tags))
        self._asked: set[str] = set(self._tags)
        self.found: dict[SortKey, str | None] = {}
        self.mentions: set[SortKey] = set()
        self.stale: list[Pointer] = []
        self.unhandled: set[str] = set()
        self.taken: set[SortKey] = set()
        self._theirs: set[SortKey] = set()

    def standing(self, erased: Mapping[SortKey, str]) -> dict[SortKey, Subject]:
        """Return records that were erased before and stand again, with the time when each was made, by sort key."""
        seen: dict[SortKey, Subject] = {}
        for sk, made_at in sorted(erased.items()):
            finder = self._finder(sk)
            subject = finder(self.tenant, sk, None) if finder else None
            if subject is not None and subject.made_at == made_at:
                self._take(sk, None, subject, seen)
        return seen

    def more(self, most: int | None) -> dict[SortKey, Subject]:
        """Return up to `most` records to erase, all without a number; empty where no more are found.

        They are in `found` from then on, until `found` is emptied.
        """
        seen: dict[SortKey, Subject] = {}
        self._begin()
        while (self._left or self._tags) and (most is None or len(seen) < most):
            if not self._left:
                self._left.extend(self._dissolved(list(pointers.find(self._tags.popleft(), self.tenant))))
                continue
            self._look(self._left.popleft(), seen)
        return seen

    def mentioned_by(self, tags: Iterable[str]) -> None:
        """Find the records that mention these tags too."""
        for tag in tags:
            if tag not in self._asked:
                self._asked.add(tag)
                for pointer in pointers.find(tag, self.tenant):
                    if pointer.role is Role.MENTIONS:
                        self._mention(pointer)

    def is_anothers(self, mark: Mark) -> bool:
        """Return whether a record of a kind that was found, and that is not to be erased itself, holds the mark, an address; or a
        plus-alias of it. People share mailboxes."""
        kinds = {ids.kind_of(sk) for sk in self.taken}
        for tag in subject_tags.index_tags(with_aliases([mark])):
            for pointer in pointers.find(tag, self.tenant):
                mine = pointer.record in self.taken or pointer.record in self._theirs
                finder = self._finder(pointer.record)
                if pointer.role is Role.MENTIONS or mine or finder is None or ids.kind_of(pointer.record) not in kinds:
                    continue
                if finder(self.tenant, pointer.record, tag) is not None:
                    return True
        return False

    def _begin(self) -> None:
        if self._start:
            self._left.extend(self._dissolved(self._start))
            self._theirs = {pointer.record for pointer in self._left if pointer.role is Role.HOLDS}
            self._start = []

    def _dissolved(self, found: list[Pointer]) -> list[Pointer]:
        """Return the pointers of the same tags once every join that they lead to is parted."""
        joins = {}
        for pointer in found:
            record = self._classes.get(ids.kind_of(pointer.record))
            if pointer.role is Role.HOLDS and record is not None and record.declared.dissolve is not None:
                joins[pointer.record] = record.declared.dissolve
        for sk, dissolve in sorted(joins.items()):
            dissolve.load()(self.tenant, sk)
        if not joins:
            return found
        return [each for tag in dict.fromkeys(p.tag for p in found) for each in pointers.find(tag, self.tenant)]

    def _look(self, pointer: Pointer, seen: dict[SortKey, Subject]) -> None:
        if pointer.role is Role.MENTIONS:
            self._mention(pointer)
            return
        if pointer.record in self.taken and self.found.get(pointer.record, pointer.tag) is not None:
            return
        finder = self._finder(pointer.record)
        if finder is None:
            self.unhandled.add(ids.kind_of(pointer.record))
            return
        subject = finder(self.tenant, pointer.record, pointer.tag)
        if subject is None:
            # A kill came between pointer and record: it is gone, or is another person's by now. Or it is still to come.
            self.stale.append(pointer)
        else:
            self._take(pointer.record, pointer.tag, subject, seen)

    def _take(self, sk: SortKey, tag: str | None, subject: Subject, seen: dict[SortKey, Subject]) -> None:
        self.found[sk] = tag
        self.taken.add(sk)
        seen[sk] = subject
        fresh = subject_tags.index_tags(mark for mark in subject.marks if mark.kind is Identifier.URL)
        self._tags.extend(tag for tag in fresh if tag not in self._asked)
        self._asked.update(fresh)

    def _mention(self, pointer: Pointer) -> None:
        record = self._classes.get(ids.kind_of(pointer.record))
        if record is None or record.declared.redactor is None:
            self.unhandled.add(ids.kind_of(pointer.record))
        else:
            self.mentions.add(pointer.record)

    def _finder(self, sk: SortKey) -> FindSubject | None:
        """What reads whom the record is about; None where the record's kind does not say that, or is not erased."""
        record = self._classes.get(ids.kind_of(sk))
        if record is None or record.declared.subject is None or record.declared.erase is None:
            return None
        return record.declared.subject.load()
