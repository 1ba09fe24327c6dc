"""A sync: 10,000 contacts of a simulated HubSpot, then passes that find nothing new; over the least possible calls."""

import math
from collections import Counter
from datetime import timedelta

from chalicelib.core import clock
from infra.local.cloud import Cloud
from tests.bench import inside
from tests.bench.process import Functions, Measured, fresh
from tests.bench.team import Team, team
from tests.support.consent_flow import connect

_PAGE = 100  # records of a page of HubSpot's lists
_WRITE, _READ = 25, 100  # DynamoDB's limits of BatchWriteItem and BatchGetItem
_COMPANIES = 100
_MOST_RUNS = 20
_WEEK_S = 7 * 86_400 + 60
_UNCHANGED = {"contact", "company", "copy", "subject", "audit"}
Figures = dict[str, float]


def sync(cloud: Cloud, functions: Functions, count: int) -> Figures:
    """The first pass, and a second and a full one without any change."""
    own = team(cloud, functions)
    _fill(cloud, count)
    connection = connect(cloud, own.signed_in(), "hubspot")["id"]
    with fresh(cloud) as worker:
        before = worker.run(inside.load_workers).peak
        first = _pass(own, worker, connection)
    health = own.ask("GET", f"/v1/connections/{connection}").body["health"]
    assert (health["seen"], health["stored"]) == (count + _COMPANIES, count + _COMPANIES), health
    again = _pass(own, functions, connection)
    cloud.advance(_WEEK_S)
    full = _pass(own, functions, connection)
    changed = sum((run.rows for run in full), Counter[str]())
    assert not _UNCHANGED & changed.keys(), changed
    made, rows = _dynamodb(first), sum((run.rows for run in first), Counter[str]())
    return {
        "DynamoDB calls": made,
        "DynamoDB calls / the least possible": made / _least(count, rows),
        "KMS calls": sum(run.of("kms") for run in first),
        "CPU (ms a contact)": sum(run.cpu for run in first) / count * 1000,
        "peak memory added (MB)": first[-1].peak - before,
        "a pass of changes without any: DynamoDB calls": _dynamodb(again),
        "a full pass without any change: DynamoDB calls": _dynamodb(full),
    }


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


def _pass(own: Team, functions: Functions, connection: str) -> list[Measured]:
    """The runs until a pass is complete."""
    from chalicelib.domain.connections.model import SYNC_DUE

    ident, runs = f"{own.tenant}.{connection}", list[Measured]()
    before = _complete_at(own, connection)
    functions.run(inside.due_now, ident)
    while _complete_at(own, connection) == before:
        assert len(runs) < _MOST_RUNS
        runs.append(functions.take("sync", SYNC_DUE, ident))
    return runs


def _complete_at(own: Team, connection: str) -> str:
    return str(own.ask("GET", f"/v1/connections/{connection}").body["health"]["last_complete_at"])


def _dynamodb(runs: list[Measured]) -> int:
    return sum(run.of("dynamodb") for run in runs)


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
