"""Reading contacts: one's own, and those of colleagues that share theirs at this very request. What is past its life is not
there for anybody, whether or not it has been deleted yet."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.core import ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.contacts import retention_rules
from chalicelib.domain.contacts.model import KIND, PREFIX, ContactPayload, Kept
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.search.terms import Term, matches, searchable, terms
from chalicelib.domain.visibility.ranges import Found, Range, Seen, ranges, walk
from chalicelib.domain.visibility.views import View
from chalicelib.store import rows, side_by_side

_ALL = 1_000_000  # more than anybody has
TagOf = Callable[[Range, str], Tag | None]  # how the company, of that range, is tagged


def _shares(colleague: Colleague) -> bool:
    return colleague.share_contacts


def _shared(payload: ContactPayload, where: Range) -> ContactPayload | None:
    return payload.shared(with_companies=where.with_companies)


def _living(where: Range, row: ContactRecord, payload: ContactPayload) -> ContactPayload | None:
    return _left(where, payload, lambda _, company: companies.tags(row.tenant, [company]).get(company))


def _left(where: Range, payload: ContactPayload, tag_of: TagOf) -> ContactPayload | None:
    """The rules of `expiry`. The company is looked up for a contact past its life, or seen by no connection, only, which costs
    other reads nothing. What stays of the latter for the sake of a tag nobody but its owner sees.

    To a colleague that may not see tags a contact past its life is gone whatever the tag: its being there would tell it; and
    to any colleague where only a CRM says which company it is.
    """
    left = retention_rules.without_unseen(payload, where.lives, lambda each: where.mine and bool(tag_of(where, each)))
    if left is None or not retention_rules.over(left, where.lives):
        return left
    seen = where.mine or (where.with_companies and not left.link_is_hidden)
    company = left.company_id if seen else None
    return left if company is not None and tag_of(where, company) is Tag.CLIENT else None


VIEW = View(ContactRecord, ContactPayload, PREFIX, _shares, _shared, _living)
get, own, seen_by_owner = VIEW.get, VIEW.own, VIEW.seen_by_owner


class _Tagged:
    """The tags of each range's companies, read once a request and only when asked for: with those of the ranges behind it side by
    side, which are asked for next."""

    def __init__(self, actor: Actor, shares: Callable[[Colleague], bool] = _shares) -> None:
        self._actor, self._shares, self._known = actor, shares, dict[str, dict[str, Tag]]()
        self._coming: Iterator[tuple[str, dict[str, Tag]]] = iter(())

    def of(self, where: Range, company: str | None) -> Tag | None:
        """Return the tag of the company, as far as the range shows it."""
        if where.code not in self._known:
            self._known.update(self._coming_to(where))
        return self._known[where.code].get(company or "")

    def _coming_to(self, where: Range) -> Iterator[tuple[str, dict[str, Tag]]]:
        """The tags of the ranges up to that one. Colleagues are asked for in the order of their codes."""
        if where.mine:
            yield self._read(where)
            return
        for code, tags in self._coming:
            yield code, tags
            if code == where.code:
                return
        behind = [each for each in ranges(self._actor, self._shares) if not each.mine and each.code >= where.code]
        self._coming = side_by_side.in_order(partial(self._read, each) for each in behind)
        yield next(self._coming)

    def _read(self, where: Range) -> tuple[str, dict[str, Tag]]:
        return where.code, companies.tags_of(self._actor, where)

    def view(self) -> View[ContactRecord, ContactPayload]:
        """Return VIEW for many contacts: tags are read once a range."""
        return replace(VIEW, shares=self._shares, living=lambda where, _, payload: _left(where, payload, self.of))


def page(
    actor: Actor,
    *,
    limit: int,
    position: dict[str, str],
    q: str = "",
    company_id: str | None = None,
    tag: Tag | None = None,
) -> Found[ContactPayload]:
    """Return the next contacts, by id: those whose name, company or addresses have every word and phrase of `q`, that
    belong to the company, and whose company has the tag. All by what the caller may see."""
    tagged = _Tagged(actor)
    view, wanted = tagged.view(), terms(q)

    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:
        if where.mine and wanted and not _may_match(wanted, row.unsealed(ContactPayload)):
            return None  # most of them, of which no more is worked out; a colleague's row would tell what is not shown
        seen = view.see(where, row)
        if seen is None or (company_id is not None and seen.payload.company_id != company_id):
            return None
        if tag is not None and tagged.of(where, seen.payload.company_id) is not tag:
            return None
        return seen if _matches(wanted, seen.payload) else None

    filtered = bool(wanted) or company_id is not None or tag is not None
    return walk(ContactRecord, actor, view.ranges(actor), see, limit=limit, position=position, filtered=filtered)


def expiring(
    actor: Actor, *, limit: int, position: dict[str, str]
) -> tuple[Found[ContactPayload], dict[str, datetime]]:
    """Return the caller's own contacts that go within `retention_rules.NOTICE`, by id, and when each does. Nobody else is
    told."""
    tagged, ends = _Tagged(actor), dict[str, datetime]()
    view = tagged.view()

    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:
        seen = view.see(where, row)
        if seen is None:
            return None
        ends_at = retention_rules.soon_ends_at(
            seen.payload, where.lives, lambda company: tagged.of(where, company) is not None
        )
        if ends_at is None or tagged.of(where, seen.payload.company_id) is Tag.CLIENT:
            return None
        ends[seen.id] = ends_at
        return seen

    return walk(ContactRecord, actor, view.ranges(actor)[:1], see, limit=limit, position=position, filtered=True), ends


def known(actor: Actor, wanted: Callable[[ContactPayload], bool]) -> list[Seen[ContactPayload]]:
    """Return the contacts that are wanted by which the caller may be told who knows whom: its own, and while it shows whom it
    knows itself, those of the colleagues that do. Of theirs what all would be shown, whether or not they share contacts. As many
    as are found within the time of one request."""
    tagged = _Tagged(actor, lambda colleague: actor.share_relationships and colleague.share_relationships)
    view = tagged.view()

    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:
        seen = view.see(where, row)
        return seen if seen is not None and wanted(seen.payload) else None

    found = walk(ContactRecord, actor, view.ranges(actor), see, limit=_ALL, position={}, filtered=True)
    return found.items


def _matches(wanted: tuple[Term, ...], payload: ContactPayload) -> bool:
    if not wanted:
        return True
    name = (payload.first_name, payload.last_name)
    texts = (payload.company_name, *payload.emails)
    return matches(wanted, searchable(map(_text, texts), [*map(_text, name)]))


def _may_match(wanted: tuple[Term, ...], payload: ContactPayload) -> bool:
    """Whether the contact can have what is looked for once its life is regarded: that leaves values out, or shows others that
    stand beside."""
    return bool(payload.beside) or _matches(wanted, payload)


def _text(kept: Kept | None) -> str | None:
    return kept.value if kept is not None else None


def every_own(actor: Actor, tag_of: Callable[[str], Tag | None]) -> Iterator[Seen[ContactPayload]]:
    """Yield all of the caller's own contacts, by id; `tag_of` says how a company of its own is tagged. One range."""
    view = replace(VIEW, living=lambda where, _, payload: _left(where, payload, lambda _, company: tag_of(company)))
    own = view.ranges(actor)[0]
    for row in rows.every(ContactRecord, actor.tenant, ids.key_range(KIND, actor.code)):
        seen = view.see(own, row)
        if seen is not None:
            yield seen
