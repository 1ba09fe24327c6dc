"""A file comes in: it is read at once, so that nothing outside the allow-list is ever stored, and kept sealed in parts."""

import io
import itertools
from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.errors import TooLarge
from chalicelib.domain.imports import file_parts
from chalicelib.domain.imports.model import DUE_KIND, MAX_BODY, HowToRead
from chalicelib.domain.imports.parsing.rows import ImportFile, open_file
from chalicelib.domain.work import jobs
from chalicelib.domain.work.model import ID_PREFIX, JobPayload, JobType
from chalicelib.domain.work.records import JobRecord
from chalicelib.store import due
from chalicelib.store.steps import send

FIRST_LOOK = timedelta(seconds=60)  # later than any HTTP function lives: a due row without a job is then abandoned


def opened(body: bytes, content_type: str, how: HowToRead) -> ImportFile:
    """Return the file in a request's body. Errors as in `receive`."""
    if len(body) > MAX_BODY:
        raise TooLarge(f"Send a file of at most {MAX_BODY} bytes.")
    return open_file(
        io.BytesIO(body), content_type=content_type, format=how.format, mapping=how.mapping, shareable=how.shareable
    )


def receive(
    actor: Actor,
    body: bytes,
    *,
    content_type: str,
    how: HowToRead,
    dry_run: bool = False,
) -> JobRecord:
    """Queue a job for the file and return it; of a dry run it only counts.

    TooLarge over MAX_BODY, UnsupportedMediaType, or Unprocessable with the codes of `rows.open_file`. Once this has
    answered, the import is carried out whatever is killed.
    """
    made = ids.new_owned(ID_PREFIX, actor.member)
    piece = due.Due(DUE_KIND, f"{actor.tenant}.{made}")
    with opened(body, content_type, how) as file:
        parts = file_parts.parts_of(file.rows())
        first = next(parts)  # what is wrong with the file is said before anything is written
        now = clock.now()
        due.schedule(piece, now + FIRST_LOOK)  # before the parts, which nobody would find without it
        kept = file_parts.keep(actor.tenant, made, itertools.chain([first], parts))
        read = file_parts.read_of(file)
    payload = JobPayload(
        type=JobType.IMPORT,
        total=kept.rows,
        parts=kept.parts,
        file=read,
        dry_run=dry_run,
        created_at=now,
        updated_at=now,
    )
    record = jobs.insert(actor.tenant, made, payload)
    send("work", piece)
    return record
