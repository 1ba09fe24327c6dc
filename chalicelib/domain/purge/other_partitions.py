"""Rows of a tenant that stand outside its partitions, found by what its own rows say."""

from chalicelib.core import ids
from chalicelib.domain.accounts import invitations
from chalicelib.domain.accounts.model import LIVES_DUE, MemberPayload
from chalicelib.domain.accounts.records import IdentityRow, MemberRow
from chalicelib.domain.contacts.records import WriterLockRecord
from chalicelib.domain.purge.model import LEAVING_KIND
from chalicelib.domain.purge.records import LeavingRecord
from chalicelib.domain.subscription import repository
from chalicelib.store import batch, rows
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord


def remove(tenant: str) -> None:
    """Delete them. Safe to repeat."""
    repository.forget(tenant)
    invitations.withdraw_all(tenant)
    lives = Due(LIVES_DUE, tenant).pk
    for page in rows.keys(DueRecord, lives):  # the checkpoint of the daily pass, and when it is due
        batch.delete_all(DueRecord, [(lives, sk) for sk in page])
    members = list(rows.every(MemberRow, f"tenant#{tenant}", "member#"))
    ends = [row.member for row in members]
    leaving = [Due(LEAVING_KIND, f"{tenant}.{member}").pk for member in ends]
    identities = [(f"identity#{row.unsealed(MemberPayload).identity}", "identity") for row in members]
    batch.delete_all(IdentityRow, identities)
    batch.delete_all(WriterLockRecord, [turn_key(tenant, ids.owner_code(member)) for member in ends])
    batch.delete_all(LeavingRecord, [(pk, "leaving") for pk in leaving])
    batch.delete_all(DueRecord, [(pk, DUE_SK) for pk in leaving])


def turn_key(tenant: str, owner: str) -> tuple[str, str]:
    """Of the row that says which import of a member may write."""
    return f"importing#{tenant}.{owner}", "turn"
