"""`make bench`: the figures that the design asks for, as a table and in .local/bench.json. Measures; judges nothing."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from infra.local.cloud import Cloud
from tests.bench import cold, ending, exporting, syncing, uploads, warm

_TENANTS = (10, 100, 1000)
_ROWS = 10_000
_EXPORTED = 50_000


def main() -> int:
    """Print one line a figure; the same as JSON."""
    figures: dict[str, Any] = {}

    def tell(name: str, value: Any, goal: str = "") -> None:
        figures[name] = value
        shown = f"{value:.2f}" if isinstance(value, float) else value
        print(f"{name:78} {shown!s:28} {goal}", flush=True)

    tell("cold import of app.py / import boto3", cold.imports(), "<= 0.8")
    cloud = Cloud(workers=False)
    cloud.start()
    client = warm.team(cloud)
    os.environ["BENCH_TOKEN"] = str(client.token)
    tell("cold import + first GET /v1/contacts / bare Chalice + boto3", cold.first_answer(), "<= 1.6")
    for route, count in warm.routes(cloud).items():
        tell(route, count, "reads <= 2, writes <= 4; 0 KMS")
    for what, micro in warm.sealing(cloud).items():
        tell(f"CPU to {what} one item (us)", micro)
    tell("CPU of a page of 100 sealed contacts / the same without opening", warm.page_ratio(cloud), "<= 3")
    before = 0
    for tenants in _TENANTS:
        tell(f"erasure pass, {tenants} tenants: DynamoDB calls", warm.erasure(cloud, tenants - before), "flat")
        before = tenants
    tell("pass over 1,000 contacts, none past its life: DynamoDB calls", warm.lives(cloud, 1000), "reads of 1 MB + 7")
    for what, value in warm.large_import(cloud, _ROWS).items():
        tell(f"import of {_ROWS} rows: {what}", value)
    for what, value in syncing.sync(cloud, _ROWS).items():
        tell(f"sync of {_ROWS} contacts: {what}", value, "<= 1.1" if "least" in what else "")
    for what, value in ending.purge(cloud, _ROWS).items():
        tell(f"purge of {_ROWS} contacts: {what}", value, "<= 1.1" if "least" in what else "")
    for what, value in exporting.export(cloud, _EXPORTED).items():
        tell(f"export of {_EXPORTED} contacts: {what}", value, "<= 256 MB" if "peak" in what else "")
    for what, value in uploads.reading(cloud).items():
        tell(f"reading an upload of {uploads.ROWS} rows, 25 MB: {what}", value, "< 100 MB" if "memory" in what else "")
    cloud.stop()
    where = Path(".local")
    where.mkdir(exist_ok=True)
    (where / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    print("written to .local/bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
