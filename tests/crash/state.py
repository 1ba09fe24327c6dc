"""What a killed and repeated job left in the tables, read past the API: rows, pointers without record, keys, due work."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import settings
from chalicelib.core.actor import Unread
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import unread_streams
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.contacts.repository import pointers_of
from chalicelib.store import pointers, rows
from chalicelib.store.due import SK as DUE_SK
from chalicelib.store.due import Due, DueRecord
from chalicelib.vault.keys import ring
from chalicelib.vault.sealing import SealContext, Sealed, unseal
from infra.local.cloud import Cloud
from tests.support.scripted_connection import Synced


def partition(cloud: Cloud, table: str, name: str, key: str) -> list[dict[str, Any]]:
    """Every row of one partition, as DynamoDB has it."""
    pages = (
        cloud.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression="#k = :k",
            ExpressionAttributeNames={"#k": name},
            ExpressionAttributeValues={":k": {"S": key}},
            ConsistentRead=True,
        )
    )
    return [item for page in pages for item in page["Items"]]


def marked(cloud: Cloud, tenant: TenantId, mark: str) -> list[str]:
    """Sort keys of the tenant's rows whose opened payload holds the mark."""
    found = []
    for item in partition(cloud, settings.current().tables.tenant_data, "tenant", tenant):
        sk = item["sk"]["S"]
        if "sealed" in item:
            content = unseal(SealContext(tenant, "TenantData", f"{tenant}|{sk}"), Sealed(bytes(item["sealed"]["B"])))
            if mark.encode() in content.lower():
                found.append(sk)
    return found


def unpointed(cloud: Cloud, tenant: TenantId) -> list[str]:
    """Differences between the pointers that the tenant's contacts should have and those that stand."""
    items = partition(cloud, settings.current().tables.tenant_data, "tenant", tenant)
    standing = {item["sk"]["S"] for item in items if item["sk"]["S"].startswith("subject#")}
    wanted: set[str] = set()
    for row in rows.every(ContactRecord, tenant, "contact#"):
        wanted |= {pointer.sk for pointer in pointers_of(tenant, row.sk, row.unsealed(ContactPayload))}
    others = {item["sk"]["S"] for item in items if item["sk"]["S"].startswith(("company#", "opt_out#"))}
    extra = {sk for sk in standing - wanted if pointers.parse(tenant, sk).record not in others}
    return sorted([f"missing {sk}" for sk in wanted - standing] + [f"without record {sk}" for sk in extra])


def exported(cloud: Cloud, tenant: TenantId) -> list[str]:
    """Keys of the tenant's exports in the bucket, and of uploads that were begun and not completed."""
    client, bucket = cloud.client("s3"), settings.current().buckets.exports
    found = client.list_objects_v2(Bucket=bucket, Prefix=f"{tenant}/").get("Contents", [])
    begun = client.list_multipart_uploads(Bucket=bucket, Prefix=f"{tenant}/").get("Uploads", [])
    return [item["Key"] for item in found] + [f"begun {upload['Key']}" for upload in begun]


def due(kind: str, ident: str) -> bool:
    """Whether work of that id is still planned."""
    return rows.get(DueRecord, Due(kind, ident).pk, DUE_SK) is not None


def unread(tenant: TenantId) -> Mapping[str, Unread]:
    """What is noted of the streams of a workspace's one member that cannot be read."""
    (row,) = rows.every(MemberRow, f"tenant#{tenant}", "member#")
    return unread_streams.of(row.unsealed(MemberPayload))


def assert_once(hub: Synced, name: str, sent_to: Callable[[str], list[dict[str, Any]]], before: int = 0) -> None:
    """The mail was sent once; or not at all, where its worker was killed between its claim and its word."""
    record = repository.find(hub.member.tenant, hub.id)
    assert record
    sent, claim = len(sent_to(hub.member.email)) - before, record.unsealed(ConnectionPayload).mails[name]
    assert sent == 1 if claim == "sent" else (claim, sent) in (("claimed", 0), ("claimed", 1))


def forgotten(cloud: Cloud, ident: str) -> list[str]:
    """What is left of a person under a request that ended: rows, or the key that sealed them."""
    pk = f"request#{ident}"
    left = [item["sk"]["S"] for item in partition(cloud, settings.current().tables.privacy, "pk", pk)]
    left = [sk for sk in left if sk != "request"]
    try:
        ring.roots(pk, fresh=True)
    except KeyShredded:
        return left
    return [*left, "key"]
