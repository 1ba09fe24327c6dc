"""What sealing costs: CPU of one item, and of a page of 100 contacts over the same page as if it were stored unsealed."""

from tests.bench import inside
from tests.bench.team import Team

_RUNS = 40  # short ones: one at least meets a quiet moment
_PAGE = "/v1/contacts?limit=100"


def one_item(team: Team) -> dict[str, float]:
    """Microseconds of CPU to seal and to open one item of 400 bytes."""
    runs = [team.functions.run(inside.seal_and_open, team.tenant).answer for _ in range(5)]
    return {"seal": min(run[0] for run in runs), "open": min(run[1] for run in runs)}


def page(team: Team) -> dict[str, float]:
    """CPU of the function for a page of 100 contacts, in ms: sealed, and with what it opens looked up; the least, in turn."""
    rows = [f"Given{n},Family{n},n{n}@bench.example" for n in range(100)]
    team.run("work", "import", team.send_file(rows).body["job"]["id"])
    for unsealed in (False, True):
        shown = team.ask("GET", _PAGE, unsealed=unsealed).body["items"]  # warm, and remembered
        assert len(shown) == len(rows)
    sealed, looked_up = list[float](), list[float]()
    for _ in range(_RUNS):
        sealed.append(team.ask("GET", _PAGE).cpu)
        looked_up.append(team.ask("GET", _PAGE, unsealed=True).cpu)
    return {"sealed": min(sealed) * 1000, "unsealed": min(looked_up) * 1000}
