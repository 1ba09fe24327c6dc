"""A record that has another id at its source now is the same record: what is here of it goes on, with what its member added.

Sources give new ids where records become one, or where a person is linked with a profile. Where a source does not say so, a
record that is new to us and has the own identifier of one that the source has no more is that one, made anew.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from chalicelib.core import clock
from chalicelib.core.ids import SortKey
from chalicelib.core.written import LONGEST_NOTES
from chalicelib.domain.companies import model as companies
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.contacts import merge as contacts
from chalicelib.domain.contacts.merge import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.ingest import identity
from chalicelib.domain.ingest.linked import Connected
from chalicelib.domain.ingest.upsert import D, Item, Kind, P, R
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.store import batch, rows
from chalicelib.store.pointers import PointerRecord

_LOOKED_AT_ONCE = 100


def rename(kind: Kind[R, P, D], origin: Connected, renamed: Mapping[str, str]) -> None:
    """Move everything known of the old external ids to their new ones, before the records are stored by these.

    Of several that became one, the first that is stored counts, else the first that stays away; whatever is already known
    by a new id stays. The others are left as they are, and are gone; what their member added to them goes over to that
    one. Each step goes in one call, so a kill is harmless and repeating is safe. VersionConflict where another worker
    has the stream.
    """
    renamed = {old: _at_last(old, renamed) for old in renamed}
    keys = {each: origin.key(kind.name, each) for pair in renamed.items() for each in pair}
    known = origin.known(kind.name, keys.values())
    became: dict[str, list[str]] = {}
    for old, new in renamed.items():
        if keys[old] in known and keys[new] not in known:
            became.setdefault(new, []).append(keys[old])
    for new, olds in became.items():
        origin.acquire_writer()
        key = next((old for old in olds if known[old].fate is Fate.STORED), olds[0])
        _move(kind, origin, key, known[key], new)
        known[keys[new]] = known[key]
    for old, new in renamed.items():
        _carry(kind, origin, known.get(keys[old]), known.get(keys[new]))


def made_anew(kind: Kind[R, P, D], origin: Connected, rivals: Sequence[tuple[Item[R, P, D], R]]) -> dict[SortKey, R]:
    """Find new records which are one of their rivals of the same connection, since that is there no more. What is known of that
    is known of them then; return the rows of these, as they are now. Failures as in `rename`, and the provider's."""
    formers: dict[str, Item[R, P, D]] = {}
    for item, row in rivals:
        payload = row.unsealed(kind.payload)
        own = [name.removeprefix(f"{origin.source}:") for name in links.names_of(origin.source, payload.source_ids)]
        if len(own) == 1 and own[0] != item.external_id and _is_same(item.drafts[-1], payload):
            formers.setdefault(own[0], item)
    items: dict[str, Item[R, P, D]] = {}
    for chunk in batch.chunks(formers, _LOOKED_AT_ONCE):
        gone = set(origin.gone(chunk)).intersection(chunk)
        became = {formers[old].external_id: old for old in gone}
        rename(kind, origin, {old: new for new, old in became.items()})
        items |= {formers[old].key: formers[old] for old in became.values()}
    for key, known in origin.known(kind.name, items).items():
        items[key].known, items[key].sk = known, known.record
    return kind.found([each.sk for each in items.values() if each.known is not None])


def _is_same(draft: object, payload: ContactPayload | CompanyPayload) -> bool:
    """Whether both have an identifier that is one person's alone; of companies their domain."""
    if isinstance(payload, CompanyPayload):
        return isinstance(draft, CompanyDraft) and payload.domain is not None and payload.domain.value == draft.domain
    return isinstance(draft, ContactDraft) and bool(identity.who_comes(draft).own & identity.who_is(payload).own)


def _at_last(old: str, renamed: Mapping[str, str]) -> str:
    """What became of a record in the end, where several changes are told at once."""
    seen, new = {old}, renamed[old]
    while new in renamed and new not in seen:
        seen.add(new)
        new = renamed[new]
    return new


def _carry(
    kind: Kind[R, P, D], origin: Connected, old: SourceLinkPayload | None, new: SourceLinkPayload | None
) -> None:
    """Let what the member added to a record go over to the one that it became a part of: first it is there, then no more here."""
    if old is None or new is None or old.record == new.record or {old.fate, new.fate} != {Fate.STORED}:
        return
    kind.gone_over.add(origin.key(kind.name, old.external_id))

    def attempt() -> None:
        found = kind.found([old.record, new.record])
        lost, kept = found.get(old.record), found.get(new.record)
        if lost is None or kept is None:
            return
        theirs, ours = (row.unsealed(kind.payload) for row in (lost, kept))
        added = {name: value for name, value in _added(theirs, ours).items() if value is not None}
        if not added:
            return
        origin.acquire_writer()
        at = clock.rfc3339(clock.now())
        if any(getattr(ours, name) != value for name, value in added.items()):
            kind.rewrite(kept, _stamped(ours, kind.changed(ours, **added), at), origin.holding)
        kind.rewrite(lost, _stamped(theirs, kind.changed(theirs, **dict.fromkeys(added)), at), origin.holding)

    rows.retry(attempt)


def _added(theirs: P, ours: P) -> dict[str, str | None]:
    """What a record has that its member added to the other one, and its own. A tag that colleagues could see then, and could not
    before, stays where it is."""
    moved: dict[str, str | None] = {}
    if theirs.notes:
        apart = ours.notes is not None and theirs.notes not in ours.notes
        moved["notes"] = f"{ours.notes}\n\n{theirs.notes}"[:LONGEST_NOTES] if apart else ours.notes or theirs.notes
    if isinstance(theirs, CompanyPayload) and isinstance(ours, CompanyPayload) and theirs.tag is not None:
        seen_by_more = ours.shared() is not None and theirs.shared() is None
        moved["tag"] = None if seen_by_more else ours.tag or theirs.tag
    return moved


def _stamped(before: P, after: P, at: str) -> P:
    if isinstance(before, CompanyPayload):
        return cast("P", companies.stamped(before, cast("CompanyPayload", after), at))
    return cast("P", contacts.stamped(before, cast("ContactPayload", after), at))


def _move(kind: Kind[R, P, D], origin: Connected, key: str, known: SourceLinkPayload, new: str) -> None:
    read = [known]

    def attempt() -> None:
        link = read.pop() if read else origin.known(kind.name, [key]).get(key)
        if link is None:
            return  # it ended meanwhile, with its contact
        # Without its digest: by its new name the record is brought in once more.
        renamed = link.model_copy(update={"external_id": new, "digest": ""})
        moved = origin.link(kind.name, origin.key(kind.name, new), renamed)
        transact: rows.TransactItems = [
            rows.DeleteIfPresent(SourceLinkRecord, origin.link_sk(kind.name, key)),
            rows.VersionCheck(origin.holding),
        ]
        row = kind.found([link.record]).get(link.record) if link.fate is Fate.STORED else None
        if row is None:
            rows.put_new(moved, transact)
        else:
            beside = _named(kind, row, f"{origin.source}:{link.external_id}", f"{origin.source}:{new}")
            rows.put_if_unchanged(row, [*beside, moved, *transact], visible=False)

    rows.retry(attempt)


def _named(kind: Kind[R, P, D], row: R, old: str, new: str) -> rows.TransactItems:
    """Put the new name at its source in the old one's place; what is to be written with that: the journal, and pointers."""
    before = row.unsealed(kind.payload)
    names = list(dict.fromkeys(new if name == old else name for name in before.source_ids))
    after = kind.changed(before, source_ids=names)
    had, has = (dict.fromkeys(kind.pointers_of(row.sk, each, every_version=True)) for each in (before, after))
    row.reseal(after)
    return [
        *kind.origin.journal(kind.updated, [kind.repository.entry(row.sk, before, after)]),
        *(each.as_record() for each in kind.pointers_of(row.sk, after) if each not in had),
        *(rows.DeleteIfPresent(PointerRecord, each.sk) for each in had if each not in has),
    ]
