"""The largest file that can be uploaded: what reading it costs a worker."""

import requests

from infra.local.cloud import Cloud
from tests.bench import inside
from tests.bench.process import Functions, fresh
from tests.bench.team import team

ROWS, SIZE = 50_000, 25 * 1024 * 1024
Figures = dict[str, float]


def reading(cloud: Cloud, functions: Functions) -> Figures:
    """Memory and CPU of the reading of SIZE bytes with ROWS rows, by a worker that has no time for more."""
    from chalicelib.domain.imports.model import DUE_KIND

    own = team(cloud, functions)
    made = own.ask("POST", "/v1/imports", {"size": SIZE}).body
    where = made["upload"]
    requests.post(where["url"], data=where["fields"], files={"file": file()}, timeout=120).raise_for_status()
    job = own.ask("POST", f"/v1/imports/{made['id']}/start").body["job"]["id"]
    with fresh(cloud) as worker:
        bare = worker.run(inside.load_workers).peak
        measured = worker.take("work", DUE_KIND, f"{own.tenant}.{job}", seconds=0)
    state = own.ask("GET", f"/v1/jobs/{job}").body
    assert state["progress"]["total"] == ROWS, state
    own.ask("DELETE", f"/v1/jobs/{job}")
    return {
        "memory added to the bare worker (MB)": measured.peak - bare,
        "memory of the bare worker (MB)": bare,
        "CPU (ms a row)": measured.cpu / ROWS * 1000,
    }


def file() -> bytes:
    """A CSV of exactly that many rows and bytes; every third row is about a person who has another one, far away."""
    head = "First Name,Last Name,Email,Company,Notes\r\n"
    width = (SIZE - len(head)) // ROWS
    lines = [head]
    for n in range(ROWS):
        start = f"Given{n},Family{n},person{n % 37_500}@bench.example,Employer {n % 900} AG,"
        lines.append(start + "n" * (width - len(start) - 2) + "\r\n")
    text = "".join(lines)
    return (text[:-2] + "n" * (SIZE - len(text)) + "\r\n").encode()
