"""A page of people becomes contacts: the erased stay out, what is known follows its record, the rest joins or is new.

Writes go pointers and journal first, contacts after, copies last, and give the same end however often a page is begun.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.connectors.port import Person
from chalicelib.core import clock
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import MOST_ENTRIES, Action, Entry
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.domain.contacts import expire, repository
from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.merge import follow
from chalicelib.domain.contacts.model import KIND, SINGLE, ContactPayload, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.ingest import identity
from chalicelib.domain.sources import links
from chalicelib.domain.sources.model import Fate, SourceLinkPayload
from chalicelib.domain.suppression import opt_outs
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.domain.sync import mapping
from chalicelib.domain.sync.mapping import Linked, Skip
from chalicelib.domain.sync.stream_context import Result, StreamContext, cause, skipped_by, visibly_changed
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord

_TOLD_WITHIN = 30  # seconds from the journal to the last contact; clients look again for a minute
_CREATED, _UPDATED = cause(Action.CONTACT_CREATED), cause(Action.CONTACT_UPDATED)


@dataclass
class _Brought:
    """One record that is to be written: what is known of it, and the contact that it belongs to, as it was and shall be."""

    key: str
    external_id: str
    copy: SourceLinkPayload | None
    draft: ContactDraft
    digest: str
    sk: str = ""
    row: ContactRecord | None = None
    payload: ContactPayload | None = None
    result: Result | None = None

    @property
    def before(self) -> ContactPayload | None:
        return self.row.unsealed(ContactPayload) if self.row else None


class People:
    """Stores pages of one stream in one run. `linked` gives the member's companies by their external ids."""

    def __init__(self, context: StreamContext, linked: Callable[[Iterable[str]], dict[str, Linked]]) -> None:
        self._context, self._linked = context, linked
        self._holders = identity.Holders(context.tenant, context.owner)

    def store(self, people: Sequence[Person]) -> list[Result]:
        """What became of each; of two records with one id the later counts. VersionConflict where another worker has the
        stream, Unavailable: what is left is stored when the page is read again."""
        wanted = {self._context.key(KIND, person.external_id): person for person in people}
        known = self._context.known(KIND, wanted)
        linked = self._linked({p.company_external_id for p in wanted.values() if p.company_external_id})
        results: dict[str, Result] = {}
        brought: list[_Brought] = []
        for key, person in wanted.items():
            link = linked.get(person.company_external_id)
            found = self._look(key, person, known.get(key), link)
            if isinstance(found, Result):
                results[key] = found
            else:
                brought.append(found)
        if brought:
            self._context.acquire_writer()
            for each in self._write(brought):
                results[each.key] = each
        self._say_opt_outs([who for key, who in wanted.items() if who.opted_out and results[key].stays_away])
        return [results[key] for key in wanted]

    def _say_opt_outs(self, people: Sequence[Person]) -> None:
        """Who is kept away here may come from elsewhere, and wants no mail then either. Nothing is written of the erased, nor
        where it was said before."""
        drafts = [mapping.contact(person, self._context.source, None) for person in people]
        own = [(draft, {email.exact for email in draft.emails}) for draft in drafts if isinstance(draft, ContactDraft)]
        unsaid = {exact for _, addresses in own for exact in addresses}
        unsaid -= opt_outs.standing(self._context.tenant, unsaid)
        left = [(draft.marks(), addresses & unsaid) for draft, addresses in own if addresses & unsaid]
        forbidden = blocked(self._context.tenant, [marks for marks, _ in left])
        saying = {
            exact for (_, addresses), erased in zip(left, forbidden, strict=True) if not erased for exact in addresses
        }
        if saying:
            self._context.ensure_lease()
            at = clock.rfc3339(clock.now())
            said = list(opt_outs.rows_of(self._context.tenant, sorted(saying), self._context.source, at))
            pointers.write(pointer for _, held in said for pointer in held)
            batch.put_all([row for row, _ in said])

    def _look(
        self, key: str, person: Person, copy: SourceLinkPayload | None, link: Linked | None
    ) -> "Result | _Brought":
        """What can be said without reading the contact, or what is to be brought."""
        was = copy.fate if copy else None
        left_alone = skipped_by(copy.fate) if copy else None
        if left_alone:
            return Result(key, was, skip=left_alone)
        digest = mapping.digest(person, link)
        if copy and copy.digest == digest and not copy.untidy and not self._context.grown_old(copy.seen_at):
            return Result(key, was, did="unchanged")
        draft = mapping.contact(person, self._context.source, link)
        if isinstance(draft, Skip):
            return Result(key, was, skip=draft)
        return _Brought(key, person.external_id, copy, draft, digest)

    def _write(self, brought: list[_Brought]) -> list[Result]:
        forbidden = blocked(self._context.tenant, [each.draft.marks() for each in brought])
        left = []
        for each, erased in zip(brought, forbidden, strict=True):
            if erased:
                each.result = self._result(each, skip=Skip.ADDRESS)
            else:
                left.append(each)
        self._find(left)
        at = clock.rfc3339(clock.now())
        for each in left:
            if each.result is None:
                self._bring(each, at)
        self._put([each for each in left if each.result is None], at)
        return [each.result or self._result(each) for each in brought]

    def _find(self, brought: list[_Brought]) -> None:
        """Which contact each belongs to: the one that it was stored in, else one that it joins, else its own."""
        unknown = [each for each in brought if each.copy is None]
        who = [identity.who_comes(each.draft) for each in unknown]
        found_for = self._holders.candidates(who)
        candidates = {each.key: (known, sks) for each, known, sks in zip(unknown, who, found_for, strict=True)}
        for each in brought:
            each.sk = each.copy.record if each.copy else record_sk(self._context.owner, each.key)
        found = self._load({each.sk for each in brought} | {sk for sks in found_for for sk in sks})
        taken: set[str] = set()
        for each in brought:
            each.row = found.get(each.sk)
            if each.copy is not None and each.row is None:
                each.result = self._gone(each)  # deleted here meanwhile: its end was noted, or is now
            elif each.row is None:
                known, sks = candidates[each.key]
                rivals = {sk: found[sk].unsealed(ContactPayload) for sk in sks if sk in found and sk not in taken}
                joined = identity.chosen(known, rivals)
                if joined is not None:
                    each.sk, each.row = joined, found[joined]
            taken.add(each.sk)

    def _load(self, sks: set[str]) -> dict[str, ContactRecord]:
        """The contacts that are there. One that is past its life ends now: the daily pass has not come to it yet."""
        found = batch.get_all(ContactRecord, [(self._context.tenant, sk) for sk in sorted(sks)])
        for ending in expire.due(self._context.tenant, list(found.values()), lambda _: self._context.lives):
            if ending.left is None and not ending.unseen:
                expire.remove(ending)
                del found[self._context.tenant, ending.row.sk]
        return {sk: row for (_, sk), row in found.items()}

    def _gone(self, each: _Brought) -> Result:
        known = self._context.known(KIND, [each.key]).get(each.key)
        if known is None or known.fate is Fate.STORED:
            # Deleted here while this page was being stored: it stays away.
            payload = SourceLinkPayload(fate=Fate.DROPPED, record=each.sk, external_id=each.external_id)
            batch.put_all([self._context.copy(KIND, each.key, payload)])
            return self._result(each, skip=Skip.DROPPED)
        return self._result(each, skip=skipped_by(known.fate))

    def _bring(self, each: _Brought, at: str) -> None:
        before = each.before
        after = follow(
            before or ContactPayload(created_at=at, updated_at=at, shown_at=at), each.draft, self._context.source, at
        )
        if before is None or self._context.grown_old(after.seen.get(self._context.source, "")) or after is not before:
            after = after.model_copy(update={"seen": {**after.seen, self._context.source: at}})
        each.payload = after

    def _put(self, brought: list[_Brought], at: str) -> None:
        fresh = [each for each in brought if each.row is None]
        held, told, said = list[Pointer](), list[Entry](), list[TenantRecord]()
        for each in fresh:
            held += repository.pointers_of(self._context.tenant, each.sk, _payload(each))
            told.append(repository.entry(each.sk, None, each.payload))
            each.result = self._result(each, did="created")
        for each in brought:
            if each.draft.opted_out:
                addresses = [email.exact for email in each.draft.emails]
                for row, found in opt_outs.rows_of(self._context.tenant, addresses, self._context.source, at):
                    said.append(row)
                    held += found
            if each.row is not None and each.copy is None and each.payload is each.before:
                # Written by a worker that was killed before its copy: the entry may be older than the contact, so tell it again.
                told.append(repository.entry(each.sk, self._context.journal_before(each.payload), each.payload))
        began = clock.monotonic()
        pointers.write(held, self._journal(told))
        built = [ContactRecord.build(self._context.tenant, each.sk, _payload(each)) for each in fresh]
        batch.put_all([*built, *said])
        for each in brought:
            if each.row is not None:
                self._replace(each, each.row, at)
        if told and clock.monotonic() - began > _TOLD_WITHIN:
            pointers.write((), self._journal(told))  # who has heard of it may have looked too early
        expire.tidy(self._context.tenant, [each.sk for each in brought if each.copy is not None and each.copy.untidy])
        batch.put_all([self._copy(each) for each in brought if not (each.result and each.result.skip)])

    def _journal(self, told: list[Entry]) -> list[JournalRecord]:
        chunks = batch.chunks(told, MOST_ENTRIES)
        return [audit.journal(self._context.tenant, self._context.owner, _CREATED, chunk) for chunk in chunks]

    def _replace(self, each: _Brought, row: ContactRecord, at: str) -> None:
        """Write a known contact over the version that was read; where its member was faster, bring the record into that."""

        def write(found: ContactRecord) -> Result:
            if found is not row:
                each.row = found
                self._bring(each, at)
            before, after = found.unsealed(ContactPayload), _payload(each)
            if visibly_changed(before, after):
                each.result = self._result(each, did="updated")
                untidy = self._untidy(each, before, after)
                repository.rewrite(found, after, _UPDATED, self._context.checkpoint.row, untidy)
                if any(getattr(before, name) and not getattr(after, name) for name in SINGLE):
                    others = [name for name in after.source_ids if name != each.draft.source_id]
                    links.outdate(self._context.tenant, KIND, others)
            elif before != after:
                found.reseal(after)
                rows.put_if_unchanged(found, visible=False)  # no client is shown it
            return each.result or self._result(each, did="unchanged")

        each.result = rows.settle(row, write) or self._gone(each)

    def _untidy(self, each: _Brought, before: ContactPayload, after: ContactPayload) -> list[TenantRecord]:
        """What is to be written with a change after which pointers are dropped: the record's copy, as it was, and that."""
        if each.copy is None or set(before.held()) <= set(after.held()):
            return []
        return [self._context.copy(KIND, each.key, each.copy.model_copy(update={"untidy": True}))]

    def _copy(self, each: _Brought) -> TenantRecord:
        payload = SourceLinkPayload(
            record=each.sk,
            digest=each.digest,
            seen_at=_payload(each).seen.get(self._context.source, ""),
            external_id=each.external_id,
        )
        return self._context.copy(KIND, each.key, payload)

    def _result(self, each: _Brought, *, skip: str | None = None, did: str = "") -> Result:
        return Result(each.key, each.copy.fate if each.copy else None, skip, did)


def _payload(each: _Brought) -> ContactPayload:
    if each.payload is None:
        raise ValueError("nothing was brought")
    return each.payload
