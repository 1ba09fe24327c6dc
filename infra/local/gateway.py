"""API Gateway on one machine: Chalice's LocalGateway behind a threaded server, with API Gateway's limits and answers.

10 MB of request (413), 6 MB into and out of the function after base64 (413, 502), 29 s (504); the authorizer's answer is kept
for its time. What the gateway says by itself is read from the gateway responses of wiring.yaml, so it is the same in AWS,
with one exception: a method that a route does not offer is 405 here, and in AWS what an unknown route is.
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from http import HTTPStatus
from typing import Any

from chalice.config import Config
from chalice.local import LocalChalice, LocalGateway

from chalicelib.core import log
from infra.local.authorizer import Authorizer
from infra.local.gateway_refusal import Refused
from infra.local.gateway_responses import Answers, as_sent
from infra.local.route_matcher import Routes, media_type

MAX_REQUEST = 10 * 1024 * 1024
MAX_PAYLOAD = 6 * 1024 * 1024
TIMEOUT_S = 29
_UNSAID = "application/json"  # what API Gateway takes a body for whose type nobody says
Headers = list[tuple[str, str]]


class _Gateway(LocalGateway):
    """Chalice's own, with a real gateway's matching, authorizer cache and request context."""

    def __init__(self, app: Any, config: Config) -> None:
        super().__init__(app, config)
        self.routes = Routes(list(app.routes))
        self.event_converter._route_matcher = self.routes  # noqa: SLF001 - Chalice takes none from outside
        self.event_converter._is_binary = self.is_binary  # noqa: SLF001
        self._authorizer = Authorizer(app)
        self._binary = {kind.lower() for kind in app.api.binary_types} | as_sent()

    def is_binary(self, headers: dict[str, str]) -> bool:
        """Whether the body reaches the function in base64: by its media type, without its parameters."""
        return (media_type(headers) or _UNSAID) in self._binary

    def event(self, request: "Request") -> dict[str, Any]:
        """The event of the function. ValueError where no route matches."""
        made: dict[str, Any] = self._generate_lambda_event(request.method, request.path, request.headers, request.body)
        if isinstance(made["body"], bytes):
            made["body"] = made["body"].decode("utf-8", "replace")  # what is not declared binary arrives as text
        made["requestContext"]["requestId"] = request.id
        made["requestContext"]["identity"] = {"sourceIp": request.address}
        return made

    def invoke(self, event: dict[str, Any], path: str) -> dict[str, Any]:
        """Authorize and call. Refused as the authorizer says; the function's own exceptions come through."""
        context = self._generate_lambda_context()
        if event["requestContext"]["httpMethod"] == "OPTIONS" and not self._has_user_defined_options_method(event):
            return {"statusCode": 200, "headers": self._autogen_options_headers(event), "body": None}
        event, context = self._authorizer.authorize(path, event, context)
        answer: dict[str, Any] = self._app_object(event, context)
        return answer


class Request:
    """One request as the server hands it over, in a gateway's terms."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.id = str(uuid.uuid4())
        self.method: str = environ["REQUEST_METHOD"].upper()
        self.path = _origin_form(environ.get("REQUEST_URI") or "/")
        self.headers = {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            self.headers["content-type"] = environ["CONTENT_TYPE"]
        self.address: str = environ.get("REMOTE_ADDR", "")
        text = environ.get("CONTENT_LENGTH") or "0"
        self.length = int(text) if text.isdigit() else 0
        self._input = environ["wsgi.input"]
        self.body: bytes | None = None

    def read(self) -> None:
        """Take the body in. Refused(413) where it is larger than a gateway takes."""
        if self.length > MAX_REQUEST:
            raise Refused("REQUEST_TOO_LARGE")
        self.body = (self._input.read(self.length) or None) if self.length else None


class Gateway:
    """A WSGI application in front of a Chalice app."""

    def __init__(self, app: Any, threads: int = 64, timeout_s: float = TIMEOUT_S) -> None:
        # Chalice keeps the current request in a thread-local only for its own local subclass.
        app.__class__ = LocalChalice
        self._app, self._timeout_s = app, timeout_s
        config = Config.create(lambda_timeout=TIMEOUT_S, lambda_memory_size=512, function_name="api")
        self._gateway = _Gateway(app, config)
        self._answers = Answers()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="api")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        try:
            status, headers, body = self._handle(request)
        except Refused as refusal:
            status, headers, body = self._answers.render(refusal, request.id)
        if request.method == "HEAD":
            body = b""
        else:
            headers.append(("Content-Length", str(len(body))))
        start(f"{status} {_reason(status)}", headers)
        return [body]

    def close(self) -> None:
        """Let no further request in."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _handle(self, request: Request) -> tuple[int, Headers, bytes]:
        self._check_route(request)
        request.read()
        event = self._gateway.event(request)
        if _size(event) > MAX_PAYLOAD:
            raise Refused("REQUEST_TOO_LARGE")
        return self._answer(self._wait(self._pool.submit(self._gateway.invoke, event, request.path)))

    def _wait(self, work: "Future[dict[str, Any]]") -> dict[str, Any]:
        try:
            return work.result(timeout=self._timeout_s)
        except FutureTimeout as error:
            raise Refused("INTEGRATION_TIMEOUT") from error
        except Refused:
            raise
        except Exception as error:  # Lambda's own edge: whatever a function raises is a 502, and its text goes nowhere
            log.failure("function_failed", error, function="api")
            raise Refused("DEFAULT_5XX") from error

    def _check_route(self, request: Request) -> None:
        try:
            route = self._gateway.routes.match_route(request.path).route
        except ValueError as error:
            raise Refused("MISSING_AUTHENTICATION_TOKEN") from error
        methods = [*sorted({*self._app.routes[route]} - {"OPTIONS"}), "OPTIONS"]
        if request.method not in methods:
            raise Refused("METHOD_NOT_ALLOWED", headers={"Allow": ", ".join(methods)})

    def _answer(self, response: dict[str, Any]) -> tuple[int, Headers, bytes]:
        body = response.get("body") or ""
        if not isinstance(body, str) or _text_size(body) > MAX_PAYLOAD:
            raise Refused("DEFAULT_5XX")
        raw = base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()
        headers = [(k, str(v)) for k, v in (response.get("headers") or {}).items() if k.lower() != "content-length"]
        headers += [(k, str(v)) for k, values in (response.get("multiValueHeaders") or {}).items() for v in values]
        return int(response["statusCode"]), headers, raw


def _origin_form(uri: str) -> str:
    """Path and query as sent, still percent-encoded; a proxy's absolute form without its host."""
    if uri.startswith(("http://", "https://")):
        _, _, rest = uri.partition("://")
        _, slash, path = rest.partition("/")
        return slash + path or "/"
    return uri


def _text_size(text: str) -> int:
    """Bytes of the text as a JSON string, which is how a function's event and answer carry it."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))


def _size(event: dict[str, Any]) -> int:
    body = event.get("body") or ""
    rest = sum(len(k) + len(v) for k, v in event["headers"].items())
    return rest + (len(body) if event.get("isBase64Encoded") else _text_size(body))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
