"""A kind of record that its own module and the list of kinds know, and nothing else: it is erased, redacted, purged, exported,
expired and replayed. One that declares less cannot be defined; where it is all the same, no erasure is certified."""

import dataclasses
import json
import re
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain import kinds
from chalicelib.domain.purge import deletion
from chalicelib.domain.retention import sweep
from chalicelib.jobs import replay
from chalicelib.store import declaration, pointers, rows, steps
from chalicelib.store.declaration import Declaration, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.flows.conftest import Confirmed
from tests.support import visits
from tests.support.export_zip import exported
from tests.support.privacy_mail import SECOND_PASS_S
from tests.support.table_backup import Backup, empty_replay_log
from tests.support.visits import VisitPayload, VisitRecord

HOUR_S = 3600


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind is in the list, as one line in kinds.py would have it."""
    monkeypatch.setattr(kinds, "RECORDS", (*kinds.RECORDS, VisitRecord))


@pytest.fixture
def address() -> str:
    return f"v{uuid.uuid4().hex[:12]}@people.example"


def code(member: Member) -> OwnerCode:
    return ids.owner_code(member.id)


def texts(tenant: TenantId) -> list[str]:
    """What the visits say that stand, by sort key."""
    return [row.unsealed(VisitPayload).text for row in rows.every(VisitRecord, tenant, f"{visits.KIND}#")]


def pointed(tenant: TenantId) -> list[str]:
    """The visits that pointers lead to."""
    return sorted(row.sk for row in rows.every(pointers.PointerRecord, tenant, "subject#") if "#visit#" in row.sk)


def statement(api: Api, closing: str) -> dict[str, Any]:
    jws = api.get(re.findall(r"/certificates/\S+", closing)[0]).text
    said: dict[str, Any] = json.loads(urlsafe_b64decode(jws.split(".")[1] + "=="))
    return said


def test_it_is_erased_and_redacted_and_replayed(
    cloud: Cloud, api: Api, member: Member, erased: Callable[..., str], address: str
) -> None:
    empty_replay_log()
    visits.add(member.tenant, code(member), "1", address)
    visits.add(member.tenant, code(member), "2", "other@people.example", f"came with {address}, twice")
    backup = Backup(cloud)
    said = statement(api, erased(address))
    assert texts(member.tenant) == ["came with […], twice"]
    assert [sk[-7:] for sk in pointed(member.tenant)] == [f"{code(member)}#2"[-7:]]
    assert (said["deleted"]["visit"], said["deleted"]["note"], said["deleted"]["contact"]) == (1, 1, 0)
    assert said["searched_kinds"] == declaration.version(record.declared for record in kinds.RECORDS)
    assert said["searched_kinds"] != declaration.version(record.declared for record in kinds.RECORDS[:-1])
    backup.put_back("tenant_data")
    assert len(texts(member.tenant)) == 2
    assert replay.handle({}, None)["changed"] >= 2
    assert texts(member.tenant) == ["came with […], twice"]


def test_it_ends_with_its_member_and_with_its_workspace(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member], address: str
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    for each in (owner, colleague):
        visits.add(each.tenant, code(each), "1", address, each.role)
    assert colleague.api.delete("/v1/me").status_code == 202
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    assert texts(owner.tenant) == ["owner"]
    assert len(pointed(owner.tenant)) == 1
    assert deletion.counts(owner.tenant, kinds.RECORDS)["visit"] == 1
    assert deletion.everything(owner.tenant, kinds.RECORDS, lambda: True).count > 0
    assert texts(owner.tenant) == pointed(owner.tenant) == []


def test_it_is_exported_by_its_payload(cloud: Cloud, member: Member, address: str) -> None:
    visits.add(member.tenant, code(member), "1", address, "looked at prices")
    assert member.api.post("/v1/exports").status_code == 202
    cloud.drain()
    files = {name.rpartition(" ")[2]: content for name, content in exported(cloud, member.tenant).items()}
    (item,) = json.loads(files["visits.json"])["items"]
    assert (item["email"], item["text"]) == (address, "looked at prices")
    assert f'"{address}","looked at prices"' in files["visits.csv"].decode()
    schema = json.loads(files["schema.json"])
    assert schema["files"]["visits.json"] == {"$ref": "#/components/schemas/VisitRecordList"}
    assert "email" in schema["components"]["schemas"]["VisitPayload"]["properties"]
    assert "visits.csv" in files["README.txt"].decode()


def test_it_expires_by_the_daily_pass(member: Member, address: str) -> None:
    ends = clock.now() - timedelta(minutes=1)
    sk = visits.add(member.tenant, code(member), "1", address, ends=ends)
    assert [sk] in list(rows.keys(VisitRecord, member.tenant, f"{visits.KIND}#"))
    assert steps.run(sweep.work(kinds.RECORDS), member.tenant, lambda: True).state == "passed"
    assert [key for page in rows.keys(VisitRecord, member.tenant, f"{visits.KIND}#") for key in page] == []
    assert pointed(member.tenant) == [], "what led to it goes with it"


def test_a_kind_that_is_found_and_not_erased_cannot_be_defined() -> None:
    half = Declaration(kind="half", holds=Holds.PERSON, found=Found.POINTER, life="a day", life_days=1)
    with pytest.raises(TypeError) as refused:
        type("HalfRecord", (TenantRecord,), {"declared": half})
    assert str(refused.value) == (
        "HalfRecord is not declared completely. It does not say whom it is about (subject); how it is erased (erase); how a "
        "mention in it is redacted, or why it mentions nobody (redact); what of it a person's copy has, or why nothing (told); "
        "how it is exported, or why it is not (export)."
    )


def lines(captured: pytest.LogCaptureFixture, name: str) -> int:
    return sum(f'"{name}":1' in message for message in captured.messages)


@pytest.fixture
def undeclared(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The kind as one that the check let pass: pointers lead to it, and nothing erases it. Calling it mends the kind."""
    whole = VisitRecord.declared
    half = dataclasses.replace(
        whole,
        subject=None,
        erase=None,
        redact=None,
        found=Found.NEVER,
        because="forgotten",
        export=Because("forgotten"),
    )
    monkeypatch.setattr(VisitRecord, "declared", half)
    return lambda: monkeypatch.setattr(VisitRecord, "declared", whole)


@pytest.mark.parametrize("role", ["holds", "mentions"])
def test_a_pointer_of_a_kind_that_nothing_erases_refuses_the_certificate(
    cloud: Cloud,
    member: Member,
    confirmed: Callable[[str], Confirmed],
    undeclared: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
    address: str,
    role: str,
) -> None:
    fields = {"holds": (address, ""), "mentions": ("other@people.example", f"with {address}")}[role]
    visits.add(member.tenant, code(member), "1", *fields)
    member.api.post("/v1/contacts", {"first_name": "Vera", "emails": [address]})
    caplog.set_level("INFO")
    request = confirmed(address)
    for _ in range(3):
        cloud.drain()
        cloud.advance(HOUR_S + SECOND_PASS_S)
    assert member.api.get("/v1/contacts").json()["items"] == []
    assert not request.certified()
    assert lines(caplog, "UnhandledKinds") >= 3
    assert any('"event":"erasure_unhandled","kind":"visit"' in message for message in caplog.messages)
    assert len(texts(member.tenant)) == 1
    undeclared()
    for _ in range(4):
        cloud.drain()
        cloud.advance(HOUR_S + SECOND_PASS_S)
    assert request.certified()
    assert texts(member.tenant) == ([] if role == "holds" else ["with […]"])
