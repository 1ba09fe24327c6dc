"""The peak memory of an export, measured in a process of its own: `python -m tests.bench.exporting event` is that process."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from chalicelib.store.records import TenantRecord
from infra.local.cloud import Cloud
from tests.bench import manyrows, warm
from tests.bench.cold import environment

ROOT = Path(__file__).resolve().parents[2]
_WORDS = "met at the fair in spring; asked for the new price list, prefers mail to phone. "


def export(cloud: Cloud, contacts: int) -> dict[str, str]:
    """An export of a member with that many contacts, each with an address, a phone and a note."""
    client = warm.team(cloud)
    me = client.get("/v1/me").json()
    with manyrows.standing(_rows(me["tenant"]["id"], me["id"], contacts)):
        made = client.post("/v1/exports").json()["id"]
        body = {"kind": "export", "id": f"{me['tenant']['id']}.{made}"}
        event = {"Records": [{"messageId": "m", "body": json.dumps(body)}]}
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.bench.exporting", json.dumps(event)]
        ran = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
        took = time.monotonic() - began
        done = client.get(f"/v1/exports/{made}").json()
    assert done["state"] == "done", done
    told = dict(part.split("=") for part in ran.stdout.splitlines()[-1].split())
    return {
        "peak memory of the process": f"{float(told['peak']):.0f} MB",
        "of which before the first row": f"{float(told['idle']):.0f} MB",
        "size of the zip": f"{done['size'] / 1e6:.1f} MB",
        "made in (CPU of the process)": f"{took:.0f} s ({float(told['cpu']):.0f} s)",
    }


def _rows(tenant: str, member: str, count: int) -> Iterator[TenantRecord]:
    from chalicelib.core import clock, ids
    from chalicelib.domain.contacts.model import ContactPayload, keep, record_sk
    from chalicelib.domain.contacts.records import ContactRecord

    now = clock.rfc3339(clock.now())
    for number in range(count):
        said = [keep(value, "import:google_csv", now) for value in (f"p{number}@bench.example", f"+49305550{number}")]
        payload = ContactPayload(
            first_name=keep(f"Given{number}", "import:google_csv", now),
            last_name=keep(f"Family{number}", "import:google_csv", now),
            company_name=keep(f"Company {number % 900}", "import:google_csv", now),
            emails=[kept for kept in said[:1] if kept],
            phones=[kept for kept in said[1:] if kept],
            notes=f"{number}: {_WORDS}",
            created_at=now,
            updated_at=now,
        )
        yield ContactRecord.build(tenant, record_sk(ids.owner_code(member), ids.ulid()), payload)


def _peak_mb() -> float:
    """Of this very process image; getrusage would tell of the parent's, which it was forked from."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return float(found[1]) / 1024 if found else 0.0


def main() -> int:
    """Run the worker on one event, as Lambda does."""
    import app
    from chalicelib.jobs import work  # noqa: F401 - what an idle function has loaded

    idle = _peak_mb()
    answer = app.work(json.loads(sys.argv[1]), None)
    print(f"peak={_peak_mb()} idle={idle} cpu={time.process_time()}")
    return len(answer["batchItemFailures"])


if __name__ == "__main__":
    sys.exit(main())
