"""A large import, a page and a search over what it brought, and the purge of it all."""

import math

from tests.bench import inside
from tests.bench.process import Measured, fresh
from tests.bench.team import Team

_DELETED_AT_ONCE = 25  # DynamoDB's limit of BatchWriteItem
Figures = dict[str, float]


def imported(team: Team, count: int) -> Figures:
    """An import of `count` rows."""
    sent = team.send_file([f"Given{n},Family{n},person{n}@bench.example" for n in range(count)])
    with fresh(team.cloud) as worker:
        bare = worker.run(inside.load_workers).peak
        runs = team.run("work", "import", sent.body["job"]["id"], worker)
    return {
        "CPU until it is answered (ms)": sent.cpu * 1000,
        "CPU of the worker (ms a row)": sum(run.cpu for run in runs) / count * 1000,
        "DynamoDB calls of the worker": sum(run.of("dynamodb") for run in runs),
        "KMS calls of the worker": sum(run.of("kms") for run in runs),
        "peak memory added to the bare worker (MB)": runs[-1].peak - bare,
    }


def searched(team: Team, count: int) -> Figures:
    """A page of 100, and a search over all for the last one."""
    listed = team.ask("GET", "/v1/contacts?limit=100")
    asked, cursor, found = list[Measured](), None, 0
    while not asked or cursor:
        asked.append(
            team.ask("POST", "/v1/contacts/search", {"q": f"person{count - 1}@", "limit": 50, "cursor": cursor})
        )
        cursor, found = asked[-1].body["next_cursor"], found + len(asked[-1].body["items"])
    assert found == 1
    return {
        "a page of 100 of them: DynamoDB calls": listed.of("dynamodb"),
        "search over all: CPU (ms)": sum(each.cpu for each in asked) * 1000,
        "search over all: DynamoDB calls": sum(each.of("dynamodb") for each in asked),
    }


def purged(team: Team) -> Figures:
    """Deleting all that the tenant has: counting, the first pass, and the second that finds nothing."""
    measured = team.functions.run(inside.delete_all, team.tenant)
    answer = measured.answer
    assert answer["again"] == 0
    least = math.ceil(answer["found"] / _DELETED_AT_ONCE) + answer["pages"]
    made = measured.of("dynamodb") - answer["looking"]
    return {
        "rows (contacts, pointers, account)": answer["counted"],
        "DynamoDB calls, both passes and the count": made,
        "DynamoDB calls / the least possible": made / least,
        "CPU (ms a row)": measured.cpu / max(1, answer["counted"]) * 1000,
    }
