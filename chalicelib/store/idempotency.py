"""What is kept of a request with an Idempotency-Key: its hash, the answer's status, the id of what it made."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.records import TenantRecord


class OncePayload(Model):
    request_hash: str
    claimed_at: str
    status: int = 0
    resource: str = ""


class OnceRecord(TenantRecord):
    """SK `once#owner code#keyed hash of the key`."""

    declared = Declaration(
        "once", Holds.NOBODY, Found.NEVER, "24 hours", 1, OncePayload, "holds a hash and an id, no data of a person"
    )
