"""A connection to a scripted account, its runs, and what came of them."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.connectors.port import Person
from chalicelib.core import clock, ids
from chalicelib.core.ids import SortKey
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, SYNC_DUE, ConnectionPayload
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.jobs import sync
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.aws_calls import told, written_rows
from tests.support.provider_connection import NoTime
from tests.support.scripted_provider import PROVIDER, Account


class MuchTime:
    def get_remaining_time_in_millis(self) -> int:
        return 200_000


@dataclass
class Synced:
    """One connection of a member to an account that is a file."""

    cloud: Cloud
    member: Member
    account: Account
    id: str

    @property
    def api(self) -> Api:
        """Signed in now, however far the clock has moved."""
        self.member.api.token = self.cloud.issuer.token(self.member.email)
        return self.member.api

    @property
    def source(self) -> str:
        return f"{PROVIDER}:{self.id}"

    @property
    def ident(self) -> str:
        return f"{self.member.tenant}.{self.id}"

    def run(self, *, one_page: bool = False) -> None:
        """One invocation of the worker, whenever it would be due."""
        due.wake(due.Due(SYNC_DUE, self.ident), clock.now())
        event = {"Records": [{"messageId": "m", "body": json.dumps({"kind": SYNC_DUE, "id": self.ident})}]}
        answer = sync.handle(event, NoTime() if one_page else MuchTime())
        assert answer == {"batchItemFailures": []}, answer

    def contacts(self) -> dict[str, dict[str, Any]]:
        """The member's own, by last name."""
        items = self.api.get("/v1/contacts?limit=100").json()["items"]
        return {str(item["last_name"]): item for item in items if item["owner"]["mine"]}

    def companies(self) -> dict[str, dict[str, Any]]:
        """The member's own, by name."""
        items = self.api.get("/v1/companies?limit=100").json()["items"]
        return {item["name"]: item for item in items if item["owner"]["mine"]}

    def seen(self) -> dict[str, Any]:
        """The connection as its member sees it."""
        answer = self.api.get(f"/v1/connections/{self.id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def runs(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.api.get(f"/v1/connections/{self.id}/runs").json()["items"]
        return items

    def rows(self, kind: str) -> list[SortKey]:
        """Sort keys of the tenant's rows of that kind."""
        return [sk for page in rows.keys(ConnectionRecord, self.member.tenant, f"{kind}#") for sk in page]


def connected(cloud: Cloud, member: Member, folder: Path, page: int = 2) -> Synced:
    """A new connection of the member; nothing has run yet."""
    account = Account(folder, page)
    owned = ids.new_owned(PREFIX, member.id)
    now = clock.now()
    payload = ConnectionPayload(
        provider=PROVIDER, tier="contacts", account=str(account.path), created_at=now, updated_at=now
    )
    rows.put_new(ConnectionRecord.build(member.tenant, repository.row_sk(owned), payload))
    return Synced(cloud, member, account, str(owned))


def forget(synced: Synced) -> None:
    """Let no later drain run it."""
    record = repository.find(synced.member.tenant, synced.id)
    if record is not None:
        rows.delete_if_unchanged(record)
    due.done(due.Due(SYNC_DUE, synced.ident))


def person(number: int, **more: Any) -> Person:
    """One of an account's contacts."""
    given = {"first_name": "Ana", "last_name": f"Person{number}", "emails": (f"ana.{number}@sync.example",), **more}
    return Person(f"p{number}", **given)


@contextmanager
def written() -> Iterator[Counter[str]]:
    """What is written to DynamoDB meanwhile: rows by kind, and calls as `call Operation`."""
    seen: Counter[str] = Counter()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if params.get("TableName") == os.environ["IKO_TABLE_TENANT_KEYS"]:
            return  # keys are read again once in a cache period, which may end here
        seen[f"call {model.name}"] += 1
        seen.update(written_rows(model.name, params))

    with told("before-parameter-build", note):
        yield seen
