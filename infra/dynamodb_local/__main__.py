"""`make test-dynamodb`: the tests that touch tables, on AWS's DynamoDB Local in place of moto's DynamoDB.

Fetches it with Maven (Java 17), starts it on a free loopback port, runs pytest against it, and stops it.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
POM = HERE / "pom.xml"
JARS = ROOT / ".local" / "dynamodb-local"
FETCHED = JARS / ".complete"
JAVA_NEEDED = 17
_MAIN_CLASS = "software.amazon.dynamodb.services.local.main.ServerRunner"
_SUITES = ("tests/unit/store", "tests/unit/vault", "tests/unit/domain", "tests/flows", "tests/crash")
_READY_WITHIN_S = 60


class NotHere(Exception):
    """What is missing on this machine, as one sentence."""


def main() -> int:
    """pytest's exit code, or 1 with a sentence where Java or Maven is missing. Arguments go to pytest."""
    try:
        _check_java()
        _fetch()
    except NotHere as missing:
        print(missing, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _leave)
    port = _free_port()
    server = _start(port)
    try:
        _wait(server, port)
        environment = {**os.environ, "IKO_DYNAMODB_ENDPOINT": f"http://127.0.0.1:{port}"}
        suites = [suite for suite in _SUITES if (ROOT / suite).is_dir()]
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *(sys.argv[1:] or suites)]
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode  # noqa: S603 - our own words
    except NotHere as missing:
        print(missing, file=sys.stderr)
        return 1
    finally:
        server.terminate()
        server.wait(timeout=20)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)  # so that `finally` stops the server


def _check_java() -> None:
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NotHere(
                f"make test-dynamodb needs Java {JAVA_NEEDED} and Maven, and `{program}` is not here: install it "
                "(for example: apt-get install openjdk-17-jdk-headless maven)"
            )
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607 - on the path
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < JAVA_NEEDED:
        raise NotHere(
            f"make test-dynamodb needs Java {JAVA_NEEDED} or newer; `java -version` says {said.splitlines()[:1]}"
        )


def _fetch() -> None:
    if FETCHED.exists() and FETCHED.stat().st_mtime >= POM.stat().st_mtime:
        return
    print("fetching DynamoDB Local with Maven (once; 50 MB)", flush=True)
    shutil.rmtree(JARS, ignore_errors=True)
    JARS.mkdir(parents=True)
    command = ["mvn", "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={JARS}"]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - our own words
        raise NotHere("Maven could not fetch DynamoDB Local: is Maven Central, or a mirror of it, reachable from here?")
    FETCHED.touch()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(port: int) -> "subprocess.Popen[bytes]":
    # One database for all credentials: a tenant's session sees what the function's role wrote, as in AWS.
    flags = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]
    command = ["java", f"-Djava.library.path={JARS}", "-cp", f"{JARS}/*", _MAIN_CLASS, *flags]
    log = (JARS / "server.log").open("wb")
    return subprocess.Popen(command, stdout=log, stderr=log, cwd=JARS)  # noqa: S603 - our own words


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise NotHere(f"DynamoDB Local did not start; see {JARS / 'server.log'}")


if __name__ == "__main__":
    sys.exit(main())
