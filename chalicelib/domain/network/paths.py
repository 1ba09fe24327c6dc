"""Who in the team knows somebody at a company: the caller's own contacts by name, and colleagues who show whom they know.

A colleague is "someone in your team", and how well it knows somebody a band, until it has agreed to be named. It counts by what
the caller would be shown of its contacts: nothing that only a CRM or a network's interface knows, no mail that went to an address
only these know, nobody who wants no mail. Nobody is weighed who objected, or whose data are restricted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import MemberId, TenantId
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import Action
from chalicelib.domain.companies import queries as companies
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts import queries as contacts
from chalicelib.domain.contacts.correspondence import ExchangePayload, Flow, exchange_sk
from chalicelib.domain.contacts.model import PREFIX, ContactPayload, record_sk
from chalicelib.domain.contacts.records import ExchangeRecord
from chalicelib.domain.network import agreements
from chalicelib.domain.network.companies import Sought, addresses, exact
from chalicelib.domain.network.counted_messages import ADDRESS_LENGTH, address_mark
from chalicelib.domain.network.evidence import evidence
from chalicelib.domain.network.flows import exchanged
from chalicelib.domain.network.strength import Band, Evidence, Strength, strength
from chalicelib.domain.suppression import opt_outs, wishes
from chalicelib.domain.suppression.wishes import Use
from chalicelib.domain.visibility.ranges import Seen
from chalicelib.store import batch, side_by_side
from chalicelib.vault import tags

PATH_PREFIX = "pth"
_MOST = 100  # contacts of one's own at a company, and colleagues
_ROUNDS = 5  # that look for somebody at a company who may be weighed
_VALUES = {Band.UNKNOWN: 0, Band.WEAK: 10, Band.FAIR: 35, Band.STRONG: 70}  # about the middle of each


@dataclass(frozen=True)
class Path:
    """One way to a company. `colleague`: who it is, None for the caller's own and for "someone in your team". `strength` is None
    where only its `band` is told; `contact` is the caller's own, its id and name."""

    id: str
    company_id: str
    mine: bool
    band: Band
    recent: bool
    strength: Strength | None = None
    colleague: MemberId | None = None
    contact: tuple[str, str] | None = None

    @property
    def value(self) -> int:
        """Return what it counts on the scale of 0 to 100: a band by its middle."""
        return _VALUES[self.band] if self.strength is None else self.strength.score or 0

    @property
    def order(self) -> tuple[int, bool, bool, str]:
        """Return what sorts paths, the best last. Nothing that is not told of a path moves it."""
        return self.value, self.recent, self.mine, self.id


@dataclass(frozen=True)
class Relation:
    """A contact at a company, as the caller may see it, and how well its owner knows it."""

    seen: Seen[ContactPayload]
    strength: Strength
    weight: float

    @property
    def order(self) -> tuple[int, float, int, str]:
        """Return what sorts relations of one owner, the best last."""
        return self.strength.score or 0, self.weight, len(self.strength.evidence), self.seen.id


def read(actor: Actor, company_id: str) -> list[Path]:
    """Return the paths as `to_company`, and note in the caller's audit log that it read them. One call more."""
    found = to_company(actor, company_id)
    journal.own(actor, Action.PATHS_READ, [company_id])
    return found


def to_company(actor: Actor, company_id: str) -> list[Path]:
    """Return the paths to a company that the caller is shown, the best first: its own contacts there, and one for each colleague.
    NotFound for a company that it is not shown."""
    return [path for path, _ in behind(actor, company_id)]


def behind(actor: Actor, company_id: str) -> list[tuple[Path, Relation]]:
    """Return the same, each with the relation behind it, which the caller is not shown of a colleague's."""
    every = _permitted(actor, relations(actor, company_id))
    named = agreements.named(actor) if actor.share_relationships else frozenset()
    own = [(_own(actor, company_id, each), each) for each in every if each.seen.mine]
    theirs: dict[MemberId, Relation] = {}
    for each in sorted(every, key=lambda each: each.order):
        if not each.seen.mine:
            theirs[each.seen.member] = each
    found = [*own, *((_theirs(actor, company_id, each, named), each) for each in theirs.values())]
    return sorted(found, key=lambda one: one[0].order, reverse=True)


def relations(actor: Actor, company_id: str) -> list[Relation]:
    """Return who is known at the company, the best first: of the caller's own and of each colleague's as many as are looked at.
    NotFound as `to_company`."""
    there = at(actor, {company_id: companies.get(actor, company_id).payload})
    by_member: dict[MemberId, list[Relation]] = defaultdict(list)
    for each in _related(actor, there):
        by_member[each.seen.member].append(each)
    best = [sorted(each, key=lambda one: one.order, reverse=True)[:_MOST] for each in by_member.values()]
    return [each for found in best for each in found]


def strongest(actor: Actor, company_ids: Iterable[str]) -> dict[str, Path]:
    """Return for each of these companies, as far as the caller is shown them, the best path of a known strength. Calls grow with
    the contacts, 1,000 a call, and a hundredth of the companies and of those who are known there."""
    shown = companies.seen_by_id(actor, company_ids)
    return strongest_among(actor, shown, at(actor, shown))


def at(actor: Actor, shown: Mapping[str, CompanyPayload]) -> list[Seen[ContactPayload]]:
    """Return who is at these companies, as the caller sees these: of its own contacts and of those of colleagues by which it may
    be told who knows whom. Nobody whose data are restricted."""
    sought = Sought(shown)
    return contacts.known(actor, lambda payload: not payload.restricted and bool(sought.of(payload)))


def strongest_among(
    actor: Actor, shown: Mapping[str, CompanyPayload], there: Sequence[Seen[ContactPayload]]
) -> dict[str, Path]:
    """Return the same as `strongest` for companies as the caller sees them, given who is `at` them or at others, too."""
    sought = Sought(shown)
    named = agreements.named(actor) if actor.share_relationships else frozenset()
    left: dict[str, list[tuple[Path, Relation]]] = defaultdict(list)
    for each in _related(actor, [each for each in there if sought.of(each.payload)]):
        if each.strength.score is not None:
            for ident in sought.of(each.seen.payload):
                path = _own(actor, ident, each) if each.seen.mine else _theirs(actor, ident, each, named)
                left[ident].append((path, each))
    for several in left.values():
        several.sort(key=lambda one: (one[0].order, one[1].order))
    found: dict[str, Path] = {}
    for _ in range(_ROUNDS):
        first = {ident: several.pop() for ident, several in left.items() if several and ident not in found}
        allowed = {each.seen.id for each in _permitted(actor, [each for _, each in first.values()])}
        found.update({ident: path for ident, (path, each) in first.items() if each.seen.id in allowed})
    return found


def _related(actor: Actor, seen: Sequence[Seen[ContactPayload]]) -> list[Relation]:
    """These contacts with the strengths as they are shown. Of a colleague only who it may know."""
    mail = _mail(actor.tenant, seen)
    now = clock.now()
    found = (_relation(each, mail.get(each.id, ()), now) for each in seen)
    return [each for each in found if each.seen.mine or set(each.strength.evidence) - {Evidence.RECORD}]


def _relation(seen: Seen[ContactPayload], flows: Sequence[Flow], now: datetime) -> Relation:
    sums = exchanged(flows, now)
    rests_on = [*([Evidence.MAIL] if flows else []), *evidence(seen.payload)]
    return Relation(seen, strength(sums, rests_on, now), sums.order)


def _mail(tenant: TenantId, seen: Sequence[Seen[ContactPayload]]) -> dict[str, list[Flow]]:
    """What was written between each contact and its owner; of a colleague's only by addresses that the caller is shown."""
    keys = {each.id: exchange_sk(_sk(each)) for each in seen}
    chunks = batch.chunks([(tenant, sk) for sk in keys.values()], batch.READ_AT_ONCE)
    found: dict[tuple[str, str], ExchangeRecord] = {}
    for part in side_by_side.in_order(partial(batch.get_all, ExchangeRecord, chunk) for chunk in chunks):
        found.update(part)
    told: dict[str, list[Flow]] = {}
    for each in seen:
        if row := found.get((tenant, keys[each.id])):
            told[each.id] = list(_flows(tenant, each, row.unsealed(ExchangePayload)))
    return told


def _flows(tenant: TenantId, seen: Seen[ContactPayload], payload: ExchangePayload) -> Iterator[Flow]:
    shown = {address_mark(tenant, _sk(seen), each.exact) for each in addresses(seen.payload)}
    for tally in payload.mailboxes.values():
        for marks, flow in tally.flows.items():
            if seen.mine or shown & {marks[i : i + ADDRESS_LENGTH] for i in range(0, len(marks), ADDRESS_LENGTH)}:
                yield flow


def _permitted(actor: Actor, found: Sequence[Relation]) -> list[Relation]:
    """Without whom may not be weighed, and of colleagues' without whom may not be written to. Of both the workspace is told
    anyway, whoever learnt of it."""
    hidden = wishes.forbidden(Use.SCORING, exact(each.seen.payload for each in found))
    theirs = [each.seen.payload for each in found if not each.seen.mine]
    silent = hidden | opt_outs.standing(actor.tenant, exact(theirs))
    return [each for each in found if (hidden if each.seen.mine else silent).isdisjoint(exact([each.seen.payload]))]


def _own(actor: Actor, company_id: str, each: Relation) -> Path:
    payload, told = each.seen.payload, each.strength
    name = " ".join(kept.value for kept in (payload.first_name, payload.last_name) if kept is not None)
    contact = (each.seen.id, name)
    return Path(_id(actor, company_id, each.seen.id), company_id, True, told.band, told.recent, told, contact=contact)


def _theirs(actor: Actor, company_id: str, each: Relation, named: agreements.Named) -> Path:
    member, told = each.seen.member, each.strength
    ident = _id(actor, company_id, member)
    if (company_id, member) in named:
        return Path(ident, company_id, False, told.band, told.recent, told, member)
    return Path(ident, company_id, False, told.band, told.recent)


def _id(actor: Actor, company_id: str, whom: str) -> str:
    """The same for the same caller, company and colleague, and another for any other: nobody is known again by it elsewhere."""
    key = tags.natural_key(actor.tenant, f"path\0{actor.member}\0{company_id}\0{whom}")
    return f"{PATH_PREFIX}_{key}"


def _sk(seen: Seen[ContactPayload]) -> ids.SortKey:
    owner = ids.owner_code(seen.member)
    return record_sk(owner, seen.id.removeprefix(f"{PREFIX}_{owner}"))
