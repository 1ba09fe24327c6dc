"""A file comes in: it is read at once, so that nothing outside the allow-list is ever stored, and kept sealed in parts."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.errors import TooLarge
from chalicelib.domain.imports.model import DUE_KIND, MAX_BODY, Part, grouped, parts_of
from chalicelib.domain.imports.reading.refusals import FileRefused
from chalicelib.domain.imports.reading.rows import ImportFile, ReadRow, Rejected, open_file
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobType
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due, objects

_FIRST_LOOK = timedelta(seconds=60)  # later than any HTTP function lives: a due row without a job is then abandoned


def receive(
    actor: Actor,
    body: bytes,
    *,
    content_type: str,
    format: str,  # noqa: A002 - as the query calls it
    mapping: Mapping[str, str] | None,
) -> JobRecord:
    """The queued job of a file.

    TooLarge over MAX_BODY, UnsupportedMediaType, or Unprocessable with the codes of reading.open_file. Once this
    answered, the import is carried out whatever is killed.
    """
    if len(body) > MAX_BODY:
        raise TooLarge(f"A file of at most {MAX_BODY} bytes is taken here.")
    file = open_file(body, content_type=content_type, format=format, mapping=mapping)
    parts = _read(file)
    now = clock.now()
    made = ids.new_owned(ID_PREFIX, actor.member)
    payload = JobPayload(
        type=JobType.IMPORT,
        total=sum(part.size for part in parts),
        parts=len(parts),
        source=source_of(file),
        created_at=now,
        updated_at=now,
    )
    bucket = settings.current().buckets.imports
    for number, part in enumerate(parts):
        objects.put_sealed(bucket, part_key(actor.tenant, str(made), number), actor.tenant, part.to_bytes())
    piece = due.Due(DUE_KIND, f"{actor.tenant}.{made}")
    due.schedule(piece, now + _FIRST_LOOK)
    record = jobs.insert(actor.tenant, made, payload)
    objects.send(settings.current().queues.work, {"kind": piece.kind, "id": piece.id})
    return record


def part_key(tenant: str, job_id: str, number: int) -> str:
    """Where a part of an import stands in the bucket: ids only."""
    return f"{tenant}/{job_id}/{number:05}"


def source_of(file: ImportFile) -> str:
    """What the contacts' provenance says of the file's rows; a CRM's is told as such, also where a mapping read it."""
    return f"import:{'crm:' if file.crm else ''}{file.format.value}"


def _read(file: ImportFile) -> list[Part]:
    taken: list[ReadRow] = []
    rejected: list[Rejected] = []
    for row in file.rows():
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            taken.append(row)
    if not taken and not rejected:
        raise FileRefused("empty_file")
    return list(parts_of(grouped(taken), rejected))
