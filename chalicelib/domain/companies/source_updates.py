"""A company as a connection has it: what the source alone vouched for is replaced by what it says now, or taken away."""

from dataclasses import dataclass

from chalicelib.domain.companies.model import FIELDS, CompanyPayload, stamped
from chalicelib.domain.sources.privacy_class import MEMBER, MEMBER_HIDDEN
from chalicelib.domain.sources.provenance import Kept, keep, shareable

LONGEST_NAME = 300


@dataclass(frozen=True)
class CompanyDraft:
    """Checked values; `domain` is a bare host or empty, `source_id` the company's own name at its source."""

    name: str
    domain: str
    source_id: str


def started(draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """A new company of that source, at that time (RFC 3339)."""
    made = CompanyPayload(name=Kept(value=draft.name, sources={source: at}), seen={source: at}, created_at=at)
    return stamped(None, _followed(made, draft, source, at), at)


def follow(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """The company as the source has it now; the same object where that changes nothing. What the member or another source
    vouches for stays."""
    after = _followed(payload, draft, source, at)
    return payload if after == payload else stamped(payload, after, at)


def forget(payload: CompanyPayload, sources: frozenset[str], at: str) -> CompanyPayload | None:
    """The company without what only these sources say; None where nobody else vouches for anything of it. One that the member
    tagged or noted is the member's own, and keeps its name, which nobody else is shown where nobody else was shown it; another
    that is left without a name goes by its domain."""
    after = without(payload, sources, at)
    return after if after is None or after is payload else stamped(payload, after, at)


def without(payload: CompanyPayload, sources: frozenset[str], at: str) -> CompanyPayload | None:
    """As `forget`, with the times of changes as they were; the same object where nothing goes. `at`: since when the member is
    said to vouch for the name."""
    left = {name: kept.without(sources) if (kept := getattr(payload, name)) else None for name in FIELDS}
    name = left["name"]
    if name is None and (payload.tag is not None or payload.notes is not None):
        keeper = MEMBER if shareable(payload.name) else MEMBER_HIDDEN
        name = Kept(value=payload.name.value, sources={keeper: at})
    name = name or left["domain"]
    if name is None:
        return None
    ids = [each for each in payload.source_ids if each.rpartition(":")[0] not in sources]
    seen = {source: seen_at for source, seen_at in payload.seen.items() if source not in sources}
    after = payload.model_copy(update={**left, "name": name, "source_ids": ids, "seen": seen})
    return payload if after == payload else after


def _followed(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    name = _one(payload.name, draft.name, source, at) or payload.name
    update: dict[str, object] = {"name": name, "domain": _one(payload.domain, draft.domain, source, at)}
    if draft.source_id not in payload.source_ids:
        update["source_ids"] = [*payload.source_ids, draft.source_id]
    return payload.model_copy(update=update)


def _one(there: Kept | None, brought: str, source: str, at: str) -> Kept | None:
    if there is not None and there.value == brought:
        return there.also(source, at)
    left = there.without(frozenset({source})) if there is not None else None
    return left or keep(brought, source, at)
