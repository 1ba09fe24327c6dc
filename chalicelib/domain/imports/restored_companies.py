"""Companies of an export of ours come back: as those that they were, or that go by their domain, or anew."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.core import ids
from chalicelib.core.codes import CellCode
from chalicelib.core.ids import SortKey
from chalicelib.domain.companies import lent_names
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload, Tag, record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.imports.parsing.row import CompanyRow
from chalicelib.domain.ingest import upsert
from chalicelib.domain.ingest.companies import Companies, CompanyItem
from chalicelib.domain.ingest.upsert import Item, Origin
from chalicelib.domain.sources.provenance import OWN_EXPORT
from chalicelib.domain.work.model import Tally
from chalicelib.store import batch, rows
from chalicelib.store.records import TenantRecord
from chalicelib.vault import tags


class RestoredCompanies:
    """Stores the companies of parts, for one member; and says which company a contact of the same export belongs to."""

    told_first = True
    holding = None

    def __init__(self, origin: Origin, draw: str, at: str) -> None:
        self._origin, self._draw, self._at = origin, draw, at
        self._kind = Companies(origin, of_file=True)
        self._ids: dict[str, str] | None = None  # of each company, by its id and by those it had in exports
        self._lent: dict[
            str, dict[str, str]
        ] = {}  # of each that says that contacts may be linked with it: what it lends

    def store(self, companies: Sequence[CompanyRow], tally: Tally, refused: str) -> None:
        """Store these, and count what became of each; `refused` is the code of one that must not be stored."""
        if not companies:
            return
        asked: list[CompanyItem] = [Item([self._draft(row)]) for row in companies]
        forbidden = self._kind.refused(asked)
        items: dict[SortKey, CompanyItem] = {}
        for row, each, erased, sk in zip(
            companies, asked, forbidden, self._targets(companies, asked, items), strict=True
        ):
            if erased:
                tally.reject(row.number, refused)
            else:
                self._count(row, items[sk], each.drafts[0], tally)
        brought = [each for each in items.values() if each.after is not None]
        self.keep(brought)
        if self._ids is not None:
            for each in brought:
                self._learn(self._ids, each.sk, each.wanted)

    def keep(self, brought: list[CompanyItem]) -> None:
        """Write what came of a part. Where a company has another name now, its contacts follow after the import, which has the
        writer's lock: so that may be asked for before."""
        if any(each.before and each.after and lent_names.changed(each.before, each.after) for each in brought):
            batch.put_all([lent_names.asking(self._origin.tenant, self._origin.owner)])
        upsert.put(self._kind, brought, self, self._at)
        self._kind.learn(brought)

    def bring(self, item: CompanyItem) -> None:
        """Set the item's new payload from its rows, in their order."""
        item.after = item.before
        for draft in item.drafts:
            item.after = self._kind.brought(item.after, draft, self._at)

    def with_change(self, item: CompanyItem) -> list[TenantRecord]:  # noqa: ARG002 - as the engine asks
        """Return nothing: what a file changes drops nothing."""
        return []

    def linked(self, ident: str) -> str | None:
        """Return the id of the member's company that has this id, or had it where it was exported; None where there is none."""
        if self._ids is None:
            self._ids = {}
            for row in rows.every(CompanyRecord, self._origin.tenant, ids.key_range(KIND, self._origin.owner)):
                self._learn(self._ids, row.sk, row.unsealed(CompanyPayload))
        return self._ids.get(ident)

    def lent(self, company_id: str) -> dict[str, str] | None:
        """Return the names that the company (by the id that `linked` returns) lends to a contact of the export, by source; None
        where it has gone. From then on contacts follow what becomes of it: it says so before the first one is linked."""
        if company_id not in self._lent:
            row = self._lending(company_id)
            if row is None:
                return None
            self._lent[company_id] = row.unsealed(CompanyPayload).lent_names(self._origin.source)
        return self._lent[company_id]

    def _lending(self, company_id: str) -> CompanyRecord | None:
        ident = ids.parse_owned(company_id, PREFIX)
        if ident is None:
            return None

        def change(row: CompanyRecord) -> rows.Put | None:
            payload = row.unsealed(CompanyPayload)
            if payload.lends:
                return None
            row.reseal(payload.model_copy(update={"lends": True}))
            return rows.Put(visible=False)

        return rows.update(rows.Key(CompanyRecord, self._origin.tenant, record_sk(ident.owner, ident.local)), change)

    def _learn(self, known: dict[str, str], sk: SortKey, payload: CompanyPayload) -> None:
        ident = str(ids.owned_of(PREFIX, sk))
        known.update(_named(ident, payload))
        if payload.lends:
            self._lent[ident] = payload.lent_names(self._origin.source)

    def _draft(self, row: CompanyRow) -> CompanyDraft:
        return CompanyDraft(
            name=row.name,
            domain=row.domain,
            source_id=f"{self._origin.source}:{_name(row)}",
            industry=row.industry,
            country=row.country,
            size=row.size,
            tag=Tag(row.tag) if row.tag else None,
            notes=row.notes,
        )

    def _targets(
        self, companies: Sequence[CompanyRow], asked: Sequence[CompanyItem], items: dict[SortKey, CompanyItem]
    ) -> Iterator[SortKey]:
        """Which company each row is: by its id, by the id that it was given when it came back before, by its domain."""
        known = [self._known(row) for row in companies]
        others = self._kind.candidates(asked)
        self._kind.fill(items, (sk for each in (*known, *others) for sk in each))
        for item, own, rivals in zip(asked, known, others, strict=True):
            there = {
                sk: payload for sk in (*own, *rivals) if (payload := items[sk].after or items[sk].before) is not None
            }
            standing = next((sk for sk in own if sk in there), None)
            yield standing or self._kind.chosen(item, {sk: there[sk] for sk in rivals if sk in there}) or own[-1]

    def _known(self, row: CompanyRow) -> list[SortKey]:
        """The sort keys of the member's own company of the row's id, of the one that came of it before, and of one to be made."""
        named, before = _own(self._origin, row.source_id), _own(self._origin, self.linked(_name(row)) or "")
        drawn = tags.drawn_id(self._origin.tenant, self._draw, f"{KIND}\0{_name(row)}")
        made = ids.sort_key(KIND, self._origin.owner, drawn)
        return [*([named] if named else []), *([before] if before else []), made]

    def _count(self, row: CompanyRow, item: CompanyItem, draft: CompanyDraft, tally: Tally) -> None:
        if item.sk == _own(self._origin, row.source_id):
            draft = replace(draft, source_id="")  # it is that company, and no copy of it
        merged = bool(item.drafts)
        item.drafts = [*item.drafts, draft]
        after = self._kind.brought(item.after or item.before, draft, self._at)
        outcome = item.become(after, self._at)
        if draft.tag is not None and after.tag is None:
            tally.drop(row.number, "tag", CellCode.SEEN_BY_COLLEAGUES)
        tally.count("merged" if merged else outcome)


def _name(row: CompanyRow) -> str:
    """By what the company is known when it is brought again: the id it was exported with, else what it says."""
    return row.source_id or row.digest().rpartition(":")[2]


def _own(origin: Origin, ident: str) -> SortKey | None:
    """The sort key of the member's own company of that id; None for the id of another's."""
    parsed = ids.parse_owned(ident, PREFIX)
    return record_sk(parsed.owner, parsed.local) if parsed and parsed.owner == origin.owner else None


def _named(ident: str, payload: CompanyPayload) -> dict[str, str]:
    exported = (name.rpartition(":")[2] for name in payload.source_ids if name.startswith(f"{OWN_EXPORT}:"))
    return {**dict.fromkeys(exported, ident), ident: ident}
