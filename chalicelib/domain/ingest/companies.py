"""Companies as the engine writes them: refused where the record was an erased person's own, joined by their domain."""

from collections.abc import Mapping, Sequence

from chalicelib.core import ids
from chalicelib.core.ids import SortKey
from chalicelib.domain.audit.model import Action
from chalicelib.domain.companies import lent_names, repository, source_updates
from chalicelib.domain.companies.model import KIND, CompanyPayload, source_marks
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.ingest.upsert import Item, Kind, Origin
from chalicelib.domain.suppression.model import Mark
from chalicelib.store import rows
from chalicelib.store.transactions import TransactItems

CompanyItem = Item[CompanyRecord, CompanyPayload, CompanyDraft]


class Companies(Kind[CompanyRecord, CompanyPayload, CompanyDraft]):
    """A member's companies by domain are read when first needed. `of_file`: of a file that was exported here."""

    name, record, payload, repository = KIND, CompanyRecord, CompanyPayload, repository
    created, updated, deleted = Action.COMPANY_CREATED, Action.COMPANY_UPDATED, Action.COMPANY_DELETED

    def __init__(self, origin: Origin, *, of_file: bool = False, keeps: bool = True) -> None:
        super().__init__(origin, keeps=keeps)
        self._of_file = of_file
        if of_file:
            self.created = self.updated = Action.COMPANY_IMPORTED
        self._by_domain: dict[str, list[SortKey]] | None = None

    def brought(self, before: CompanyPayload | None, draft: CompanyDraft, at: str) -> CompanyPayload:
        """Return the company with the draft in it, as Kind.brought."""
        if self._of_file:
            return source_updates.restored(before, draft, self.origin.source, at)
        if before is None:
            return source_updates.started(draft, self.origin.source, at)
        return source_updates.follow(before, draft, self.origin.source, at)

    def held(self, item: CompanyItem) -> list[Mark]:
        """Return the marks of the records that the item was: an erased person's own may be among them. A name alone forbids
        nothing."""
        return [*source_marks(draft.source_id for draft in item.drafts)]

    def candidates(self, items: Sequence[CompanyItem]) -> list[list[SortKey]]:
        """Return for each the companies with its domain."""
        return [self._with_domain(each.drafts[-1].domain) for each in items]

    def chosen(self, item: CompanyItem, there: Mapping[SortKey, CompanyPayload]) -> SortKey | None:
        """Return the company that the item is; None for a new one. Two records of one connection are two companies."""
        draft, ours = item.drafts[-1], f"{self.origin.source}:"
        for sk, payload in there.items():
            other = draft.source_id and any(
                name.startswith(ours) and name != draft.source_id for name in payload.source_ids
            )
            same = payload.domain is not None and payload.domain.value == draft.domain
            if draft.source_id in payload.source_ids or (same and not other):
                return sk  # also where a worker that was killed had joined them
        return None

    def without(self, payload: CompanyPayload, at: str) -> CompanyPayload | None:
        """Return the company without what only the origin says; None where no other source is left."""
        return source_updates.forget(payload, frozenset({self.origin.source}), at, annotated=self.keeps)

    def learn(self, items: Sequence[CompanyItem]) -> None:
        """Add companies that were written just now to those known by domain."""
        for each in items:
            if self._by_domain is not None and each.before is None and each.wanted.domain is not None:
                self._by_domain.setdefault(each.wanted.domain.value, []).append(each.sk)

    def follows(self) -> TransactItems:
        """Return the row that lets contacts follow: what a connection brought may be linked."""
        return [lent_names.asking(self.origin.tenant, self.origin.owner)]

    def _with_domain(self, domain: str) -> list[SortKey]:
        if not domain:
            return []
        if self._by_domain is None:
            self._by_domain = {}
            for row in rows.every(CompanyRecord, self.origin.tenant, ids.key_range(KIND, self.origin.owner)):
                there = row.unsealed(CompanyPayload).domain
                if there is not None:
                    self._by_domain.setdefault(there.value, []).append(row.sk)
        return self._by_domain.get(domain, [])
