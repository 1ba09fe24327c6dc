"""The zip, written as its rows are read: a page of rows in memory at a time, whatever the member has."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from pydantic import BaseModel

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.exports import readme, spreadsheet
from chalicelib.domain.exports.model import ACCOUNT_SHAPE, Shapes
from chalicelib.store import rows
from chalicelib.store.batch import chunks
from chalicelib.store.declaration import Exported
from chalicelib.store.records import SealedRecord, TenantRecord
from chalicelib.store.uploads import Writer

_PAGE = 500  # rows read at once: at most 1 MB as DynamoDB counts, some MB when opened
_JSON_AT_ONCE = 100  # items joined into one piece of text

Told = Callable[[int], None]


@dataclass(frozen=True)
class Content:
    """One kind of record in the zip: `kept` is its file, `payload` what its rows hold."""

    record: type[SealedRecord]
    kept: Exported
    payload: type[BaseModel] | None

    @property
    def shape(self) -> str:
        """The name of its list among the schemas."""
        return self.kept.shape or f"{self.record.__name__}List"


Contents = list[Content]


def contents_of(records: Iterable[type[SealedRecord]]) -> Contents:
    """Return the kinds that declare that they are exported, each with its file."""
    return [
        Content(record, record.declared.export, record.declared.payload)
        for record in records
        if isinstance(record.declared.export, Exported)
    ]


def write(out: Writer, account: Membership, contents: Contents, shapes: Shapes, told: Told) -> None:
    """Write everything of the member, and of nobody else. `told` hears after each page how many records are in so far.

    A kind with a sheet is read twice, once for each of its files: a zip takes one file after the other, and neither
    fits into memory.
    """
    written = 0

    def count(more: int) -> None:
        nonlocal written
        written += more
        told(written)

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # takes what writes
        _put(archive, "README.txt", readme.readme(each.kept for each in contents).encode())
        _put(archive, "schema.json", _json(schema(contents, shapes)))
        _put(archive, "me.json", _json(shapes.account(account)))
        for content in contents:
            file, record = content.kept, content.record
            if not issubclass(record, TenantRecord):
                _put(archive, f"{file.file}.json", _json(shapes.answer(file.shape, account)))
                continue
            with archive.open(_entry(f"{file.file}.json"), "w") as target:
                _write_list(target, _items(account, content, record, shapes, count))
            if file.columns:
                with archive.open(_entry(f"{file.file}.csv"), "w") as target:
                    spreadsheet.write(target, file.columns, _items(account, content, record, shapes, _nobody))


def schema(contents: Contents, shapes: Shapes) -> dict[str, Any]:
    """Return the JSON Schema of the zip: `files` leads from each JSON file's name to its schema.

    The schemas are those of the OpenAPI document; a kind that the API does not show has its payload's own.
    """
    named = {"me.json": ACCOUNT_SHAPE, **{f"{each.kept.file}.json": each.shape for each in contents}}
    own = [each for each in contents if not each.kept.shape]
    schemas = shapes.schemas(set(named.values()) - {each.shape for each in own})
    for each in own:
        schemas |= _schema_of_payload(each)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "files": {name: {"$ref": f"#/components/schemas/{shape}"} for name, shape in named.items()},
        "components": {"schemas": schemas},
    }


def _schema_of_payload(content: Content) -> dict[str, Any]:
    if content.payload is None:
        raise ValueError(f"{content.record.__name__} is exported and has neither a shape nor a payload")
    name = content.payload.__name__
    of_payload = content.payload.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = of_payload.pop("$defs", {})
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    return {**parts, name: of_payload, content.shape: {"type": "object", "properties": {"items": items}}}


def _items(
    account: Membership, content: Content, record: type[TenantRecord], shapes: Shapes, read: Told
) -> Iterator[dict[str, Any]]:
    """The records of a kind that are the member's own, oldest first, range by range; `read` hears of each page how many it had,
    before the next is read."""
    actor, ranges = account.actor, content.kept.ranges
    for code in ranges.load()(actor) if ranges else [actor.code]:
        after = None
        while True:
            whole = ids.key_range(record.declared.kind, code)
            page = rows.page(record, actor.tenant, whole, limit=_PAGE, after=after)
            for row in page.records:
                item = _item(content, actor, row, shapes)
                if item is not None:
                    yield item
            read(len(page.records))
            if page.last is None:
                break
            after = page.last


def _nobody(_: int) -> None:
    """Hears nothing: the records were counted when they were read first."""


def _item(content: Content, actor: Actor, row: TenantRecord, shapes: Shapes) -> dict[str, Any] | None:
    if content.kept.shape or content.payload is None:
        return shapes.item(content.kept.shape, actor, row)
    return row.unsealed(content.payload).model_dump(mode="json")


def _write_list(target: IO[bytes], items: Iterable[dict[str, Any]]) -> None:
    target.write(b'{"items":[')
    for number, chunk in enumerate(chunks(items, _JSON_AT_ONCE)):
        target.write(b",\n" if number else b"\n")
        target.write(b",\n".join(map(_json, chunk)))
    target.write(b'],"next_cursor":null}\n')


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=clock.rfc3339).encode()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with archive.open(_entry(name), "w") as target:
        target.write(content)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
