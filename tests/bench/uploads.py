"""The largest file that can be uploaded: what reading it costs a worker, in a process of its own."""

import json
import subprocess
import sys

import requests

from infra.local.cloud import Cloud
from tests.bench import warm
from tests.bench.cold import ROOT, environment

ROWS, SIZE = 50_000, 25 * 1024 * 1024
# The kernel's high-water mark of this very program: getrusage() tells the parent's where that was larger.
_READING = """
import json, os, time
from chalicelib.domain.imports import worker
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
bare, began = peak(), time.process_time()
outcome = worker.run(os.environ["BENCH_TENANT"], os.environ["BENCH_JOB"], lambda: False)
assert outcome is worker.Outcome.AGAIN, outcome
print(json.dumps({"bare": bare, "peak": peak(), "seconds": time.process_time() - began}))
"""


def reading(cloud: Cloud) -> dict[str, str]:
    """Peak memory and time of the reading of SIZE bytes with ROWS rows."""
    client = warm.team(cloud)
    made = client.post("/v1/imports", {"size": SIZE}).json()
    requests.post(
        made["upload"]["url"], data=made["upload"]["fields"], files={"file": file()}, timeout=120
    ).raise_for_status()
    job = client.post(f"/v1/imports/{made['id']}/start").json()["job"]["id"]
    tenant = client.get("/v1/me").json()["tenant"]["id"]
    command = [sys.executable, "-c", _READING]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(BENCH_TENANT=tenant, BENCH_JOB=job),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    state = client.get(f"/v1/jobs/{job}").json()
    assert state["progress"]["total"] == ROWS, state
    client.delete(f"/v1/jobs/{job}")
    cloud.drain()
    return {
        "memory added to the bare worker": f"{told['peak'] - told['bare']:.0f} MB on {told['bare']:.0f} MB",
        "CPU seconds": f"{told['seconds']:.1f}",
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
