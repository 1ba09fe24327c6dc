"""What persons have said of the use of their data, and what that forbids: the one gate that outreach, scoring and the directory
ask. It holds in every workspace, for the address that was proved and its plus-aliases, until the person lifts it.

Nothing of the person is kept but keyed hashes of the address. An erasure takes a wish away: its tombstone forbids more.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import TenantId
from chalicelib.domain.certificates import wished
from chalicelib.domain.certificates.replay_log import Logged
from chalicelib.domain.certificates.wished import Wished
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.records import Said, Wish, WishPayload, WishRecord
from chalicelib.store import batch, rows
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

KIND = WishRecord.declared.kind
_BETWEEN = "."  # two tags of a place, whose alphabet has no point


class Use(StrEnum):
    """What may be done with a person's data."""

    OUTREACH = "outreach"
    SCORING = "scoring"
    SHARING = "sharing"  # with colleagues of whoever holds them
    OVERWRITING = "overwriting"  # by what a source says newly
    DIRECTORY = "directory"


_OBJECTED = frozenset({Use.OUTREACH, Use.SCORING, Use.DIRECTORY})
FORBIDS: Mapping[Wish, frozenset[Use]] = {
    Wish.OBJECTION: _OBJECTED,
    Wish.CONSENT_WITHDRAWN: _OBJECTED,
    Wish.RESTRICTION: frozenset(Use),
    Wish.UNLISTED: frozenset({Use.DIRECTORY}),
}


def standing(addresses: Iterable[str]) -> dict[str, frozenset[Wish]]:
    """Return for each of these addresses (exact forms) the wishes that stand of it; one of its mailbox counts for a plus-alias.

    Reads consistently, 100 keys a call, and never from a cache: ask in the invocation that uses the data.
    """
    asked = {exact: _keys(exact) for exact in addresses}
    found = batch.get_all(WishRecord, sorted({key for keys in asked.values() for key in keys}))
    said = {key: row.unsealed(WishPayload).said for key, row in found.items()}
    return {exact: frozenset(wish for key in keys for wish in said.get(key, ())) for exact, keys in asked.items()}


def forbidden(use: Use, addresses: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses (exact forms) whose person does not let their data be used so. Calls as `standing`."""
    found = standing(addresses)
    return frozenset(exact for exact, wishes in found.items() if any(use in FORBIDS[wish] for wish in wishes))


def record(address: str, wishes: Collection[Wish], by: str, at: datetime) -> None:
    """Keep that the owner of the address (exact form), which is proved, said this: noted in the replay log first. `by` names the
    request, or the notice: its link lifts it. Safe to repeat. Unavailable, VersionConflict."""
    record_at(place_of(address), wishes, by, at)


def record_at(place: str, wishes: Collection[Wish], by: str, at: datetime) -> None:
    """The same for the address of a place; nothing where its owner was erased since, whose tombstone forbids more."""
    base, exact = _opened(place)[0]
    if tombstones.blocked_everywhere([base, exact]):
        return
    new = {wish: Said(since=at, by=by) for wish in wishes}

    def attempt() -> None:
        row = rows.get(WishRecord, *_key(base, exact))
        known = row.unsealed(WishPayload).said if row else {}
        same = {wish: said for wish, said in known.items() if said.by == by}
        payload = WishPayload(said={**_logged(base, exact), **known, **new, **same})
        _note(base, exact, payload)
        if row is None:
            rows.put_new(WishRecord.build(*_key(base, exact), payload))
        elif payload.said != known:
            row.reseal(payload)
            rows.put_if_unchanged(row)

    rows.retry(attempt)


def stands(place: str, by: str) -> list[Wish]:
    """Return the wishes that stand of the address of a place, as the request or notice `by` tells of them."""
    found = batch.get_all(WishRecord, [_key(base, exact) for base, exact in _opened(place)])
    return [wish for row in found.values() for wish, said in row.unsealed(WishPayload).said.items() if said.by == by]


def lift(place: str, by: str) -> list[Wish]:
    """Take back what the request or notice `by` tells of the address of a place, and return what that was. Safe to repeat.
    Unavailable, VersionConflict."""
    lifted: list[Wish] = []
    for base, exact in _opened(place):
        left: dict[Wish, Said] = {}

        def change(row: WishRecord, left: dict[Wish, Said] = left) -> rows.Put | rows.Delete | None:
            said = row.unsealed(WishPayload).said
            left.clear()
            left |= {wish: each for wish, each in said.items() if each.by != by}
            lifted.extend(wish for wish in said if wish not in left)
            row.reseal(WishPayload(said=left))
            return (rows.Put() if left else rows.Delete()) if len(left) < len(said) else None

        rows.update(rows.Key(WishRecord, *_key(base, exact)), change)
        if left or wished.find(base, exact):  # of whom was erased nothing is noted anew
            _note(base, exact, WishPayload(said=left))
    return list(dict.fromkeys(lifted))


def place_of(exact: str) -> str:
    """Return the place of what the owner of an address (exact form) said: its tags in every key version."""
    return " ".join(f"{base}{_BETWEEN}{own}" for base, own in _tags(exact))


def erase_at(place: str, _is_theirs: Callable[[str], bool]) -> Iterator[tuple[TenantId, str]]:
    """Delete what the owner of a place's address said, and of its plus-aliases where it is none itself: yield the id of each,
    then delete it. Safe to repeat, and to leave off anywhere."""
    for base, exact in _opened(place):
        for row in list(rows.every(WishRecord, f"{KIND}#{base}", f"{KIND}#{exact if exact != base else ''}")):
            own = str(row.sk).removeprefix(f"{KIND}#")
            yield TenantId(""), f"{base}{_BETWEEN}{own}"
            wished.forget(base, own)
            batch.delete_all(WishRecord, [(row.pk, row.sk)])


def replay(logged: Logged[Wished], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Write again what restored tables have lost of an address, and take away what was lifted, unless its owner was erased since.
    Safe to repeat."""
    entry = logged.entry
    if tombstones.blocked_everywhere([entry.base, entry.exact]):
        wished.forget(entry.base, entry.exact)
        return Replayed(0)
    key = _key(entry.base, entry.exact)
    row = rows.get(WishRecord, *key)
    standing = row.unsealed(WishPayload).said if row else {}
    noted = _said(entry)
    if standing == noted:
        return Replayed(0)
    if noted:
        batch.put_all([WishRecord.build(*key, WishPayload(said=noted))])
    else:
        batch.delete_all(WishRecord, [key])
    return Replayed(1)


def _said(entry: Wished) -> dict[Wish, Said]:
    return {Wish(wish): Said(since=since, by=by) for wish, (since, by) in entry.said.items()}


def _logged(base: str, exact: str) -> dict[Wish, Said]:
    entry = wished.find(base, exact)
    return _said(entry) if entry else {}


def _note(base: str, exact: str, payload: WishPayload) -> None:
    said = {str(wish): (each.since, each.by) for wish, each in payload.said.items()}
    wished.note(Wished(base=base, exact=exact, said=said))


def _tags(exact: str) -> list[tuple[str, str]]:
    """The tags of the address without plus suffix and as it is, by key version, the newest first."""
    base = EmailAddress.parse(exact, historic=True).base
    made = (tags.subject_tags("suppression", Identifier.EMAIL, text) for text in (base, exact))
    return list(zip(*made, strict=True))


def _keys(exact: str) -> set[tuple[str, str]]:
    return {_key(base, own) for base, exact_tag in _tags(exact) for own in (base, exact_tag)}


def _key(base: str, exact: str) -> tuple[str, str]:
    return f"{KIND}#{base}", f"{KIND}#{exact}"


def _opened(place: str) -> list[tuple[str, str]]:
    return [(base, exact) for base, _, exact in (each.partition(_BETWEEN) for each in place.split())]
