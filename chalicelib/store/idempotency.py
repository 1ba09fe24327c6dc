"""What is kept of a request with an Idempotency-Key: its hash, the answer's status, the id of what it made."""

from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord


class OncePayload(Model):
    request_hash: str
    claimed_at: str
    status: int = 0
    resource: str = ""


class OnceRecord(TenantRecord):
    """SK `once#owner code#keyed hash of the key`."""

    declared = Declaration(
        kind="once",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="24 hours",
        life_days=1,
        payload=OncePayload,
        because="holds a hash and an id, no data of a person",
        export=Because("hashes of requests, kept for a day so that a repetition does nothing twice"),
    )
