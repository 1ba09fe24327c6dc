"""A record that has another id at its source now is the same record: what is here of it goes on, with what its member added.

Sources give new ids where records become one, or where a person is linked with a profile.
"""

from collections.abc import Mapping

from chalicelib.domain.ingest.linked import Connected
from chalicelib.domain.ingest.upsert import D, Kind, P, R
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.store import rows
from chalicelib.store.pointers import PointerRecord


def rename(kind: Kind[R, P, D], origin: Connected, renamed: Mapping[str, str]) -> None:
    """Move everything known of the old external ids to their new ones, before the records are stored by these.

    Of several that became one, the first that is stored counts, else the first that stays away; the others are left as
    they are, and are gone. Whatever is already known by a new id stays. Each goes in one call, so a kill is harmless
    and repeating is safe. VersionConflict where another worker has the stream.
    """
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
