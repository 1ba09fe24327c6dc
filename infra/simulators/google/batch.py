"""Several calls in one request: https://developers.google.com/workspace/gmail/api/guides/batch

Each part is an HTTP request of its own (path only), the headers and the query of the outer request hold for each that does not
say otherwise, answers come as parts in any order with `Content-ID: <response-…>`. At most 100, all to the same API.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from urllib.parse import parse_qsl

from infra.loopback import Asked, Said
from infra.simulators.google import errors

MOST = 100
_APIS = {"/batch/gmail/v1": "/gmail/v1/", "/batch/people/v1": "/v1/", "/batch": "/"}


@dataclass(frozen=True)
class Part:
    """One call; `ident` is its Content-ID, with its brackets."""

    ident: str
    asked: Asked


def answer(asked: Asked, call: Callable[[Asked], Said]) -> Said | None:
    """The parts that `call` answers; None for a path that takes no batches."""
    api = _APIS.get(asked.path.rstrip("/"))
    if asked.method != "POST" or api is None:
        return None
    try:
        parts = _parts(asked)
    except (ValueError, IndexError):
        return errors.say(400, "Failed to parse batch request, error: Failed in parsing the multipart body.")
    if not 0 < len(parts) <= MOST:
        text = f"The batch request could not be processed: {len(parts)} calls, but at least 1 and at most {MOST} are allowed."
        return errors.say(400, text)
    boundary = f"batch_{secrets.token_urlsafe(18)}"
    body = b""
    for part in parts:
        here = part.asked.path.startswith(api)
        said = call(part.asked) if here else errors.say(400, "The batch endpoint of this API takes calls to it only.")
        body += _written(boundary, part.ident, said)
    headers = {"Content-Type": f"multipart/mixed; boundary={boundary}"}
    return Said(200, body + f"--{boundary}--\r\n".encode(), headers)


def _parts(asked: Asked) -> list[Part]:
    kind = asked.headers.get("content-type", "")
    outer = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body)
    if not outer.is_multipart():
        raise ValueError("no parts")
    return [_part(each, asked) for each in outer.get_payload() if isinstance(each, Message)]


def _part(each: Message, outer: Asked) -> Part:
    if each.get_content_type() != "application/http":
        raise ValueError("a part is an application/http")
    raw = each.get_payload(decode=True)
    text = raw if isinstance(raw, bytes) else b""
    line, _, rest = text.lstrip().partition(b"\n")
    method, target = line.decode().split()[:2]
    if not target.startswith("/"):
        raise ValueError("a path only")
    inner = message_from_bytes(rest)
    own = {name.lower(): str(value) for name, value in inner.items()}
    shared = {name: value for name, value in outer.headers.items() if not name.startswith("content-")}
    path, _, query = target.partition("?")
    joined = "&".join(each for each in (outer.raw_query, query) if each)
    content = inner.get_payload(decode=True)
    asked = Asked(
        method,
        path,
        dict(parse_qsl(joined, keep_blank_values=True)),
        {**shared, **own},
        content.strip() if isinstance(content, bytes) else b"",
        joined,
    )
    return Part(str(each.get("Content-ID", "")), asked)


def _written(boundary: str, ident: str, said: Said) -> bytes:
    raw = said.document if isinstance(said.document, bytes) else json.dumps(said.document, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=UTF-8", **said.headers, "Content-Length": str(len(raw))}
    lines = [f"--{boundary}", "Content-Type: application/http"]
    if ident:
        lines.append(f"Content-ID: <response-{ident.strip('<>')}>")
    lines += ["", f"HTTP/1.1 {said.status} {HTTPStatus(said.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw + b"\r\n"
