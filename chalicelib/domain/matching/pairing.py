"""Comparing what changed with what is near to it, and doing what the zone of each pair says."""

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import clock, ids
from chalicelib.core.actor import Lives
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.domain.audit.model import SHORTEST_LIFE_DAYS, Action, By, Cause
from chalicelib.domain.companies.model import KIND as COMPANY
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.contacts import retention_rules
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.matching import blocks, exact, fields, marks, merge, withdraw
from chalicelib.domain.matching.blocks import Blocks
from chalicelib.domain.matching.model import Comparison, PersonFields, Zone
from chalicelib.domain.matching.proposal import Evidence, MatchPayload, State, local_of, record_sk
from chalicelib.domain.matching.records import ApartRecord, IndexPayload, MatchRecord
from chalicelib.store import batch, pointers, rows
from chalicelib.store.records import TenantRecord
from chalicelib.vault import tags

_MOST_NEAR = 200  # records that one is compared with
_MOST_PROPOSED = 5  # pairs of one record that wait for a decision
VERSION = 1  # of what is compared: a new one has everything looked at again
_MERGED = Cause(Action.CONTACT_UPDATED, By.SYSTEM, SHORTEST_LIFE_DAYS)


@dataclass(frozen=True)
class Opened:
    """A record as it was read, and what is compared of it: None where it is left alone."""

    row: Any  # a ContactRecord or a CompanyRecord
    payload: fields.Payload
    fields: fields.Fields | None


@dataclass(frozen=True)
class Pair:
    """Two records whose comparison says more than none."""

    one: Opened
    other: Opened
    said: Comparison

    @property
    def sks(self) -> tuple[SortKey, SortKey]:
        """The sort keys of both."""
        return self.one.row.sk, self.other.row.sk


def compare(one: fields.Fields, other: fields.Fields) -> Comparison:
    """Return what the comparison of two persons says. TypeError for anything else."""
    if isinstance(one, PersonFields) and isinstance(other, PersonFields):
        return exact.compare(one, other)
    raise TypeError("persons are compared with persons")


def keys_of(said: fields.Fields | None) -> frozenset[str]:
    """Return the blocking keys of the record."""
    return exact.blocking_keys(said) if isinstance(said, PersonFields) else frozenset()


class Pairing:
    """One run of matching for one member. `may_merge` is called before contacts are merged: WriterBusy while others write
    them."""

    def __init__(self, tenant: TenantId, owner: OwnerCode, lives: Lives, may_merge: Callable[[], None]) -> None:
        self._tenant, self._owner, self._lives, self._may_merge = tenant, owner, lives, may_merge
        self._blocks = Blocks(tenant, owner)

    def look_at(self, kind: str, sks: Sequence[SortKey]) -> None:
        """Compare these records of a kind, as far as they changed since they were compared last, and take out of the index what
        is no more. WriterBusy."""
        opened = self._open(kind, sks)
        withdraw.gone(self._tenant, [sk for sk in sks if sk not in opened])
        index = {sk: row.unsealed(IndexPayload) for sk, row in blocks.indexed(self._tenant, opened).items()}
        was = {sk: index.get(sk, IndexPayload()) for sk in opened}
        changed = {sk: each for sk, each in opened.items() if was[sk].digest != self._digest(each)}
        hashes = {sk: blocks.hashed(self._tenant, kind, keys_of(each.fields)) for sk, each in changed.items()}
        blocks.enter(self._tenant, [(sk, was[sk], own) for sk, own in hashes.items()])
        for sk, own in hashes.items():
            self._blocks.learn(sk, own)
        found = self._undecided(kind, self._pairs(kind, changed, hashes))
        self._withdraw(changed, found)
        merging = [pair for pair in found if self._merges_itself(pair)]
        proposed = self._propose([pair for pair in found if pair not in merging])
        waits = {sk for pair in merging for sk in pair.sks}
        after = {
            sk: IndexPayload(
                digest="" if sk in waits else self._digest(each),
                blocks=hashes[sk],
                pairs=list(dict.fromkeys([*was[sk].pairs, *proposed.get(sk, ())])),
            )
            for sk, each in changed.items()
        }
        blocks.save(self._tenant, [(sk, was[sk], then) for sk, then in after.items()])
        blocks.leave(self._tenant, [(sk, set(was[sk].blocks) - set(then.blocks)) for sk, then in after.items()])
        for sk in proposed.keys() - changed.keys():
            self._note(sk, proposed[sk])
        self._merge(merging)

    def _open(self, kind: str, sks: Iterable[SortKey]) -> dict[SortKey, Opened]:
        """Those of the records that are there. What is restricted, or past its life, is compared with nothing."""
        record: type[TenantRecord] = CompanyRecord if kind == COMPANY else ContactRecord
        found = batch.get_all(record, [(self._tenant, sk) for sk in sks])
        opened: dict[SortKey, Opened] = {}
        for row in found.values():
            payload = fields.opened(row)
            if payload is not None:
                opened[row.sk] = Opened(row, payload, None if self._is_left_alone(payload) else fields.of(payload))
        return opened

    def _is_left_alone(self, payload: fields.Payload) -> bool:
        if isinstance(payload, CompanyPayload):
            return False
        return payload.restricted or bool(payload.over_at) or retention_rules.over(payload, self._lives)

    def _digest(self, opened: Opened) -> str:
        return tags.natural_key(self._tenant, f"match_index\0{opened.fields!r}\0{VERSION}")

    def _pairs(
        self, kind: str, changed: Mapping[SortKey, Opened], hashes: Mapping[SortKey, Sequence[str]]
    ) -> list[Pair]:
        """The pairs of these with what is near, the likeliest first."""
        self._blocks.expect(sum(map(len, hashes.values())))
        near = {
            sk: [each for each in self._blocks.near(kind, own) if each != sk][:_MOST_NEAR] for sk, own in hashes.items()
        }
        there = {
            **changed,
            **self._open(kind, sorted({each for own in near.values() for each in own} - changed.keys())),
        }
        found: dict[frozenset[SortKey], Pair] = {}
        for sk, others in near.items():
            for other in others:
                both = frozenset((sk, other))
                if both not in found and other in there and (pair := _compared(there[sk], there[other])):
                    found[both] = pair
        return sorted(found.values(), key=lambda pair: (-pair.said.weight, pair.sks))

    def _undecided(self, kind: str, pairs: Sequence[Pair]) -> list[Pair]:
        """Those of the pairs that nobody decided: by their own row, nor by another of which these were brought in anew."""
        rows_of = {pair.sks: (self._tenant, self._match_sk(pair)) for pair in pairs}
        keys = {
            pair.sks: marks.apart_sks(
                self._owner, marks.apart_keys(self._tenant, kind, pair.one.payload, pair.other.payload)
            )
            for pair in pairs
        }
        known = batch.get_all(MatchRecord, list(rows_of.values()))
        apart = batch.get_all(ApartRecord, [(self._tenant, sk) for own in keys.values() for sk in own])
        return [
            pair
            for pair in pairs
            if not any((self._tenant, sk) in apart for sk in keys[pair.sks])
            and ((row := known.get(rows_of[pair.sks])) is None or _is_proposed(row))
        ]

    def _withdraw(self, changed: Mapping[SortKey, Opened], found: Sequence[Pair]) -> None:
        """Take back what was proposed of these, and is no pair any more."""
        index = blocks.indexed(self._tenant, changed)
        standing = {self._match_sk(pair) for pair in found}
        proposed = [
            row for own in withdraw.of_records(self._tenant, index).values() for row in own if _is_proposed(row)
        ]
        withdraw.pairs(self._tenant, [row for row in proposed if row.sk not in standing])

    def _merges_itself(self, pair: Pair) -> bool:
        if pair.said.zone is not Zone.MATCH or isinstance(pair.one.payload, CompanyPayload):
            return False
        first, second = (row.unsealed(ContactPayload) for row in merge.ordered(pair.one.row, pair.other.row))
        if not merge.by_itself(first, second):
            return False
        if not second.shows():
            return True
        seen = [fields.shareable(each) for each in (first, second)]
        return seen[0] is not None and seen[1] is not None and compare(seen[0], seen[1]).zone is Zone.MATCH

    def _propose(self, pairs: Sequence[Pair]) -> dict[SortKey, list[str]]:
        """Write the pairs for their member to decide; return the last parts of their ids by record."""
        made: dict[SortKey, list[str]] = {}
        for pair in pairs:
            if any(len(made.get(sk, ())) >= _MOST_PROPOSED for sk in pair.sks):
                continue
            sk = self._match_sk(pair)
            row = self.row_of(pair)
            pointers.write(marks.pointers_of(self._tenant, sk, row.unsealed(MatchPayload)), [row])
            for each in pair.sks:
                made.setdefault(each, []).append(merge.local_part(sk))
        return made

    def row_of(self, pair: Pair) -> MatchRecord:
        """Return the pair's row, not written yet."""
        at, sk = clock.rfc3339(clock.now()), self._match_sk(pair)
        first, second = pair.sks
        if isinstance(pair.one.payload, ContactPayload):
            first, second = (row.sk for row in merge.ordered(pair.one.row, pair.other.row))
        payload = MatchPayload(
            of=ids.kind_of(first),
            first=first,
            second=second,
            probability=round(pair.said.probability, 4),
            reasons=[
                Evidence(field=each.field, level=each.level, weight=round(each.weight, 2)) for each in pair.said.reasons
            ],
            created_at=at,
            updated_at=at,
        )
        return MatchRecord.build(
            self._tenant, sk, marks.tagged(self._tenant, sk, payload, (pair.one.payload, pair.other.payload))
        )

    def _note(self, sk: SortKey, pairs: Sequence[str]) -> None:
        """Name new pairs beside a record that is as it was."""
        row = blocks.indexed(self._tenant, [sk]).get(sk)
        there = row.unsealed(IndexPayload) if row else IndexPayload()
        after = there.model_copy(update={"pairs": list(dict.fromkeys([*there.pairs, *pairs]))})
        blocks.save(self._tenant, [(sk, there, after)])

    def _merge(self, pairs: Sequence[Pair]) -> None:
        """Merge these, each record once: what comes of it is a change, which is looked at in its turn."""
        taken: set[SortKey] = set()
        for pair in pairs:
            if taken & set(pair.sks):
                continue
            self._may_merge()
            taken |= set(pair.sks)
            first, second = merge.ordered(pair.one.row, pair.other.row)
            row = self.row_of(pair)
            row.reseal(row.unsealed(MatchPayload).model_copy(update={"automatic": True}))
            known = rows.get(MatchRecord, self._tenant, row.sk)
            if known is not None:
                known.reseal(row.unsealed(MatchPayload))
            with contextlib.suppress(VersionConflict):  # one of them has changed: it is looked at again
                merge.contacts(first, second, known or row, _MERGED, new=known is None)

    def _match_sk(self, pair: Pair) -> SortKey:
        return record_sk(self._owner, local_of(self._tenant, *pair.sks))


def _compared(one: Opened, other: Opened) -> Pair | None:
    if one.fields is None or other.fields is None or not merge.may_be_one(one.payload, other.payload):
        return None
    said = compare(one.fields, other.fields)
    return Pair(one, other, said) if said.zone is not Zone.NONE else None


def _is_proposed(row: MatchRecord) -> bool:
    return row.unsealed(MatchPayload).state is State.PROPOSED
