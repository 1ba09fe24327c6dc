"""P13: a copy has every value of every source with its whole chain, and nobody's name. Fifty random histories of a contact,
against a model that keeps for each value who said it."""

import random
import uuid
from collections.abc import Callable
from typing import Any

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.told import SourceKind, Told
from chalicelib.domain import kinds
from chalicelib.domain.accounts.member_lookup import readable
from chalicelib.domain.contacts import merge, repository
from chalicelib.domain.contacts.merge import ContactDraft
from chalicelib.domain.contacts.model import ContactPayload, record_sk
from chalicelib.domain.privacy import asking, intake, officer, tasks
from chalicelib.domain.privacy import repository as requests
from chalicelib.domain.privacy.asking_model import TaskAnswer
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.reasons import Decision
from chalicelib.domain.privacy.states import COPIES, RightKind
from chalicelib.store import pointers, rows
from infra.local.cloud import Cloud
from tests.conftest import Member

HISTORIES = 50
FIELDS = ("first_name", "last_name", "title", "company_name")
CONNECTIONS = [(f"{each}:cxn_{'0' * 36}", each) for each in ("google", "hubspot", "salesforce")]
FILES = [(f"import:{each}", each) for each in ("google_csv", "outlook_csv", "vcard", "crm:hubspot_csv")]
Chain = tuple[SourceKind, str, str]
Model = dict[tuple[str, str], set[Chain]]  # by field and value, who says it since when


def moment(step: int) -> str:
    return f"2026-0{1 + step // 28}-{1 + step % 28:02}T00:00:00.000Z"


def history(rng: random.Random, address: str) -> tuple[ContactPayload, Model]:
    """A contact after some events, and what the model says of it: a source says its newest value of a field, and no other."""
    email = EmailAddress.parse(address)
    said: dict[tuple[str, str], tuple[str, str]] = {}  # (source, field) -> value, since
    payload = ContactPayload(created_at=moment(0))
    for step in range(rng.randint(1, 12)):
        connected = rng.random() < 0.6
        source, _ = rng.choice(CONNECTIONS if connected else FILES)
        told: dict[str, Any] = {field: f"{field} {rng.randint(1, 3)}" for field in FIELDS if rng.random() < 0.6}
        draft = ContactDraft(emails=(email,), **told)
        if connected:
            payload = merge.follow(payload, draft, source, moment(step))
        else:
            payload = merge.merge(payload, draft, source, moment(step)) or payload
        for field in FIELDS:
            before = said.get((source, field))
            if field in told and (before is None or before[0] != told[field]):
                said[source, field] = (told[field], moment(step))
            elif connected and field not in told:
                said.pop((source, field), None)
        said.setdefault((source, "emails"), (address, moment(step)))
    model: Model = {}
    for (source, field), (value, since) in said.items():
        kind = SourceKind.CONNECTION if (source, source.partition(":")[0]) in CONNECTIONS else SourceKind.FILE
        connector = dict([*CONNECTIONS, *FILES])[source].removeprefix("crm:")
        model.setdefault((field, value), set()).add((kind, connector, since))
    return payload, model


def told_by(values: list[Told]) -> Model:
    """The copy in the model's form."""
    said = [each for each in values if each.field in (*FIELDS, "emails")]
    return {(t.field, t.value): {(s.source, s.connector, s.at) for s in t.sources} for t in said}


def every_task(actor: Actor) -> list[tasks.Task]:
    """The member's tasks, page by page."""
    found, after = list[tasks.Task](), None
    while True:
        page, after = tasks.page(actor, kinds.BY_KIND, after, 100)
        found += page
        if after is None:
            return found


def test_every_value_of_fifty_histories_has_its_right_sources(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    member, rng = new_workspace(), random.Random(13)  # noqa: S311 - a test's histories
    owner = ids.owner_code(member.id)
    account = readable(member.tenant, owner)
    assert account
    expected: dict[str, tuple[str, Model]] = {}
    for number in range(HISTORIES):
        address = f"h{number}.{uuid.uuid4().hex[:8]}@people.example"
        payload, model = history(rng, address)
        record, held = repository.prepare(member.tenant, record_sk(owner, ids.timeless()), payload)
        pointers.write(held)
        rows.put_new(record)
        ident = ids.new("req")
        origin = Origin(way=Way.PROVEN, digest=ident)
        asked = intake.Asked(rights=[RightKind.ACCESS], certain=False, language="en", text="all of it")
        intake.open_request(EmailAddress.parse(address), asked, origin, ident)
        officer.decide(ident, "officer", Decision.VERIFIED, "other_proof")
        expected[ident] = (address, model)
    cloud.drain()
    found = every_task(account.actor)
    assert len(found) == HISTORIES
    for task in found:
        tasks.answer(account.actor, task.id, kinds.BY_KIND, TaskAnswer.COPY, "")
    wrong: dict[str, Any] = {}
    for ident, (address, model) in expected.items():
        request = requests.find(ident)
        assert request
        values = asking.given(asking.asked(request[0], COPIES))
        if told_by(values) != model:
            wrong[address] = (told_by(values), model)
        assert all(each.field in (*FIELDS, "emails", "kept_since") for each in values)
        text = str(values)
        assert not any(secret in text for secret in (member.tenant, member.id, member.email, "cxn_"))
    assert wrong == {}
