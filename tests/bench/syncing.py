"""Figures of a sync: 10,000 contacts of a simulated HubSpot, then passes that find nothing new; and the least possible calls.

What is counted is this process's, in which simulator and worker run both; memory is what the first pass adds to it.
"""

import math
import os
import resource
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.domain.connections.model import SYNC_DUE
from chalicelib.domain.sync import worker
from chalicelib.store import due
from infra.local import environment
from infra.local.cloud import Cloud
from tests.bench.warm import calls, team
from tests.conftest import Member
from tests.support.connecting import connect
from tests.support.syncing import written

_PAGE = 100  # records of a page of HubSpot's lists
_WRITE, _READ = 25, 100  # DynamoDB's limits of BatchWriteItem and BatchGetItem
_COMPANIES = 100
_MOST_RUNS = 20
_RUN_S = 270  # of one invocation, which ends before its 300 seconds


def sync(cloud: Cloud, count: int) -> dict[str, str]:
    """The first pass, and a second and a full one without any change."""
    os.environ["IKO_WAIT_LONGEST_FUNCTION_SECONDS"] = "300"  # as in production: a run goes on for minutes
    environment.forget_settings()
    member = _member(cloud)
    _fill(cloud, count)
    connection = connect(cloud, member, "hubspot")["id"]
    ident = f"{member.tenant}.{connection}"
    before, began = _peak(), time.perf_counter()
    first, rows = _pass(ident)
    seconds, added = time.perf_counter() - began, _peak() - before
    health = member.api.get(f"/v1/connections/{connection}").json()["health"]
    assert (health["seen"], health["stored"]) == (count + _COMPANIES, count + _COMPANIES), health
    again, _ = _pass(ident)
    cloud.advance(7 * 86_400 + 60)
    member.api.token = cloud.issuer.token(member.email)
    full, changed = _pass(ident)
    del os.environ["IKO_WAIT_LONGEST_FUNCTION_SECONDS"]
    environment.forget_settings()
    assert not {"contact", "company", "copy", "subject", "audit"} & changed.keys(), changed
    least = _least(count, rows)
    made = _dynamodb(first)
    return {
        "DynamoDB calls / the least possible": f"{made} / {least} = {made / least:.3f}",
        "KMS calls": str(sum(n for name, n in first.items() if name.startswith("kms"))),
        "peak memory added, with what moto keeps of it (MB)": f"{added:.0f}",
        "items/s (simulator and moto in the same process)": f"{count / seconds:.0f}",
        "a pass of changes without any: DynamoDB calls": str(_dynamodb(again)),
        "a full pass without any change: DynamoDB calls": str(_dynamodb(full)),
    }


def _member(cloud: Cloud) -> Member:
    client = team(cloud)
    me = client.get("/v1/me").json()
    return Member(me["tenant"]["id"], me["id"], me["email"], "owner", str(client.token), client)


def _fill(cloud: Cloud, count: int) -> None:
    objects, at = cloud.connectors.hubspot.objects, clock.now() - timedelta(days=1)
    firms = [
        objects.add("companies", {"name": f"Firm {n}", "domain": f"firm{n}.bench.example"}, at=at)
        for n in range(_COMPANIES)
    ]
    for n in range(count):
        properties = {
            "firstname": f"Given{n}",
            "lastname": f"Family{n}",
            "email": f"person{n}@firm{n % _COMPANIES}.bench.example",
            "jobtitle": "Buyer",
            "associatedcompanyid": firms[n % _COMPANIES],
        }
        objects.add("contacts", properties, at=at)


def _pass(ident: str) -> tuple[Counter[str], Counter[str]]:
    """Runs until the pass is complete; calls, and rows written by kind."""
    with calls() as seen, written() as rows:
        due.schedule(due.Due(SYNC_DUE, ident), clock.now())
        # LATER: moto, which walks over the whole partition for every query, was too slow for our time-outs.
        outcomes = iter(lambda: worker.run(ident, _some_time()), worker.Outcome.FINISHED)
        assert sum(1 for _ in outcomes) < _MOST_RUNS
    return seen, rows


def _some_time() -> Callable[[], bool]:
    until = clock.monotonic() + _RUN_S
    return lambda: clock.monotonic() < until


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _dynamodb(seen: Counter[str]) -> int:
    return sum(n for name, n in seen.items() if name.startswith("dynamodb"))


def _least(count: int, rows: Counter[str]) -> int:
    """By batch sizes, page by page as HubSpot gives them: what is known of each record, tombstones of each person's address
    (everywhere and here) and source, the contacts that may be there, pointers and journal before contacts before copies, a
    checkpoint; the same for companies, which have no pointers."""
    pages, firms = math.ceil(count / _PAGE), math.ceil(_COMPANIES / _PAGE)
    pointers = math.ceil((rows["subject"] / pages + 1) / _WRITE)
    reads = math.ceil(_PAGE / _READ) * 2 + math.ceil(3 * _PAGE / _READ)
    writes = pointers + 2 * math.ceil(_PAGE / _WRITE) + 1
    of_firms = 2 + 1 + 2 * math.ceil(_PAGE / _WRITE) + 1
    linked = 2 * math.ceil(_COMPANIES / _READ)
    return pages * (reads + writes) + firms * of_firms + linked
