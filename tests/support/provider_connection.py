"""A member's connection to a simulated provider: its worker, its due times, what it has brought, what was told."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import SortKey
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.jobs import sync
from chalicelib.store import due, rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.provider_account import Shown, Source

_STEPS = 16  # times at which it is due, until it has to be as expected


class NoTime:
    """An invocation that has time for one page."""

    def get_remaining_time_in_millis(self) -> int:
        return 0


@dataclass
class Followed:
    """One connection, by its id."""

    cloud: Cloud
    member: Member
    source: Source
    id: str

    @property
    def api(self) -> Api:
        """Signed in now, however far the clock has moved."""
        self.member.api.token = self.cloud.issuer.token(self.member.email)
        return self.member.api

    @property
    def ident(self) -> str:
        return f"{self.member.tenant}.{self.id}"

    def run(self, *, one_page: bool = False) -> None:
        """One invocation of the worker, now."""
        due.wake(due.Due(SYNC_DUE, self.ident), clock.now())
        event = {"Records": [{"messageId": "m", "body": json.dumps({"kind": SYNC_DUE, "id": self.ident})}]}
        answer = sync.handle(event, NoTime() if one_page else None)
        assert answer == {"batchItemFailures": []}, answer

    def begin(self) -> None:
        """Until the first page of contacts is here."""
        for _ in range(_STEPS):
            self.run(one_page=True)
            if self.shown():
                return
        raise AssertionError(f"nothing comes: {self.seen()} {self.outcomes()}")

    def items(self) -> list[dict[str, Any]]:
        """The member's contacts."""
        items: list[dict[str, Any]] = self.api.get("/v1/contacts?limit=100").json()["items"]
        return items

    def shown(self) -> list[Shown]:
        """The same, as a source has them."""
        return sorted(
            (
                item["first_name"] or "",
                item["last_name"] or "",
                tuple(sorted(item["emails"])),
                item["title"] or "",
                item["company_name"] or "",
            )
            for item in self.items()
        )

    def seen(self) -> dict[str, Any]:
        """The connection as its member sees it."""
        answer = self.api.get(f"/v1/connections/{self.id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def outcomes(self) -> list[str]:
        """Of its runs, newest first."""
        return [each["outcome"] for each in self.api.get(f"/v1/connections/{self.id}/runs").json()["items"]]

    def due_in(self) -> float | None:
        """Seconds until it is due; None where nothing is planned."""
        row = rows.get(due.DueRecord, due.Due(SYNC_DUE, self.ident).pk, due.SK)
        return (clock.parse_rfc3339(str(row.due_at)) - clock.now()).total_seconds() if row else None

    def wait(self, most: float = float("inf")) -> float:
        """Until it is due, or so many seconds, and its work is done then; how many passed."""
        passed = max(0.0, min(most, (self.due_in() or 0) + 0.01))
        self.cloud.advance(passed)
        self.cloud.drain()
        return passed

    def late(self, seconds: float) -> float:
        """So many seconds, and until it is due where it is not: few tries in a long time. How many passed."""
        self.cloud.advance(seconds)
        return seconds + self.wait()

    def settle(self) -> dict[str, Any]:
        """As its times come, to the end of a pass; its evidence."""
        since = clock.now()
        self.wait()
        for _ in range(_STEPS):
            health: dict[str, Any] = self.seen()["health"]
            ended = health["last_complete_at"]
            if ended and datetime.fromisoformat(ended) >= since and not health["incomplete"]:
                return health
            self.wait()
        raise AssertionError(f"it does not settle: {self.seen()} {self.outcomes()}")

    def rows(self, kind: str) -> list[SortKey]:
        """Sort keys of the tenant's rows of that kind."""
        return [sk for page in rows.keys(ConnectionRecord, self.member.tenant, f"{kind}#") for sk in page]

    def forget(self) -> None:
        """Let no later drain run it."""
        record = repository.find(self.member.tenant, self.id)
        if record is not None:
            rows.delete_if_unchanged(record)
        due.done(due.Due(SYNC_DUE, self.ident))


def equal(followed: Followed, health: dict[str, Any]) -> None:
    """What is here is what is there, record by record, and the evidence says so."""
    source = followed.source
    assert followed.shown() == source.people()
    there = len(source.people()) + source.firms()
    assert health["seen"] == health["stored"] + sum(health["skipped"].values())
    assert (health["stored"], health["skipped"]) == (there, {})
    assert (len(followed.rows("copy")), followed.rows("pass")) == (there, [])
