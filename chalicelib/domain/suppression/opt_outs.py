"""Opt-outs: who wants no mail of a workspace. One row for each address, whoever of the team learnt of it; it outlives
contact, connection and member, and goes with the workspace, or when the person is erased."""

from collections.abc import Iterable

from chalicelib.core import ids
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.accounts import membership
from chalicelib.domain.audit.model import TEAM
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Logged, OptedOut
from chalicelib.domain.suppression.model import Mark, Subject
from chalicelib.domain.suppression.records import OptOutPayload, OptOutRecord
from chalicelib.domain.suppression.tombstones import blocked_tags, index_pointers
from chalicelib.store import batch, pointers, rows
from chalicelib.store.handlers import Replayed
from chalicelib.store.pointers import Pointer, Role
from chalicelib.store.steps import HasTime
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

KIND = OptOutRecord.declared.kind


def noted(tenant: TenantId, addresses: Iterable[str], source: str, at: str) -> list[tuple[OptOutRecord, list[Pointer]]]:
    """Return for each address (exact form) the row and its pointers, which are to be written first, after the replay log has a
    note of those that are not there yet. One call, and one more for what is new; none without an address."""
    said = [_row(tenant, exact, source, at) for exact in dict.fromkeys(addresses)]
    there = batch.get_all(OptOutRecord, [(tenant, row.sk) for row, _ in said])
    people = {
        row.sk.rpartition("#")[2]: [pointer.tag for pointer in held]
        for row, held in said
        if (row.hash_value, row.sk) not in there
    }
    if people:
        replay_log.note_opt_outs(OptedOut(tenant=tenant, source=source, at=at, people=people))
    return said


def write(tenant: TenantId, addresses: Iterable[str], source: str, at: str) -> None:
    """Write that these people want no mail of the workspace, as `source` said. Calls as in `noted`, and those that write."""
    said = noted(tenant, addresses, source, at)
    pointers.write(pointer for _, held in said for pointer in held)
    batch.put_all([row for row, _ in said])


def _row(tenant: TenantId, exact: str, source: str, at: str) -> tuple[OptOutRecord, list[Pointer]]:
    sk = ids.sort_key(KIND, TEAM, tags.subject_tags("suppression", Identifier.EMAIL, exact)[0])
    record = OptOutRecord.build(tenant, sk, OptOutPayload(source=source, at=at))
    return record, index_pointers(tenant, sk, [Mark(Identifier.EMAIL, exact)])


def replay(logged: Logged[OptedOut], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Write again the opt-outs that restored tables have lost; how many. None of whom was erased since, none of a workspace
    that has gone. Safe to repeat."""
    entry = logged.entry
    tenant, payload = entry.tenant, OptOutPayload(source=entry.source, at=entry.at)
    erased = blocked_tags(tenant, entry.people)
    keys = {tag: ids.sort_key(KIND, TEAM, tag) for tag in entry.people if tag not in erased}
    if not keys or not membership.tenant_of(tenant):
        return Replayed(0)
    there = batch.get_all(OptOutRecord, [(tenant, sk) for sk in keys.values()])
    lost = {tag: sk for tag, sk in keys.items() if (tenant, sk) not in there}
    try:
        built = [OptOutRecord.build(tenant, sk, payload) for sk in lost.values()]
    except KeyShredded:
        return Replayed(0)
    pointers.write(Pointer(tenant, index, Role.HOLDS, sk) for tag, sk in lost.items() for index in entry.people[tag])
    batch.put_all(built)
    return Replayed(len(built))


def standing(tenant: TenantId, addresses: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses (exact forms) whose owner has opted out.

    One call for 100 addresses, none for none.
    """
    keys = {
        exact: {
            (tenant, ids.sort_key(KIND, TEAM, tag)) for tag in tags.subject_tags("suppression", Identifier.EMAIL, exact)
        }
        for exact in addresses
    }
    found = batch.get_all(OptOutRecord, sorted(set[tuple[str, str]]().union(*keys.values()))).keys()
    return frozenset(exact for exact, own in keys.items() if own & found)


def subject_of(tenant: TenantId, record_sk: SortKey, _tag: str | None) -> Subject | None:
    """Return since when the row stands, None where it has gone. It knows its person by a keyed hash only, and its key is
    made of that: whatever tag leads to it is the person's."""
    row = rows.get(OptOutRecord, tenant, record_sk)
    return None if row is None else Subject(row.unsealed(OptOutPayload).at)


def erase(tenant: TenantId, record_sk: SortKey, tag: str | None) -> bool:
    """Delete the row, then the pointer that led to it; whether the row was there. Safe to repeat."""
    found = rows.get(OptOutRecord, tenant, record_sk) is not None
    batch.delete_all(OptOutRecord, [(tenant, record_sk)])
    if tag is not None:
        pointers.delete([Pointer(tenant, tag, Role.HOLDS, record_sk)])
    return found
