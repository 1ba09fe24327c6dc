"""Many rows in one partition of the simulated DynamoDB, which itself walks over all of them for each page it answers."""

import bisect
import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.core.ids import TenantId
from infra.local.cloud import Cloud
from tests.bench.team import Team

_WORDS = "met at the fair in spring; asked for the new price list, prefers mail to phone. "
Item = dict[str, Any]  # as DynamoDB has it


def only(cloud: Cloud, tenant: TenantId, prefix: str) -> Item:
    """The one row of the tenant's whose sort key begins so."""
    from chalicelib.core import settings

    answer = cloud.client("dynamodb").query(
        TableName=settings.current().tables.tenant_data,
        KeyConditionExpression="tenant = :t AND begins_with(sk, :p)",
        ExpressionAttributeValues={":t": {"S": tenant}, ":p": {"S": prefix}},
    )
    (item,) = answer["Items"]
    found: Item = item
    return found


def contacts(cloud: Cloud, own: Team, count: int) -> Iterator[Item]:
    """Copies of a contact that came in by the API, each under a key of its own and with other values."""
    from chalicelib.vault.sealing import SealContext, Sealed, seal, unseal

    own.contact(
        first_name="Given0",
        last_name="Family0",
        company_name="Company 0",
        emails=["p0@bench.example"],
        phones=["+493055500000"],
        notes=f"0: {_WORDS}",
    )
    pattern = only(cloud, own.tenant, "contact#")
    sk = pattern["sk"]["S"]
    context = SealContext(own.tenant, "TenantData", f"{own.tenant}|{sk}")
    content = unseal(context, Sealed(pattern["sealed"]["B"])).decode()
    for number in range(count):
        key = f"{sk.rpartition('#')[0]}#{number:026}"
        told = content.replace("Given0", f"Given{number}").replace("Family0", f"Family{number}")
        told = told.replace("Company 0", f"Company {number % 900}").replace("p0@", f"p{number}@")
        told = told.replace("+493055500000", f"+49305550{number:04}"[:13])
        here = SealContext(own.tenant, "TenantData", f"{own.tenant}|{key}")
        yield {**pattern, "sk": {"S": key}, "sealed": {"B": seal(here, told.encode()).ciphertext}}


@contextlib.contextmanager
def standing(items: Iterable[Item]) -> Iterator[None]:
    """Within the block, queries over a range of one tenant and kind find these rows, by bisection; no other query meets them."""
    from moto.dynamodb.models import dynamodb_backends

    from chalicelib.core import settings

    table = _table(dynamodb_backends, settings.current().tables.tenant_data)
    found: list[tuple[str, Any]] = []
    for item in items:
        made = table.put_item(item)
        table.delete_item(made.hash_key, made.range_key)
        found.append((item["sk"]["S"], made))
    found.sort(key=lambda each: each[0])
    keys, prefix = [sk for sk, _ in found], found[0][0].rpartition("#")[0]
    walk = table.query

    def query(hash_key: Any, comparison: Any, objects: Any, limit: Any, start: Any, *rest: Any, **more: Any) -> Any:
        if comparison != "BEGINS_WITH" or not objects[0].value.startswith(prefix):
            return walk(hash_key, comparison, objects, limit, start, *rest, **more)
        first = bisect.bisect_right(keys, start["sk"]["S"]) if start else 0
        page = [item for _, item in found[first : first + limit]]
        last = {"tenant": {"S": hash_key.value}, "sk": {"S": page[-1].range_key.value}} if page else None
        return page, len(page), last if first + limit < len(keys) else None

    table.query = query
    try:
        yield
    finally:
        del table.query


def _table(backends: Any, name: str) -> Any:
    for account in list(backends.values()):
        for region in list(account.values()):
            if name in region.tables:
                return region.tables[name]
    raise LookupError
