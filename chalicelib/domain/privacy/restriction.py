"""Having records follow a restriction: those that hold the person say that it is restricted, or not any more, so that no reading
asks the wishes for it.

The work is due before the wish is written, and looks at what stands; so it may be killed anywhere and done again. All is
looked at twice: a write that began before the wish was there has not asked for it.
"""

import functools
from collections.abc import Iterator, Mapping
from datetime import timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Unsettled, WishPayload, WishRecord
from chalicelib.store import pointers, rows
from chalicelib.store.handlers import Handler, Restrict
from chalicelib.store.pointers import Pointer, Role
from chalicelib.store.steps import AGAIN, Outcome, Turn, Work, later

_PASSES = 2
_BETWEEN = "|"  # a tenant and a sort key, none of which has it
Handlers = Mapping[str, Handler[Restrict]]  # by kind


def work(registry: Registry) -> Work:
    """Return restrictions that records have to follow as due work, by the tags of whose they are."""
    restricting = {
        each.declared.kind: each.declared.restrict for each in registry if each.declared.restrict is not None
    }
    return Work(wishes.DUE_KIND, "deletions", (functools.partial(_follow, restricting),))


def _follow(restricting: Handlers, turn: Turn) -> Outcome | None:
    """One pass over the records that hold the person, as far as time allows; the last one settles the wish."""
    at = wishes.key_of_due(turn.id)
    row = rows.get(at.record, at.hash_key, at.sk)
    payload = row.unsealed(WishPayload) if row else None
    if row is None or payload is None or payload.unsettled is None:
        return None
    unsettled = payload.unsettled
    begins = unsettled.since + timedelta(seconds=settings.current().waits.second_pass)
    if unsettled.looked and clock.now() < begins:
        return later(begins)
    for place in _places(payload.sought, restricting, unsettled.after):
        _look(restricting, place)
        unsettled = unsettled.model_copy(update={"after": _text(place)})
        if not turn.has_time():
            _keep(row, payload, unsettled)
            return AGAIN
    looked = unsettled.looked + 1
    ended = looked >= _PASSES
    _keep(row, payload, None if ended else unsettled.model_copy(update={"looked": looked, "after": ""}))
    log.event("restriction_followed", count=looked)
    return None if ended else later(begins)


def _keep(row: WishRecord, payload: WishPayload, unsettled: Unsettled | None) -> None:
    """Write down how far the work is, over the row as it was read: VersionConflict where the person said something else since.
    What was lifted goes once nothing is left to do."""
    row.reseal(payload.model_copy(update={"unsettled": unsettled}))
    if unsettled is None and not payload.said:
        rows.delete_if_unchanged(row)
    else:
        rows.put_if_unchanged(row)


def _places(sought: list[str], restricting: Handlers, after: str) -> Iterator[Pointer]:
    """The records that the tags lead to, each once, in an order that stays, after that place."""
    found = {
        _text(pointer): pointer
        for tag in sought
        for pointer in pointers.find(tag)
        if pointer.role is Role.HOLDS and ids.kind_of(pointer.record) in restricting
    }
    return (pointer for text, pointer in sorted(found.items()) if text > after)


def _look(restricting: Handlers, place: Pointer) -> None:
    """What a record says now; of a workspace that has gone nothing is left to say."""
    try:
        restricting[ids.kind_of(place.record)].load()(place.tenant, place.record)
    except KeyShredded:
        log.event("restriction_skipped", reason="key_shredded", tenant=place.tenant)


def _text(place: Pointer) -> str:
    return f"{place.tenant}{_BETWEEN}{place.record}"
