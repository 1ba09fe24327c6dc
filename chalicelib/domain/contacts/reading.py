"""Reading contacts: one's own, and those of colleagues that share theirs at this very request."""

from chalicelib.core.actor import Actor, Colleague
from chalicelib.domain.companies import reading as companies
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.companies.ranges import Found, Range, Seen, walk
from chalicelib.domain.companies.views import View
from chalicelib.domain.contacts.model import PREFIX, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.suppression.folding import matches, words


def _shares(colleague: Colleague) -> bool:
    return colleague.share_contacts


def _shared(payload: ContactPayload, where: Range) -> ContactPayload | None:
    return payload.shared(with_companies=where.with_companies)


VIEW = View(ContactRecord, ContactPayload, PREFIX, _shares, _shared)
get, own, seen_by_owner = VIEW.get, VIEW.own, VIEW.seen_by_owner


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
        seen = VIEW.see(where, row)
        if seen is None or (company_id is not None and seen.payload.company_id != company_id):
            return None
        if tag is not None:
            if where.code not in tagged:
                tagged[where.code] = companies.tagged(actor, where, tag)
            if seen.payload.company_id not in tagged[where.code]:
                return None
        return seen if _matches(wanted, seen.payload) else None

    filtered = bool(wanted) or company_id is not None or tag is not None
    return walk(ContactRecord, actor, VIEW.ranges(actor), see, limit=limit, position=position, filtered=filtered)


def _matches(wanted: tuple[str, ...], payload: ContactPayload) -> bool:
    if not wanted:
        return True
    texts = (payload.first_name, payload.last_name, payload.company_name, *payload.emails)
    return matches(wanted, *(kept.value for kept in texts if kept is not None))
