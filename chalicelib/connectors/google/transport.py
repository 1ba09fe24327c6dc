"""googleapiclient over our own HTTP: its services send through `Transport` instead of httplib2's sockets.

So time limits, retries and the pool are those of connectors.http, tokens come from a TokenSource, and every refusal is a named
failure before the library sees it: its own errors and warnings quote URLs and answers.
"""

import functools
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from chalicelib.connectors import http
from chalicelib.connectors.google import failures
from chalicelib.connectors.google.hosts import PROVIDER
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import NotPermitted, TokenSource
from chalicelib.core.stream_codes import StreamReason

_LARGEST_ANSWER = 32 * 1024 * 1024  # a thousand contacts with all their values are far below
_A_PART_UNAUTHORIZED = re.compile(rb"^HTTP/1\.[01] 401\b", re.MULTILINE)
_SILENT = logging.CRITICAL + 1
_NO_SUCH_PATH = (failures.NOT_FOUND, 405, 501)  # HTTP's own numbers


class NoBatches(Exception):
    """This server takes no batches: each request has to be sent by itself."""


class Transport:
    """What httplib2.Http is to googleapiclient. Everything sent through it is `repeatable` or nothing is; `until` as in
    connectors.http.

    ProviderDown, OverQuota, NotPermitted, CursorExpired; GrantEnded from the tokens; ProviderRefused for any other answer.
    """

    def __init__(self, tokens: TokenSource, until: float | None = None, *, repeatable: bool = True) -> None:
        self._tokens, self._until, self._repeatable = tokens, until, repeatable

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_options: Any,
    ) -> tuple[Any, bytes]:
        """Send a request with a token, and once more with another token if the first was refused.

        Return httplib2's Response and the content, of a 2xx answer only.
        """
        from httplib2 import Response  # noqa: PLC0415 - cold start

        method, uri, body, sent = _plain(method, uri, body, headers or {})
        token = self._tokens.token(until=self._until)
        got = self._once(method, uri, body, sent, token)
        if _unauthorized(got):
            token = self._tokens.token(until=self._until, instead_of=token)
            got = self._once(method, uri, body, sent, token)
            if _unauthorized(got):  # a token of this moment: that is no consent's end, which only a refresh can tell
                raise NotPermitted(StreamReason.SESSION_REFUSED)
        if not 200 <= got.status < 300:  # noqa: PLR2004 - HTTP's own numbers
            raise failures.of(got.status, got.headers, got.data)
        if len(got.data) > _LARGEST_ANSWER:
            raise ProviderDown(PROVIDER)
        found = {**{name.lower(): value for name, value in got.headers.items()}, "status": str(got.status)}
        return Response(found), got.data

    def close(self) -> None:
        """Do nothing: the pool is the process's."""

    def _once(self, method: str, uri: str, body: bytes | None, headers: Mapping[str, str], token: str) -> Any:
        sent = {**headers, "authorization": f"Bearer {token}"}
        return http.raw(
            PROVIDER, method, uri, headers=sent, content=body, repeatable=self._repeatable, until=self._until
        )


def service(name: str, base: str, transport: Transport) -> Any:
    """Return googleapiclient's service `name` at the API root `base`, which ends with a slash.

    The name is people or gmail, both of version 1. Built from the discovery document in the package: nothing is asked
    of Google for it.
    """
    from googleapiclient.discovery import build_from_document  # noqa: PLC0415 - cold start

    logging.getLogger("googleapiclient").setLevel(_SILENT)
    return build_from_document(_document(name), http=transport, client_options={"api_endpoint": base})


def execute(request: Any) -> dict[str, Any]:
    """Return the JSON object that a service answers to a request.

    Failures as in Transport; ProviderDown if the answer is no JSON object.
    """
    try:
        answer = request.execute(num_retries=0)
    except ValueError:  # bytes that are no text
        raise ProviderDown(PROVIDER) from None
    if not isinstance(answer, dict):
        raise ProviderDown(PROVIDER)
    return answer


def execute_batch(requests: Mapping[str, Any], batch_uris: Sequence[str], transport: Transport) -> dict[str, Any]:
    """Send all requests in one HTTP request; return the JSON object or the named failure of each, by the same keys.

    It goes to the first of the addresses that exists. NoBatches where none does.
    """
    for uri in batch_uris:
        try:
            return _batch(requests, uri, transport)
        except (ProviderRefused, ProviderDown) as failure:
            if (failure.status if isinstance(failure, ProviderRefused) else failure.answered) not in _NO_SUCH_PATH:
                raise
    raise NoBatches


def _batch(requests: Mapping[str, Any], batch_uri: str, transport: Transport) -> dict[str, Any]:
    from googleapiclient.errors import Error, HttpError  # noqa: PLC0415 - cold start
    from googleapiclient.http import BatchHttpRequest  # noqa: PLC0415

    found: dict[str, Any] = {}

    def keep(key: str, answer: Any, error: Any) -> None:
        if isinstance(error, HttpError):
            found[key] = failures.of(int(error.resp.status), _headers(error.resp), error.content)
        else:
            found[key] = answer if isinstance(answer, dict) else ProviderDown(PROVIDER)

    batch = BatchHttpRequest(callback=keep, batch_uri=batch_uri)
    for key, request in requests.items():
        batch.add(request, request_id=key)
    try:
        batch.execute(http=transport)
    except (Error, KeyError, ValueError, IndexError, TypeError, AttributeError):  # no multipart, or parts are missing
        raise ProviderDown(PROVIDER) from None
    return found


def _headers(response: Mapping[str, str]) -> dict[str, str]:
    """As connectors.http reads them; httplib2 has their names in lower case."""
    return {name.title(): str(value) for name, value in response.items()}


def _unauthorized(got: Any) -> bool:
    """Whether the token was refused; a batch answers 200, and so in its parts."""
    if got.status == failures.UNAUTHORIZED:
        return True
    batched = "multipart/mixed" in got.headers.get("Content-Type", "")
    return batched and _A_PART_UNAUTHORIZED.search(got.data) is not None


def _plain(
    method: str, uri: str, body: str | bytes | None, headers: Mapping[str, str]
) -> tuple[str, str, bytes | None, dict[str, str]]:
    """The request as it is meant: the library sends a GET with a long URL as a POST that says it is one."""
    sent = {name.lower(): value for name, value in headers.items() if name.lower() != "content-length"}
    content = body.encode() if isinstance(body, str) else body
    if sent.pop("x-http-method-override", "") == "GET" and content is not None and not urlsplit(uri).query:
        sent.pop("content-type", None)
        return "GET", f"{uri}?{content.decode()}", None, sent
    return method, uri, content, sent


@functools.cache
def _document(name: str) -> str:
    from googleapiclient.discovery_cache import get_static_doc  # noqa: PLC0415 - cold start

    text = get_static_doc(name, "v1")
    if text is None:
        raise LookupError(name)
    return str(text)
