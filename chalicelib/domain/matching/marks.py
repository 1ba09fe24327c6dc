"""By whose identifiers a pair is found, and by which it is known again when it is brought in anew."""

from collections.abc import Iterable

from chalicelib.core.ids import OwnerCode, SortKey, TenantId, sort_key
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.matching import fields
from chalicelib.domain.matching.proposal import MatchPayload
from chalicelib.domain.matching.records import ApartRecord
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store.pointers import Pointer, Role
from chalicelib.vault import tags

Both = tuple[fields.Payload, fields.Payload]


def tagged(tenant: TenantId, sk: SortKey, match: MatchPayload, both: Both) -> MatchPayload:
    """Return the pair with the pointers of its records; where it keeps their texts, of whoever these name too."""
    holds = [mark for each in both for mark in _held(each)]
    mentions = [mark for each in both for mark in each.mentioned()] if match.kept is not None else []
    made = [f"{each.role}{each.tag}" for each in index_pointers(tenant, sk, holds, mentions)]
    return match.model_copy(update={"tags": list(dict.fromkeys([*match.tags, *made]))})


def without_mentions(match: MatchPayload) -> MatchPayload:
    """Return the pair with no pointers but those of its own records."""
    return match.model_copy(update={"tags": [each for each in match.tags if each[:1] == Role.HOLDS]})


def pointers_of(tenant: TenantId, sk: SortKey, match: MatchPayload) -> list[Pointer]:
    """Return the pointers that lead to the pair."""
    return [Pointer(tenant, each[1:], Role(each[:1]), sk) for each in match.tags]


def apart_keys(tenant: TenantId, of: str, one: fields.Payload, other: fields.Payload) -> list[str]:
    """Return the keys by which the two are known for two, whatever their ids are then."""
    pairs = {tuple(sorted((ours, theirs))) for ours in fields.known_by(one) for theirs in fields.known_by(other)}
    return sorted(
        tags.natural_key(tenant, "\0\0".join((ApartRecord.declared.kind, of, *pair)))
        for pair in pairs
        if pair[0] != pair[1]
    )


def apart_sks(owner: OwnerCode, keys: Iterable[str]) -> list[SortKey]:
    """Return the sort keys of the rows with these keys."""
    return [sort_key(ApartRecord.declared.kind, owner, key) for key in keys]


def apart_rows(tenant: TenantId, owner: OwnerCode, keys: Iterable[str]) -> list[ApartRecord]:
    """Return the rows by which a pair is known for two, not written yet."""
    return [ApartRecord.build(tenant, sk) for sk in apart_sks(owner, keys)]


def _held(payload: fields.Payload) -> tuple[Mark, ...]:
    return (*payload.held(), *payload.named()) if isinstance(payload, ContactPayload) else ()
