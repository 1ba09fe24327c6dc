"""What the platform itself holds of a person: what each kind of record declares that it tells, its requests among it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.told import Ground, Said, SourceKind, Told
from chalicelib.domain.privacy.asking_model import OwnPart
from chalicelib.domain.privacy.asking_records import OwnPartRecord
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import AnsweredRecord, PersonRecord
from chalicelib.domain.privacy.repository import answered_pk, find
from chalicelib.domain.privacy.states import Intake
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.store import batch, rows
from chalicelib.store.handlers import Handler

_PREFIX, _KEPT = "own_part#", "answered#of#"
_REMEMBERED = timedelta(days=AnsweredRecord.declared.life_days or 0)
_IN_A_ROW = 50  # values: a letter among them is long


def gather(pk: str, registry: Registry, addresses: Sequence[str]) -> None:
    """Write what the platform holds about these verified addresses (exact forms) into the request's partition, over what a
    run before wrote. Safe to repeat."""
    handlers = [record.declared.told_at for record in registry if isinstance(record.declared.told_at, Handler)]
    values = [told for handler in handlers for exact in addresses for told in handler.load()(exact)]
    parts = [values[at : at + _IN_A_ROW] for at in range(0, len(values), _IN_A_ROW)] or [[]]
    now = clock.now()
    fresh = [
        OwnPartRecord.build(pk, f"{_PREFIX}{number:05}", OwnPart(addresses=list(addresses), made_at=now, values=part))
        for number, part in enumerate(parts)
    ]
    batch.put_all(fresh)
    left = {str(row.sk) for row in rows.every(OwnPartRecord, pk, _PREFIX)} - {str(row.sk) for row in fresh}
    batch.delete_all(OwnPartRecord, [(pk, sk) for sk in sorted(left)])


def read(pk: str) -> OwnPart | None:
    """Return what was gathered for the request, None where nothing was (yet)."""
    parts = [row.unsealed(OwnPart) for row in rows.every(OwnPartRecord, pk, _PREFIX)]
    if not parts:
        return None
    return parts[0].model_copy(update={"values": [told for part in parts for told in part.values]})


def forget(pk: str) -> None:
    """Delete what was gathered for a request that ends. Safe to repeat."""
    for page in rows.keys(OwnPartRecord, pk, _PREFIX):
        batch.delete_all(OwnPartRecord, [(pk, sk) for sk in page])


def remember(exact: str, ident: str) -> None:
    """Record that a request came from the address, before it stands. Safe to repeat."""
    now = clock.now()
    at = clock.rfc3339(now)
    batch.put_all([AnsweredRecord.build(answered_pk(exact), _KEPT + ident, ends=now + _REMEMBERED, at=at)])


def requests(exact: str) -> Iterator[Told]:
    """Yield what we hold of the requests that came from the address, those that are over too, as long as their state is kept."""
    for row in rows.every(AnsweredRecord, answered_pk(exact), _KEPT):
        found = find(str(row.sk).removeprefix(_KEPT))
        if found is None:
            continue
        record, request = found
        kept = None if request.ended else rows.get(PersonRecord, record.pk, "person")
        yield from _of_request(request, kept.unsealed(PersonPayload) if kept else None)


def _of_request(request: Request, person: PersonPayload | None) -> Iterator[Told]:
    """What one request holds. What somebody wrote in the person's name is the person's only once the address is confirmed."""
    received = clock.rfc3339(request.received_at)
    said = Said(
        source=SourceKind.PERSON,
        at=received,
        ground=Ground.LEGAL_OBLIGATION,
        notice_at=received if "first" in request.mails else None,
    )
    ours = said.model_copy(update={"source": SourceKind.SERVICE})
    values = [("received_at", received, ours), ("language", request.language, ours)]
    values += [("right", str(right.kind), said) for right in request.rights]
    if request.certificate_id:
        values.append(("certificate", request.certificate_id, ours))
    if person is not None and request.intake is Intake.VERIFIED:
        values += [("address", address.text, said) for address in person.addresses if address.verified]
        values += [
            ("text", text, said) for text in (person.text, *(each.text for each in person.more.values())) if text
        ]
        values += [("answer", text, ours) for text in person.words.values()]
    for field, value, source in values:
        yield Told(kind="request", field=field, value=value, sources=[source])
