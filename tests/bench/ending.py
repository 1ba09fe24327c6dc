"""Figures of a purge: calls to DynamoDB over the least that batch sizes allow."""

import math

from chalicelib.core import clock
from chalicelib.domain import kinds
from chalicelib.domain.contacts.model import ContactPayload, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.contacts.repository import prepare
from chalicelib.domain.purge import deletion
from chalicelib.domain.sources.provenance import Kept
from chalicelib.store import batch, pointers, rows
from infra.local.cloud import Cloud
from tests.bench.warm import calls, team

_DELETED_AT_ONCE = 25  # DynamoDB's limit of BatchWriteItem
_AT_ONCE = 1000


def fill(tenant: str, owner: str, count: int) -> None:
    """That many contacts with an address each, written as an import does."""
    at = clock.rfc3339(clock.now())
    for first in range(0, count, _AT_ONCE):
        made = []
        for number in range(first, min(first + _AT_ONCE, count)):
            payload = ContactPayload(
                first_name=Kept(value=f"Given{number}", sources={"member": at}),
                last_name=Kept(value=f"Family{number}", sources={"member": at}),
                emails=[Kept(value=f"person{number}@bench.example", sources={"member": at})],
                created_at=at,
                updated_at=at,
            )
            made.append(prepare(tenant, record_sk(owner, f"{number:026}"), payload))
        pointers.write([pointer for _, held in made for pointer in held])
        batch.put_all([record for record, _ in made])


def purge(cloud: Cloud, count: int) -> dict[str, str]:
    """Deleting a tenant of `count` contacts: counting, the first pass, and the second that finds nothing."""
    client = team(cloud)
    me = client.get("/v1/me").json()
    tenant = me["tenant"]["id"]
    fill(tenant, me["id"][-10:], count)
    pages = list(rows.keys(ContactRecord, tenant))
    found = sum(map(len, pages))
    with calls() as seen:
        counted = deletion.counts(tenant, kinds.RECORDS)
        deletion.everything(tenant, kinds.RECORDS)
        again = deletion.everything(tenant, kinds.RECORDS)
    assert again == 0
    made = sum(n for name, n in seen.items() if name.startswith("dynamodb"))
    least = math.ceil(found / _DELETED_AT_ONCE) + len(pages)
    return {
        "rows (contacts, pointers, account)": str(sum(counted.values())),
        "DynamoDB calls, both passes and the count / the least possible": f"{made} / {least} = {made / least:.3f}",
    }
