"""A record that has another id at its source now is the same record: what is here of it goes on, with what its member added.

Sources give new ids where records become one, or where a person is linked with a profile.
"""

from collections.abc import Mapping, Sequence

from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.companies import repository as company_writing
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import repository as contact_writing
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync.stream_context import StreamContext, cause
from chalicelib.store import rows
from chalicelib.store.pointers import PointerRecord


def rename(context: StreamContext, kind: str, renamed: Mapping[str, str]) -> None:
    """Let what is known of the old external ids be known of their new ones from now on; to be done before the records are
    stored by these. Of several that became one it is the first that is stored, else the first that stays away; the others are
    left as they are, and are gone. What is known by its new id stands.

    Each goes in one call, so it is safe to kill and to repeat. VersionConflict where another worker has the stream.
    """
    keys = {each: context.key(kind, each) for pair in renamed.items() for each in pair}
    known = context.known(kind, keys.values())
    became: dict[str, list[str]] = {}
    for old, new in renamed.items():
        if keys[old] in known and keys[new] not in known:
            became.setdefault(new, []).append(keys[old])
    for new, olds in became.items():
        context.acquire_writer()
        key = next((old for old in olds if known[old].fate is Fate.STORED), olds[0])
        _move(context, kind, key, known[key], new)


def _move(context: StreamContext, kind: str, key: str, known: SourceLinkPayload, new: str) -> None:
    read = [known]

    def attempt() -> None:
        copy = read.pop() if read else context.known(kind, [key]).get(key)
        if copy is None:
            return  # it ended meanwhile, with its contact
        # Without its digest: by its new name the record is brought in once more.
        moved = context.copy(kind, context.key(kind, new), copy.model_copy(update={"external_id": new, "digest": ""}))
        transact: rows.TransactItems = [
            rows.DeleteIfPresent(SourceLinkRecord, context.copy_sk(kind, key)),
            rows.VersionCheck(context.checkpoint.row),
        ]
        row = _held(context, kind, copy.record) if copy.fate is Fate.STORED else None
        if row is None:
            rows.put_new(moved, transact)
        else:
            beside = _named(context, row, f"{context.source}:{copy.external_id}", f"{context.source}:{new}")
            rows.put_if_unchanged(row, [*beside, moved, *transact])

    rows.retry(attempt)


def _held(context: StreamContext, kind: str, sk: str) -> ContactRecord | CompanyRecord | None:
    if kind == CONTACT:
        return rows.get(ContactRecord, context.tenant, sk)
    return rows.get(CompanyRecord, context.tenant, sk)


def _named(context: StreamContext, row: ContactRecord | CompanyRecord, old: str, new: str) -> rows.TransactItems:
    """Put the new name at its source in the old one's place; what is to be written with that: the journal, and pointers."""
    if isinstance(row, CompanyRecord):
        company = row.unsealed(CompanyPayload)
        row.reseal(company.model_copy(update={"source_ids": _instead(company.source_ids, old, new)}))
        told = company_writing.entry(row.sk, company, row.unsealed(CompanyPayload))
        return [audit.journal(context.tenant, context.owner, cause(Action.COMPANY_UPDATED), [told])]
    before = row.unsealed(ContactPayload)
    after = before.model_copy(update={"source_ids": _instead(before.source_ids, old, new)})
    had, has = (
        dict.fromkeys(contact_writing.pointers_of(context.tenant, row.sk, payload, every_version=True))
        for payload in (before, after)
    )
    row.reseal(after)
    told = contact_writing.entry(row.sk, before, after)
    return [
        audit.journal(context.tenant, context.owner, cause(Action.CONTACT_UPDATED), [told]),
        *(each.as_record() for each in contact_writing.pointers_of(context.tenant, row.sk, after) if each not in had),
        *(rows.DeleteIfPresent(PointerRecord, each.sk) for each in had if each not in has),
    ]


def _instead(names: Sequence[str], old: str, new: str) -> list[str]:
    return list(dict.fromkeys(new if name == old else name for name in names))
