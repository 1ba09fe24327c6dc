"""How what members look at grows with what they have: CPU and calls at four sizes, beside what opening each contact costs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench import many_rows
from tests.bench.process import Measured
from tests.bench.team import Team

_COMPANIES, _CLIENTS = 50, 6
SIZES = (100, 1_000, 10_000, 50_000)
_AWS = {"dynamodb": "DynamoDB", "kms": "KMS", "s3": "S3"}
Figures = dict[str, float]


@dataclass(frozen=True)
class Look:
    """One thing that is looked at. `ask` yields its requests: several where an answer says that there is more."""

    name: str
    ask: Callable[[Team, int], Iterator[Measured]]


def _search(own: Team, count: int) -> Iterator[Measured]:
    cursor, found = None, 0
    while found == 0 or cursor:
        asked = {"q": f"p{count - 1}@", "limit": 50, "cursor": cursor}
        yield (answer := own.ask("POST", "/v1/contacts/search", asked))
        cursor, found = answer.body["next_cursor"], found + len(answer.body["items"])
        assert found or cursor, "the last contact is not found"


def _getting(path: str) -> Callable[[Team, int], Iterator[Measured]]:
    def get(own: Team, _: int) -> Iterator[Measured]:
        yield own.ask("GET", path)

    return get


def _paths(own: Team, _: int) -> Iterator[Measured]:
    yield own.ask("GET", f"/v1/companies/{own.ask('GET', '/v1/companies').body['items'][0]['id']}/paths")


# What else is to answer at every size is added here.
LOOKS = (
    Look("search", _search),
    Look("a page of 100", _getting("/v1/contacts?limit=100")),
    Look("prospects", _getting("/v1/prospects")),
    Look("paths to a company", _paths),
)


def figures(own: Team, contacts: Sequence[many_rows.Item], open_us: float) -> Figures:
    """Return each look's CPU and calls at each size, and how the CPU grows. `open_us`: CPU to open one contact."""
    for number in range(_COMPANIES):
        tag = {"tag": "client"} if number < _CLIENTS else {}
        own.ask("POST", "/v1/companies", {"name": f"Company {number}", "domain": f"c{number}.example", **tag})
    found: Figures = {}
    for look in LOOKS:
        spent: dict[int, float] = {}
        for size in SIZES:
            with many_rows.standing(contacts[:size]):
                if size == SIZES[0]:
                    list(look.ask(own, size))  # what is loaded late, is loaded now
                asked = list(look.ask(own, size))
            spent[size] = sum(each.cpu for each in asked) * 1000
            found[f"{look.name}, {size} contacts: CPU (ms)"] = spent[size]
            for service, shown in _AWS.items():
                found[f"{look.name}, {size} contacts: {shown} calls"] = sum(each.of(service) for each in asked)
        found[f"{look.name}: CPU among 10,000 / opening each"] = spent[10_000] / (open_us * 10)
        found[f"{look.name}: growth of CPU from 1,000 to 10,000 contacts (times)"] = spent[10_000] / spent[1_000]
    return found
