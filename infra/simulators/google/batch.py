"""Several calls in one request: https://developers.google.com/workspace/gmail/api/guides/batch

Each part is an HTTP request of its own (path only), the headers and the query of the outer request hold for each that does not
say otherwise, answers come as parts in any order with `Content-ID: <response-…>`. At most 100, all to the same API.
"""

import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from flask import Response, request

from infra.simulators.google import errors
from infra.simulators.replies import reply
from infra.simulators.simulator import PART

MOST = 100
APIS = {"/batch/gmail/v1": "/gmail/v1/", "/batch/people/v1": "/v1/", "/batch": "/"}
Environ = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One call, as a WSGI environment; `ident` is its Content-ID, with its brackets."""

    ident: str
    environ: Environ


def answer(call: Callable[[Environ], Response]) -> Response:
    """Return the answers of `call` to the parts of the request."""
    api = APIS[request.path.rstrip("/")]
    try:
        parts = _parts()
    except (ValueError, IndexError):
        return errors.say(400, "Failed to parse batch request, error: Failed in parsing the multipart body.")
    if not 0 < len(parts) <= MOST:
        text = f"The batch request could not be processed: {len(parts)} calls, but at least 1 and at most {MOST} are allowed."
        return errors.say(400, text)
    boundary = f"batch_{secrets.token_urlsafe(18)}"
    body = b""
    for part in parts:
        here = part.environ["PATH_INFO"].startswith(api)
        said = call(part.environ) if here else errors.say(400, "The batch endpoint of this API takes calls to it only.")
        body += _written(boundary, part.ident, said)
    return reply(200, body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _parts() -> list[Part]:
    kind = request.headers.get("Content-Type", "")
    outer = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.get_data())
    if not outer.is_multipart():
        raise ValueError("no parts")
    return [_part(each, nth) for nth, each in enumerate(outer.get_payload()) if isinstance(each, Message)]


def _part(each: Message, nth: int) -> Part:
    if each.get_content_type() != "application/http":
        raise ValueError("a part is an application/http")
    raw = each.get_payload(decode=True)
    text = raw if isinstance(raw, bytes) else b""
    line, _, rest = text.lstrip().partition(b"\n")
    method, target = line.decode().split()[:2]
    if not target.startswith("/"):
        raise ValueError("a path only")
    inner = message_from_bytes(rest)
    content = inner.get_payload(decode=True)
    body = content.strip() if isinstance(content, bytes) else b""
    path, _, query = target.partition("?")
    shared = {name: value for name, value in request.environ.items() if isinstance(value, str)}
    environ: Environ = {
        **shared,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": request.environ["wsgi.errors"],
        "wsgi.version": (1, 0),
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(path),
        "QUERY_STRING": "&".join(each for each in (request.query_string.decode(), query) if each),
        "CONTENT_TYPE": inner.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        PART: nth,
    }
    own = {name.upper().replace("-", "_"): str(value) for name, value in inner.items()}
    environ |= {f"HTTP_{name}": value for name, value in own.items() if not name.startswith("CONTENT_")}
    return Part(str(each.get("Content-ID", "")), environ)


def _written(boundary: str, ident: str, said: Response) -> bytes:
    lines = [f"--{boundary}", "Content-Type: application/http"]
    if ident:
        lines.append(f"Content-ID: <response-{ident.strip('<>')}>")
    lines += ["", f"HTTP/1.1 {said.status_code} {HTTPStatus(said.status_code).phrase}"]
    lines += [f"{name}: {value}" for name, value in said.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + said.get_data() + b"\r\n"
