"""Reading contacts: one's own, and those of colleagues that share theirs at this very request."""

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.errors import Forbidden, NotFound
from chalicelib.domain.companies import reading as companies
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.companies.ranges import Found, Range, Seen, ranges, walk
from chalicelib.domain.contacts.model import PREFIX, ContactPayload, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.suppression.folding import matches, words
from chalicelib.store import rows


def get(actor: Actor, contact_id: str) -> Seen[ContactPayload]:
    """The contact as the caller may see it. NotFound where there is none to see."""
    ident = ids.parse_owned(contact_id, PREFIX)
    where = next((r for r in ranges(actor, _shares) if ident and r.code == ident.owner), None)
    row = rows.get(ContactRecord, actor.tenant, record_sk(ident.owner, ident.local)) if ident and where else None
    seen = _see(where, row) if where and row else None
    if seen is None:
        raise NotFound
    return seen


def own(actor: Actor, contact_id: str) -> ContactRecord:
    """The caller's own contact, to change it. Forbidden(not_owner) for one that a colleague shares, else NotFound."""
    ident = ids.parse_owned(contact_id, PREFIX)
    if ident is None:
        raise NotFound
    if ident.owner != actor.code:
        get(actor, contact_id)
        raise Forbidden("A colleague shares this with you; only its owner changes it.", code="not_owner")
    row = rows.get(ContactRecord, actor.tenant, record_sk(ident.owner, ident.local))
    if row is None:
        raise NotFound
    return row


def page(
    actor: Actor,
    *,
    limit: int,
    position: dict[str, str],
    q: str = "",
    company_id: str | None = None,
    tag: Tag | None = None,
) -> Found[ContactPayload]:
    """The next contacts, by id: those whose name, company or addresses have every word of `q`, that belong to the
    company, and whose company has the tag. All by what the caller may see."""
    tagged: dict[str, frozenset[str]] = {}

    wanted = words(q)

    def see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:
        seen = _see(where, row)
        if seen is None or (company_id is not None and seen.payload.company_id != company_id):
            return None
        if tag is not None:
            if where.code not in tagged:
                tagged[where.code] = companies.tagged(actor, where, tag)
            if seen.payload.company_id not in tagged[where.code]:
                return None
        return seen if _matches(wanted, seen.payload) else None

    filtered = bool(wanted) or company_id is not None or tag is not None
    return walk(ContactRecord, actor, ranges(actor, _shares), see, limit=limit, position=position, filtered=filtered)


def public_id(row: ContactRecord) -> str:
    """The contact's id in the API."""
    _, owner, local = row.sk.split("#")
    return str(ids.OwnedId(PREFIX, owner, local))


def seen_by_owner(actor: Actor, row: ContactRecord) -> Seen[ContactPayload]:
    """The contact as its owner sees it."""
    return Seen(public_id(row), row.unsealed(ContactPayload), int(row.version), mine=True, member=actor.member)


def _shares(colleague: Colleague) -> bool:
    return colleague.share_contacts


def _see(where: Range, row: ContactRecord) -> Seen[ContactPayload] | None:
    payload = row.unsealed(ContactPayload)
    if where.mine:
        return Seen(public_id(row), payload, int(row.version), mine=True, member=where.member)
    shown = payload.shared(with_companies=where.with_companies)
    if shown is None:
        return None
    # Its own version would tell that something changed which is not shown.
    version = int(clock.parse_rfc3339(shown.updated_at).timestamp() * 1000)
    return Seen(public_id(row), shown, version, mine=False, member=where.member)


def _matches(wanted: tuple[str, ...], payload: ContactPayload) -> bool:
    if not wanted:
        return True
    texts = (payload.first_name, payload.last_name, payload.company_name, *payload.emails)
    return matches(wanted, *(kept.value for kept in texts if kept is not None))
