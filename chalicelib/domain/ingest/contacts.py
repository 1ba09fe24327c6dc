"""Contacts as the engine writes them: refused where a person was erased, joined by identity, with opt-outs beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.core import clock
from chalicelib.core.ids import SortKey
from chalicelib.domain.audit.model import Action
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.contacts import annotated, expire, repository
from chalicelib.domain.contacts.correspondence import exchange_sk
from chalicelib.domain.contacts.merge import ContactDraft, follow, merge, restore, restricted_as, stamped
from chalicelib.domain.contacts.model import KIND, SINGLE, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord, ExchangeRecord
from chalicelib.domain.ingest import identity
from chalicelib.domain.ingest.upsert import Item, Kind, Origin
from chalicelib.domain.sources import links
from chalicelib.domain.sources.provenance import OWN_EXPORT
from chalicelib.domain.suppression import opt_outs
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import blocked
from chalicelib.store import rows
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord
from chalicelib.store.transactions import TransactItems

ContactItem = Item[ContactRecord, ContactPayload, ContactDraft]


class Contacts(Kind[ContactRecord, ContactPayload, ContactDraft]):
    """`of_file`: a file says nothing of what it leaves out, and brings back what no connection shows; all of the member's
    pointers are read at once, now."""

    name, record, payload, repository = KIND, ContactRecord, ContactPayload, repository
    created, updated, deleted = Action.CONTACT_CREATED, Action.CONTACT_UPDATED, Action.CONTACT_DELETED

    def __init__(self, origin: Origin, *, of_file: bool = False, keeps: bool = True) -> None:
        super().__init__(origin, keeps=keeps)
        self._tagged: dict[str, bool] = {}
        self._of_file, self.holders = of_file, identity.Holders(origin.tenant, origin.owner)
        if of_file:
            self.created = self.updated = Action.CONTACT_IMPORTED
            self.holders.read_through()

    def brought(self, before: ContactPayload | None, draft: ContactDraft, at: str) -> ContactPayload:
        """Return the contact with the draft in it, as Kind.brought."""
        shown = "" if self._of_file else at
        there = before or ContactPayload(created_at=at, updated_at=at, shown_at=shown, bare_at=shown)
        after = self._with(there, draft, at)
        return restricted_as(after, at, restricted=True) if draft.restricted else after

    def _with(self, there: ContactPayload, draft: ContactDraft, at: str) -> ContactPayload:
        if self.origin.source == OWN_EXPORT:
            return restore(there, draft, self.origin.source, at) or there
        if self._of_file:
            return merge(there, draft, self.origin.source, at) or there
        return follow(there, draft, self.origin.source, at)

    def restricted(self, draft: ContactDraft) -> ContactDraft:
        """Return the draft as one of a person whose data are restricted."""
        return replace(draft, restricted=True)

    def held(self, item: ContactItem) -> list[Mark]:
        """Return the marks of every draft of the item."""
        return [mark for draft in item.drafts for mark in draft.marks()]

    def whose(self, item: ContactItem) -> list[Mark]:
        """Return the marks of whose every draft of the item is, not of whom it may mean."""
        return [mark for draft in item.drafts for mark in draft.whose()]

    def candidates(self, items: Sequence[ContactItem]) -> list[list[SortKey]]:
        """Return for each the contacts that it may be, by its identifiers."""
        return self.holders.candidates([_who(each) for each in items])

    def chosen(self, item: ContactItem, there: Mapping[SortKey, ContactPayload]) -> SortKey | None:
        """Return the contact that the item is; None for a new one."""
        return identity.chosen(_who(item), there) if there else None

    def is_apart(self, item: ContactItem) -> bool:
        """Return whether no identifier of the item's own tells it from others, once `candidates` was asked."""
        return self.holders.is_apart(_who(item))

    def nearest(self, item: ContactItem, name: str) -> list[SortKey]:
        """Return the contacts among which `named` looks for an item that `is_apart`; `name` is what a file's row goes by then."""
        return self.holders.nearest(_who(item), name)

    def named(self, item: ContactItem, name: str, there: Mapping[SortKey, ContactPayload]) -> SortKey | None:
        """Return the contact that an earlier import made of the same row; None where there is none."""
        fitting = [
            (payload.created_at, sk)
            for sk, payload in there.items()
            if name in payload.source_ids or identity.same_as_named(_who(item), payload)
        ]
        return min(fitting)[1] if fitting else None

    def rewrite(
        self,
        row: ContactRecord,
        after: ContactPayload,
        holding: TenantRecord | None,
        beside: rows.TransactItems = (),
    ) -> None:
        """Write the contact over what was read, as Kind.rewrite.

        Where a value is gone, another source's value is to be shown: those records are brought in once more.
        """
        before, said = row.unsealed(ContactPayload), f"{self.origin.source}:"
        super().rewrite(row, after, holding, beside)
        if any(getattr(before, name) and not getattr(after, name) for name in SINGLE):
            others = [name for name in after.source_ids if not name.startswith(said)]
            links.outdate(self.origin.tenant, KIND, others)

    def without(self, payload: ContactPayload, at: str) -> ContactPayload | None:
        """Return the contact without what only the origin says; None where the rest names nobody. What its member annotated
        stays, unless a person was erased whom it names."""
        gone = frozenset({self.origin.source})
        if not self.keeps:
            left = annotated.without(payload, gone)
        else:
            # Of one that became a part of another the company, and its tag, are the other one's now.
            left = annotated.left(payload, gone, at, _has_no_tag if self._is_merged(payload) else self._is_tagged)
            if left is not None and left.kept_at == at and blocked(self.origin.tenant, [left.held()])[0]:
                left = None
        return stamped(payload, left, at) if left is not None else None

    def look_ahead(self, found: Sequence[ContactPayload]) -> None:
        """Read the tags of the companies that decide whether these stay."""
        asked = {each.company_id or "" for each in found if self.keeps and annotated.asks_for_tag(each)}
        tags = companies.tags(self.origin.tenant, asked) if asked else {}
        self._tagged.update({company: company in tags for company in asked})

    def _is_merged(self, payload: ContactPayload) -> bool:
        tenant = self.origin.tenant
        return bool(self.gone_over) and any(
            links.key_of(tenant, KIND, each) in self.gone_over for each in payload.source_ids
        )

    def _is_tagged(self, company: str) -> bool:
        if company not in self._tagged:
            self._tagged[company] = company in companies.tags(self.origin.tenant, [company])
        return self._tagged[company]

    def hanging(self, sk: SortKey) -> TransactItems:
        """Return the deletion of the contact's exchange counts."""
        return [rows.DeleteIfPresent(ExchangeRecord, exchange_sk(sk))]

    def load(self, sks: Iterable[SortKey]) -> dict[SortKey, ContactRecord]:
        """Return the rows that are there, by sort key, without those past their life, which end now.

        The daily pass has not come to these yet. One that no connection has shown stays, for a connection to show it.
        """
        found = self.found(sks)
        for ending in expire.due(self.origin.tenant, list(found.values()), self.origin.lives) if found else ():
            if ending.left is None and (self._of_file or not ending.unseen):
                self.end(ending)
                del found[ending.row.sk]
        return found

    def end(self, ending: expire.Ending) -> None:
        """Delete a contact that is past its life."""
        expire.remove(ending)

    def tidy(self, sks: Iterable[SortKey]) -> None:
        """Delete the pointers that a killed worker left behind. Safe to repeat."""
        wanted = list(sks)
        if wanted:
            expire.tidy(self.origin.tenant, wanted)

    def beside(self, items: Sequence[ContactItem], at: str) -> list[tuple[TenantRecord, list[Pointer]]]:
        """Return the opt-outs of these, noted before; they hold for the whole workspace. A file makes none: what it tells
        of its contacts is for their owner alone."""
        if self._of_file:
            return []
        saying = [email.exact for each in items for draft in each.drafts if draft.opted_out for email in draft.emails]
        return [*opt_outs.noted(self.origin.tenant, saying, self.origin.source, at)] if saying else []


def say_opt_outs(origin: Origin, drafts: Sequence[ContactDraft]) -> None:
    """Write that these people want no mail, though they are not stored: they may come from elsewhere.

    Nothing is written of erased people, nor where an opt-out was written before.
    """
    own = [(draft, {email.exact for email in draft.emails}) for draft in drafts]
    unsaid = {exact for _, addresses in own for exact in addresses}
    unsaid -= opt_outs.standing(origin.tenant, unsaid)
    left = [(draft.marks(), addresses & unsaid) for draft, addresses in own if addresses & unsaid]
    forbidden = blocked(origin.tenant, [marks for marks, _ in left])
    saying = {
        exact for (_, addresses), erased in zip(left, forbidden, strict=True) if not erased for exact in addresses
    }
    if saying:
        opt_outs.write(origin.tenant, sorted(saying), origin.source, clock.rfc3339(clock.now()))


def _who(item: ContactItem) -> identity.Who:
    return identity.united(identity.who_comes(draft) for draft in item.drafts)


def _has_no_tag(_company: str) -> bool:
    return False
