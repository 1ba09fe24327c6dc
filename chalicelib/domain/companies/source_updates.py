"""Bringing what a connection says into a company. Which value is shown is settled by sources.survivorship."""

from dataclasses import dataclass

from chalicelib.domain.companies.model import TEXTS, CompanyPayload, stamped
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.privacy_class import MEMBER, MEMBER_HIDDEN
from chalicelib.domain.sources.provenance import Kept
from chalicelib.domain.sources.survivorship import Heard

LONGEST_NAME = 300


@dataclass(frozen=True)
class CompanyDraft:
    """Checked values; `domain` is a bare host or empty, `source_id` the company's own name at its source, `modified_at` when the
    source last changed its record (RFC 3339), empty where it does not say."""

    name: str
    domain: str
    source_id: str
    modified_at: str = ""


def started(draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """Return a new company of the source, made at that time (RFC 3339)."""
    name = survivorship.say((), Heard(source, at, draft.modified_at), draft.name)[0]
    made = CompanyPayload(name=name, seen={source: at}, created_at=at)
    return stamped(None, _followed(made, draft, source, at), at)


def follow(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """Return the company as the source has it now; the same object where that changes nothing. What the member or
    another source vouches for stays."""
    after = _followed(payload, draft, source, at)
    if after == payload:
        return payload
    return stamped(payload, after, at) if after.differs_visibly(payload) else after


def forget(payload: CompanyPayload, sources: frozenset[str], at: str) -> CompanyPayload | None:
    """Return the company without what only these sources say; None where nobody else vouches for anything of it.

    A company that the member tagged or noted is the member's own and keeps its name, which nobody is shown who was not
    shown it before. Any other that is left without a name goes by its domain.
    """
    after = without(payload, sources, at)
    return after if after is None or after is payload else stamped(payload, after, at)


def without(payload: CompanyPayload, sources: frozenset[str], at: str) -> CompanyPayload | None:
    """Return the same as `forget`, with the times of changes as they were; the same object where nothing goes. `at` is
    since when the member is said to vouch for the name."""
    left = {name: survivorship.without(payload.values_of(name), sources) for name in TEXTS}
    if not left["name"] and (payload.tag is not None or payload.notes is not None):
        keeper = MEMBER_HIDDEN if payload.shared() is None else MEMBER
        left["name"] = [Kept(value=payload.name.value, sources={keeper: at})]
    update = payload.with_values(left)
    name = update["name"] or update["domain"]
    if name is None:
        return None
    ids = [each for each in payload.source_ids if each.rpartition(":")[0] not in sources]
    seen = {source: seen_at for source, seen_at in payload.seen.items() if source not in sources}
    size = payload.size.without(sources) if payload.size else None
    more = {"name": name, "size": size, "source_ids": ids, "seen": seen}
    after = payload.model_copy(update={**update, **more})
    return payload if after == payload else after


def _followed(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    told = {"name": draft.name, "domain": draft.domain}
    heard = Heard(source, at, draft.modified_at)
    said = {name: survivorship.say(payload.values_of(name), heard, value) for name, value in told.items()}
    update = payload.with_values({name: each for name, each in said.items() if each != payload.values_of(name)})
    if draft.source_id not in payload.source_ids:
        update["source_ids"] = [*payload.source_ids, draft.source_id]
    return payload.model_copy(update=update)
