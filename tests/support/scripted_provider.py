"""A provider whose account is a JSON file: a port implementation that a test, and a child process, can change under a pass.

Importing it makes Viadeo, which nobody can connect, such a provider. `Account` is the file as a test holds it.
"""

# ruff: noqa: ARG002 - the port names what a vendor is handed
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import (
    App,
    CursorExpired,
    Grant,
    GrantEnded,
    Mailbox,
    NotPermitted,
    Organization,
    OverQuota,
    Page,
    Person,
    Position,
    PrivacyClass,
    Provider,
    Stream,
    Tier,
    TokenSource,
    Vendor,
)
from chalicelib.core.stream_codes import StreamReason
from chalicelib.texts import catalogues

PROVIDER = Provider.VIADEO
IN_CHILD = 0  # set by crash runs, whose children load this module by it
vendors.VENDORS[PROVIDER] = vendors.Declared("tests.support.scripted_provider", PrivacyClass.SHAREABLE)
for language in catalogues.LANGUAGES[catalogues.MEMBERS]:
    catalogues.catalogue(catalogues.MEMBERS, language)["provider"][PROVIDER] = "Scripted"
_KINDS: dict[Stream, type[Person] | type[Organization]] = {Stream.CONTACTS: Person, Stream.COMPANIES: Organization}


class Account:
    """`page` records a page. Faults are served once each, in order, to the stream that they name, by any worker."""

    def __init__(self, folder: Path, page: int = 2) -> None:
        self.path = folder / f"{uuid.uuid4().hex}.json"
        empty = {"contacts": {}, "companies": {}, "renamed": {}, "log": [], "faults": [], "asked": [], "hidden": 0}
        self._write({**empty, "page": page})

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.read_text())
        return found

    def _write(self, world: dict[str, Any]) -> None:
        self.path.write_text(json.dumps(world))

    def put(self, *records: Person | Organization) -> None:
        """Add or change records there."""
        world = self._read()
        for record in records:
            stream = "contacts" if isinstance(record, Person) else "companies"
            world[stream][record.external_id] = {**asdict(record), "untold": sorted(record.untold)}
            world["log"].append([stream, record.external_id])
        self._write(world)

    def delete(self, *ids: str, stream: str = "contacts", silently: bool = False) -> None:
        """Delete records there; `silently`: no pass of changes tells."""
        world = self._read()
        for ident in ids:
            del world[stream][ident]
            if not silently:
                world["log"].append([stream, ident])
        self._write(world)

    def rename(self, old: str, new: str, stream: str = "contacts", **more: Any) -> None:
        """A record has another id there from now on, and is what `more` says else; one that has that id already stays."""
        world = self._read()
        record = world[stream].pop(old)
        world[stream].setdefault(new, {**record, **more, "external_id": new})
        world["renamed"][old] = new
        world["log"] += [[stream, old], [stream, new]]
        self._write(world)

    def fault(self, what: str, stream: str = "contacts", **more: Any) -> None:
        """down, quota, ended, forbidden, lost, repeat (the first page once more, which leads here), skip (a page is left out).

        `after` so many pages; `slow`: so many seconds pass at it. `at="look"`: where records are asked for by their ids."""
        world = self._read()
        world["faults"].append({"what": what, "stream": stream, **more})
        self._write(world)

    def set(self, **fields: Any) -> None:
        """`page`; `hidden`: so many more than there are is what it counts."""
        self._write({**self._read(), **fields})

    @property
    def asked(self) -> list[str]:
        """What it was asked, oldest first; then forgotten."""
        world = self._read()
        self._write({**world, "asked": []})
        return list(world["asked"])


class _Source:
    def __init__(self, path: str, stream: Stream) -> None:
        self._path, self._stream = Path(path), stream

    def start(self) -> Position:
        return Position(True, {"after": ""})

    def page(self, position: Position) -> Page:
        world = self._world(f"page {self._stream}")
        fault = self._fault(world)
        if fault == "repeat":
            return Page(position, done=False, **self._records(world, sorted(world[self._stream])[: world["page"]]))
        if position.full:
            since = position.at.get("since", str(len(world["log"])))
            ids = [ident for ident in sorted(world[self._stream]) if ident > position.at["after"]]
            if fault == "skip":
                ids = ids[world["page"] :]
            chunk, rest = ids[: world["page"]], ids[world["page"] :]
            following = {"after": chunk[-1], "since": since} if rest else {"since": since}
            return Page(Position(bool(rest), following), done=not rest, **self._records(world, chunk))
        since_number = int(position.at["since"])
        log = world["log"][since_number : since_number + world["page"]]
        ids = list(dict.fromkeys(ident for stream, ident in log if stream == self._stream))
        upto = since_number + len(log)
        return Page(Position(False, {"since": str(upto)}), done=upto == len(world["log"]), **self._records(world, ids))

    def look(self, external_ids: Sequence[str]) -> Page:
        world = self._world(f"look {self._stream}")
        self._fault(world, "look")
        assert len(external_ids) <= 100
        return Page(Position(True), done=True, **self._records(world, external_ids))

    def count(self) -> int | None:
        world = self._world(f"count {self._stream}")
        return len(world[self._stream]) + int(world["hidden"])

    def _records(self, world: dict[str, Any], ids: Sequence[str]) -> dict[str, Any]:
        known, kind = world[self._stream], _KINDS[self._stream]
        found = tuple(kind(**_tuples(known[ident])) for ident in ids if ident in known)
        name = "people" if self._stream is Stream.CONTACTS else "organizations"
        renamed = {old: new for old, new in world["renamed"].items() if new in ids and new in known}
        return {name: found, "gone": tuple(ident for ident in ids if ident not in known), "renamed": renamed}

    def _world(self, asked: str) -> dict[str, Any]:
        if not self._path.exists():
            raise GrantEnded
        world: dict[str, Any] = json.loads(self._path.read_text())
        world["asked"].append(asked)
        self._path.write_text(json.dumps(world))
        return world

    def _fault(self, world: dict[str, Any], at: str = "page") -> str:
        here = [each for each in world["faults"] if (each["stream"], each.get("at", "page")) == (self._stream, at)]
        found = next(iter(here), None)
        if found is None:
            return ""
        if found.get("after", 0):  # pages that it lets pass
            found["after"] -= 1
            self._path.write_text(json.dumps(world))
            return ""
        world["faults"].remove(found)
        self._path.write_text(json.dumps(world))
        if found.get("slow"):
            from chalicelib.core import clock

            clock.advance(found["slow"])
        failures: dict[str, Exception] = {
            "down": ProviderDown(PROVIDER),
            "quota": OverQuota(PROVIDER, found.get("retry_after", 0)),
            "ended": GrantEnded(),
            "forbidden": NotPermitted(StreamReason.SCOPE_MISSING),
            "lost": CursorExpired(),
        }
        if found["what"] in failures:
            raise failures[found["what"]]
        return str(found["what"])


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    return {**told, "untold": frozenset(fields["untold"])}


class _Scripted:
    """A grant's account is the path of its file."""

    provider = PROVIDER
    tiers: tuple[Tier, ...] = (Tier("contacts", ("read",), (Stream.COMPANIES, Stream.CONTACTS), "tests"),)

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        raise NotImplementedError

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        raise NotImplementedError

    def refresh(self, app: App, grant: Grant) -> Grant:
        raise GrantEnded

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:
        """It keeps no grants."""

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> _Source:
        return _Source(grant.account, stream)

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:
        raise KeyError


VENDOR: Vendor = _Scripted()
