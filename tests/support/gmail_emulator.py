"""The independent Gmail server of @emulators/google as a member's Google account, with a bridge to what it does not have.

The bridge gives tokens and revocation under Google's own paths, takes batches apart, and knows the profile and the contacts,
which the server has not: it answers that there are those of `people`. Everything else goes to the server as it comes.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import IO, Any

import requests
from flask import Flask, Response, request

from chalicelib.core import clock
from infra import node
from infra.loopback import Server
from infra.simulators.google import batch
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.replies import reply
from tests.support.network_guard import GUARD

_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_PATHS = {"/token": "/oauth2/token", "/revoke": "/oauth2/revoke"}
_PASSED_ON = ("Authorization", "Content-Type")


@dataclass
class Gmail:
    """The server with its bridge, at `url`. `asked`: the methods and paths that came. `forgets`: histories are too old."""

    people: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    forgets: bool = False
    _behind: str = ""

    def __post_init__(self) -> None:
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/batch/gmail/v1", "batch", lambda: batch.answer(self._part), methods=["POST"])
        app.add_url_rule("/v1/people/me/connections", "people", self._connections)
        app.add_url_rule("/gmail/v1/users/me/profile", "profile", self._profile)
        app.add_url_rule("/gmail/v1/users/me/history", "history", self._history)
        app.add_url_rule("/<path:path>", "rest", lambda path: self._answer(f"/{path}"), methods=["GET", "POST"])
        app.before_request(lambda: self.asked.append(f"{request.method} {request.path}"))
        self._server = Server(app)
        self.url = self._server.url

    def stop(self) -> None:
        self._server.stop()

    def stand_before(self, port: int) -> None:
        """From now on it bridges to the server at that port."""
        self._behind = f"http://127.0.0.1:{port}"
        GUARD.announce(self._behind)

    def agree(self, url: str) -> str:
        """Press the one button of the consent page behind `url`; where the browser is sent."""
        page = requests.get(url, timeout=10)
        assert page.status_code == 200, page.text
        form = {unescape(name): unescape(value) for name, value in _FIELD.findall(page.text)}
        answer = requests.post(f"{self.url}/o/oauth2/v2/auth/callback", form, timeout=10, allow_redirects=False)
        return str(answer.headers["Location"])

    def refreshes(self, token: str, app: AuthorizationServer) -> bool:
        """Whether the server gives access for that refresh token to that app."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        form |= {"client_id": app.client_id, "client_secret": app.client_secret}
        return bool(requests.post(f"{self.url}/token", form, timeout=10).status_code == 200)

    def revoke(self, *tokens: str) -> None:
        """The server does not know them any more."""
        for token in tokens:
            assert requests.post(f"{self.url}/revoke", {"token": token}, timeout=10).status_code == 200

    def put(self, token: str, label: str, **mail: str) -> None:
        """A mail comes to be in the mailbox of who has that token: INBOX or SENT."""
        now = {"internalDate": str(clock.epoch() * 1000), "labelIds": [label]}
        path, headers = "/gmail/v1/users/me/messages", {"Authorization": f"Bearer {token}"}
        answer = requests.post(self.url + path, json={**now, **mail}, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text

    def _answer(self, path: str, query: str | None = None) -> Response:
        got = self._ask(request.method, path, request.query_string.decode() if query is None else query)
        kept = {name: got.headers[name] for name in ("Content-Type", "Location") if name in got.headers}
        return reply(got.status_code, got.content, kept)

    def _ask(self, method: str, path: str, query: str, headers: dict[str, str] | None = None) -> requests.Response:
        sent = headers or {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        url = f"{self._behind}{_PATHS.get(path, path)}?{query}"
        return requests.request(method, url, data=request.get_data(), headers=sent, timeout=10, allow_redirects=False)

    def _part(self, environ: dict[str, Any]) -> Response:
        headers = {"Authorization": environ["HTTP_AUTHORIZATION"]}
        url = f"{self._behind}{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        got = requests.request(environ["REQUEST_METHOD"], url, headers=headers, timeout=10)
        return reply(got.status_code, got.content)

    def _profile(self) -> Response:
        """The newest history id: Gmail's profile has it."""
        said = self._answer("/gmail/v1/users/me/history", "startHistoryId=0")
        known = said.get_json()
        return reply(200, {"historyId": known["historyId"]}) if said.status_code == 200 else said

    def _history(self) -> Response:
        if self.forgets:
            return reply(
                404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "Requested entity was not found."}}
            )
        return self._answer("/gmail/v1/users/me/history")

    def _connections(self) -> Response:
        """Who may read the mailbox may read these."""
        said = self._answer("/gmail/v1/users/me/labels", "")
        if said.status_code != 200:
            return said
        return reply(200, {"connections": self.people, "totalItems": len(self.people), "nextSyncToken": "1"})


@contextmanager
def running(client: AuthorizationServer, callback: str, *addresses: str) -> Iterator[Gmail]:
    """The server, which knows accounts of these addresses and the app that Google's simulator knows."""
    command = node.command()
    assert command, node.LEFT_OUT
    made = Gmail()
    registered = {"client_id": client.client_id, "client_secret": client.client_secret, "name": "IKO System"}
    seed = {
        "url": made.url,
        "users": [{"email": address, "name": "Mia Member"} for address in addresses],
        "oauth_clients": [{**registered, "redirect_uris": [callback]}],
    }
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "gmail.mjs"], cwd=node.PACKAGES, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            made.stand_before(_begun(process.stdin, process.stdout, seed))
            yield made
        finally:
            made.stop()
            process.communicate(timeout=10)  # its input ends, and so does it


def _begun(to: IO[str] | None, out: IO[str] | None, seed: dict[str, Any]) -> int:
    assert to
    assert out
    to.write(json.dumps(seed) + "\n")
    to.flush()
    return int(out.readline())


def contact(ident: str, name: str, email: str) -> dict[str, Any]:
    """A contact as the People API shows it."""
    origin = {"primary": True, "source": {"type": "CONTACT", "id": ident}}
    return {
        "resourceName": f"people/{ident}",
        "metadata": {"sources": [{"type": "CONTACT", "id": ident, "updateTime": "2026-01-01T00:00:00Z"}]},
        "names": [{"metadata": origin, "givenName": name, "displayName": name}],
        "emailAddresses": [{"metadata": origin, "value": email}],
    }
