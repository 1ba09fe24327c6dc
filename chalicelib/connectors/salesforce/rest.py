"""Reading from an org by its REST API: queries, page by page.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_query.htm (Execute a SOQL Query) and
…/errorcodes.htm (Status Codes and Error Responses: 401 for a token that has expired; a JSON array of message and errorCode).
"""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.connectors import http
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.salesforce.oauth import PROVIDER, TokenSource, Unreadable

VERSION = "v62.0"  # the first that has Invoice with Billing (Revenue Cloud)
_DATA = "/services/data/"
_MOST_PAGES = 20  # of up to 2,000 records each, but Salesforce may answer fewer
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class Org:
    """One org: its My Domain, who gives tokens for it, and until when its answers are waited for (see connectors.http).

    Nothing is ever asked of another host, whatever an answer names.
    """

    url: str
    tokens: TokenSource
    until: float | None = None

    def query(self, soql: str) -> list[dict[str, Any]]:
        """Every record, in the order asked for. ProviderDown, or ProviderRefused where the query is not for us."""
        body = self._get(f"{_DATA}{VERSION}/query", {"q": soql})
        found = _records(body)
        for _ in range(_MOST_PAGES):
            if body.get("done") is True:
                return found
            body = self._get(str(body.get("nextRecordsUrl") or ""))
            found += _records(body)
        raise Unreadable

    def _get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        if not path.startswith(_DATA):
            raise Unreadable
        token = self.tokens.token(until=self.until)
        try:
            return self._once(path, query, token)
        except ProviderRefused as refused:
            if refused.status != _UNAUTHORIZED:
                raise
        return self._once(path, query, self.tokens.token(until=self.until, instead_of=token))

    def _once(self, path: str, query: dict[str, str] | None, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = http.call(PROVIDER, "GET", self.url + path, headers=headers, query=query, until=self.until)
        if not isinstance(answer.body, dict):
            raise Unreadable
        return answer.body


def _records(body: dict[str, Any]) -> list[dict[str, Any]]:
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise Unreadable
    return list(records)


def error_code(refused: ProviderRefused) -> str:
    """Salesforce's own word for why it refused, such as INVALID_FIELD; empty where it gave none. Never its sentence."""
    first = refused.answer[0] if isinstance(refused.answer, list) and refused.answer else refused.answer
    code = first.get("errorCode") or first.get("error") if isinstance(first, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[A-Za-z_]{1,60}", code) else ""
