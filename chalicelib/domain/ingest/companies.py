"""Companies as the engine writes them: they hold no person, so no tombstone is asked, and join by their domain."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.audit.model import Action, Entry
from chalicelib.domain.companies import repository, source_updates
from chalicelib.domain.companies.model import KIND, CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.ingest.upsert import Item, Kind, Origin
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import TransactItem

CompanyItem = Item[CompanyRecord, CompanyPayload, CompanyDraft]


class Companies(Kind[CompanyRecord, CompanyPayload, CompanyDraft]):
    """A member's companies by domain are read when first needed."""

    name, record, payload = KIND, CompanyRecord, CompanyPayload
    created, updated, deleted = Action.COMPANY_CREATED, Action.COMPANY_UPDATED, Action.COMPANY_DELETED

    def __init__(self, origin: Origin) -> None:
        super().__init__(origin)
        self._by_domain: dict[str, list[str]] | None = None

    def brought(self, before: CompanyPayload | None, draft: CompanyDraft, at: str) -> CompanyPayload:
        """As in Kind."""
        if before is None:
            return source_updates.started(draft, self.origin.source, at)
        return source_updates.follow(before, draft, self.origin.source, at)

    def refused(self, items: Sequence[CompanyItem]) -> list[bool]:
        """As in Kind: none."""
        return [False for _ in items]

    def candidates(self, items: Sequence[CompanyItem]) -> list[list[str]]:
        """As in Kind."""
        return [self._with_domain(each.drafts[-1].domain) for each in items]

    def chosen(self, item: CompanyItem, there: Mapping[str, CompanyPayload]) -> str | None:
        """As in Kind. Two records of one connection are two."""
        draft, ours = item.drafts[-1], f"{self.origin.source}:"
        for sk, payload in there.items():
            other = any(name.startswith(ours) and name != draft.source_id for name in payload.source_ids)
            same = payload.domain is not None and payload.domain.value == draft.domain
            if draft.source_id in payload.source_ids or (same and not other):
                return sk  # also where a worker that was killed had joined them
        return None

    def pointers_of(self, sk: str, payload: CompanyPayload, *, every_version: bool = False) -> list[Pointer]:
        """As in Kind: of whoever the notes name."""
        return index_pointers(self.origin.tenant, sk, (), payload.mentioned(), every_version=every_version)

    def entry(self, sk: str, before: CompanyPayload | None, after: CompanyPayload | None) -> Entry:
        """As in Kind."""
        return repository.entry(sk, before, after)

    def rewrite(
        self,
        row: CompanyRecord,
        after: CompanyPayload,
        holding: TenantRecord | None,
        beside: Sequence[TenantRecord],  # noqa: ARG002 - nothing is written beside a company
    ) -> None:
        """As in Kind."""
        repository.rewrite(row, after, self.origin.cause(self.updated), holding)

    def without(self, payload: CompanyPayload, at: str) -> CompanyPayload | None:
        """As in Kind."""
        return source_updates.forget(payload, frozenset({self.origin.source}), at)

    def remove(self, row: CompanyRecord, holding: TenantRecord) -> None:
        """As in Kind."""
        repository.remove(row, self.origin.cause(self.deleted), holding=holding)

    def hanging(self, sk: str) -> list[TransactItem]:  # noqa: ARG002
        """As in Kind: nothing."""
        return []

    def _with_domain(self, domain: str) -> list[str]:
        if not domain:
            return []
        if self._by_domain is None:
            self._by_domain = {}
            for row in rows.every(CompanyRecord, self.origin.tenant, f"{KIND}#{self.origin.owner}#"):
                there = row.unsealed(CompanyPayload).domain
                if there is not None:
                    self._by_domain.setdefault(there.value, []).append(row.sk)
        return self._by_domain.get(domain, [])
