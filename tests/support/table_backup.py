"""A backup of the tables: taken at a moment, put back whole or table by table, as a restore does."""

from typing import Any

from chalicelib.core import settings
from chalicelib.jobs import replay
from chalicelib.store import objects
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud

TABLES = ("tenant_data", "tenant_keys", "credentials", "accounts", "privacy", "jobs", "directory")
Rows = dict[tuple[str, ...], dict[str, Any]]


class Backup:
    """What the tables held when it was made."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud, self._client = cloud, cloud.client("dynamodb")
        self._keys = {name: self._key_names(name) for name in TABLES}
        self.rows = {name: self.now(name) for name in TABLES}

    def now(self, table: str) -> Rows:
        """What a table holds now, by key."""
        pages = self._client.get_paginator("scan").paginate(TableName=_physical(table), ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return {tuple(item[name]["S"] for name in self._keys[table]): item for item in items}

    def put_back(self, *tables: str) -> None:
        """Bring these tables back to what they held: what came since goes, what went comes back."""
        for table in tables:
            now, then = self.now(table), self.rows[table]
            for key in now.keys() - then.keys():
                at = {name: {"S": part} for name, part in zip(self._keys[table], key, strict=True)}
                self._client.delete_item(TableName=_physical(table), Key=at)
            for key, item in then.items():
                if now.get(key) != item:
                    self._client.put_item(TableName=_physical(table), Item=item)
        ring._kept.clear()

    def _key_names(self, table: str) -> list[str]:
        schema = self._client.describe_table(TableName=_physical(table))["Table"]["KeySchema"]
        return [key["AttributeName"] for key in sorted(schema, key=lambda key: str(key["KeyType"]))]


def empty_replay_log() -> None:
    """Forget what other tests of this process left in it."""
    bucket = settings.current().buckets.replay
    for key in objects.keys(bucket):
        objects.delete(bucket, key)


def replayed() -> int:
    """All of the log, done again in one run; how much had come back."""
    answer = replay.handle({}, None)
    assert answer["done"]
    return int(answer["changed"])


def _physical(table: str) -> str:
    return str(getattr(settings.current().tables, table))
