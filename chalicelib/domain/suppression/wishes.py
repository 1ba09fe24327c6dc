"""What persons have said of the use of their data, and what that forbids: the one gate that outreach, scoring and the directory
ask. It holds in every workspace, for the address that was proved and its plus-aliases, until the person lifts it.

Records that are shared or overwritten bear a restriction themselves, so that no reading asks for it: whoever writes one asks
(tombstones.ask), and those that stand follow by work that is due from before the wish is written (privacy.restriction).

Nothing of the person is kept but keyed hashes of the address. An erasure takes a wish away: its tombstone forbids more.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core import clock
from chalicelib.core.ids import TenantId
from chalicelib.domain.certificates import wished
from chalicelib.domain.certificates.replay_log import Logged
from chalicelib.domain.certificates.wished import Wished
from chalicelib.domain.suppression import tombstones
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.suppression.records import Said, Unsettled, Wish, WishPayload, WishRecord
from chalicelib.domain.suppression.tombstones import wish_key, wish_tags
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, wake
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime, send
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

KIND = WishRecord.declared.kind
DUE_KIND = "restriction"
_BETWEEN = "."  # two tags of a place, whose alphabet has no point
_WRITTEN_WITHIN = timedelta(minutes=1)  # after the work is due that follows it


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
    asked = {exact: tombstones.wish_keys(exact) for exact in addresses}
    found = batch.get_all(WishRecord, sorted({key for keys in asked.values() for key in keys}))
    said = {key: row.unsealed(WishPayload).said for key, row in found.items()}
    return {exact: frozenset(wish for key in keys for wish in said.get(key, ())) for exact, keys in asked.items()}


def forbidden(use: Use, addresses: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses (exact forms) whose person does not let their data be used so. Calls as `standing`."""
    found = standing(addresses)
    return frozenset(exact for exact, wishes in found.items() if any(use in FORBIDS[wish] for wish in wishes))


def record(address: str, wishes: Collection[Wish], by: str, at: datetime) -> None:
    """Keep that the owner of the address (exact form), which is proved, said this: noted in the replay log first. `by` names the
    request, or the notice: its link lifts it. Records of a restricted person follow at once, by work that is due. Safe to
    repeat. Unavailable, VersionConflict."""
    sought = _sought(address) if Wish.RESTRICTION in wishes else []
    record_at(place_of(address), wishes, by, at, sought)


def record_at(place: str, wishes: Collection[Wish], by: str, at: datetime, sought: Sequence[str] = ()) -> None:
    """The same for the address of a place, whose records are found by the index tags `sought`; nothing where its owner was erased
    since, whose tombstone forbids more."""
    base, exact = _opened(place)[0]
    if tombstones.blocked_everywhere([base, exact]):
        return
    new = {wish: Said(since=at, by=by) for wish in wishes}

    def attempt() -> None:
        row = rows.get(WishRecord, *wish_key(base, exact))
        before = row.unsealed(WishPayload) if row else WishPayload()
        same = {wish: said for wish, said in before.said.items() if said.by == by}
        entry = wished.find(base, exact)
        said = {**(_said(entry) if entry else {}), **before.said, **new, **same}
        payload = _after(before, said, [*(entry.sought if entry else ()), *sought])
        _note(base, exact, payload)
        if row is None:
            rows.put_new(WishRecord.build(*wish_key(base, exact), payload))
        elif payload != before:
            row.reseal(payload)
            rows.put_if_unchanged(row)

    with _followed(base, exact, bool(sought)):
        rows.retry(attempt)


def stands(place: str, by: str) -> list[Wish]:
    """Return the wishes that stand of the address of a place, as the request or notice `by` tells of them."""
    found = batch.get_all(WishRecord, [wish_key(base, exact) for base, exact in _opened(place)])
    return [wish for row in found.values() for wish, said in row.unsealed(WishPayload).said.items() if said.by == by]


def lift(place: str, by: str) -> list[Wish]:
    """Take back what the request or notice `by` tells of the address of a place, and return what that was. Records follow as in
    `record`. Safe to repeat. Unavailable, VersionConflict."""
    lifted: list[Wish] = []
    for base, exact in _opened(place):
        with _followed(base, exact, Wish.RESTRICTION in _lifted_by(base, exact, by)):
            lifted += _lift_one(base, exact, by)
    return list(dict.fromkeys(lifted))


def _lift_one(base: str, exact: str, by: str) -> list[Wish]:
    lifted: list[Wish] = []
    left = WishPayload()

    def change(row: WishRecord) -> rows.Put | rows.Delete | None:
        nonlocal lifted, left
        before = row.unsealed(WishPayload)
        said = {wish: each for wish, each in before.said.items() if each.by != by}
        lifted, left = [wish for wish in before.said if wish not in said], _after(before, said)
        row.reseal(left)
        if not lifted:
            return None
        return rows.Put() if left.said or left.unsettled else rows.Delete()

    rows.update(rows.Key(WishRecord, *wish_key(base, exact)), change)
    entry = wished.find(base, exact)
    if left.said or entry:  # of whom was erased nothing is noted anew
        _note(base, exact, _after(left, left.said, entry.sought if entry else ()))
    return lifted


def key_of_due(ident: str) -> rows.Key[WishRecord]:
    """Return where the row stands that a piece of due work of DUE_KIND is about."""
    base, _, exact = ident.partition(_BETWEEN)
    return rows.Key(WishRecord, *wish_key(base, exact))


def place_of(exact: str) -> str:
    """Return the place of what the owner of an address (exact form) said: its tags in every key version."""
    return " ".join(f"{base}{_BETWEEN}{own}" for base, own in wish_tags(exact))


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
    Records of whom the wish restricts, or did, are looked at again: they may be those of an earlier day. Safe to repeat."""
    entry = logged.entry
    if tombstones.blocked_everywhere([entry.base, entry.exact]):
        wished.forget(entry.base, entry.exact)
        return Replayed(0)
    key = wish_key(entry.base, entry.exact)
    row = rows.get(WishRecord, *key)
    standing = row.unsealed(WishPayload).said if row else {}
    unsettled = Unsettled(since=clock.now()) if entry.sought else None
    noted = WishPayload(said=_said(entry), sought=entry.sought, unsettled=unsettled)
    if noted.said or unsettled:
        batch.put_all([WishRecord.build(*key, noted)] if unsettled or standing != noted.said else [])
    elif standing:
        batch.delete_all(WishRecord, [key])
    if unsettled:
        wake(_due(entry.base, entry.exact), clock.now())
    return Replayed(int(standing != noted.said))


@contextlib.contextmanager
def _followed(base: str, exact: str, restricts: bool) -> Iterator[None]:
    """Have records follow what is written: by work that is due already before it, so that a kill leaves nothing behind."""
    if not restricts:
        yield
        return
    due = _due(base, exact)
    wake(due, clock.now() + _WRITTEN_WITHIN)
    yield
    wake(due, clock.now())
    send("deletions", due)


def _due(base: str, exact: str) -> Due:
    return Due(DUE_KIND, f"{base}{_BETWEEN}{exact}")


def _after(before: WishPayload, said: dict[Wish, Said], sought: Iterable[str] = ()) -> WishPayload:
    """What a row says after a change; records follow where that began or lifted a restriction."""
    payload = before.model_copy(update={"said": said, "sought": list(dict.fromkeys((*before.sought, *sought)))})
    if (Wish.RESTRICTION in said) is (Wish.RESTRICTION in before.said):
        return payload
    return payload.model_copy(update={"unsettled": Unsettled(since=clock.now())})


def _lifted_by(base: str, exact: str, by: str) -> list[Wish]:
    row = rows.get(WishRecord, *wish_key(base, exact))
    return [wish for wish, said in row.unsealed(WishPayload).said.items() if said.by == by] if row else []


def _sought(exact: str) -> list[str]:
    """The index tags, of every key version, by which what holds the address or a plus-alias of it is found."""
    marks = with_aliases([Mark(Identifier.EMAIL, exact)])
    return [tag for mark in marks for tag in tags.subject_tags("index", mark.kind, mark.exact)]


def _said(entry: Wished) -> dict[Wish, Said]:
    return {Wish(wish): Said(since=since, by=by) for wish, (since, by) in entry.said.items()}


def _note(base: str, exact: str, payload: WishPayload) -> None:
    said = {str(wish): (each.since, each.by) for wish, each in payload.said.items()}
    wished.note(Wished(base=base, exact=exact, said=said, sought=payload.sought))


def _opened(place: str) -> list[tuple[str, str]]:
    return [(base, exact) for base, _, exact in (each.partition(_BETWEEN) for each in place.split())]
