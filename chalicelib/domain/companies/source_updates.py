"""Bringing what a connection, or an export of ours, says into a company. sources.survivorship settles which value is shown."""

from dataclasses import dataclass

from chalicelib.domain.companies.model import TEXTS, CompanyPayload, Tag, stamped
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import KEPT, MEMBER_HIDDEN, MEMBER_KEPT, Kept, KeptSize, is_hidden
from chalicelib.domain.sources.survivorship import Heard

LONGEST_NAME = 300


@dataclass(frozen=True)
class CompanyDraft:
    """Checked values; `domain` is a bare host or empty, `source_id` the company's own name at its source, `modified_at` when the
    source last changed its record (RFC 3339), empty where it does not say; `untold` as in contacts.merge. What follows only our
    own exports say."""

    name: str
    domain: str
    source_id: str
    modified_at: str = ""
    untold: frozenset[str] = frozenset()
    industry: str = ""
    country: str = ""
    size: int | str | None = None
    tag: Tag | None = None
    notes: str = ""


def started(draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """Return a new company of the source, made at that time (RFC 3339)."""
    name = survivorship.say((), Heard(source, at, draft.modified_at), draft.name)[0]
    made = CompanyPayload(name=name, seen={source: at}, created_at=at, lends=True)
    return stamped(None, _followed(made, draft, source, at), at)


def restored(payload: CompanyPayload | None, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """Return the company, or a new one, with what an export of ours says of it, brought back at that time (RFC 3339); the same
    object where that changes nothing. What stands there stays as it is; a tag is not given where colleagues would see it."""
    heard = Heard(source, at)
    there = payload or CompanyPayload(name=survivorship.say((), heard, draft.name)[0], created_at=at, lends=True)
    values = {name: there.values_of(name) for name in TEXTS}
    said = {
        name: survivorship.say(every, heard, told)
        for name, every in values.items()
        if (told := getattr(draft, name)) and all(kept.value != told for kept in every)
    }
    update = there.with_values(said)
    if draft.size is not None and there.size is None:
        update["size"] = KeptSize(value=draft.size, sources={source: at})
    if draft.notes and there.notes is None:
        update["notes"] = draft.notes
    if draft.tag is not None and there.tag is None and there.shared() is None:
        update["tag"] = draft.tag
    if draft.source_id and draft.source_id not in there.source_ids:
        update["source_ids"] = [*there.source_ids, draft.source_id]
    after = there.model_copy(update=update)
    return payload if after == payload else stamped(payload, after, at)


def follow(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    """Return the company as the source has it now; the same object where that changes nothing. What the member or
    another source vouches for stays."""
    after = _followed(payload, draft, source, at)
    if after == payload:
        return payload
    return stamped(payload, after, at) if after.differs_visibly(payload) else after


def forget(
    payload: CompanyPayload, sources: frozenset[str], at: str, *, annotated: bool = True
) -> CompanyPayload | None:
    """Return the company without what only these sources say; None where nobody else vouches for anything of it.

    One that the member annotated (a tag, a note, a link of a contact) is the member's own, unless nothing `annotated` is to be
    kept: it keeps its name, which nobody is shown who was not shown it before. Any other that is left without a name goes by its
    domain.
    """
    after = without(payload, sources, at, annotated=annotated)
    return after if after is None or after is payload else stamped(payload, after, at)


def without(
    payload: CompanyPayload, sources: frozenset[str], at: str, *, annotated: bool = True, silent: bool = False
) -> CompanyPayload | None:
    """Return the same as `forget`, with the times of changes as they were; the same object where nothing goes. `at` is
    since when the member is said to vouch for the name. `silent`: these sources may show the company again, so their names for it
    stay with one that is kept."""
    gone, stays = (sources if annotated else sources | KEPT), False
    left = {name: survivorship.without(payload.values_of(name), gone) for name in TEXTS}
    if not left["name"] and annotated and payload.is_annotated:
        keeper, stays = MEMBER_HIDDEN if payload.shared() is None else MEMBER_KEPT, silent
        left["name"] = [Kept(value=payload.name.value, sources={keeper: at})]
    update = payload.with_values(left)
    name = update["name"] or update["domain"]
    if name is None:
        return None
    ids = [each for each in payload.source_ids if stays or each.rpartition(":")[0] not in sources]
    seen = {source: seen_at for source, seen_at in payload.seen.items() if source not in sources}
    size = payload.size.without(sources) if payload.size else None
    more = {"name": name, "size": size, "source_ids": ids, "seen": seen}
    after = payload.model_copy(update={**update, **more})
    return payload if after == payload else after


def _followed(payload: CompanyPayload, draft: CompanyDraft, source: str, at: str) -> CompanyPayload:
    told = {name: getattr(draft, name) for name in ("name", "domain") if name not in draft.untold}
    heard = Heard(source, at, draft.modified_at)
    known = {name: payload.values_of(name) for name in told}
    # What was kept of a source that was gone yields to one that shows it; what others see of it, to one that they see.
    known["name"] = survivorship.without(known["name"], frozenset({MEMBER_HIDDEN}) if is_hidden(source) else KEPT)
    said = {name: survivorship.say(known[name], heard, value) for name, value in told.items()}
    update = payload.with_values({name: each for name, each in said.items() if each != payload.values_of(name)})
    if draft.source_id not in payload.source_ids:
        update |= {"source_ids": [*payload.source_ids, draft.source_id], "lends": True}
    return payload.model_copy(update=update)
