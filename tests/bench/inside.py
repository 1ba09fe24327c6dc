"""What the bench lets run in the process that is measured, whose memory counts: nothing of the cloud or the tests is imported."""

import importlib
import threading
import time
from typing import Any

from chalicelib.core.ids import TenantId

_ITEMS = 500
_SLOW_S = 0.1  # what a call takes, so that those made side by side are all under way at once


def load_workers() -> None:
    """Import what a worker has loaded."""
    from chalicelib.connectors.hubspot import vendor  # noqa: F401
    from chalicelib.jobs import sync, work  # noqa: F401


def seal_and_open(tenant: TenantId) -> tuple[float, float]:
    """Microseconds of CPU to seal and to open one item of 400 bytes."""
    from chalicelib.vault.sealing import SealContext, seal, unseal

    context, content = SealContext(tenant, "TenantData", "k"), b"x" * 400
    sealed = seal(context, content)
    began = time.process_time()
    for _ in range(_ITEMS):
        seal(context, content)
    middle = time.process_time()
    for _ in range(_ITEMS):
        unseal(context, sealed)
    ended = time.process_time()
    return (middle - began) / _ITEMS * 1e6, (ended - middle) / _ITEMS * 1e6


def waits(event: dict[str, Any]) -> tuple[int, int]:
    """How many calls to DynamoDB a request makes, and how often it waits, for one of them or for several side by side."""
    from tests.bench.function import Context
    from tests.support.aws_calls import told

    act, lock, calls, rounds, under_way = importlib.import_module("app").app, threading.Lock(), 0, 0, 0

    def sent(**_: Any) -> None:
        nonlocal calls, rounds, under_way
        with lock:
            calls, rounds, under_way = calls + 1, rounds + (under_way == 0), under_way + 1
        time.sleep(_SLOW_S)

    def answered(**_: Any) -> None:
        nonlocal under_way
        with lock:
            under_way -= 1

    with told("before-send", sent), told("response-received", answered):
        answer = act(event, Context(29))
    assert answer["statusCode"] == 200, answer
    return calls, rounds


def due_now(ident: str) -> None:
    """Plan the connection's next pass for now."""
    from chalicelib.core import clock
    from chalicelib.domain.connections.model import SYNC_DUE
    from chalicelib.store import due

    due.wake(due.Due(SYNC_DUE, ident), clock.now())


def delete_all(tenant: TenantId) -> dict[str, int]:
    """Delete all that a tenant has: counting, the first pass, and the second that finds nothing. `looking`: calls
    that the least possible is worked out from."""
    from chalicelib.domain import kinds
    from chalicelib.domain.contacts.records import ContactRecord
    from chalicelib.domain.purge import deletion
    from chalicelib.store import rows

    pages = list(rows.keys(ContactRecord, tenant))
    counted = deletion.counts(tenant, kinds.RECORDS)
    deletion.everything(tenant, kinds.RECORDS, lambda: True)
    again = deletion.everything(tenant, kinds.RECORDS, lambda: True).count
    return {
        "found": sum(map(len, pages)),
        "pages": len(pages),
        "looking": len(pages),
        "counted": sum(counted.values()),
        "again": again,
    }
