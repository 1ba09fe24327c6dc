"""A part of an import becomes contacts: the erased stay out, what the member has is merged into, the rest is new.

Writes go pointers and journal first, records after, and give the same end however often a part is begun.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.accounts import retention_settings
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import MOST_ENTRIES, SHORTEST_LIFE_DAYS, Action, Cause, Effect, Entry
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.domain.contacts import expire, repository
from chalicelib.domain.contacts.draft import ContactDraft
from chalicelib.domain.contacts.merge import merge
from chalicelib.domain.contacts.model import ContactPayload, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.imports.model import Group, Part
from chalicelib.domain.imports.parsing.row import ReadRow
from chalicelib.domain.imports.row_groups import grouped, natural_key
from chalicelib.domain.ingest import identity
from chalicelib.domain.ingest.identity import Who
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.domain.work.model import Tally
from chalicelib.store import batch, pointers, rows
from chalicelib.store.pointers import Pointer

ERASED = "address_not_storable"
NOBODY = "no_identity"
# The log names the import once, when it is finished; its parts are for clients only.
_CAUSE = Cause(Action.CONTACT_IMPORTED, days=SHORTEST_LIFE_DAYS)
_TOLD_WITHIN = 30  # seconds from the journal to the last record; clients look again for a minute


@dataclass
class _Contact:
    """One contact of a part: its row where there is one, and the payload that it shall have."""

    sk: str
    row: ContactRecord | None
    before: ContactPayload | None
    payload: ContactPayload | None = None
    drafts: list[ContactDraft] = field(default_factory=list)

    @property
    def present(self) -> ContactPayload | None:
        return self.payload or self.before

    def bring(self, draft: ContactDraft, source: str, at: str) -> None:
        """Merge a draft in."""
        self.drafts.append(draft)
        before = self.present or ContactPayload(created_at=at, updated_at=at)
        self.payload = merge(before, draft, source, at) or self.payload


class Storing:
    """Stores parts for one member of one tenant. It reads the member's pointers once, when it is made (`loaded`)."""

    def __init__(self, tenant: str, owner: str, source: str, started_at: datetime) -> None:
        self._tenant, self._owner, self._source = tenant, owner, source
        # The job's own time, so that a part begun twice makes the same contacts, and knows them as its own.
        self._at = clock.rfc3339(started_at)
        self._drafts: dict[int, ContactDraft] = {}  # of the part in hand, by row number
        self.loaded = clock.monotonic()
        self._team: retention_settings.TeamLives | None = None
        self._holders = identity.Holders(tenant, owner)
        self._holders.read_through()

    def part(self, part: Part) -> Tally:
        """Store one part; what became of each row. Unavailable or VersionConflict leave it half done: begin it again."""
        self._drafts.clear()
        tally = Tally()
        for number, code in part.rejected:
            tally.reject(number, code)
        contacts: dict[str, _Contact] = {}
        for contact, group in self._targets(list(self._storable(part, tally)), contacts):
            self._bring(contact, group, tally)
        part.count_dropped(tally)
        self._write(list(contacts.values()))
        return tally

    def _storable(self, part: Part, tally: Tally) -> Iterator[Group]:
        """The groups without the rows of erased persons, divided where only such a row held them together."""
        every = [row for group in part.groups for row in group]
        refused = {
            row.number
            for row, forbidden in zip(
                every, blocked(self._tenant, [self._draft(r).marks() for r in every]), strict=True
            )
            if forbidden
        }
        for number in sorted(refused):
            tally.reject(number, ERASED)
        for group in part.groups:
            left = [row for row in group if row.number not in refused]
            yield from [group] if len(left) == len(group) else grouped(left)

    def _targets(self, groups: list[Group], contacts: dict[str, _Contact]) -> Iterator[tuple[_Contact, Group]]:
        """Each group with the contact that it belongs to; `contacts` gathers them, by sort key."""
        own = [
            record_sk(self._owner, repository.contact_local_id(self._tenant, natural_key(group))) for group in groups
        ]
        who = [identity.united(identity.who_comes(self._draft(row)) for row in group) for group in groups]
        found = self._holders.candidates(who)
        self._load([sk for mine, sks in zip(own, found, strict=True) for sk in sks or [mine]], contacts)
        known = [self._known(each, sks, contacts) for each, sks in zip(who, found, strict=True)]
        self._load([mine for mine, sk in zip(own, known, strict=True) if sk is None], contacts)
        for index, group in enumerate(groups):
            # Asked anew: what came of the groups before may be somebody else now.
            sk = self._known(who[index], found[index], contacts) or own[index]
            self._load([sk], contacts)
            yield contacts[sk], group

    @staticmethod
    def _known(who: Who, sks: list[str], contacts: dict[str, _Contact]) -> str | None:
        # A pointer may outlive its record for a moment: such a contact is gone.
        there = {sk: payload for sk in sks if contacts[sk].row and (payload := contacts[sk].present)}
        return identity.chosen(who, there)

    def _load(self, sks: Iterable[str], contacts: dict[str, _Contact]) -> None:
        wanted = [sk for sk in dict.fromkeys(sks) if sk not in contacts]
        found = batch.get_all(ContactRecord, [(self._tenant, sk) for sk in wanted])
        for ending in expire.due(self._tenant, list(found.values()), self._lives):
            if ending.left is None:  # the daily pass has not come to it yet: who is brought in again begins anew
                expire.remove(ending)
                del found[self._tenant, ending.row.sk]
        for sk in wanted:
            row = found.get((self._tenant, sk))
            contacts[sk] = _Contact(sk, row, row.unsealed(ContactPayload) if row else None)

    def _lives(self, owner: str) -> Lives:
        if self._team is None:
            self._team = retention_settings.of_team(self._tenant)
        return self._team.of(owner) if self._team else Lives()

    def _bring(self, contact: _Contact, group: Group, tally: Tally) -> None:
        """Merge a group into its contact, and count its first row for the contact, the others as merged."""
        before = contact.present
        for row in group:
            contact.bring(self._draft(row), self._source, self._at)
        after = contact.present
        if after is None or not after.says_who:
            for row in group:  # a number that is none was all that it held
                tally.reject(row.number, NOBODY)
            contact.payload = None
            return
        tally.merged += len(group) - 1
        if before is None or before.created_at == self._at:
            tally.created += 1  # also where an earlier worker of this job had just written it
        elif after is not before or before.updated_at == self._at:
            tally.updated += 1
        else:
            tally.unchanged += 1

    def _write(self, contacts: list[_Contact]) -> None:
        fresh: list[ContactRecord] = []
        held: list[Pointer] = []
        for contact in contacts:
            if contact.payload is None:
                continue
            after = repository.pointers_of(self._tenant, contact.sk, contact.payload)
            if contact.before is None:
                fresh.append(ContactRecord.build(self._tenant, contact.sk, contact.payload))
                held += after
            else:
                before = set(repository.pointers_of(self._tenant, contact.sk, contact.before))
                held += [pointer for pointer in after if pointer not in before]
        began, told = clock.monotonic(), [entry for contact in contacts if (entry := self._entry(contact))]
        pointers.write(held, self._journal(told))
        batch.put_all(fresh)
        self._holders.learn(held)
        for contact in contacts:
            if contact.row is not None and contact.payload is not None:
                self._replace(contact.row, contact)
        if clock.monotonic() - began > _TOLD_WITHIN:
            pointers.write((), self._journal(told))  # who has heard of it may have looked too early

    def _journal(self, told: list[Entry]) -> list[JournalRecord]:
        chunks = batch.chunks(told, MOST_ENTRIES)
        return [audit.journal(self._tenant, self._owner, _CAUSE, chunk) for chunk in chunks]

    def _entry(self, contact: _Contact) -> Entry | None:
        """What clients are told of the contact; also of one that an earlier worker of this job wrote: it may have been
        killed, and so slow, that what it told came too early."""
        before, after = contact.before, contact.payload
        if after is not None:
            return repository.entry(contact.sk, before, after)
        if before is None or self._at not in (before.created_at, before.updated_at):
            return None
        entry = repository.entry(contact.sk, before, before)
        seen = before.shown_at == self._at and before.shown(with_companies=True) is not None
        return entry.model_copy(update={"others": Effect.UPSERT}) if seen else entry

    def _replace(self, row: ContactRecord, contact: _Contact) -> None:
        """Write a changed contact over the version that was read; where its member was faster, bring the rows into that."""
        if contact.payload is None:
            return
        row.reseal(contact.payload)
        try:
            rows.put_if_unchanged(row)
        except VersionConflict:
            self._again(contact)

    def _again(self, contact: _Contact) -> None:
        row = rows.get(ContactRecord, self._tenant, contact.sk)
        if row is None:
            return  # deleted or erased meanwhile: it stays away
        now = _Contact(contact.sk, row, row.unsealed(ContactPayload))
        for draft in contact.drafts:
            now.bring(draft, self._source, self._at)
        if now.payload is not None:
            repository.rewrite(row, now.payload, _CAUSE)

    def _draft(self, row: ReadRow) -> ContactDraft:
        made = self._drafts.get(row.number)
        if made is None:
            made = self._drafts[row.number] = ContactDraft(
                first_name=row.first_name,
                last_name=row.last_name,
                emails=tuple(EmailAddress.parse(email) for email in row.emails),
                phones=row.phones,
                profile_urls=row.profile_urls,
                title=row.title,
                company_name=row.company_name,
                source_id=f"{self._source}:{row.source_id}" if row.source_id else None,
            )
        return made
