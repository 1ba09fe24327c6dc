"""A client that keeps copies of contacts and companies, and follows GET /v1/changes as its description says."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import Member

KINDS = {"contact": "contacts", "company": "companies"}
Copies = dict[str, dict[str, Any]]


@dataclass
class Phone:
    """`kept` are its copies by id; `refused` counts the times that it was told to begin anew."""

    member: Member
    cursor: str | None = None
    refused: int = 0
    kept: Copies = field(default_factory=dict)

    def follow(self) -> None:
        """Ask until there is no more; begin anew where it is told to."""
        more = self.cursor is not None
        while more:
            answer = self.member.api.get("/v1/changes", params={"cursor": self.cursor, "limit": 1000})
            if answer.status_code == 410:
                self.cursor, self.refused = None, self.refused + 1
                break
            assert answer.status_code == 200, answer.text
            told = answer.json()
            for change in told["deleted"]:
                self.kept.pop(change["id"], None)
            for change in told["upserts"]:
                self._read(change)
            self.cursor, more = told["next_cursor"], told["more"]
        if self.cursor is None:
            self._begin()

    def listed(self) -> Copies:
        """What the lists show now, page by page."""
        found: Copies = {}
        for path in KINDS.values():
            cursor: str | None = ""
            while cursor is not None:
                params = {"limit": 100, **({"cursor": cursor} if cursor else {})}
                answer = self.member.api.get(f"/v1/{path}", params=params)
                assert answer.status_code == 200, answer.text
                found |= {item["id"]: item for item in answer.json()["items"]}
                cursor = answer.json()["next_cursor"]
        return found

    def own(self, prefix: str) -> list[str]:
        """The ids of those copies that are the member's own, of one kind."""
        return sorted(ident for ident, item in self.kept.items() if ident.startswith(prefix) and item["owner"]["mine"])

    def _begin(self) -> None:
        """The first cursor before the lists."""
        params: dict[str, Any] = {"limit": 1000}
        while True:
            told = self.member.api.get("/v1/changes", params=params).json()
            params["cursor"] = self.cursor = told["next_cursor"]
            if not told["more"]:
                break
        self.kept = self.listed()

    def _read(self, change: dict[str, str]) -> None:
        answer = self.member.api.get(f"/v1/{KINDS[change['kind']]}/{change['id']}")
        if answer.status_code == 200:
            self.kept[change["id"]] = answer.json()
        else:
            assert answer.status_code == 404, answer.text
            self.kept.pop(change["id"], None)


def differences(kept: Copies, listed: Copies) -> dict[str, tuple[Any, Any]]:
    """What a phone has of each id and what the lists show, where these differ."""
    return {
        ident: (kept.get(ident), listed.get(ident))
        for ident in sorted({*kept, *listed})
        if kept.get(ident) != listed.get(ident)
    }
