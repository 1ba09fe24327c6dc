"""HubSpot's API as we use it: only reading, and every refusal as a named failure.

https://developers.hubspot.com/docs/api-reference/2026-03/overview (versions are dates, each supported for 18 months; /crm/v3/
ends in September 2027), …/docs/api-reference/error-handling (errors, 423, 477, 429) and
…/docs/developer-tooling/platform/usage-guidelines (limits; policyName says which one was hit).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import NotPermitted, OverQuota, TokenSource
from chalicelib.core import settings
from chalicelib.core.stream_codes import StreamReason

PROVIDER = "hubspot"
VERSION = "2026-03"
_API = "https://api.hubapi.com"
_CONSENT = "https://app.hubspot.com"
_LARGEST_ANSWER = 16 * 1024 * 1024
_PAUSES_S = {"DAILY": 3600.0, "TEN_SECONDLY_ROLLING": 10.0}  # a day ends at the account's midnight, which we don't know
_SHORT_PAUSE_S = 10.0
_MIGRATION_S = 3600.0  # an account moves to another region, for up to a day
_OK, _UNAUTHORIZED, _FORBIDDEN, _BUSY, _MOVING = range(200, 300), 401, 403, 429, 477


class Unreadable(ProviderDown):
    """HubSpot answered something that its documentation does not have; trying again later is all that can be done."""

    def __init__(self) -> None:
        super().__init__(PROVIDER)


@dataclass(frozen=True)
class Answer:
    """A 2xx answer. `at`: when HubSpot wrote it, by its own clock; None where it did not say."""

    body: dict[str, Any]
    at: datetime | None


@dataclass(frozen=True)
class Portal:
    """One account: who gives tokens for it, and until when its answers are waited for (see connectors.http).

    Unreadable, OverQuota, NotPermitted; GrantEnded from the tokens. No address that an answer names is ever followed.
    """

    tokens: TokenSource
    until: float | None = None

    def get(self, path: str, query: Mapping[str, str]) -> Answer:
        return self._call("GET", f"{api_url()}{path}?{urlencode(query)}", None)

    def ask(self, path: str, question: Mapping[str, Any]) -> Answer:
        """Send a POST that only reads, such as a search or a batch of ids, and return the answer."""
        return self._call("POST", api_url() + path, json.dumps(question, separators=(",", ":")).encode())

    def _call(self, method: str, url: str, content: bytes | None) -> Answer:
        token = self.tokens.token(until=self.until)
        got = self._once(method, url, content, token)
        if got.status == _UNAUTHORIZED:
            got = self._once(method, url, content, self.tokens.token(until=self.until, instead_of=token))
        said = _document(got.data)
        if got.status not in _OK:
            raise failure(got.status, got.headers, said)
        if not isinstance(said, dict):
            raise Unreadable
        return Answer(said, _date(got.headers))

    def _once(self, method: str, url: str, content: bytes | None, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return http.raw(PROVIDER, method, url, headers=headers, content=content, repeatable=True, until=self.until)


def api_url() -> str:
    """Return the API's URL. PlainHttp for a base URL without TLS outside local mode."""
    return _configured() or _API


def consent_url() -> str:
    """Return the URL where members consent."""
    return f"{_configured() or _CONSENT}/oauth/authorize"


def failure(status: int, headers: Mapping[str, str], said: Any) -> Exception:
    """Return the port's exception for a refusal."""
    told = said if isinstance(said, dict) else {}
    if status == _BUSY:
        pause = _PAUSES_S.get(str(told.get("policyName")), _SHORT_PAUSE_S)
        return OverQuota(PROVIDER, http.asked_pause(headers) or pause)
    if status == _MOVING:
        return OverQuota(PROVIDER, http.asked_pause(headers) or _MIGRATION_S)
    if status == _FORBIDDEN:
        return NotPermitted(
            StreamReason.SCOPE_MISSING if told.get("category") == "MISSING_SCOPES" else StreamReason.REFUSED
        )
    if status == _UNAUTHORIZED:
        return NotPermitted(StreamReason.SESSION_REFUSED)  # also with a fresh token: that is no consent's end
    return Unreadable()


def _configured() -> str:
    base = settings.current().connectors.hubspot_url.rstrip("/")
    return oauth.secure(base) if base else ""


def _document(data: bytes) -> Any:
    if len(data) > _LARGEST_ANSWER:
        return None
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None
