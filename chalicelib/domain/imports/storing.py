"""A part of an import becomes contacts: its rows are handed to domain.ingest, and counted by what became of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives
from chalicelib.core.codes import CellCode, RowCode
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import OwnedId, OwnerCode, SortKey, TenantId
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Cause
from chalicelib.domain.contacts.merge import MOST, ContactDraft
from chalicelib.domain.contacts.model import PREFIX, ContactPayload, key_of, record_sk
from chalicelib.domain.imports.model import Group, Part
from chalicelib.domain.imports.parsing.row import ReadRow
from chalicelib.domain.imports.restored_companies import RestoredCompanies
from chalicelib.domain.imports.row_groups import grouped, natural_key
from chalicelib.domain.ingest import identity, upsert
from chalicelib.domain.ingest.cells import marks_meant
from chalicelib.domain.ingest.contacts import ContactItem, Contacts
from chalicelib.domain.ingest.upsert import Item, Origin
from chalicelib.domain.sources.provenance import FILE
from chalicelib.domain.work.model import Outcome, Tally
from chalicelib.store.records import TenantRecord
from chalicelib.vault import tags

ERASED = RowCode.ADDRESS_NOT_STORABLE
NOBODY = RowCode.NO_IDENTITY


class Storing:
    """Stores parts for one member of one tenant. It reads the member's pointers once, when it is made (`loaded`)."""

    told_first = True
    holding = None
    contacts = Contacts
    companies: type[RestoredCompanies] = RestoredCompanies

    def __init__(self, tenant: TenantId, job: OwnedId, source: str, started_at: datetime) -> None:
        # The job's own id and time, so that a part begun twice makes the same contacts, and knows them as its own.
        self._draw, self._at = str(job), clock.rfc3339(started_at)
        self._team: retention_settings.TeamLives | None = None
        # The log names the import once, when it is finished; its parts are for clients only.
        self._origin = Origin(
            tenant=tenant,
            owner=job.owner,
            source=source,
            lives=self._lives,
            cause=lambda action: Cause(action, days=SHORTEST_LIFE_DAYS),
        )
        self.loaded = clock.monotonic()
        self._kind = self.contacts(self._origin, of_file=True)
        self._drafts: dict[int, ContactDraft] = {}  # of the part at hand, by the number of the row
        self._companies = self.companies(self._origin, self._draw, self._at)

    def part(self, part: Part) -> Tally:
        """Store one part; what became of each row. Unavailable or VersionConflict leave it half done: begin it again."""
        tally = Tally()
        for number, code in part.rejected:
            tally.reject(number, code)
        self._companies.store(part.companies, tally, ERASED)
        self._drafts = {row.number: self._draft_of(row) for group in part.groups for row in group}
        contacts: dict[SortKey, ContactItem] = {}
        for contact, group in self._targets(list(self._storable(part, tally)), contacts):
            self.count(contact, group, tally)
        part.count_dropped(tally)
        self.keep([each for each in contacts.values() if each.after is not None])
        return tally

    def keep(self, items: list[ContactItem]) -> None:
        """Write what came of a part."""
        self._kind.holders.learn(upsert.put(self._kind, items, self, self._at))

    def bring(self, item: ContactItem) -> None:
        """Set the item's new payload from every row of it, in their order."""
        item.after = self._merged(item.before, item.drafts)

    def with_change(self, item: ContactItem) -> list[TenantRecord]:  # noqa: ARG002 - as the engine asks
        """Return nothing: what a file changes drops nothing."""
        return []

    def _merged(
        self, before: ContactPayload | None, drafts: Iterable[ContactDraft], earlier: Iterable[ContactDraft] = ()
    ) -> ContactPayload | None:
        said = [*earlier]
        for draft in drafts:
            before = self._kind.brought(before, draft.beside(said) if said else draft, self._at)
            said.append(draft)
        return before

    def _storable(self, part: Part, tally: Tally) -> Iterator[Group]:
        """The groups without the rows of erased persons, divided where only such a row held them together."""
        every = [row for group in part.groups for row in group]
        asked: list[ContactItem] = [Item([self._drafts[row.number]]) for row in every]
        forbidden = self._kind.refused(asked)
        self._drafts = {row.number: each.drafts[0] for row, each in zip(every, asked, strict=True)}
        refused = {row.number for row, erased in zip(every, forbidden, strict=True) if erased}
        for number in sorted(refused):
            tally.reject(number, ERASED)
        for group in part.groups:
            left = [row for row in group if row.number not in refused]
            yield from [group] if len(left) == len(group) else grouped(left)

    def _targets(
        self, groups: list[Group], contacts: dict[SortKey, ContactItem]
    ) -> Iterator[tuple[ContactItem, Group]]:
        """Each group with the contact that it belongs to; `contacts` gathers them, by sort key."""
        tenant, owner = self._origin.tenant, self._origin.owner
        own = [record_sk(owner, tags.drawn_id(tenant, self._draw, natural_key(group))) for group in groups]
        named = [self._named(group, mine) for group, mine in zip(groups, own, strict=True)]
        asked: list[ContactItem] = [Item(self._drafts_of(group)) for group in groups]
        found = self._kind.candidates(asked)
        near = [[] if sks else self._near(who, group) for who, group, sks in zip(asked, groups, found, strict=True)]
        wanted = zip(own, found, near, strict=True)
        self.load([sk for mine, sks, others in wanted for sk in sks or others or [mine]], contacts)
        self.load([sk for sks in named for sk in sks], contacts)
        known = [self._known(*each, contacts) for each in zip(asked, found, near, strict=True)]
        self.load([mine for mine, sk in zip(own, known, strict=True) if sk is None], contacts)
        for index, group in enumerate(groups):
            # Asked anew: what came of the groups before may be somebody else now.
            there = [each for each in named[index] if contacts[each].row or contacts[each].after]
            fitting = (each for each in there if _may_be(asked[index], contacts[each]))
            free = own[index] if own[index] not in there else self._beside(group)
            sk = next(fitting, None) or self._known(asked[index], found[index], near[index], contacts) or free
            self.load([sk], contacts)
            contacts[sk].key = asked[index].key
            yield contacts[sk], group

    def _named(self, group: Group, mine: SortKey) -> list[SortKey]:
        """Where a contact of an export of ours stands, if it does: under its own id, or where that id is one of its names."""
        row = group[0]
        if not row.ours:
            return []
        exported = self._exported(row)
        names = self._kind.holders.named(f"{self._origin.source}:{row.source_id}")
        return [*([exported] if exported else []), *names, mine]

    def _beside(self, group: Group) -> SortKey:
        """Where a contact stands that bears the id of somebody else: a row was copied, and another person written into it."""
        key = f"{natural_key(group)}\0{group[0].digest()}"
        return record_sk(self._origin.owner, tags.drawn_id(self._origin.tenant, self._draw, key))

    def _exported(self, row: ReadRow) -> SortKey | None:
        """The sort key of the member's contact that the row was exported from; None where it may be another's."""
        ident = ids.parse_owned(row.source_id, PREFIX) if row.ours else None
        return record_sk(ident.owner, ident.local) if ident and ident.owner == self._origin.owner else None

    def _near(self, asked: ContactItem, group: Group) -> list[SortKey]:
        """The contacts that it may be though no identifier of its own leads there. It gets the name by which it is known when the
        same row comes again."""
        if group[0].ours or not self._kind.is_apart(asked):
            return []
        asked.key = f"{FILE}row:{tags.natural_key(self._origin.tenant, natural_key(group))}"
        return self._kind.nearest(asked, asked.key)

    def _known(
        self,
        asked: ContactItem,
        sks: Sequence[SortKey],
        near: Sequence[SortKey],
        contacts: dict[SortKey, ContactItem],
    ) -> SortKey | None:
        # A pointer may outlive its record for a moment: such a contact is gone.
        there, beside = (
            {sk: payload for sk in each if contacts[sk].row and (payload := contacts[sk].after or contacts[sk].before)}
            for each in (sks, near)
        )
        return self._kind.chosen(asked, there) or self._kind.named(asked, asked.key, beside)

    def load(self, sks: Iterable[SortKey], contacts: dict[SortKey, ContactItem]) -> None:
        """Read those contacts that `contacts` has not yet, into it."""
        self._kind.fill(contacts, sks)

    def _lives(self, owner: OwnerCode) -> Lives:
        if self._team is None:
            self._team = retention_settings.of_team(self._origin.tenant)
        return self._team.of(owner) if self._team else Lives()

    def count(self, contact: ContactItem, group: Group, tally: Tally) -> Outcome | None:
        """Merge a group into its contact, and count its first row for the contact, the others as merged. Return what it was
        counted as; None where all of its rows are rejected."""
        before, drafts = contact.after or contact.before, self._drafts_of(group)
        if contact.sk == self._exported(group[0]):  # it is that contact, and no copy of it
            drafts = [replace(draft, source_id=None) for draft in drafts]
        after = self._merged(before, drafts, contact.drafts)
        if after is None or not after.says_who:
            for row in group:  # a number that is none was all that it held
                tally.reject(row.number, NOBODY)
            return None
        if before is None and contact.key:
            after = after.model_copy(update={"source_ids": [*after.source_ids, contact.key]})
        contact.drafts += drafts
        _count_left_out(after, group, drafts, tally)
        outcome = contact.become(after, self._at)
        tally.count(outcome)
        tally.merged += len(group) - 1
        return outcome

    def _drafts_of(self, group: Group) -> list[ContactDraft]:
        return [self._drafts[row.number] for row in group]

    def _draft_of(self, row: ReadRow) -> ContactDraft:
        company = self._companies.linked(row.company_id) if row.company_id else None
        lent = self._companies.lent(company) if company else None
        return ContactDraft(
            first_name=row.first_name,
            last_name=row.last_name,
            emails=tuple(EmailAddress.parse(email) for email in row.emails),
            phones=row.phones,
            profile_urls=row.profile_urls,
            title=row.title,
            company_name=row.company_name,
            source_id=f"{self._origin.source}:{row.source_id}" if row.source_id else None,
            company_id=company if lent is not None else None,
            lent=lent or {},
            opted_out=row.opted_out,
            notes=row.notes,
            meant=marks_meant(row.meant) if row.meant else (),
        )


def _count_left_out(after: ContactPayload, group: Group, drafts: Iterable[ContactDraft], tally: Tally) -> None:
    """Count the values that the contact has no room for, under our name of the field."""
    for name, most in MOST.items():
        if len(after.values_of(name)) < most:
            continue
        key = key_of(name)
        there = {key(kept.value) for kept in after.values_of(name)}
        for row, draft in zip(group, drafts, strict=True):
            if any(exact not in there for _, exact in draft.keyed(name)):
                tally.drop(row.number, name, CellCode.TOO_MANY_VALUES)


def _may_be(asked: ContactItem, standing: ContactItem) -> bool:
    """Whether rows that bear a contact's id may mean it: not where every identifier of theirs is another, and the name too."""
    payload = standing.after or standing.before
    who = identity.united(identity.who_comes(draft) for draft in asked.drafts)
    if payload is None or not who.own:
        return True
    other = identity.who_is(payload)
    ours, theirs = ([identity.name_of(*each) for each in found.names] for found in (who, other))
    return bool(who.own & other.own) or identity.agree(ours, theirs)
