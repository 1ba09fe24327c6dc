"""The tokens of a connection, in a row of their own that only the workers which need them can open."""

from datetime import datetime

from chalicelib.connectors.port import Grant
from chalicelib.core import clock, ids
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.domain.connections.model import PREFIX, CredentialPayload
from chalicelib.domain.connections.records import CredentialRecord
from chalicelib.store import batch, rows
from chalicelib.vault import credentials


def row_sk(connection_id: str) -> SortKey:
    """Return the sort key of a connection's credential. ValueError for what is no connection's id."""
    parsed = ids.parse_owned(connection_id, PREFIX)
    if parsed is None:
        raise ValueError("not the id of a connection")
    return ids.sort_key(CredentialRecord.declared.kind, parsed.owner, parsed.local)


def read(tenant: TenantId, connection_id: str) -> CredentialRecord | None:
    """Return the row, still sealed. One call."""
    return rows.get(CredentialRecord, tenant, row_sk(connection_id))


def build(tenant: TenantId, connection_id: str, payload: CredentialPayload) -> CredentialRecord:
    """Return a new row; nothing is written yet."""
    sk = row_sk(connection_id)
    return CredentialRecord.build(tenant, sk, tokens=_sealed(tenant, sk, payload))


def opened(record: CredentialRecord) -> CredentialPayload:
    """Return the tokens. One call to KMS. SealBroken where they were sealed for another connection."""
    content = credentials.unseal(record.tenant, record.sk, bytes(record.tokens or b""))
    return CredentialPayload.model_validate_json(content)


def fill(record: CredentialRecord, payload: CredentialPayload) -> None:
    """Put other tokens into the row, and give up any claim; nothing is written yet."""
    record.tokens = _sealed(record.tenant, record.sk, payload)
    record.refreshing = record.refreshing_until = None


def given_after(record: CredentialRecord, moment: datetime) -> bool:
    """Return whether the row was made for a consent given after that moment (see SealedRecord.lock); each write since
    counts as a millisecond."""
    return int(record.lock) > clock.milliseconds(moment)


def remove(tenant: TenantId, connection_id: str) -> None:
    """Delete the credential, whoever holds it. Safe to repeat."""
    batch.delete_all(CredentialRecord, [(tenant, row_sk(connection_id))])


def payload_of(grant: Grant, before: CredentialPayload | None = None) -> CredentialPayload:
    """Return what is kept of a grant; what a refresh left out keeps its former value."""
    return CredentialPayload(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token or (before.refresh_token if before else ""),
        expires_at=grant.expires_at,
        scopes=list(grant.scopes) or (before.scopes if before else []),
    )


def _sealed(tenant: TenantId, sk: SortKey, payload: CredentialPayload) -> bytes:
    return credentials.seal(tenant, sk, payload.model_dump_json(exclude_defaults=True).encode())
