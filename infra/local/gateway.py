"""API Gateway on one machine: Chalice's LocalGateway behind a threaded server, with API Gateway's limits and answers.

10 MB of request (413), 6 MB into and out of the function after base64 (413, 502), 29 s (504); answers that the gateway
makes itself are problem+json with CORS headers, as the gateway responses in wiring.yaml make them in AWS.
"""

import base64
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from http import HTTPStatus
from typing import Any

from chalice.config import Config
from chalice.local import ForbiddenError, LocalChalice, LocalGateway, LocalGatewayException

from chalicelib.api.identity import Rejected

MAX_REQUEST = 10 * 1024 * 1024
MAX_PAYLOAD = 6 * 1024 * 1024
TIMEOUT_S = 29
_PROBLEMS = "https://iko.example/problems/"
Headers = list[tuple[str, str]]


class Refused(Exception):
    """The gateway answers by itself."""

    def __init__(self, status: int, code: str, title: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.title, self.headers = status, code, title, headers or {}


class _Gateway(LocalGateway):
    """Adds what the event of a real gateway carries: the request's id and the caller's address."""

    def __init__(self, app: Any, config: Config) -> None:
        super().__init__(app, config)
        self.caller = threading.local()

    def _generate_lambda_event(self, method: str, path: str, headers: Any, body: bytes | None) -> Any:
        event = super()._generate_lambda_event(method, path, headers, body)
        event["requestContext"]["requestId"] = self.caller.request_id
        event["requestContext"]["identity"] = {"sourceIp": self.caller.address}
        return event


class Gateway:
    """A WSGI application in front of a Chalice app."""

    def __init__(self, app: Any, origin: str = "*", threads: int = 16) -> None:
        # Chalice keeps the current request in a thread-local only for its own local subclass.
        app.__class__ = LocalChalice
        self._app = app
        self._gateway = _Gateway(app, Config.create(lambda_timeout=TIMEOUT_S, lambda_memory_size=512, function_name="api"))
        self._binary = set(app.api.binary_types)
        self._origin = origin
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="api")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request_id = str(uuid.uuid4())
        try:
            status, headers, body = self._handle(environ, request_id)
        except Refused as refusal:
            status, headers, body = self._problem(refusal, request_id)
        if environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        try:
            reason = HTTPStatus(status).phrase
        except ValueError:
            reason = "Unknown"
        start(f"{status} {reason}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _handle(self, environ: dict[str, Any], request_id: str) -> tuple[int, Headers, bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("REQUEST_URI") or "/"
        headers = {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        self._check_route(method, path)
        body = self._body(environ, headers.get("content-type", ""))
        work = self._pool.submit(self._invoke, method, path, headers, body, request_id, environ.get("REMOTE_ADDR", ""))
        return self._answer(self._wait(work))

    def _wait(self, work: "Future[dict[str, Any]]") -> dict[str, Any]:
        try:
            return work.result(timeout=TIMEOUT_S)
        except FutureTimeout as error:
            raise Refused(504, "timeout", "The function did not answer in time") from error
        except Rejected as error:
            raise Refused(401, "unauthenticated", "A valid bearer token is needed", {"WWW-Authenticate": "Bearer"}) from error
        except ForbiddenError as error:
            raise Refused(403, "forbidden", "This is not yours to do") from error
        except LocalGatewayException as error:
            if error.CODE == 401:  # noqa: PLR2004 - HTTP's own number
                raise Refused(
                    401, "unauthenticated", "A valid bearer token is needed", {"WWW-Authenticate": "Bearer"}
                ) from error
            raise Refused(error.CODE, "gateway_error", "The gateway refused the request") from error

    def _invoke(  # noqa: PLR0913 - one request has that many parts
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, request_id: str, address: str
    ) -> dict[str, Any]:
        self._gateway.caller.request_id, self._gateway.caller.address = request_id, address
        answer: dict[str, Any] = self._gateway.handle_request(method, path, headers, body)
        return answer

    def _check_route(self, method: str, path: str) -> None:
        try:
            match = self._gateway.event_converter._route_matcher.match_route(path)  # noqa: SLF001 - Chalice offers no other way
        except ValueError as error:
            raise Refused(404, "not_found", "There is nothing here") from error
        methods = sorted(self._app.routes[match.route])
        if method != "OPTIONS" and method not in methods:
            raise Refused(
                405, "method_not_allowed", "This method is not offered here", {"Allow": ", ".join([*methods, "OPTIONS"])}
            )

    def _body(self, environ: dict[str, Any], content_type: str) -> bytes | None:
        raw_length = environ.get("CONTENT_LENGTH") or "0"
        length = int(raw_length) if raw_length.isdigit() else 0
        if length > MAX_REQUEST:
            raise Refused(413, "too_large", "The body is too large")
        body: bytes = environ["wsgi.input"].read(length) if length else b""
        binary = content_type in self._binary
        if (len(body) * 4 // 3 if binary else len(body)) > MAX_PAYLOAD:
            raise Refused(413, "too_large", "The body is too large")
        if not binary:
            body = body.decode("utf-8", "replace").encode()  # what is not declared binary reaches the function as text
        return body or None

    def _answer(self, response: dict[str, Any]) -> tuple[int, Headers, bytes]:
        body = response.get("body") or ""
        if len(body) > MAX_PAYLOAD:
            raise Refused(502, "bad_gateway", "The answer is too large")
        raw = base64.b64decode(body) if response.get("isBase64Encoded") else str(body).encode()
        headers = [(k, str(v)) for k, v in response["headers"].items() if k.lower() != "content-length"]
        headers += [(k, str(v)) for k, values in (response.get("multiValueHeaders") or {}).items() for v in values]
        return response["statusCode"], headers, raw

    def _problem(self, refusal: Refused, request_id: str) -> tuple[int, Headers, bytes]:
        document = {
            "type": _PROBLEMS + refusal.code,
            "title": refusal.title,
            "status": refusal.status,
            "code": refusal.code,
        }
        headers = {
            "Content-Type": "application/problem+json",
            "Access-Control-Allow-Origin": self._origin,
            "Access-Control-Allow-Headers": "*",
            "X-Request-Id": request_id,
            "Cache-Control": "no-store",
            **refusal.headers,
        }
        return refusal.status, list(headers.items()), json.dumps(document).encode()
