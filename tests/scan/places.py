"""Everything that the backend has stored, queued or sent, place by place: raw as it stands, and unsealed with every key."""

import base64
import contextlib
import gzip
import io
import json
import logging
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.core import log, settings
from chalicelib.core.errors import KeyShredded, SealBroken
from chalicelib.core.ids import SortKey
from chalicelib.domain import kinds
from chalicelib.store.records import SealedRecord
from chalicelib.vault import credentials
from chalicelib.vault.sealing import SealContext, Sealed, unseal
from infra.local.cloud import Cloud


@dataclass(frozen=True)
class Found:
    """One piece of content and where it stands."""

    place: str
    content: bytes


class CapturedLog(logging.Handler):
    """Every record of the process as the deployed formatter prints it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(log._Redacting())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def raw(cloud: Cloud, captured: CapturedLog) -> Iterator[Found]:
    """Tables, buckets, queues with their dead letters, log and mail, as a thief of the storage would see them."""
    for table, item in _items(cloud):
        yield Found(f"table {table}", _flat(item))
    for bucket in _buckets(cloud):
        for key, body in _objects(cloud, bucket):
            yield Found(f"bucket {bucket}", key.encode() + b"\0" + body)
    for queue, body in _messages():
        yield Found(f"queue {queue}", body)
    for line in captured.lines:
        yield Found("log", line.encode())
    for mail in cloud.sent_mail():
        # The person's own address stands in `to` of a mail to that person; what else it says is looked at.
        yield Found("mail", "\n".join((mail["subject"], mail["text"], mail["html"])).encode())


def unsealed(cloud: Cloud) -> Iterator[Found]:
    """The same tables and buckets, opened with every key that is left; tokens with the credentials key, as workers do."""
    by_table: dict[str, type[SealedRecord]] = {record.table: record for record in kinds.RECORDS}
    logical = {record.table_name(): name for name, record in by_table.items()}
    for table, item in _items(cloud):
        if "tokens" in item:
            yield from _tokens(item)
        if table not in logical or "sealed" not in item:
            continue
        record = by_table[logical[table]]
        hash_key, sk = item[record.hash_name]["S"], item["sk"]["S"]
        scope = hash_key if record.tenant_scoped else _platform_scope(hash_key, sk)
        content = _open(SealContext(scope, record.table, f"{hash_key}|{sk}"), item["sealed"]["B"])
        if content is not None:
            yield Found(f"table {logical[table]} {sk.split('#', 1)[0]}", content)
    for bucket in _buckets(cloud):
        yield from unsealed_objects(cloud, bucket)


def unsealed_objects(cloud: Cloud, bucket: str) -> Iterator[Found]:
    """The objects of one bucket, opened with every key that is left, and the files of its zips."""
    for key, body in _objects(cloud, bucket):
        for content in _files(body):
            yield Found(f"bucket {bucket}", content)
        scope = "platform" if bucket == settings.current().buckets.replay else key.split("/", 1)[0]
        opened = _open(SealContext(scope, "object", key), body)
        if opened is not None:
            yield Found(f"bucket {bucket}", opened)


def merged(found: Iterator[Found]) -> list[Found]:
    """The same as one piece a place, decompressed: for many marks."""
    by_place: dict[str, list[bytes]] = {}
    for piece in found:
        by_place.setdefault(piece.place, []).extend(_forms(piece.content))
    return [Found(place, b"\0".join(contents)) for place, contents in by_place.items()]


def holding(mark: str, found: Iterator[Found] | list[Found]) -> list[str]:
    """The places whose content holds the mark: plain, in base64 or compressed."""
    return sorted({piece.place for piece in found if any(_has(mark, form) for form in _forms(piece.content))})


def _has(mark: str, content: bytes) -> bool:
    needle = mark.encode()
    if needle in content or needle.lower() in content.lower():
        return True
    encoded = [base64.b64encode(b"\0" * shift + needle)[4 if shift else 0 : -4] for shift in range(3)]
    return any(part in content for part in encoded)


def _forms(content: bytes) -> Iterator[bytes]:
    yield content
    for decompress in (gzip.decompress, zlib.decompress):
        try:
            yield decompress(content)
        except (OSError, EOFError, zlib.error):
            continue


def _files(body: bytes) -> Iterator[bytes]:
    """Each file of a zip (an export), which stands under the bucket's encryption only; none of anything else."""
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from map(archive.read, archive.namelist())


def _tokens(item: dict[str, Any]) -> Iterator[Found]:
    tenant, sk = item["tenant"]["S"], item["sk"]["S"]
    with contextlib.suppress(SealBroken):
        content = credentials.unseal(tenant, sk, bytes(item["tokens"]["B"]))
        yield Found(f"table Credentials {sk.split('#', 1)[0]}", content)


def _platform_scope(hash_key: str, sk: SortKey) -> str:
    return hash_key if sk in ("person", "erasure") else "platform"


def _open(context: SealContext, ciphertext: bytes) -> bytes | None:
    try:
        return unseal(context, Sealed(bytes(ciphertext)))
    except (KeyShredded, SealBroken):
        return None


def _items(cloud: Cloud) -> Iterator[tuple[str, dict[str, Any]]]:
    # Of this cloud's tables only: in a DynamoDB Local stand those of other test processes too, which no key of ours opens.
    client = cloud.client("dynamodb")
    for table in [name for output, name in cloud.outputs.items() if output.endswith("TableName")]:
        for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            for item in page["Items"]:
                yield table, item


def _buckets(cloud: Cloud) -> list[str]:
    return [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]


def _objects(cloud: Cloud, bucket: str) -> Iterator[tuple[str, bytes]]:
    client = cloud.client("s3")
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            yield item["Key"], client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()


def _messages() -> Iterator[tuple[str, bytes]]:
    """Read from the simulated SQS itself: receiving would hide or move them."""
    from moto.sqs.models import sqs_backends

    for account in list(sqs_backends.values()):
        for region in list(account.values()):
            for name, queue in list(region.queues.items()):
                for message in list(queue._messages):
                    yield name, str(message.body).encode() + json.dumps(list(message.message_attributes)).encode()


def _flat(item: dict[str, Any]) -> bytes:
    parts = []
    for name, value in item.items():
        ((_, content),) = value.items()
        parts.append(name.encode() + b"=" + (bytes(content) if isinstance(content, bytes) else str(content).encode()))
    return b"\n".join(parts)
