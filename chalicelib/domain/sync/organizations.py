"""A page of organizations becomes companies: what is known follows its record, the rest joins by its domain or is new.

Companies hold no person, so no tombstone is asked; names are kept without addresses. The order of writes is that of people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.connectors.port import Organization
from chalicelib.core import clock, ids
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import MOST_ENTRIES, Action, Entry
from chalicelib.domain.companies import repository, source_updates
from chalicelib.domain.companies.model import KIND, PREFIX, CompanyPayload, record_sk
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.companies.source_updates import CompanyDraft
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.sources.records import SourceLinkRecord
from chalicelib.domain.sync import mapping
from chalicelib.domain.sync.mapping import Linked, Skip
from chalicelib.domain.sync.stream_context import Result, StreamContext, cause, skipped_by, visibly_changed
from chalicelib.store import batch, pointers, rows

_CREATED, _UPDATED = cause(Action.COMPANY_CREATED), cause(Action.COMPANY_UPDATED)


@dataclass
class _Brought:
    key: str
    external_id: str
    copy: SourceLinkPayload | None
    draft: CompanyDraft
    digest: str
    sk: str = ""
    row: CompanyRecord | None = None
    payload: CompanyPayload | None = None
    result: Result | None = None


class Organizations:
    """Stores pages of one stream in one run."""

    def __init__(self, context: StreamContext) -> None:
        self._context = context
        self._by_domain: dict[str, list[str]] | None = (
            None  # sort keys of the member's companies, read when first needed
        )

    def store(self, organizations: Sequence[Organization]) -> list[Result]:
        """What became of each; of two records with one id the later counts. Failures as in storing.People."""
        wanted = {self._context.key(KIND, each.external_id): each for each in organizations}
        copies = self._context.known(KIND, wanted)
        results: dict[str, Result] = {}
        brought: list[_Brought] = []
        for key, organization in wanted.items():
            found = self._look(key, organization, copies.get(key))
            if isinstance(found, Result):
                results[key] = found
            else:
                brought.append(found)
        if brought:
            self._context.acquire_writer()
            self._find(brought)
            self._put([each for each in brought if each.result is None])
        results |= {each.key: each.result for each in brought if each.result}
        return [results[key] for key in wanted]

    def _look(self, key: str, organization: Organization, copy: SourceLinkPayload | None) -> "Result | _Brought":
        was = copy.fate if copy else None
        left_alone = skipped_by(copy.fate) if copy else None
        if left_alone:
            return Result(key, was, skip=left_alone)
        digest = mapping.digest(organization)
        if copy and copy.digest == digest and not self._context.grown_old(copy.seen_at):
            return Result(key, was, did="unchanged")
        draft = mapping.company(organization, self._context.source)
        if isinstance(draft, Skip):
            return Result(key, was, skip=draft)
        return _Brought(key, organization.external_id, copy, draft, digest)

    def _find(self, brought: list[_Brought]) -> None:
        candidates = {each.key: self._with_domain(each.draft.domain) for each in brought if each.copy is None}
        for each in brought:
            each.sk = each.copy.record if each.copy else record_sk(self._context.owner, each.key)
        sks = {each.sk for each in brought} | {sk for found in candidates.values() for sk in found}
        found = batch.get_all(CompanyRecord, [(self._context.tenant, sk) for sk in sorted(sks)])
        taken: set[str] = set()
        for each in brought:
            each.row = found.get((self._context.tenant, each.sk))
            if each.copy is not None and each.row is None:
                each.result = self._gone(each)
            elif each.row is None:
                keys = [(self._context.tenant, sk) for sk in candidates[each.key] if sk not in taken]
                rivals = [found[key] for key in keys if key in found]
                each.row = next((row for row in rivals if self._joins(each.draft, row)), None)
                each.sk = each.row.sk if each.row else each.sk
            taken.add(each.sk)

    def _joins(self, draft: CompanyDraft, row: CompanyRecord) -> bool:
        payload = row.unsealed(CompanyPayload)
        if draft.source_id in payload.source_ids:
            return True  # a worker that was killed had joined them
        other = any(name.startswith(f"{self._context.source}:") for name in payload.source_ids)
        return not other and payload.domain is not None and payload.domain.value == draft.domain

    def _with_domain(self, domain: str) -> list[str]:
        if not domain:
            return []
        if self._by_domain is None:
            self._by_domain = {}
            for row in rows.every(CompanyRecord, self._context.tenant, f"{KIND}#{self._context.owner}#"):
                there = row.unsealed(CompanyPayload).domain
                if there is not None:
                    self._by_domain.setdefault(there.value, []).append(row.sk)
        return self._by_domain.get(domain, [])

    def _gone(self, each: _Brought) -> Result:
        known = self._context.known(KIND, [each.key]).get(each.key)
        if known is None or known.fate is Fate.STORED:
            payload = SourceLinkPayload(fate=Fate.DROPPED, record=each.sk, external_id=each.external_id)
            batch.put_all([self._context.copy(KIND, each.key, payload)])
            return self._result(each, skip=Skip.DROPPED)
        return self._result(each, skip=skipped_by(known.fate))

    def _put(self, brought: list[_Brought]) -> None:
        at, told, fresh = clock.rfc3339(clock.now()), list[Entry](), list[CompanyRecord]()
        for each in brought:
            if each.row is None:
                each.payload = source_updates.started(each.draft, self._context.source, at)
                each.result = self._result(each, did="created")
                told.append(repository.entry(each.sk, None, each.payload))
                fresh.append(CompanyRecord.build(self._context.tenant, each.sk, each.payload))
            elif each.copy is None:
                there = each.row.unsealed(CompanyPayload)
                told.append(repository.entry(each.sk, self._context.journal_before(there), there))
        chunks = batch.chunks(told, MOST_ENTRIES)
        journal = [audit.journal(self._context.tenant, self._context.owner, _CREATED, chunk) for chunk in chunks]
        pointers.write((), journal)
        batch.put_all(fresh)
        for each in brought:
            if each.row is not None:
                self._replace(each, each.row, at)
        batch.put_all([self._copy(each) for each in brought if not (each.result and each.result.skip)])

    def _replace(self, each: _Brought, row: CompanyRecord, at: str) -> None:
        def write(found: CompanyRecord) -> Result:
            before = found.unsealed(CompanyPayload)
            each.payload = after = self._brought(before, each.draft, at)
            changed = visibly_changed(before, after)
            if changed:
                repository.rewrite(found, after, _UPDATED, self._context.checkpoint.row)
            elif before != after:
                found.reseal(after)
                rows.put_if_unchanged(found, visible=False)  # no client is shown it
            return self._result(each, did="updated" if changed else "unchanged")

        each.result = rows.settle(row, write) or self._gone(each)

    def _brought(self, before: CompanyPayload, draft: CompanyDraft, at: str) -> CompanyPayload:
        source = self._context.source
        after = source_updates.follow(before, draft, source, at)
        if after is before and not self._context.grown_old(after.seen.get(source, "")):
            return before
        return after.model_copy(update={"seen": {**after.seen, source: at}})

    def _copy(self, each: _Brought) -> SourceLinkRecord:
        payload = SourceLinkPayload(
            record=each.sk,
            digest=each.digest,
            seen_at=each.payload.seen.get(self._context.source, "") if each.payload else "",
            external_id=each.external_id,
        )
        return self._context.copy(KIND, each.key, payload)

    def _result(self, each: _Brought, *, skip: str | None = None, did: str = "") -> Result:
        return Result(each.key, each.copy.fate if each.copy else None, skip, did)


class Links:
    """The member's companies by the external ids of one connection; each is looked up once a run."""

    def __init__(self, context: StreamContext) -> None:
        self._context, self._known = context, dict[str, Linked | None]()

    def __call__(self, external_ids: Iterable[str]) -> dict[str, Linked]:
        """Those that are stored. At most two calls for 100 that were not asked for before."""
        wanted = set(external_ids)
        self._learn(wanted - self._known.keys())
        return {each: linked for each in wanted if (linked := self._known[each])}

    def _learn(self, external_ids: set[str]) -> None:
        keys = {each: self._context.key(KIND, each) for each in sorted(external_ids)}
        copies = self._context.known(KIND, keys.values())
        sks = {key: copy.record for key, copy in copies.items() if copy.fate is Fate.STORED}
        found = batch.get_all(CompanyRecord, [(self._context.tenant, sk) for sk in sks.values()])
        for each, key in keys.items():
            row = found.get((self._context.tenant, sks.get(key, "")))
            self._known[each] = None
            if row is not None:
                name = row.unsealed(CompanyPayload).name.value
                self._known[each] = Linked(str(ids.owned_of(PREFIX, row.sk)), name)
