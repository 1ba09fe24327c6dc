"""What of a value somebody else than its owner sees, and when that was changed last."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.core.models import Model
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import MEMBER_KEPT, Kept, is_hidden

K = TypeVar("K", bound=Kept)
_CONNECTION = "cxn_"  # what the ids of connections begin with


def shareable(values: Sequence[K], *, lends: bool = True) -> K | None:
    """Return the part of a field that colleagues are shown, given all its values.

    Nothing where only sources for the owner alone vouch for a value. Otherwise neither those sources nor the connection
    are named, nor that the member keeps what a source said that is gone. `lends`: the name of a linked company counts.
    """
    kept = survivorship.chosen(values, among_shared=True, lends=lends) if values else None
    if kept is None:
        return None
    sources: dict[str, str] = {}
    for source, at in kept.sources.items():
        if not is_hidden(source):
            name, _, ident = source.partition(":")
            shown = name if ident.startswith(_CONNECTION) or source == MEMBER_KEPT else source
            sources[shown] = min(at, sources.get(shown, at))
    return kept.model_copy(update={"sources": sources, "changed": {}, "shared": {}})


def shareable_list(values: Sequence[K], key: Callable[[str], str] | None) -> list[K]:
    """Return the same of a list field; values of one `key` are one element, and without a key each is one."""
    groups = survivorship.elements(values, key) if key else map(_alone, values)
    return list(filter(None, map(shareable, groups)))


def _alone(kept: K) -> list[K]:
    return [kept]


def times(after: Model, at: str, was: Model | None, shown: Model | None, *, own: bool) -> dict[str, str]:
    """Return the times to set of `after`, which was changed at that time (RFC 3339). `own`: its owner is shown a difference.
    `was` and `shown` are what others see of it before and after, without times: the times of that move only where somebody
    could see a difference."""
    update = {"updated_at": at} if own else {}
    if was != shown:
        update["shown_at"] = at
    if was is None and shown is not None and at != getattr(after, "created_at"):  # noqa: B009 - of contacts and companies
        update["shown_from"] = at
    return update
