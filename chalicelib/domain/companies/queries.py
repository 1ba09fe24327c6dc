"""Reading companies: one's own, and those of colleagues that share their tags at this very request."""

from collections.abc import Iterable, Iterator

from chalicelib.core import ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.errors import Unavailable
from chalicelib.core.ids import TenantId
from chalicelib.domain.companies import retention_rules
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload, Tag, record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.search.terms import matches, searchable, terms
from chalicelib.domain.visibility.ranges import Found, Range, Seen, walk
from chalicelib.domain.visibility.views import View
from chalicelib.store import batch, rows, shown

_ALL = 1_000_000  # more than anybody has


def _shares(colleague: Colleague) -> bool:
    return colleague.share_tags


def _shared(payload: CompanyPayload, _: Range) -> CompanyPayload | None:
    return payload.shared()


def _living(where: Range, _: CompanyRecord, payload: CompanyPayload) -> CompanyPayload | None:
    return retention_rules.without_unseen(payload, where.lives)


VIEW = View(CompanyRecord, CompanyPayload, PREFIX, _shares, _shared, _living)
get, own, seen_by_owner = VIEW.get, VIEW.own, VIEW.seen_by_owner


def page(
    actor: Actor, *, limit: int, position: dict[str, str], q: str = "", tag: Tag | None = None
) -> Found[CompanyPayload]:
    """Return the next companies, by id, whose name or domain has every word and phrase of `q`, and which have the tag."""
    wanted = terms(q)

    def see(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
        seen = VIEW.see(where, row)
        if seen is None or (tag is not None and seen.payload.tag is not tag):
            return None
        if not wanted:
            return seen
        domain = seen.payload.domain
        return (
            seen if matches(wanted, searchable([seen.payload.name.value, domain.value if domain else None])) else None
        )

    filtered = bool(wanted) or tag is not None
    return walk(CompanyRecord, actor, VIEW.ranges(actor), see, limit=limit, position=position, filtered=filtered)


def every(actor: Actor) -> list[Seen[CompanyPayload]]:
    """Return all companies that the caller may see: its own, then those of colleagues that share theirs now. One range each, or
    fewer. Unavailable where they are more than one request can read."""
    found = walk(CompanyRecord, actor, VIEW.ranges(actor), VIEW.see, limit=_ALL, position={}, filtered=True)
    if found.position is not None:
        raise Unavailable
    return found.items


def every_own(actor: Actor) -> Iterator[Seen[CompanyPayload]]:
    """Yield all of the caller's own companies, by id. One range."""
    own = VIEW.ranges(actor)[0]
    for row in rows.every(CompanyRecord, actor.tenant, ids.key_range(KIND, actor.code)):
        seen = VIEW.see(own, row)
        if seen is not None:
            yield seen


def by_id(tenant: TenantId, company_ids: Iterable[str]) -> dict[str, CompanyPayload]:
    """Return those of the companies that exist, by their ids. One call for 100 of them, none for none."""
    return {company: row.unsealed(CompanyPayload) for company, row in rows_by_id(tenant, company_ids).items()}


def rows_by_id(tenant: TenantId, company_ids: Iterable[str]) -> dict[str, CompanyRecord]:
    """Return the rows of those of the companies that exist, as `by_id`."""
    known = {c: parsed for c in company_ids if (parsed := ids.parse_owned(c, PREFIX))}
    keys = {company: (tenant, record_sk(parsed.owner, parsed.local)) for company, parsed in known.items()}
    found = batch.get_all(CompanyRecord, list(keys.values())) if keys else {}
    return {company: found[key] for company, key in keys.items() if key in found}


def seen_by_id(actor: Actor, company_ids: Iterable[str]) -> dict[str, CompanyPayload]:
    """Return those of the companies that the caller may see, as it may, by their ids. One call for 100 of them."""
    over = {where.code: where for where in VIEW.ranges(actor)}
    rows_there = rows_by_id(actor.tenant, company_ids).items()
    found = ((ident, VIEW.see(over[code], row)) for ident, row in rows_there if (code := ids.owner_of(row.sk)) in over)
    return {ident: seen.payload for ident, seen in found if seen is not None}


def tag_of(row: CompanyRecord) -> Tag | None:
    """Return the company's tag, None where it has none."""
    return row.unsealed(CompanyPayload).tag


def tags(tenant: TenantId, company_ids: Iterable[str]) -> dict[str, Tag]:
    """Return the tags of those of the companies that exist and have one, by their ids. Calls as in `by_id`."""
    return {ident: payload.tag for ident, payload in by_id(tenant, company_ids).items() if payload.tag is not None}


def tags_of(actor: Actor, where: Range) -> dict[str, Tag]:
    """Return the tags of the companies of one range that have one, by their ids; none where the range's companies are not
    shared."""
    if not where.with_companies:
        return {}
    read = rows.every if where.mine else shown.every
    every = read(CompanyRecord, actor.tenant, ids.key_range(KIND, where.code))
    opened = ((VIEW.public_id(row), row.unsealed(CompanyPayload).tag) for row in every)
    return {ident: tag for ident, tag in opened if tag is not None}
