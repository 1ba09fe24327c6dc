"""Whether two records mean one person: asked of rows of a file, of what a connection shows, and of what a member types.

They do where an identifier of a person's own is the same and the names agree. People share mailboxes, so an address alone is not
enough; a function's address or a page that is no person's profile identifies nobody. Nothing is proposed: what is not clear
stays apart.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.core import ids
from chalicelib.core.identifiers import EmailAddress, is_person_page, profile_url
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.contacts.merge import ContactDraft
from chalicelib.domain.contacts.model import KIND, ContactPayload
from chalicelib.domain.redaction.folding import MARKS, fold
from chalicelib.domain.sources import links
from chalicelib.domain.sources.provenance import OWN_EXPORT
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import pointers, rows
from chalicelib.store.pointers import Pointer, PointerRecord, Role
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

Name = tuple[str, ...]
MOST_SHARING = 20  # persons who have one identifier; what more have is nobody's own
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
_WITHIN_WORDS = str.maketrans("", "", "'’‘`´ʼ")
_MOST_OPENED = 2000  # of those who share an identifier, to find one by its name
_SINGLY = 10  # identifiers that are asked for one by one; for more, the member's pointers are read through once


@dataclass(frozen=True)
class Who:
    """What says who somebody is: identifiers of their own, each way that first and last name are written, and the ids of their
    records."""

    own: frozenset[Mark]
    names: frozenset[tuple[str, str]]
    source_ids: frozenset[str]


def same(one: Who, other: Who) -> bool:
    """Return whether the two mean one person.

    Two records of one connection are two persons, and so are two of one's own exports; one record is one person whatever it
    says.
    """
    if one.source_ids & other.source_ids:
        return True
    if _connections(one) & _connections(other):
        return False
    ours, theirs = ([name_of(*each) for each in who.names] for who in (one, other))
    return bool(one.own & other.own) and agree(ours, theirs)


def agree(some: Collection[Name], others: Collection[Name]) -> bool:
    """Return whether each of these names may belong to the person whom each of the others names."""
    return all(_compatible(name, other) for name in some for other in others)


def name_of(first: str, last: str) -> Name:
    """Return the words of a name as they are compared: without accents, case and apostrophes, ae, oe, ue as a, o, u."""
    text = fold(f"{first} {last}".translate(_WITHIN_WORDS))
    return tuple(_WORD.findall(text.replace("ae", "a").replace("oe", "o").replace("ue", "u")))


def own_marks(emails: Iterable[EmailAddress], profile_urls: Iterable[str]) -> tuple[Mark, ...]:
    """Return the marks that are one person's alone; URLs are in their exact form."""
    marks = [Mark(Identifier.EMAIL, each.exact) for each in emails if not each.is_role]
    marks += [Mark(Identifier.URL, url) for url in profile_urls if is_person_page(url)]
    return tuple(dict.fromkeys(marks) if len(marks) > 1 else marks)


def who_comes(draft: ContactDraft) -> Who:
    """Return the identity that a draft states."""
    urls = [exact for _, exact in draft.keyed("profile_urls")]
    records = [draft.source_id] if draft.source_id else []
    names = frozenset([(draft.first_name, draft.last_name)])
    return Who(frozenset(own_marks(draft.emails, urls)), names, frozenset(records))


def who_is(payload: ContactPayload) -> Who:
    """Return the identity of a contact: every name and every identifier that a source states, shown or not."""
    emails = (EmailAddress.parse(kept.value) for kept in payload.values_of("emails"))
    urls = (profile_url(kept.value) for kept in payload.values_of("profile_urls"))
    return Who(frozenset(own_marks(emails, urls)), frozenset(payload.names()), frozenset(payload.source_ids))


def united(several: Iterable[Who]) -> Who:
    """Return the one person whom all of these are."""
    every = list(several)
    if len(every) == 1:
        return every[0]
    return Who(
        frozenset().union(*(who.own for who in every)),
        frozenset().union(*(who.names for who in every)),
        frozenset().union(*(who.source_ids for who in every)),
    )


def chosen(who: Who, candidates: Mapping[SortKey, ContactPayload]) -> SortKey | None:
    """Return the sort key of the contact that is this person, the oldest where several are; None where none is.

    People change their names, and sources keep the old ones: one of a contact's names is enough.
    """
    fitting = [
        (payload.created_at, sk)
        for sk, payload in candidates.items()
        if any(same(who, each) for each in _by_each_name(who_is(payload)))
    ]
    return min(fitting)[1] if fitting else None


def _by_each_name(who: Who) -> Iterator[Who]:
    """The same with one name at a time, but for names that say less than another."""
    names = {name: name_of(*name) for name in who.names}
    for name, words in names.items():
        if not any(len(words) < len(other) and _compatible(words, other) for other in names.values()):
            yield replace(who, names=frozenset([name]))
    if not names:
        yield who


def same_as_named(who: Who, payload: ContactPayload) -> bool:
    """Return whether the contact has an identifier of the person and the very words of its name, in any order."""
    there = who_is(payload)
    ours, theirs = ({tuple(sorted(name_of(*name))) for name in each.names} for each in (who, there))
    return bool(who.own & there.own) and bool(ours & theirs)


def _connections(who: Who) -> frozenset[str]:
    parsed = (links.parse(source_id) for source_id in who.source_ids)
    found = {str(each.connection) for each in parsed if each is not None}
    exported = any(source_id.startswith(f"{OWN_EXPORT}:") for source_id in who.source_ids)
    return frozenset(found | {OWN_EXPORT}) if exported else frozenset(found)


def _compatible(name: Name, other: Name) -> bool:
    """Whether every word of the shorter one is in the longer, in any order, whole or as an initial of either; or both are the
    same letters, divided otherwise. A name that is missing fits every other."""
    few, left = sorted((list(name), list(other)), key=len)
    for word in sorted(few, key=len, reverse=True):
        match = word if word in left else next((each for each in left if _initial(each, word)), None)
        if match is None:
            return _rotated(name, other) or _rotated(other, name)
        left.remove(match)
    return True


def _initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    cased = short.upper() != short.lower()  # one Chinese character is a whole name
    return len(short) == 1 and cased and long.startswith(short)


def _rotated(name: Name, other: Name) -> bool:
    letters = "".join(name)
    return any(letters == "".join(other[at:] + other[:at]) for at in range(len(other)))


class Holders:
    """Which contacts of a member have an identifier, by the contacts' own pointers: no contact is opened for it.

    They are as they were when first asked for, and what is learnt since. `owner` is the member's owner code.
    """

    def __init__(self, tenant: TenantId, owner: OwnerCode) -> None:
        self._tenant, self._prefix = tenant, ids.key_range("subject", owner)
        self._found: dict[
            str, SortKey | list[SortKey]
        ] = {}  # by tag: one sort key, for there may be many thousands, or several
        self._whole = False
        self._shared = set[Mark]()  # by many, of those that candidates were asked for

    def of(self, marks: Iterable[Mark]) -> dict[Mark, frozenset[SortKey]]:
        """Return the sort keys of the contacts that have each mark. A pointer alone is no proof that its contact is there, or
        still has the identifier."""
        asked = {mark: tags.subject_tags("index", mark.kind, mark.exact) for mark in marks}
        if not self._whole and sum(any(tag not in self._found for tag in each) for each in asked.values()) > _SINGLY:
            self.read_through()
        return {mark: frozenset(sk for tag in each for sk in self._at(tag)) for mark, each in asked.items()}

    def candidates(self, everybody: Sequence[Who]) -> list[list[SortKey]]:
        """Return for each the sort keys of the contacts that share an identifier, except identifiers that many have."""
        found = self.of(mark for who in everybody for mark in who.own)
        few = {mark: sks for mark, sks in found.items() if len(sks) <= MOST_SHARING}
        self._shared |= found.keys() - few.keys()
        return [sorted({sk for mark in who.own for sk in few.get(mark, ())}) for who in everybody]

    def is_apart(self, who: Who) -> bool:
        """Return whether no identifier tells the person from others: it has none, or only such as many share, of those that were
        asked for."""
        return who.own <= self._shared

    def named(self, name: str) -> list[SortKey]:
        """Return the contacts that have this name at a source."""
        mark = Mark(Identifier.SOURCE, name)
        return sorted(self.of([mark])[mark])

    def nearest(self, who: Who, name: str) -> list[SortKey]:
        """Return for a person who `is_apart` the contacts that have `name` among their names at sources, else those many."""
        return self.named(name) or sorted({sk for sks in self.of(who.own).values() for sk in sks})[:_MOST_OPENED]

    def read_through(self) -> None:
        """Read all of the member's pointers now, and ask for none singly."""
        self._found, self._whole = {}, True
        for pointer in self._pointers(""):
            self._add(pointer)

    def learn(self, written: Iterable[Pointer]) -> None:
        """Add these pointers to the known ones."""
        for pointer in written:
            if self._whole or pointer.tag in self._found:
                self._add(pointer)

    def _at(self, tag: str) -> list[SortKey]:
        if tag not in self._found and not self._whole:
            self._found[tag] = []
            for pointer in self._pointers(f"{tag}#{Role.HOLDS}#{KIND}#"):
                self._add(pointer)
        found = self._found.get(tag, [])
        return [found] if isinstance(found, str) else found

    def _add(self, pointer: Pointer) -> None:
        if pointer.role is not Role.HOLDS or not pointer.record.startswith(f"{KIND}#"):
            return
        there = self._found.get(pointer.tag)
        if isinstance(there, list):
            there.append(pointer.record)
        elif there != pointer.record:
            self._found[pointer.tag] = [there, pointer.record] if there else pointer.record

    def _pointers(self, begin: str) -> Iterator[Pointer]:
        for page in rows.keys(PointerRecord, self._tenant, self._prefix + begin):
            for sk in page:
                yield pointers.parse(self._tenant, sk)
