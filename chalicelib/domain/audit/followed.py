"""Which ranges a client follows: of each colleague those of the views that it had of it, each for as long as it had it."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.core import ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.domain.audit.model import SETTLING_S, SWITCHES, view_of
from chalicelib.domain.audit.timeline import Place


def places(actor: Actor, after: str, began: str) -> list[Place]:
    """Return the ranges in which changes stand that are to be told beyond the ULID `after`, to a client that has followed them
    since the ULID `began`: what had ended before that it never had."""
    before_began = ids.ulid_floor(ids.made_at(began) - timedelta(seconds=SETTLING_S))
    found = [Place(actor.code, begin=after)]
    for colleague in sorted(actor.colleagues, key=lambda each: each.code):
        found += _views(colleague, after, before_began)
        new = max(after, began)
        if any(each.told_at is None or ids.ulid_floor(each.told_at) >= new for each in colleague.switched):
            found.append(Place(colleague.code, SWITCHES, begin=new))
    return found


def _views(colleague: Colleague, after: str, before_began: str) -> Iterator[Place]:
    begin = after
    for switch in colleague.switched:
        end, had = ids.ulid_floor(switch.at), max(begin, before_began)
        if switch.was and had < end:
            yield Place(colleague.code, switch.was, had, end)
        begin = max(after, end)
    if view := view_of(share_tags=colleague.share_tags, share_contacts=colleague.share_contacts):
        yield Place(colleague.code, view, begin)
