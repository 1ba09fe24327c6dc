"""A client that keeps copies: it polls GET /v1/changes and does what the answers say."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import Member


@dataclass
class Follower:
    """`kept` are the ids it has, `dropped` those it was told to drop; `limit` of each answer."""

    member: Member
    limit: int = 100
    cursor: str | None = None
    kept: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)

    def ask(self) -> dict[str, Any]:
        """One answer, taken in."""
        params: dict[str, Any] = {"limit": self.limit, **({"cursor": self.cursor} if self.cursor else {})}
        answer = self.member.api.get("/v1/changes", params=params)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        upserts, deleted = ([change["id"] for change in told[name]] for name in ("upserts", "deleted"))
        assert len(upserts) + len(deleted) == len({*upserts, *deleted}) <= self.limit
        self.kept = (self.kept | set(upserts)) - set(deleted)
        self.dropped = (self.dropped | set(deleted)) - set(upserts)
        self.cursor = told["next_cursor"]
        return told

    def poll(self) -> tuple[set[str], set[str]]:
        """All that there is to be told now: ids to read and ids to drop, by the last answer that named them."""
        upserts: set[str] = set()
        deleted: set[str] = set()
        while True:
            told = self.ask()
            upserts = (upserts - {c["id"] for c in told["deleted"]}) | {c["id"] for c in told["upserts"]}
            deleted = (deleted - {c["id"] for c in told["upserts"]}) | {c["id"] for c in told["deleted"]}
            if not told["more"]:
                return upserts, deleted

    def refused(self) -> str:
        """The code with which it is sent to begin anew."""
        answer = self.member.api.get("/v1/changes", params={"cursor": self.cursor})
        assert answer.status_code == 410, answer.text
        return str(answer.json()["code"])
