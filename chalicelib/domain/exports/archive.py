"""The zip, written as its rows are read: a page of rows in memory at a time, whatever the member has."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from chalicelib.core import clock
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.exports import readme, spreadsheet
from chalicelib.domain.exports.model import ACCOUNT_SHAPE, EXPORTED, NOT_EXPORTED, File, Shapes
from chalicelib.store import rows
from chalicelib.store.batch import chunks
from chalicelib.store.records import SealedRecord, TenantRecord
from chalicelib.store.uploads import Writer

_PAGE = 500  # rows read at once: at most 1 MB as DynamoDB counts, some MB when opened
_JSON_AT_ONCE = 100  # items joined into one piece of text

Contents = list[tuple[type[TenantRecord], File]]
Told = Callable[[int], None]


class Undeclared(LookupError):
    """A kind of record says neither how it is exported nor why not. Names the kind."""


def contents_of(records: Iterable[type[SealedRecord]]) -> Contents:
    """The kinds that are exported, each with its file. Undeclared where a tenant's kind is in neither table."""
    found: Contents = []
    for record in records:
        kind = record.declared.kind
        if not issubclass(record, TenantRecord) or kind in NOT_EXPORTED:
            continue
        if kind not in EXPORTED:
            raise Undeclared(kind)
        found.append((record, EXPORTED[kind]))
    return found


def write(out: Writer, account: Membership, contents: Contents, shapes: Shapes, told: Told) -> None:
    """Everything of the member, and of nobody else. `told` hears, after each page, how many records are in so far.

    A kind with a sheet is read twice, once for each of its files: a zip takes one file after the other, and neither fits
    into memory.
    """
    written = 0

    def count(more: int) -> None:
        nonlocal written
        written += more
        told(written)

    files = [file for _, file in contents]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # takes what writes
        _put(archive, "README.txt", readme.readme(files).encode())
        _put(archive, "schema.json", _json(schema(files, shapes)))
        _put(archive, "me.json", _json(shapes.account(account)))
        for record, file in contents:
            with archive.open(_entry(f"{file.name}.json"), "w") as target:
                _write_list(target, _items(account, record, shapes, count))
            if file.columns:
                with archive.open(_entry(f"{file.name}.csv"), "w") as target:
                    spreadsheet.write(target, file.columns, _items(account, record, shapes, lambda _: None))


def schema(files: Iterable[File], shapes: Shapes) -> dict[str, Any]:
    """What each JSON file keeps to: `files` leads from its name into the schemas, which are those of the OpenAPI document."""
    named = {"me.json": ACCOUNT_SHAPE, **{f"{file.name}.json": file.shape for file in files}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "files": {name: {"$ref": f"#/components/schemas/{shape}"} for name, shape in named.items()},
        "components": {"schemas": shapes.schemas(named.values())},
    }


def _items(account: Membership, record: type[TenantRecord], shapes: Shapes, read: Told) -> Iterator[dict[str, Any]]:
    """The member's own records of a kind, oldest first; `read` hears of each page how many it had, before the next is read."""
    actor, kind, after = account.actor, record.declared.kind, None
    while True:
        page = rows.page(record, actor.tenant, f"{kind}#{actor.code}#", limit=_PAGE, after=after)
        for row in page.records:
            item = shapes.item(kind, actor, row)
            if item is not None:
                yield item
        read(len(page.records))
        if page.last is None:
            return
        after = page.last


def _write_list(target: IO[bytes], items: Iterable[dict[str, Any]]) -> None:
    target.write(b'{"items":[')
    for number, chunk in enumerate(chunks(items, _JSON_AT_ONCE)):
        target.write(b",\n" if number else b"\n")
        target.write(b",\n".join(map(_json, chunk)))
    target.write(b'],"next_cursor":null}\n')


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=str).encode()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with archive.open(_entry(name), "w") as target:
        target.write(content)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
