"""What must be done again after tables were restored: every erasure, disconnection, leaving and purge, the certificates given
for them, and what was made more private.

One sealed object each, in a bucket of its own: a restored table would take a log in a table back with it. It holds keyed
hashes, ids and switches, no address and no name. An entry is written before the first deletion or change that it tells of;
where it cannot be written, nothing is deleted or changed (Unavailable, and whoever deletes comes again). The bucket's lifecycle
ends an entry long after the last backup that could bring back what it deletes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import Unavailable
from chalicelib.core.ids import MemberId, OwnerCode, SortKey, TenantId
from chalicelib.core.models import Model
from chalicelib.domain.certificates.narrowed import Narrowing
from chalicelib.domain.certificates.wished import Wished
from chalicelib.store import objects
from chalicelib.vault.keys import PLATFORM

_SEAL = object()


class InTenant(Model):
    """What an erasure did in one tenant. `erased`: the sort key of each contact and when that contact was made, which
    tells it from a later one under the same key."""

    tombstones: list[str] = []  # suppression tags
    followed: list[str] = []  # index tags of profile URLs: who holds one is erased too
    known: list[str] = []  # index tags of what else the contacts held: cut where it is mentioned
    erased: dict[SortKey, str] = {}
    owners: list[OwnerCode] = []  # of members in whose texts the person is cut again: told before a replay cuts them

    def plus(self, other: "InTenant") -> "InTenant":
        """Return all of both; neither is changed."""
        return InTenant(
            tombstones=_united(self.tombstones, other.tombstones),
            followed=_united(self.followed, other.followed),
            known=_united(self.known, other.known),
            erased=self.erased | other.erased,
            owners=_united(self.owners, other.owners),
        )

    @property
    def held_by(self) -> set[OwnerCode]:
        """Owner codes of the members who had something of the person, as far as the log tells."""
        return {ids.owner_of(sk) for sk in self.erased} | {*self.owners}


class Erasure(Model):
    """A person's erasure. `sought` are the index tags, in every key version, of the verified addresses and of what their
    plus-aliases carry; `tombstones` the suppression tags set everywhere."""

    request: str
    confirmed_at: datetime | None = None
    sought: list[str]
    tombstones: list[str]
    places: dict[str, list[str]] = {}  # by kind, where records of the verified addresses are found by their own keys
    tenants: dict[TenantId, InTenant] = {}

    def plus(self, other: "Erasure") -> "Erasure":
        """Return all of both, of the same request; neither is changed."""
        tenants = dict(self.tenants)
        for tenant, known in other.tenants.items():
            tenants[tenant] = tenants.get(tenant, InTenant()).plus(known)
        kinds = sorted({*self.places, *other.places})
        return Erasure(
            request=self.request,
            confirmed_at=self.confirmed_at or other.confirmed_at,
            sought=_united(self.sought, other.sought),
            tombstones=_united(self.tombstones, other.tombstones),
            places={kind: _united(self.places.get(kind, []), other.places.get(kind, [])) for kind in kinds},
            tenants=tenants,
        )


class Certified(Model):
    """A certificate that was given; `request` is the privacy request that it closed, empty for a purge."""

    certificate: str
    jws: str
    request: str = ""


class Choice(Model):
    """What a member's settings let others and us do, as last set: the switches that are on, and days at most."""

    tenant: TenantId
    member: MemberId
    on: list[str]
    days: dict[str, int]


class Charter(Model):
    """The rules of a workspace, as last set: who owns it, and days at most."""

    tenant: TenantId
    owners: list[MemberId]
    days: dict[str, int]


class OptedOut(Model):
    """Who was said to want no mail of a workspace: by suppression tag, the index tags of the pointers; by whom and when."""

    tenant: TenantId
    source: str
    at: str
    people: dict[str, list[str]]


class Disconnection(Model):
    """A member's connection was ended. One made after `at` may have the same id: it is of a later consent. `keeps`: what the
    member had annotated stayed."""

    tenant: TenantId
    connection: str
    at: datetime
    keeps: bool = True


class Withdrawal(Model):
    """An invitation ended as it was at `at`. One sent later may have the same id."""

    tenant: TenantId
    invitation: str
    at: datetime


class Purge(Model):
    """A whole tenant was deleted."""

    tenant: TenantId
    certificate: str
    at: str


class Leaving(Model):
    """One member's data was deleted; `owner` is its owner code, `invitation` the id that one to its address has: one sent after
    `at`, when the leaving was asked for, stays."""

    tenant: TenantId
    owner: OwnerCode
    member: MemberId
    at: str
    invitation: str = ""


Ended = Certified | Disconnection | Erasure | Leaving | Purge | Withdrawal
Entry = Ended | Charter | Choice | Narrowing | OptedOut | Wished
E = TypeVar("E", bound=Model)
C = TypeVar("C", Charter, Choice)
T = TypeVar("T", bound=str)
# In the order of their replay, which is that of their keys: a certificate closes its request before the erasure looks whether
# it has to go on; a charter says who owns the workspace before an owner's leaving asks who is left; whose opt-out was declared
# again may be erased then; a leaving and a purge take with them what was ended or set again of that member or tenant; and who is
# erased needs no wish any more.
_KINDS: dict[str, type[Entry]] = {
    "certificate": Certified,
    "charter": Charter,
    "choice": Choice,
    "declined": OptedOut,
    "disconnection": Disconnection,
    "erasure": Erasure,
    "invitation": Withdrawal,
    "leaving": Leaving,
    "narrowing": Narrowing,
    "purge": Purge,
    "wished": Wished,
}


class Logged(Generic[E]):
    """An entry that was read from the log, and so was verified when it was written. Only `read` makes one."""

    def __init__(self, entry: E, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only the replay log gives logged entries")
        self.entry = entry


def note_erasure(entry: Erasure) -> None:
    """Write the erasure down as far as it is known now, over what was written before."""
    _put(f"erasure/{entry.request}", entry)


def erasure_of(request_id: str) -> Erasure | None:
    """Return what was written down of an erasure so far."""
    content = objects.find_sealed(settings.current().buckets.replay, f"erasure/{request_id}", PLATFORM)
    return None if content is None else Erasure.model_validate_json(content)


def note_certificate(certificate_id: str, jws: str, request: str = "") -> None:
    """Write down a certificate that was given, and the privacy request that it closes."""
    _put(f"certificate/{certificate_id}", Certified(certificate=certificate_id, jws=jws, request=request))


def note_purge(tenant: TenantId, certificate_id: str = "") -> None:
    """Write down that the tenant is purged: before its first row goes. Again once the certificate's id is known, if it was
    not."""
    _put(f"purge/{tenant}", Purge(tenant=tenant, certificate=certificate_id, at=clock.rfc3339(clock.now())))


def note_disconnection(tenant: TenantId, connection_id: str, *, keeps: bool = True) -> None:
    """Write down that the connection is ended: before its grant is, and before the first row goes. Safe to repeat as long as it
    is not connected again."""
    entry = Disconnection(tenant=tenant, connection=connection_id, at=clock.now(), keeps=keeps)
    _put(f"disconnection/{tenant}.{connection_id}", entry)


def note_leaving(entry: Leaving) -> None:
    """Write down that the member's data is deleted: before its first row goes."""
    _put(f"leaving/{entry.tenant}.{entry.owner}", entry)


def early(note: Callable[[], None]) -> None:
    """Write down what was just asked for. Its worker writes it down again before the first deletion, so that a failure costs
    nothing but a loss at this very moment."""
    try:
        note()
    except Unavailable as error:
        log.failure("not_noted_early", error)


def note_withdrawal(tenant: TenantId, invitation: str, at: datetime) -> None:
    """Write down that the invitation as it was at `at` is ended: before it is."""
    entry = Withdrawal(tenant=tenant, invitation=invitation, at=at)
    _put(f"invitation/{tenant}.{invitation}.{at.timestamp():.6f}", entry)


def note_opt_outs(entry: OptedOut) -> None:
    """Write down who wants no mail: before the rows that say so."""
    _put(f"declined/{entry.tenant}.{ids.ulid()}", entry)


def note_setting(entry: Charter | Choice) -> list[str]:
    """Write down how something is set from now on, before it is. Return the keys of what was written of it before, for `forget`
    when it is set: a kill between the two leaves both, and the more private of them holds.

    Each change writes an object of its own and forgets only what it found before it wrote its row: so of two at the same
    time neither forgets what the other has set.
    """
    bucket, prefix = settings.current().buckets.replay, _prefix(entry)
    earlier = objects.keys(bucket, prefix=prefix)
    _put(f"{prefix}{ids.ulid()}", entry)
    return earlier


def forget(found: list[str]) -> None:
    """Delete entries of settings that another one has replaced. Where that fails the more private of them holds."""
    try:
        for key in found:
            objects.delete(settings.current().buckets.replay, key)
    except Unavailable as error:
        log.failure("setting_not_forgotten", error, count=len(found))


def of_same(entry: C) -> dict[str, C]:
    """Return all that stands in the log of what the entry is of, by key, the oldest first: several where a change was killed."""
    found = objects.keys(settings.current().buckets.replay, prefix=_prefix(entry))
    return {key: read(key).entry for key in found}


def forget_settings(tenant: TenantId, owner_code: OwnerCode | None = None) -> None:
    """Forget what the member chose who goes, or all that was set in a workspace that ends. Safe to repeat."""
    bucket = settings.current().buckets.replay
    objects.delete_prefix(bucket, f"choice/{tenant}.{owner_code or ''}")
    for kind in ("charter", "declined") if owner_code is None else ():
        objects.delete_prefix(bucket, f"{kind}/{tenant}.")


def _prefix(entry: Charter | Choice) -> str:
    if isinstance(entry, Charter):
        return f"charter/{entry.tenant}."
    return f"choice/{entry.tenant}.{ids.owner_code(entry.member)}."


def keys(after: str = "", limit: int = 1000) -> list[str]:
    """Return the next keys of the log, in the order of replay. Empty at its end."""
    return objects.keys(settings.current().buckets.replay, after, limit)


def read(key: str) -> Logged[Any]:
    """Return the entry of a key. KeyError for an unknown kind."""
    kind = _KINDS[key.partition("/")[0]]
    content = objects.get_sealed(settings.current().buckets.replay, key, PLATFORM)
    return Logged(kind.model_validate_json(content), _SEAL)


def _put(key: str, entry: Entry) -> None:
    objects.put_sealed(settings.current().buckets.replay, key, PLATFORM, entry.model_dump_json().encode())


def _united(one: list[T], other: list[T]) -> list[T]:
    return list(dict.fromkeys([*one, *other]))
