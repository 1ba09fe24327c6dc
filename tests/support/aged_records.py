"""Contacts and companies as they stand long after they came in."""

from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.contacts import repository
from chalicelib.domain.contacts.model import ContactPayload, Kept, record_sk
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.store import batch, pointers
from tests.conftest import Member

HUB = "hubspot:con_1"


def at(days_ago: float) -> str:
    moment: datetime = clock.now() - timedelta(days=days_ago)
    return clock.rfc3339(moment)


def contact(name: str, created: str, **more: object) -> ContactPayload:
    sources = {"member": created}
    named = {"first_name": Kept(value=name, sources=sources)}
    mail = Kept(value=f"{name}-{ids.secret(80)}@lives.example".lower(), sources=sources)
    return ContactPayload.model_validate(
        {**named, "emails": [mail], "created_at": created, "updated_at": created, **more}
    )


def company(name: str, **more: object) -> CompanyPayload:
    """One that a connection brought, and has not shown for a month."""
    created = at(400)
    sources = {"name": Kept(value=name, sources={HUB: created}), "seen": {HUB: at(31)}}
    return CompanyPayload.model_validate({**sources, "created_at": created, "updated_at": created, **more})


def put(member: Member, *payloads: ContactPayload) -> list[ContactRecord]:
    """The contacts with their pointers."""
    made = [
        repository.prepare(member.tenant, record_sk(ids.owner_code(member.id), ids.ulid()), payload)
        for payload in payloads
    ]
    pointers.write(pointer for _, held in made for pointer in held)
    batch.put_all([record for record, _ in made])
    return [record for record, _ in made]
