"""Reading from an org by its REST API: queries, page by page.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_query.htm (Execute a SOQL Query),
…/dome_queryall.htm (… that Includes Deleted Items) and …/errorcodes.htm (Status Codes and Error Responses: 401 for a token
that has expired; a JSON array of message and errorCode).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from chalicelib.connectors import http
from chalicelib.connectors.http import Answer, ProviderRefused
from chalicelib.connectors.port import TokenSource
from chalicelib.connectors.salesforce.oauth import PROVIDER, Unreadable
from chalicelib.core import clock

VERSION = "v62.0"  # the first that has Invoice with Billing (Revenue Cloud)
ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_DATA = "/services/data/"
_MOST_PAGES = 20  # of up to 2,000 records each, but Salesforce may answer fewer
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class Batch:
    """One answer to a query. `whole`: it has all that was asked for; `total` is how many there are of these.

    `at`: when Salesforce wrote it, by its own clock, None where it did not say.
    """

    records: list[dict[str, Any]]
    whole: bool
    total: int
    at: datetime | None


@dataclass(frozen=True)
class Org:
    """One org: its My Domain, who gives tokens for it, and how long its answers are waited for (`until` and `read_s` are those of
    connectors.http).

    Nothing is ever asked of another host, whatever an answer names.
    """

    url: str
    tokens: TokenSource
    until: float | None = None
    read_s: float | None = None

    def query(self, soql: str) -> list[dict[str, Any]]:
        """Return every record, in the order asked for. ProviderDown; ProviderRefused if the query is not for us."""
        body = self._get(f"{_DATA}{VERSION}/query", {"q": soql}).body
        found = _records(body)
        for _ in range(_MOST_PAGES):
            if body.get("done") is True:
                return found
            body = self._get(str(body.get("nextRecordsUrl") or "")).body
            found += _records(body)
        raise Unreadable

    def batch(self, soql: str, *, deleted: bool = False) -> Batch:
        """Return the first answer to a query. With `deleted` also what is in the recycle bin. Failures as in `query`."""
        answer = self._get(f"{_DATA}{VERSION}/{'queryAll' if deleted else 'query'}", {"q": soql})
        total = answer.body.get("totalSize")
        if isinstance(total, bool) or not isinstance(total, int):
            raise Unreadable
        return Batch(_records(answer.body), answer.body.get("done") is True, total, _date(answer.headers))

    def _get(self, path: str, query: dict[str, str] | None = None) -> Answer:
        if not path.startswith(_DATA):
            raise Unreadable
        token = self.tokens.token(until=self.until)
        try:
            return self._once(path, query, token)
        except ProviderRefused as refused:
            if refused.status != _UNAUTHORIZED:
                raise
        return self._once(path, query, self.tokens.token(until=self.until, instead_of=token))

    def _once(self, path: str, query: dict[str, str] | None, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        answer = http.call(
            PROVIDER, "GET", self.url + path, headers=headers, query=query, until=self.until, read_s=self.read_s
        )
        if not isinstance(answer.body, dict):
            raise Unreadable
        return answer


def _records(body: dict[str, Any]) -> list[dict[str, Any]]:
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise Unreadable
    return list(records)


def text(record: dict[str, Any], name: str) -> str:
    """Return a field's text, "" where it has none. Unreadable if it is something else."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable
    return value or ""


def ident(record: dict[str, Any]) -> str:
    """Return the record's id. Unreadable if it has none."""
    value = text(record, "Id")
    if not ID.fullmatch(value):
        raise Unreadable
    return value


def stamp(record: dict[str, Any]) -> datetime:
    """Return when the record last changed. Unreadable if it does not say."""
    try:
        return clock.parse_rfc3339(text(record, "SystemModstamp"))
    except ValueError:
        raise Unreadable from None


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return None


def error_code(refused: ProviderRefused) -> str:
    """Return Salesforce's code for a refusal, such as INVALID_FIELD, or "" if it gave none. Never its sentence."""
    code = _error(refused, "errorCode") or _error(refused, "error")
    return code if re.fullmatch(r"[A-Za-z_]{1,60}", code) else ""


def missing_field(refused: ProviderRefused) -> str:
    """Return the field that INVALID_FIELD names, or "" if that is unclear.

    The field does not exist, or its user may not see it.
    """
    found = re.search(r"No such column '([A-Za-z0-9_]{1,80})'", _error(refused, "message"))
    return found[1] if found else ""


def _error(refused: ProviderRefused, part: str) -> str:
    first = refused.answer[0] if isinstance(refused.answer, list) and refused.answer else refused.answer
    value = first.get(part) if isinstance(first, dict) else None
    return value if isinstance(value, str) else ""
