"""Handlers: functions that a record's declaration names, and how each kind of them is called."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.core.told import Changes, Told

F = TypeVar("F", bound=Callable[..., Any])


class Because(str):
    """Stands where a handler would: why there is none."""

    __slots__ = ()


@dataclass(frozen=True)
class Handler(Generic[F]):
    """A function by its place, `module:name`. It is loaded at its first use, so that a module of records stays light."""

    place: str

    def load(self) -> F:
        """Return the function."""
        module, _, name = self.place.partition(":")
        return cast("F", getattr(importlib.import_module(module), name))


class Subject(Protocol):
    """Whom a record is about, read before it is erased. `made_at` tells it from a later one under the same key; `also` are other
    names of the person, `with_it` the sort keys of records that go with it."""

    @property
    def made_at(self) -> str: ...

    @property
    def name(self) -> tuple[str, str]: ...

    @property
    def marks(self) -> Sequence[Any]: ...

    @property
    def also(self) -> Sequence[tuple[str, str]]: ...

    @property
    def with_it(self) -> Sequence[SortKey]: ...


# The record's tenant and sort key, and the index tag that it must answer to: None where it is gone or does not (any more). A
# None tag is answered by whoever is there.
FindSubject = Callable[[TenantId, SortKey, str | None], Subject | None]
# As above. Delete the record, what hangs on it, then its pointers; whether it was there. Safe to repeat.
Erase = Callable[[TenantId, SortKey, str | None], bool]
# The record's tenant and sort key, and what cuts a person out of a text. Whether anything changed. VersionConflict.
Redact = Callable[[TenantId, SortKey, Callable[[str], str]], bool]
# A tenant, the marks of whom was erased there, and the sort keys of the records that went: delete what hangs on the parents by
# these. Safe to repeat.
EraseChildren = Callable[[TenantId, Sequence[Any], Sequence[SortKey]], None]
# The record's tenant and sort key: part again what it joined, so that of each part alone is asked whose it is. Safe to repeat.
Dissolve = Callable[[TenantId, SortKey], None]
# A tenant and a record's sort key -> each value that it holds about its person, never what a member notes of it; nothing where it
# has gone.
Tell = Callable[[TenantId, SortKey], Sequence[Told]]
# An address in exact form -> each value that the platform itself holds about whose it is.
TellAt = Callable[[str], Iterable[Told]]
# An actor, the sort key of a record of its own, and what the record's person says is right: put it in as the member's own word.
# Whether anything changed. NotFound, AddressNotStorable, Unprocessable.
Correct = Callable[[Any, SortKey, Changes], bool]
# An address in exact form, and what its person says is right: put it in, above every source. Whether anything changed.
CorrectAt = Callable[[str, Changes], bool]
# A record's tenant and sort key: have it say whether its person wants its data restricted. Whether anything changed. Safe to
# repeat.
Restrict = Callable[[TenantId, SortKey], bool]
# An address in exact form -> the place where records of it are found.
PlaceOf = Callable[[str], str]
# A place, and whether an address (exact form) is the person's. Yields each record's tenant and id before it goes: it goes when
# the next one is asked for. Safe to repeat.
EraseAt = Callable[[str, Callable[[str], bool]], Iterator[tuple[TenantId, str]]]
# A tenant and an owner code: somebody whom that member held was erased. Safe to repeat.
AfterErasure = Callable[[TenantId, OwnerCode], object]
# An actor -> the owner codes of the ranges whose rows it is shown.
Ranges = Callable[[Any], list[OwnerCode]]
# A tenant -> how many rows went. Called in every pass, after the keys were shredded, before the team's rows go. Safe to repeat.
Purge = Callable[[TenantId], int]
# A tenant and an owner code. Safe to repeat.
Leave = Callable[[TenantId, OwnerCode], object]
# A tenant, rows of the kind, the lives by owner code, and who is told the sort keys of what is about to go -> how many ended.
Expire = Callable[[TenantId, Sequence[Any], Callable[[OwnerCode], Any], Callable[[list[SortKey]], None]], int]
# A tenant and sort keys that `expire` told of: delete what a kill left of them. Safe to repeat.
Tidy = Callable[[TenantId, Sequence[SortKey]], None]


@dataclass(frozen=True)
class Replayed:
    """How many records had come back, and where to go on within the entry: empty where it is done. `untold`: how many members
    could not be mailed now; another replay mails them."""

    changed: int
    within: str = ""
    untold: int = 0


# An entry of the replay log, every record class, where to go on within the entry (empty: from its beginning), and whether there
# is time. Safe to repeat.
Replay = Callable[[Any, Sequence[Any], str, Callable[[], bool]], Replayed]
# A tenant, the place after which to go on (empty: from the beginning), and whether there is time -> whether all grants that were
# tried are known to have ended, and the place after which to go on, None where none is left.
RevokeOfTenant = Callable[[TenantId, str, Callable[[], bool]], tuple[bool, str | None]]
# The same for one member: a tenant and an owner code, then as above.
RevokeOfMember = Callable[[TenantId, OwnerCode, str, Callable[[], bool]], tuple[bool, str | None]]
