"""A kind of record that the product does not have: who visited a web page. It is all that adding a kind takes, in one module."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.core.models import Model
from chalicelib.core.told import Ground, Said, SourceKind, Told
from chalicelib.domain.redaction.mentions import marks_in
from chalicelib.domain.suppression.model import Subject, marks_of
from chalicelib.domain.suppression.tombstones import index_pointers
from chalicelib.store import batch, pointers, rows
from chalicelib.store.declaration import Declaration, Exported, Found, Holds
from chalicelib.store.handlers import Handler
from chalicelib.store.pointers import Pointer
from chalicelib.store.records import TenantRecord
from chalicelib.vault import tags

KIND = "visit"


class VisitPayload(Model):
    email: str
    text: str = ""
    made_at: str


class VisitRecord(TenantRecord):
    """SK `visit#owner code#id`."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        subject=Handler(f"{__name__}:subject_of"),
        erase=Handler(f"{__name__}:erase"),
        redact=Handler(f"{__name__}:redact"),
        told=Handler(f"{__name__}:told"),
        life="a day",
        life_days=1,
        payload=VisitPayload,
        export=Exported("visits", columns=("email", "text")),
    )


def add(
    tenant: TenantId, owner: OwnerCode, ident: str, email: str, text: str = "", ends: datetime | None = None
) -> str:
    """Write a visit after its pointers; its sort key."""
    row = built(tenant, owner, ident, email, text, ends)
    pointers.write(pointers_of(row))
    rows.put_new(row)
    return str(row.sk)


def built(
    tenant: TenantId, owner: OwnerCode, ident: str, email: str, text: str = "", ends: datetime | None = None
) -> VisitRecord:
    """A visit that is not written yet."""
    payload = VisitPayload(email=email, text=text, made_at=clock.rfc3339(clock.now()))
    return VisitRecord.build(tenant, f"{KIND}#{owner}#{ident}", payload, ends=ends)


def subject_of(tenant: TenantId, record_sk: SortKey, tag: str | None) -> Subject | None:
    row = rows.get(VisitRecord, tenant, record_sk)
    return _subject(row, tag) if row else None


def erase(tenant: TenantId, record_sk: SortKey, tag: str | None) -> bool:
    row = rows.get(VisitRecord, tenant, record_sk)
    if row is None or _subject(row, tag) is None:
        return False
    batch.delete_all(VisitRecord, [(tenant, record_sk)])
    pointers.delete(pointers_of(row))
    return True


def redact(tenant: TenantId, record_sk: SortKey, without: Callable[[str], str]) -> bool:
    row = rows.get(VisitRecord, tenant, record_sk)
    before = row.unsealed(VisitPayload) if row else None
    if row is None or before is None or without(before.text) == before.text:
        return False
    row.reseal(before.model_copy(update={"text": without(before.text)}))
    rows.put_if_unchanged(row)
    return True


def told(tenant: TenantId, record_sk: SortKey) -> list[Told]:
    row = rows.get(VisitRecord, tenant, record_sk)
    payload = row.unsealed(VisitPayload) if row else None
    said = Said(source=SourceKind.SERVICE, at=payload.made_at, ground=Ground.HOLDER) if payload else None
    return [Told(kind=KIND, field="email", value=payload.email, sources=[said])] if payload and said else []


def _subject(row: VisitRecord, tag: str | None) -> Subject | None:
    payload = row.unsealed(VisitPayload)
    marks = marks_of([EmailAddress.parse(payload.email)])
    if tag is not None and not any(tag in tags.subject_tags("index", mark.kind, mark.exact) for mark in marks):
        return None
    return Subject(payload.made_at, marks=marks)


def pointers_of(row: VisitRecord) -> list[Pointer]:
    payload = row.unsealed(VisitPayload)
    return index_pointers(row.tenant, row.sk, marks_of([EmailAddress.parse(payload.email)]), marks_in(payload.text))
