"""/demo/prospects, in local mode only: one page that shows a member's ranking, paths and matches by the public interface.

It signs in as the demo's member, or as whoever `?email=` names: the local issuer gives anybody a token anyway. All else goes to
the gateway.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs

from infra.local.seed_prospects import EXPECTED

PATH = "/demo/prospects"
_PAGE = Path(__file__).with_suffix(".html")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Content-Security-Policy", _POLICY),
]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Issuer(Protocol):
    """Who gives tokens."""

    def token(self, email: str) -> str:
        """One of whoever has that address."""


class DemoPage:
    """A WSGI application that answers the page, and hands everything else on."""

    def __init__(self, behind: Application, issuer: Issuer) -> None:
        self._behind, self._issuer = behind, issuer

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("PATH_INFO") != PATH:
            return self._behind(environ, start)
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        email = asked.get("email", [EXPECTED["member"]])[0]
        signed = json.dumps({"email": email, "token": self._issuer.token(email)}).replace("<", "\\u003c")
        start("200 OK", _HEADERS)
        return [_PAGE.read_text("utf-8").replace("{signed}", signed).encode()]
