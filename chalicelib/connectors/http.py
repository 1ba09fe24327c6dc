"""HTTP to providers: timeouts, bounded retries with jitter, and two named failures. Vendor modules call it and nothing else.

urllib3 comes with botocore, so that a function which talks to a provider loads no second HTTP client.
"""

import functools
import json
import math
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.core import clock
from chalicelib.core.codes import Code
from chalicelib.core.errors import Unavailable

CONNECT_S = 3.0
READ_S = 10.0
ATTEMPTS = 3
_FIRST_PAUSE_S = 0.2  # doubled each time, times a random factor ("full jitter")
_LONGEST_PAUSE_S = 3.0  # a provider that asks for more is taken as down: the caller's own retry comes later
_BUSY = frozenset({429, 500, 502, 503, 504})
_LARGEST_ANSWER = 8 * 1024 * 1024


class ProviderDown(Unavailable):
    """The provider did not answer, or answered that it cannot now; after the retries. `sent` says whether it may have acted.

    `answered` is HTTP's status of its last answer, 0 where there was none; what we answer then, `status`, is always 503.
    `retry_after` are the seconds that it asked for, 0 for none. `late`: it was silent for as long as the caller had said.
    """

    code = Code.PROVIDER_UNAVAILABLE
    title = "The provider is not responding"

    def __init__(
        self, provider: str, *, sent: bool = True, answered: int = 0, retry_after: float = 0, late: bool = False
    ) -> None:
        super().__init__()
        self.provider, self.sent, self.late = provider, sent, late
        self.answered, self.retry_after = answered, retry_after


class ProviderRefused(Exception):
    """The provider answered and said no. `status` is HTTP's; `answer` is what it said, which no log and no client may see;
    `retry_after` the seconds that it asked for, 0 for none."""

    def __init__(self, provider: str, status: int, answer: Any = None, retry_after: float = 0) -> None:
        super().__init__(f"{provider} refused: {status}")
        self.provider, self.status, self.answer, self.retry_after = provider, status, answer, retry_after


@dataclass(frozen=True)
class Answer:
    """A 2xx answer. `body` is the JSON document, None where there is none."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


def call(  # noqa: PLR0913 - a request has that many sides, all by keyword
    provider: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    repeatable: bool | None = None,
    until: float | None = None,
    read_s: float | None = None,
) -> Answer:
    """Send a request and return its 2xx answer.

    ProviderRefused for 3xx and 4xx; ProviderDown for no answer, 429 and 5xx.

    `body` is sent as JSON (bytes as they are, taken for JSON), `form` urlencoded. It is repeated if that is harmless:
    `repeatable`, by default for all but POST and PATCH; give True with an idempotency header. Redirects are never
    followed. `until` is the moment of `clock.monotonic()` at which the caller's own time ends: no attempt or pause goes
    beyond it. `read_s`: seconds that an answer may be in coming, READ_S where the caller does not say; who does is not made to
    wait for so long again: ProviderDown, `late`.
    """
    sent = dict(headers or {})
    sent.setdefault("Accept", "application/json")
    content = _content(body, form, sent)
    target = f"{url}?{urlencode(query)}" if query else url
    again = repeatable if repeatable is not None else method not in ("POST", "PATCH")
    got = raw(provider, method, target, headers=sent, content=content, repeatable=again, until=until, read_s=read_s)
    if got.status in _BUSY:
        acted = got.status != 429  # noqa: PLR2004 - HTTP's own number
        raise ProviderDown(provider, sent=acted, answered=got.status, retry_after=asked_pause(got.headers))
    return _read(provider, got)


def raw(  # noqa: PLR0913 - as `call`
    provider: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes | None,
    repeatable: bool,
    until: float | None = None,
    read_s: float | None = None,
) -> Any:
    """Send a request as `call` does, and return urllib3's answer to the last attempt, whatever its status.

    ProviderDown if there is no answer.
    """
    from urllib3 import exceptions  # noqa: PLC0415 - cold start

    for attempt in range(ATTEMPTS):
        last, left = attempt == ATTEMPTS - 1, _left(provider, until, attempt)
        try:
            got = _once(method, url, content, headers, left, READ_S if read_s is None else read_s)
        except (
            exceptions.ConnectTimeoutError,
            exceptions.NewConnectionError,
        ) as error:  # nothing was sent: always repeatable
            if last:
                raise ProviderDown(provider, sent=False) from error
        except exceptions.HTTPError as error:
            late = isinstance(error, exceptions.ReadTimeoutError) and read_s is not None and read_s <= left
            if last or late or not repeatable:
                raise ProviderDown(provider, late=late) from error
        else:
            pause = asked_pause(got.headers)
            if got.status not in _BUSY or last or not (repeatable or got.status == 429):  # noqa: PLR2004
                return got
            if pause > min(_LONGEST_PAUSE_S, left):
                return got
            time.sleep(pause)
        rest(attempt, until)
    raise ProviderDown(provider)


def rest(attempt: int, until: float | None = None) -> None:
    """Wait before the attempt after this one, the first being 0, and never beyond `until`."""
    pause = random.uniform(0, _FIRST_PAUSE_S * 2**attempt)  # noqa: S311 - jitter, no secret
    time.sleep(pause if until is None else max(0.0, min(pause, until - clock.monotonic())))


def _once(
    method: str, target: str, content: bytes | None, headers: Mapping[str, str], left: float, read_s: float
) -> Any:
    from urllib3 import Timeout  # noqa: PLC0415 - cold start

    time_out = Timeout(connect=min(CONNECT_S, left), read=min(read_s, left))
    return _pool().request(
        method, target, body=content, headers=headers, redirect=False, retries=False, timeout=time_out
    )


def _left(provider: str, until: float | None, attempt: int) -> float:
    """Seconds that are left for an attempt. ProviderDown where there are none."""
    if until is None:
        return math.inf
    left = until - clock.monotonic()
    if left <= 0:
        raise ProviderDown(provider, sent=attempt > 0)
    return left


def _content(body: Any, form: Mapping[str, str] | None, headers: dict[str, str]) -> bytes | None:
    if form is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return urlencode(form).encode()
    if body is None:
        return None
    headers.setdefault("Content-Type", "application/json")
    return body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()


def _read(provider: str, got: Any) -> Answer:
    raw = got.data[:_LARGEST_ANSWER]
    try:
        document = json.loads(raw) if raw else None
    except ValueError as error:
        if 200 <= got.status < 300:  # noqa: PLR2004 - HTTP's own numbers
            raise ProviderDown(provider) from error  # a page of some gateway in between, not the provider
        document = None
    if not 200 <= got.status < 300:  # noqa: PLR2004
        raise ProviderRefused(provider, got.status, document, asked_pause(got.headers))
    return Answer(got.status, document, {k.lower(): v for k, v in got.headers.items()})


def asked_pause(headers: Mapping[str, str]) -> float:
    """Return the seconds that Retry-After asks for, or 0 if it is missing or unreadable.

    The header has a number or a date (RFC 9110 10.2.3).
    """
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - clock.now()).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a zone
        return 0.0


@functools.cache
def _pool() -> Any:  # urllib3.PoolManager, imported late
    import urllib3  # noqa: PLC0415 - cold start

    return urllib3.PoolManager(maxsize=10)


def reset() -> None:
    """Forget open connections. For tests that change the cloud."""
    _pool.cache_clear()
