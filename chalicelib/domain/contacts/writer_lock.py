"""A lock for each member, which whoever writes many of the contacts holds, an import or a sync: two at once would each miss what
the other makes."""

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.contacts.records import WriterLockRecord
from chalicelib.store import batch, rows

_SK = "turn"


class WriterBusy(Exception):
    """Another import or sync of the same member is being written."""


def acquire(tenant: TenantId, owner: OwnerCode, job_id: str, seconds: int) -> None:
    """Let this job, or run of a connection, write for the member for so many seconds; taking the lock again prolongs
    it. WriterBusy while another has it."""
    row = rows.get(WriterLockRecord, _pk(tenant, owner), _SK)
    until = clock.rfc3339(clock.now() + timedelta(seconds=seconds))
    try:
        if row is None:
            rows.put_new(WriterLockRecord.build(_pk(tenant, owner), _SK, job=job_id, until=until))
            return
        if row.job != job_id and clock.parse_rfc3339(row.until) > clock.now():
            raise WriterBusy
        row.job, row.until = job_id, until
        rows.put_if_unchanged(row)
    except VersionConflict as error:
        raise WriterBusy from error


def release(tenant: TenantId, owner: OwnerCode, job_id: str) -> None:
    """Give up the job's lock. Harmless where it has none."""
    row = rows.get(WriterLockRecord, _pk(tenant, owner), _SK)
    if row is not None and row.job == job_id:
        try:
            rows.delete_if_unchanged(row)
        except VersionConflict:
            return  # another has taken it: it had run out


def forget_member(tenant: TenantId, owner: OwnerCode) -> None:
    """Delete the lock of whoever goes. Safe to repeat."""
    batch.delete_all(WriterLockRecord, [(_pk(tenant, owner), _SK)])


def forget_tenant(tenant: TenantId) -> int:
    """Delete the locks of all members of a tenant that ends; 0, for few members have one. Safe to repeat."""
    for owner in member_lookup.owner_codes(tenant):
        forget_member(tenant, owner)
    return 0


def _pk(tenant: TenantId, owner: OwnerCode) -> str:
    return f"importing#{tenant}.{owner}"
