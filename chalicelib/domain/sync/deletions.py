"""What a provider has no more goes here too, but for what the member or another source vouches for. Copies go last, so that a
killed run finds again what it had begun. Every deletion depends on the checkpoint of the worker that does it."""

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.companies import repository as company_writing
from chalicelib.domain.companies import source_updates
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import expire
from chalicelib.domain.contacts import repository as contact_writing
from chalicelib.domain.contacts.correspondence import exchange_sk
from chalicelib.domain.contacts.merge import stamped, without_sources
from chalicelib.domain.contacts.model import KIND as CONTACT
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync.stream_context import StreamContext, cause
from chalicelib.store import batch, pointers, rows

_AT_ONCE = (rows.MOST_AT_ONCE - 2) // 2  # of one transaction, each with its exchange row, beside journal and checkpoint


def mirror(context: StreamContext, kind: str, gone: Mapping[str, SourceLinkPayload]) -> int:
    """Take what these records brought away, by key; how many were stored. Safe to repeat. VersionConflict where another
    worker has the stream."""
    if not gone:
        return 0
    context.acquire_writer()
    stored = {copy.record: copy for copy in gone.values() if copy.fate is Fate.STORED}
    (_contacts if kind == CONTACT else _companies)(context, stored)
    batch.delete_all(SourceLinkRecord, [(context.tenant, context.copy_sk(kind, key)) for key in gone])
    return len(stored)


def _contacts(context: StreamContext, stored: Mapping[str, SourceLinkPayload]) -> None:
    found = batch.get_all(ContactRecord, [(context.tenant, sk) for sk in sorted(stored)])
    there = {sk: row for (_, sk), row in found.items() if _of_contact(context, stored[sk], row)}
    whole: list[ContactRecord] = []
    for sk, row in there.items():
        if _without(context, row) is None and not _others(context, row.unsealed(ContactPayload).source_ids):
            whole.append(row)
        else:
            _one_contact(context, stored[sk], row)
    for chunk in batch.chunks(whole, _AT_ONCE):
        _remove_contacts(context, chunk, stored)
    # Where a killed run had done it, or had begun to change the contact, it may have left pointers.
    expire.tidy(context.tenant, [sk for sk, copy in stored.items() if sk not in there or copy.untidy])


def _remove_contacts(
    context: StreamContext, chunk: list[ContactRecord], stored: Mapping[str, SourceLinkPayload]
) -> None:
    told = [contact_writing.entry(row.sk, row.unsealed(ContactPayload), None) for row in chunk]
    journal = audit.journal(context.tenant, context.owner, cause(Action.CONTACT_DELETED), told)
    held = [
        pointer
        for row in chunk
        for pointer in contact_writing.pointers_of(
            context.tenant, row.sk, row.unsealed(ContactPayload), every_version=True
        )
    ]
    try:
        hanging = [rows.DeleteIfPresent(ExchangeRecord, exchange_sk(row.sk)) for row in chunk]
        rows.delete_all_if_unchanged(chunk, [journal, rows.VersionCheck(context.checkpoint.row), *hanging])
    except VersionConflict:
        for row in chunk:
            _one_contact(context, stored[row.sk], row)
        return
    pointers.delete(held)


def _one_contact(context: StreamContext, copy: SourceLinkPayload, read: ContactRecord) -> None:
    def write(row: ContactRecord) -> None:
        if not _of_contact(context, copy, row):
            return
        before, left = row.unsealed(ContactPayload), _without(context, row)
        if left is None:
            links.drop(context.tenant, CONTACT, _others(context, before.source_ids))
            contact_writing.remove(row, cause(Action.CONTACT_DELETED), holding=context.checkpoint.row)
        else:
            after = stamped(before, left, clock.rfc3339(clock.now()))
            contact_writing.rewrite(row, after, cause(Action.CONTACT_UPDATED), context.checkpoint.row)
            links.outdate(context.tenant, CONTACT, left.source_ids)

    rows.settle(read, write)


def _others(context: StreamContext, source_ids: list[str]) -> list[str]:
    """The names at other sources of what goes. Nothing of it was theirs, so the next full pass of theirs brings it as new."""
    return [name for name in source_ids if not name.startswith(f"{context.source}:")]


def _of_contact(context: StreamContext, copy: SourceLinkPayload, row: ContactRecord) -> bool:
    return f"{context.source}:{copy.external_id}" in row.unsealed(ContactPayload).source_ids


def _without(context: StreamContext, row: ContactRecord) -> ContactPayload | None:
    left = without_sources(row.unsealed(ContactPayload), frozenset({context.source}))
    return left if left.says_who else None


def _companies(context: StreamContext, stored: Mapping[str, SourceLinkPayload]) -> None:
    found = batch.get_all(CompanyRecord, [(context.tenant, sk) for sk in sorted(stored)])
    at, whole = clock.rfc3339(clock.now()), list[CompanyRecord]()
    for (_, sk), row in found.items():
        payload = row.unsealed(CompanyPayload)
        left = source_updates.forget(payload, frozenset({context.source}), at)
        if left is None and _of_company(context, stored[sk], payload) and not _others(context, payload.source_ids):
            whole.append(row)
        else:
            _one_company(context, stored[sk], row, at)
    for chunk in batch.chunks(whole, _AT_ONCE):
        told = [company_writing.entry(row.sk, row.unsealed(CompanyPayload), None) for row in chunk]
        journal = audit.journal(context.tenant, context.owner, cause(Action.COMPANY_DELETED), told)
        try:
            rows.delete_all_if_unchanged(
                chunk, [journal, rows.VersionCheck(context.checkpoint.row)]
            )  # they have no notes, and so no pointers
        except VersionConflict:
            for row in chunk:
                _one_company(context, stored[row.sk], row, at)


def _one_company(context: StreamContext, copy: SourceLinkPayload, read: CompanyRecord, at: str) -> None:
    def write(row: CompanyRecord) -> None:
        payload = row.unsealed(CompanyPayload)
        if not _of_company(context, copy, payload):
            return
        left = source_updates.forget(payload, frozenset({context.source}), at)
        if left is None:
            links.drop(context.tenant, COMPANY, _others(context, payload.source_ids))
            company_writing.remove(row, cause(Action.COMPANY_DELETED), holding=context.checkpoint.row)
        else:
            company_writing.rewrite(row, left, cause(Action.COMPANY_UPDATED), context.checkpoint.row)
            links.outdate(context.tenant, COMPANY, left.source_ids)

    rows.settle(read, write)


def _of_company(context: StreamContext, copy: SourceLinkPayload, payload: CompanyPayload) -> bool:
    return f"{context.source}:{copy.external_id}" in payload.source_ids
