"""The one decorator of all routes: who may call, what comes in, what goes out, and every error as problem+json.

Chalice would answer an unexpected exception with a 500 of its own and log its text, so nothing but core errors ever leaves
a view: what is unexpected is logged by its class and place, and answered as `internal_error`.
"""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, Unpack
from urllib.parse import unquote

from chalice import Blueprint, Response
from pydantic import BaseModel

from chalicelib.api import cors, json_body, problems, request_body
from chalicelib.api.identity import identity_authorizer, identity_of
from chalicelib.core import clock, log
from chalicelib.core.actor import Actor, Identity
from chalicelib.core.codes import Code
from chalicelib.core.errors import (
    BadRequest,
    Conflict,
    IkoError,
    PreconditionFailed,
    StaleSignIn,
    Unauthenticated,
    VersionConflict,
)
from chalicelib.core.models import Input
from chalicelib.core.versions import Versions

# `desk`: our officer's browser, by its cookie; the pages themselves look for it (desk.signed_in).
Auth = Literal["member", "identity", "officer", "desk", "public"]
View = Callable[["Call"], "Reply"]
Replay = Callable[["Call", str], "Reply"]
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')  # RFC 9110, 8.8.3
_VERSION = re.compile("[0-9]{1,15}")
FRESH_S = 300  # how old a sign-in may be where a fresh one is needed


class NoQuery(Input):
    """The query of a route that takes no parameters."""


@dataclass(frozen=True)
class Instead:
    """What a route for files takes as application/json instead, and the status and model that it answers then. `unless` tells a
    file that is JSON itself by its bytes."""

    body: type[BaseModel]
    status: int
    answer: type[BaseModel]
    unless: Callable[[bytes], bool] = lambda _: False

    def is_meant(self, content_type: str, raw: bytes) -> bool:
        """Return whether the body is that JSON, and no file."""
        return json_body.is_json(content_type) and not self.unless(raw)


class Sides(TypedDict, total=False):
    """What a route says of itself; what it leaves out is as in Endpoint."""

    auth: Auth
    status: int
    body: type[BaseModel]
    query: type[BaseModel]
    answer: type[BaseModel]
    media_types: tuple[str, ...]
    html: bool
    while_locked: bool
    instead: Instead
    also: Mapping[int, type[BaseModel]]
    refuses: tuple[Code, ...]
    form: type[BaseModel]
    empty: tuple[int, ...]
    produces: str
    tells: tuple[str, ...]
    if_match: bool


@dataclass(frozen=True)
class Endpoint:
    """What the OpenAPI document and the walks over all routes know of a route."""

    method: str
    path: str
    name: str
    summary: str
    auth: Auth = "member"
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ()  # of a body that is no JSON
    idempotent: bool = False
    html: bool = False
    while_locked: bool = False  # a write that a locked workspace still allows
    instead: Instead | None = None
    also: Mapping[int, type[BaseModel]] = field(default_factory=dict)  # what it answers by other statuses
    refuses: tuple[Code, ...] = ()  # besides what api/answers says of every route of its kind
    form: type[BaseModel] | None = None  # the fields of an urlencoded body
    empty: tuple[int, ...] = ()  # other statuses by which it answers without a body
    produces: str = ""  # the media type of an answer that is no JSON
    if_match: bool = False  # honours If-Match though it is a POST
    tells: tuple[str, ...] = ()  # the headers of its answer, of api/answer_headers.DESCRIBED
    description: str = ""

    @property
    def open_while_locked(self) -> bool:
        return self.while_locked or self.method == "GET"

    @property
    def bearer(self) -> bool:
        """Whether API Gateway asks for a token before the function is called."""
        return self.auth not in ("desk", "public")


ENDPOINTS: list[Endpoint] = []


@dataclass
class Reply:
    """What a view answers. `etag` is the resource's version; `resource` its id, kept for an Idempotency-Key."""

    body: BaseModel | dict[str, Any] | str | None = None
    status: int | None = None
    etag: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    resource: str = ""


@dataclass
class Call:
    """One request, checked: identity proved, membership read, body and query valid."""

    endpoint: Endpoint
    request_id: str
    path: dict[str, str]
    headers: dict[str, str]  # names in lower case
    raw_query: dict[str, str]
    raw_body: bytes
    source_ip: str
    identity: Identity | None = None
    body: Any = None  # an instance of endpoint.body, or of endpoint.instead's where JSON came
    query: Any = None  # an instance of endpoint.query; public routes read raw_query
    membership: Any = None  # domain.accounts.membership.Membership, imported late

    @property
    def actor(self) -> Actor:
        actor: Actor = self.membership.actor
        return actor

    @property
    def who(self) -> Identity:
        if self.identity is None:
            raise Unauthenticated
        return self.identity

    def needs_fresh_sign_in(self, max_age: int = FRESH_S) -> None:
        """Raise StaleSignIn if the last sign-in is older than `max_age` seconds, or the issuer does not say."""
        if clock.epoch() - self.who.auth_time > max_age:
            raise StaleSignIn(max_age)

    @property
    def if_match(self) -> Versions | None:
        """The versions that the caller saw, from If-Match; None where it does not care. PreconditionFailed where none of its
        tags can be ours: weak ones match nothing (RFC 9110, 13.1.1)."""
        sent = self.headers.get("if-match", "").strip()
        if sent in ("", "*"):
            return None
        tags = f'"{sent}"' if sent.isdigit() else sent  # as careless clients write ours
        is_list = {part.strip() for part in _TAG.sub("\0", tags).split(",")} <= {"", "\0"}
        strong = (tag for weak, tag in _TAG.findall(tags) if is_list and not weak and _VERSION.fullmatch(tag))
        if not (versions := frozenset(map(int, strong))):
            raise PreconditionFailed
        return versions

    @property
    def idempotency_key(self) -> str | None:
        sent = self.headers.get("idempotency-key")
        if sent is not None and not 1 <= len(sent) <= 255:  # noqa: PLR2004 - the limit that clients know from others
            raise BadRequest("An Idempotency-Key has 1 to 255 characters.", code=Code.INVALID_IDEMPOTENCY_KEY)
        return sent


def route(
    bp: Blueprint, method: str, path: str, *, replay: Replay | None = None, **sides: Unpack[Sides]
) -> Callable[[View], View]:
    """Register a view. `replay` renders a resource afresh for a repeated Idempotency-Key, and switches keys on.
    `while_locked`: also a workspace whose subscription stopped may do it; reading (GET) it may anyway."""

    def register(view: View) -> View:
        text = inspect.cleandoc(view.__doc__ or "")
        summary = re.split(r"(?<=[.?])\s", " ".join(text.split()), maxsplit=1)[0]
        endpoint = Endpoint(
            method, path, view.__name__, summary, idempotent=replay is not None, description=text, **sides
        )
        ENDPOINTS.append(endpoint)

        def entry(**_: str) -> Response:
            answer = _serve(bp, endpoint, view, replay)
            answer.headers.update(cors.headers(str(bp.current_request.headers.get("origin", ""))))
            return answer

        entry.__name__ = view.__name__
        authorizer = identity_authorizer if endpoint.bearer else None
        bp.route(path, methods=[method], authorizer=authorizer, content_types=["*/*"])(entry)
        cors.answer_preflight(bp, path, method)
        return view

    return register


def _serve(bp: Blueprint, endpoint: Endpoint, view: View, replay: Replay | None) -> Response:
    request = bp.current_request
    request_id = str(request.context.get("requestId") or "local")
    try:
        call = _call(request, endpoint, request_id)
        if replay is not None and call.idempotency_key is not None:
            from chalicelib.api import idempotency  # noqa: PLC0415 - few requests carry a key

            return _respond(call, idempotency.once(call, view, replay))
        return _respond(call, view(call))
    except VersionConflict:
        return problems.answer(_overtaken(dict(request.headers)), request_id)
    except IkoError as error:
        if error.status >= 500:  # noqa: PLR2004 - HTTP's own number
            log.failure("request_failed", error, route=endpoint.path, method=endpoint.method, request_id=request_id)
        return problems.answer(error, request_id)
    except Exception as error:  # noqa: BLE001 - the last door: its text must reach neither the caller nor Chalice's log
        log.failure("request_failed", error, route=endpoint.path, method=endpoint.method, request_id=request_id)
        return problems.answer(IkoError(), request_id)


def _overtaken(headers: Mapping[str, str]) -> IkoError:
    """Return what others' faster writes mean to the caller: 412 is the answer to an If-Match alone."""
    if any(name.lower() == "if-match" for name in headers):
        return PreconditionFailed("Read it again, then repeat your change.")
    return Conflict("Others are changing this at the same time. Try again.")


def _call(request: Any, endpoint: Endpoint, request_id: str) -> Call:
    call = Call(
        endpoint=endpoint,
        request_id=request_id,
        path={key: unquote(value) for key, value in (request.uri_params or {}).items()},
        headers={key.lower(): value for key, value in dict(request.headers).items()},
        raw_query=dict(request.query_params or {}),
        raw_body=bytes(request.raw_body or b""),
        source_ip=str(request.context.get("identity", {}).get("sourceIp", "")),
    )
    if endpoint.bearer:
        audience = "officer" if endpoint.auth == "officer" else "member"
        call.identity = identity_of(request.context.get("authorizer") or {}, audience)
    if endpoint.auth == "member":
        from chalicelib.domain.accounts import membership  # noqa: PLC0415 - cold start

        call.membership = membership.membership(call.who, writing=not endpoint.open_while_locked)
    if endpoint.bearer:  # what comes to a page from elsewhere may carry parameters of anybody
        sent = {name: request.query_params.getlist(name) for name in call.raw_query}
        call.query = request_body.validate_query(endpoint.query or NoQuery, sent)
    content_type = call.headers.get("content-type", "")
    if endpoint.body is not None:
        read = json_body.parse(call.raw_body, content_type or "application/json")
        call.body = request_body.validate(endpoint.body, read)
    elif endpoint.instead is not None and endpoint.instead.is_meant(content_type, call.raw_body):
        call.body = request_body.validate(endpoint.instead.body, json_body.parse(call.raw_body, content_type))
    return call


def _respond(call: Call, reply: Reply) -> Response:
    headers = {
        "X-Request-Id": call.request_id,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        **reply.headers,
    }
    if reply.etag is not None:
        headers["ETag"] = f'"{reply.etag}"'
    body: str = ""
    if isinstance(reply.body, BaseModel):
        body = reply.body.model_dump_json()
    elif isinstance(reply.body, str):
        body = reply.body
    elif reply.body is not None:
        import json  # noqa: PLC0415 - few answers are plain

        body = json.dumps(reply.body, default=clock.rfc3339)
    if body:
        headers.setdefault("Content-Type", "application/json")
    return Response(body, headers=headers, status_code=reply.status or call.endpoint.status)
