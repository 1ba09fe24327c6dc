"""CPU of cold starts, each in a fresh process that finds bytecode, in turn with what they are compared to, the least of each."""

import compileall
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.process import ROOT

_RUNS = 9
_TIMED = "{code}\nimport time\nprint('cpu', time.process_time())"
_ANSWER = """
import json, os
{make}
answer = app(json.loads(os.environ["BENCH_EVENT"]), None)
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


def compile_all() -> None:
    """Make the bytecode of ours and of every package, as a deployment has it."""
    site = Path(json.__file__).parent, *(Path(path) for path in sys.path if path.endswith("site-packages"))
    for folder in (ROOT / "chalicelib", *site):
        compileall.compile_dir(folder, quiet=2)
    compileall.compile_file(ROOT / "app.py", quiet=2)


def imports() -> float:
    """`import app` over `import boto3`."""
    return _ratio("import app", "import boto3", None)


def first_answer(environment: dict[str, str], event: dict[str, Any]) -> float:
    """Import and first answer to GET /v1/contacts over the same of a bare Chalice and boto3 app, in a running cloud."""
    told = {**environment, "BENCH_EVENT": json.dumps(event)}
    return _ratio(_ANSWER.format(make=_OURS), _ANSWER.format(make=_BARE), told)


def _ratio(ours: str, other: str, environment: dict[str, str] | None) -> float:
    least = {ours: float("inf"), other: float("inf")}
    for _ in range(_RUNS):
        for code in (ours, other):
            command = [sys.executable, "-c", _TIMED.format(code=code)]
            ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
            least[code] = min(least[code], float(ran.stdout.rsplit("cpu", 1)[1]))
    return least[ours] / least[other]
