"""The erasure of somebody whom many hold, many times over: it takes several invocations, and forgets nothing between them."""

import json
import re
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.domain import kinds
from chalicelib.domain.privacy import repository, workflow
from chalicelib.domain.privacy.records import TracesRecord
from chalicelib.jobs import replay
from chalicelib.store import batch, pointers, rows, steps
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.flows.conftest import Confirmed
from tests.support import visits
from tests.support.aws_calls import told
from tests.support.privacy_mail import SECOND_PASS_S
from tests.support.table_backup import Backup, empty_replay_log
from tests.support.visits import VisitRecord

IN_ONE, TENANTS = 70, 10
OWNER = OwnerCode("o" * 10)


@pytest.fixture
def held(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[TenantId]]:
    """The address of a person; the tenants that hold it, the last of them many times, and mention it once."""
    monkeypatch.setattr(kinds, "RECORDS", (*kinds.RECORDS, VisitRecord))
    address = f"v{uuid.uuid4().hex[:12]}@people.example"
    tenants = sorted(TenantId(f"ten_{uuid.uuid4().hex}") for _ in range(TENANTS))
    for tenant in tenants:
        ring.create(tenant)
        for mention, email in (("1", address), ("2", "other@people.example")):
            visits.add(tenant, OWNER, mention, email, f"asked {address}" if mention == "2" else "")
    made = [visits.built(tenants[-1], OWNER, f"x{number:05}", address) for number in range(IN_ONE)]
    pointers.write(pointer for row in made for pointer in visits.pointers_of(row))
    batch.put_all(made)
    return address, tenants


def asked(times: int) -> Callable[[], bool]:
    """An invocation that has time until it was asked so often."""
    left = iter(range(times))
    return lambda: next(left, None) is not None


def left(tenants: list[TenantId]) -> dict[str, list[str]]:
    """Sort keys of visits that stand, by tenant."""
    return {tenant: [sk for page in rows.keys(VisitRecord, tenant, "visit#") for sk in page] for tenant in tenants}


def invocations(ident: str, times: int) -> Iterator[str]:
    """Run the request until it does not ask to be run again at once; how each run ended."""
    while True:
        outcome = steps.run(workflow.work(kinds.RECORDS), ident, asked(times))
        yield outcome.state
        if outcome.state != "again":
            return


def test_it_goes_on_where_its_time_ended(
    cloud: Cloud, api: Api, held: tuple[str, list[TenantId]], confirmed: Callable[[str], Confirmed]
) -> None:
    address, tenants = held
    empty_replay_log()
    backup = Backup(cloud)
    request = confirmed(address)
    pk = f"request#{request.ident}"
    runs = list(invocations(request.ident, times=3))
    assert len(runs) > 3
    assert left(tenants) == {tenant: [f"visit#{OWNER}#2"] for tenant in tenants}
    sizes = [len(row.sealed.ciphertext) for row in rows.every(TracesRecord, pk, "traces#") if row.sealed]
    assert len(sizes) >= TENANTS
    found = repository.find(request.ident)
    assert found is not None
    assert found[1].erasure is not None
    assert found[1].erasure.erasing.passes == 1
    for _ in range(2):
        cloud.advance(SECOND_PASS_S)
        assert list(invocations(request.ident, times=20))[-1] in ("later", "done")
    cloud.drain()
    jws = api.get(re.findall(r"/certificates/\S+", request.mails()[-1]["text"])[0]).text
    deleted = json.loads(urlsafe_b64decode(jws.split(".")[1] + "=="))["deleted"]
    assert (deleted["visit"], deleted["note"]) == (IN_ONE + TENANTS, TENANTS)
    replays(backup, tenants)


def test_an_erasure_pass_reads_its_request_for_itself_and_for_the_clock(confirmed: Callable[[str], Confirmed]) -> None:
    request = confirmed(f"o{uuid.uuid4().hex[:12]}@people.example")
    read = list[str]()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "GetItem" and params["Key"].get("pk", {}).get("S") == f"request#{request.ident}":
            read.append(params["Key"]["sk"]["S"])

    with told("before-parameter-build", note):
        assert list(invocations(request.ident, times=20)) == ["later"]
    assert read.count("request") == 2


def replays(backup: Backup, tenants: list[TenantId]) -> None:
    """What a restore brought back goes again, in several invocations."""
    backup.put_back("tenant_data")
    event: dict[str, object] = {}
    runs = 0
    while not event.get("done"):
        event, runs = replay.handle(event, Context(4)), runs + 1
    assert runs > 2
    assert left(tenants) == {tenant: [f"visit#{OWNER}#2"] for tenant in tenants}


class Context:
    """Lambda's: time is over once it was asked for so often."""

    def __init__(self, times: int) -> None:
        self._asked = asked(times)

    def get_remaining_time_in_millis(self) -> int:
        return 900_000 if self._asked() else 0
