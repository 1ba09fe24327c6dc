"""Reading companies: one's own, and those of colleagues that share their tags at this very request."""

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.errors import Forbidden, NotFound
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload, Tag, record_sk
from chalicelib.domain.companies.ranges import Found, Range, Seen, ranges, walk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.suppression.folding import matches, words
from chalicelib.store import rows


def get(actor: Actor, company_id: str) -> Seen[CompanyPayload]:
    """The company as the caller may see it. NotFound where there is none to see."""
    ident = ids.parse_owned(company_id, PREFIX)
    where = next((r for r in ranges(actor, _shares) if ident and r.code == ident.owner), None)
    row = rows.get(CompanyRecord, actor.tenant, record_sk(ident.owner, ident.local)) if ident and where else None
    seen = _see(where, row) if where and row else None
    if seen is None:
        raise NotFound
    return seen


def own(actor: Actor, company_id: str) -> CompanyRecord:
    """The caller's own company, to change it. Forbidden(not_owner) for one that a colleague shares, else NotFound."""
    ident = ids.parse_owned(company_id, PREFIX)
    if ident is None:
        raise NotFound
    if ident.owner != actor.code:
        get(actor, company_id)
        raise Forbidden("A colleague shares this with you; only its owner changes it.", code="not_owner")
    row = rows.get(CompanyRecord, actor.tenant, record_sk(ident.owner, ident.local))
    if row is None:
        raise NotFound
    return row


def page(
    actor: Actor, *, limit: int, position: dict[str, str], q: str = "", tag: Tag | None = None
) -> Found[CompanyPayload]:
    """The next companies whose name or domain has every word of `q`, and that have the tag, by id."""

    wanted = words(q)

    def see(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
        seen = _see(where, row)
        if seen is None or (tag is not None and seen.payload.tag is not tag):
            return None
        domain = seen.payload.domain
        return seen if matches(wanted, seen.payload.name.value, domain.value if domain else None) else None

    filtered = bool(wanted) or tag is not None
    return walk(CompanyRecord, actor, ranges(actor, _shares), see, limit=limit, position=position, filtered=filtered)


def tagged(actor: Actor, where: Range, tag: Tag) -> frozenset[str]:
    """The ids of the companies of one range that have the tag; none where the range's companies are not shared."""
    if not where.with_companies:
        return frozenset()
    every = rows.every(CompanyRecord, actor.tenant, f"{KIND}#{where.code}#")
    return frozenset(public_id(row) for row in every if row.unsealed(CompanyPayload).tag is tag)


def public_id(row: CompanyRecord) -> str:
    """The company's id in the API."""
    _, owner, local = row.sk.split("#")
    return str(ids.OwnedId(PREFIX, owner, local))


def seen_by_owner(actor: Actor, row: CompanyRecord) -> Seen[CompanyPayload]:
    """The company as its owner sees it."""
    return Seen(public_id(row), row.unsealed(CompanyPayload), int(row.version), mine=True, member=actor.member)


def _shares(colleague: Colleague) -> bool:
    return colleague.share_tags


def _see(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
    payload = row.unsealed(CompanyPayload)
    if where.mine:
        return Seen(public_id(row), payload, int(row.version), mine=True, member=where.member)
    shown = payload.shared()
    if shown is None:
        return None
    # Its own version would tell that something changed which is not shown.
    version = int(clock.parse_rfc3339(shown.updated_at).timestamp() * 1000)
    return Seen(public_id(row), shown, version, mine=False, member=where.member)
