"""What an import would do: the same reading, the same questions, the same decisions, and nothing written.

A file of at most ROWS_TRIED rows is tried in the request that brings it, and shows its first rows as they would come out. A
larger one is tried by a job, which is an import in all but its writes; nothing but the job's counts is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import OwnedId, SortKey, TenantId
from chalicelib.domain.contacts import expire
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.imports import direct_upload, file_parts
from chalicelib.domain.imports.model import Group, HowToRead
from chalicelib.domain.imports.restored_companies import RestoredCompanies
from chalicelib.domain.imports.storing import Storing
from chalicelib.domain.ingest.companies import CompanyItem
from chalicelib.domain.ingest.contacts import ContactItem, Contacts
from chalicelib.domain.work.model import ID_PREFIX, FileRead, Outcome, Tally

ROWS_TRIED = 2000  # in one request
ROWS_SHOWN = 20
_REMEMBERED = 10_000  # contacts that a file changes, so that its later parts see them changed


@dataclass(frozen=True)
class TriedRow:
    """What would become of one row: `outcome` as it is counted, a `code` where it is rejected, else its contact, whole."""

    number: int
    outcome: Outcome | Literal["rejected"]
    code: str | None = None
    contact: ContactPayload | None = None


@dataclass(frozen=True)
class Tried:
    """What would become of a file; `rows` are its first."""

    tally: Tally
    file: FileRead
    rows: list[TriedRow]


class _Reading(Contacts):
    """The member's contacts, of which none is written or ended."""

    def end(self, ending: expire.Ending) -> None:
        """Leave it: it is not there for anybody, and the daily pass ends it."""


class _Companies(RestoredCompanies):
    """The companies of an export of ours, of which none is written."""

    def keep(self, brought: list[CompanyItem]) -> None:  # noqa: ARG002 - as Storing calls it
        """Read which there are, so that contacts find those that would come beside them."""
        self.linked("")

    def lent(self, company_id: str) -> dict[str, str] | None:  # noqa: ARG002 - as Storing calls it
        """Return no name: the contact would show what the file says, which is the same."""
        return {}


class Trial(Storing):
    """Counts parts as they would be stored. Across parts it remembers what known contacts would have become; a contact that is
    new does not meet the rows of a later part that share an address and have another name."""

    contacts = _Reading
    companies = _Companies

    def __init__(self, tenant: TenantId, job: OwnedId, source: str, started_at: datetime) -> None:
        super().__init__(tenant, job, source, started_at)
        self._became: dict[SortKey, ContactPayload] = {}
        self.shown: list[tuple[int, Outcome, ContactItem]] | None = (
            None  # rows that were taken, where they are to be shown
        )

    def keep(self, items: list[ContactItem]) -> None:
        """Remember what a part would make of known contacts."""
        known = {each.sk: each.after for each in items if each.row is not None and each.after is not each.before}
        if len(self._became) < _REMEMBERED:
            self._became.update((sk, after) for sk, after in known.items() if after is not None)

    def load(self, sks: Iterable[SortKey], contacts: dict[SortKey, ContactItem]) -> None:
        """Read those contacts, as earlier parts would have left them."""
        wanted = [sk for sk in dict.fromkeys(sks) if sk not in contacts]
        super().load(wanted, contacts)
        for sk in wanted:
            if contacts[sk].row is not None and sk in self._became:
                contacts[sk].before = self._became[sk]

    def count(self, contact: ContactItem, group: Group, tally: Tally) -> Outcome | None:
        """Count a group as Storing does, and note its rows where they are to be shown."""
        outcome = super().count(contact, group, tally)
        if self.shown is not None and outcome is not None:
            self.shown += [(row.number, "merged" if at else outcome, contact) for at, row in enumerate(group)]
        return outcome


def of_body(actor: Actor, body: bytes, content_type: str, how: HowToRead) -> Tried | None:
    """Return what an import of the file would do; None where it has more rows than one request tries.

    Errors as in `direct_upload.receive`. Nothing is written.
    """
    with direct_upload.opened(body, content_type, how) as file:
        parts, size = [], 0
        for part in file_parts.parts_of(file.rows()):
            parts.append(part)
            size += part.size
            if size > ROWS_TRIED:
                return None
        read = file_parts.read_of(file)
    trial, tally = Trial(actor.tenant, ids.new_owned(ID_PREFIX, actor.member), read.source, clock.now()), Tally()
    trial.shown = []
    for part in parts:
        tally = tally.plus(trial.part(part))
    return Tried(tally, read, sorted(_rows(tally, trial.shown), key=lambda row: row.number)[:ROWS_SHOWN])


def _rows(tally: Tally, taken: list[tuple[int, Outcome, ContactItem]]) -> Iterator[TriedRow]:
    for code, numbers in tally.rejected.items():
        yield from (TriedRow(number, "rejected", code=code) for number in numbers)
    for number, outcome, contact in taken:
        yield TriedRow(number, outcome, contact=contact.after)
