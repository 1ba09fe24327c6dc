"""A process that holds our functions alone (tests.bench.function), as the bench asks it: by the events that Lambda would bring.

The cloud runs here, in the process that asks: what it costs is in no figure.
"""

import base64
import contextlib
import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalice.local import RouteMatcher

from chalicelib.core import clock
from infra.local.cloud import Cloud

ROOT = Path(__file__).resolve().parents[2]
FUNCTION_S = 300.0  # what a function of a queue has
# As deployed: keys are kept for minutes, and the longest function runs for as long.
_WAITS = {
    "IKO_WAIT_KEY_CACHE_SECONDS": "300",
    "IKO_WAIT_LONGEST_FUNCTION_SECONDS": "300",
    "IKO_WAIT_LEASE_SECONDS": "330",
}


@dataclass(frozen=True)
class Measured:
    """What came of one run: `cpu` in seconds, `calls` to AWS, `rows` written by kind, the process's `peak` in MB so far."""

    answer: Any
    cpu: float
    calls: Counter[str]
    rows: Counter[str]
    peak: float

    def of(self, service: str) -> int:
        """How many calls went to that service."""
        return sum(number for name, number in self.calls.items() if name.startswith(f"{service}."))

    @property
    def status(self) -> int:
        """Of an HTTP answer."""
        return int(self.answer["statusCode"])

    @property
    def body(self) -> dict[str, Any]:
        """Of an HTTP answer that is JSON."""
        document: dict[str, Any] = json.loads(self.answer["body"])
        return document


def environment(cloud: Cloud, **more: str) -> dict[str, str]:
    """Of a child: that of this process, which knows the cloud, as it is deployed; its clock stands where ours does."""
    told = {**os.environ, **_WAITS, "IKO_TENANT_ROLE_ARN": cloud.outputs["TenantRoleArn"]}
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**told, "IKO_CLOCK_OFFSET_SECONDS": str(clock._offset.total_seconds()), **more}


class Functions:
    """The warm process, until `stop`."""

    def __init__(self, cloud: Cloud) -> None:
        import app

        self._routes = RouteMatcher(list(app.app.routes))
        command = [sys.executable, "-m", "tests.bench.function"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(cloud),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, what: Callable[..., Any], *arguments: Any) -> Measured:
        """A function of the bench itself, with JSON arguments, in that process."""
        return self._order(f"{what.__module__}:{what.__name__}", *arguments)

    def _order(self, what: str, *arguments: Any, context_s: float | None = None, unsealed: bool = False) -> Measured:
        """`context_s`: seconds of the Lambda context that it is handed. `unsealed`: what it opened in such a run before costs a
        look-up."""
        order = {
            "run": what,
            "arguments": arguments,
            "context_s": context_s,
            "unsealed": unsealed,
            "offset": clock._offset.total_seconds(),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Measured(told["answer"], told["cpu"], Counter(told["calls"]), Counter(told["rows"]), told["peak"])

    def take(self, function: str, kind: str, ident: str, seconds: float = FUNCTION_S) -> Measured:
        """One message of a queue, handed to its function."""
        event = {"Records": [{"messageId": "m", "body": json.dumps({"kind": kind, "id": ident})}]}
        measured = self._order(f"app:{function}", event, context_s=seconds)
        assert measured.answer == {"batchItemFailures": []}, measured.answer
        return measured

    def request(self, token: str, method: str, path: str, body: Any = None, *, unsealed: bool = False) -> Measured:
        """A request as API Gateway hands it over, signed in by that token."""
        measured = self._order("app:app", self.event(token, method, path, body), context_s=29, unsealed=unsealed)
        assert measured.status < 400, (method, path, measured.answer)
        return measured

    def event(self, token: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """That request."""
        parts = urlsplit(path)
        matched = self._routes.match_route(parts.path)
        text = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        kind = "text/csv" if isinstance(body, str) else "application/json"
        coded = base64.b64encode(text.encode()).decode() if text is not None and kind == "text/csv" else text
        return {
            "resource": matched.route,
            "path": parts.path,
            "httpMethod": method,
            "headers": {"content-type": kind} if body is not None else {},
            "multiValueHeaders": {},
            "multiValueQueryStringParameters": parse_qs(parts.query) or None,
            "pathParameters": matched.captured,
            "stageVariables": None,
            "body": coded,
            "isBase64Encoded": kind == "text/csv",
            "requestContext": {
                "httpMethod": method,
                "resourcePath": matched.route,
                "requestId": uuid.uuid4().hex,
                "identity": {"sourceIp": "127.0.0.1"},
                "authorizer": _identity(token),
            },
        }

    def route(self, path: str) -> str:
        """The route that a path is of."""
        return str(self._routes.match_route(urlsplit(path).path).route)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def fresh(cloud: Cloud) -> Iterator[Functions]:
    """A fresh process for the block, for figures of memory."""
    made = Functions(cloud)
    try:
        yield made
    finally:
        made.stop()


def _identity(token: str) -> dict[str, str]:
    """What the authorizer makes of the token, which API Gateway asks apart and keeps."""
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return {
        "issuer": str(claims["iss"]),
        "subject": str(claims["sub"]),
        "email": str(claims["email"]),
        "email_verified": str(claims["email_verified"]).lower(),
        "auth_time": str(int(claims.get("auth_time") or 0)),
        "audiences": "member",
        "principalId": str(claims["sub"]),
    }
