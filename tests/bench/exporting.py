"""An export of many contacts: the memory and the time of its function."""

from collections.abc import Sequence

from infra.local.cloud import Cloud
from tests.bench import inside, many_rows
from tests.bench.process import fresh
from tests.bench.team import Team

Figures = dict[str, float]


def export(cloud: Cloud, own: Team, contacts: Sequence[many_rows.Item]) -> Figures:
    """An export of a member with these contacts, each with an address, a phone and a note."""
    from chalicelib.domain.exports.model import DUE_KIND

    with many_rows.standing(contacts), fresh(cloud) as worker:
        made = own.ask("POST", "/v1/exports").body["id"]
        idle = worker.run(inside.load_workers).peak
        measured = worker.take("work", DUE_KIND, f"{own.tenant}.{made}")
    done = own.ask("GET", f"/v1/exports/{made}").body
    assert done["state"] == "done", done
    return {
        "peak memory of the process (MB)": measured.peak,
        "of which before the first row (MB)": idle,
        "CPU (ms a contact)": measured.cpu / len(contacts) * 1000,
        "size of the zip (MB)": done["size"] / 1e6,
    }
