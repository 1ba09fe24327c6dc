"""Cold starts, each in a fresh process: user CPU seconds, the best of several."""

import os
import subprocess
import sys
from pathlib import Path

from chalicelib.core import clock

ROOT = Path(__file__).resolve().parents[2]
_RUNS = 7
_TIMED = "import resource\n{code}\nprint('cpu', resource.getrusage(resource.RUSAGE_SELF).ru_utime)"
_FIRST_ANSWER = """
import os, sys
from chalice.config import Config
from chalice.local import LocalChalice, LocalGateway
{make}
app.__class__ = LocalChalice
answer = LocalGateway(app, Config.create(lambda_timeout=29)).handle_request(
    "GET", "/v1/contacts", {{"authorization": "Bearer " + os.environ["BENCH_TOKEN"]}}, None)
assert answer["statusCode"] == 200, answer
"""
_OURS = "from app import app"
_BARE = """
import boto3
from chalice import Chalice
app = Chalice(app_name="bare")
@app.route("/v1/contacts")
def contacts():
    table = os.environ["IKO_TABLE_ACCOUNTS"]
    key = {"pk": {"S": "x"}, "sk": {"S": "x"}}
    return boto3.client("dynamodb").get_item(TableName=table, Key=key).get("Item", {})
"""


def environment(**more: str) -> dict[str, str]:
    """Of a child: ours, with the clock where it stands here, for a figure before may have moved it by days."""
    return {**os.environ, "IKO_CLOCK_OFFSET_SECONDS": str(clock._offset.total_seconds()), **more}


def _cpu(code: str) -> float:
    """The least user CPU of a fresh process over some runs."""
    best = float("inf")
    for _ in range(_RUNS):
        command = [sys.executable, "-c", _TIMED.format(code=code)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        best = min(best, float(ran.stdout.rsplit("cpu", 1)[1]))
    return best


def imports() -> float:
    """`import app` over `import boto3`."""
    return _cpu("import app") / _cpu("import boto3")


def first_answer() -> float:
    """Cold import and first GET /v1/contacts over the same of a bare Chalice and boto3 app. Needs a running cloud's
    environment and BENCH_TOKEN."""
    return _cpu(_FIRST_ANSWER.format(make=_OURS)) / _cpu(_FIRST_ANSWER.format(make=_BARE))
