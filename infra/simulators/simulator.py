"""What every simulated provider has beside its vendor's own interface: a log of what was asked, and faults on demand.

GET /_log answers the requests so far, oldest first, DELETE /_log forgets them. POST /_faults adds one fault, DELETE /_faults
ends all:

    {"kind": "down"}                      the connection closes without an answer
    {"kind": "slow", "seconds": 3}        the answer comes so much later, or when the faults end
    {"kind": "status", "status": 503}     that status, with an error as the vendor writes it
    "times": 2                            for the next two requests only; without it until DELETE
    "on": "/services/oauth2/"             only for paths that begin so
    "after": true                         what was asked for is done, and its answer is lost
"""

import json
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask, Request, Response, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from infra.loopback import HangUp, Server
from infra.simulators.faults import NO_ANSWER, Fault, Faults
from infra.simulators.oauth.server import AuthorizationServer
from infra.simulators.replies import Refused, reply
from infra.simulators.request_log import RequestLog

PART = "iko.part"  # in the WSGI environment of a call within a call: its place there, from 0
_LOST = "iko.lost"  # there, the fault that the answer meets when it is made


class Simulator:
    """A provider on a loopback port from its creation until `stop`. A vendor's class adds its routes to `app`.

    `kinds`: the faults that there are, with what each says where a test says nothing. Of these `within` are met by the vendor's
    own code, all others by any request. What is in `at_once` happens when it is asked for.
    """

    kinds: ClassVar[Mapping[str, Mapping[str, Any]]] = {"down": {}, "slow": {}, "status": {}}
    within: ClassVar[frozenset[str]] = frozenset()
    usual_account: ClassVar[str] = ""  # who agrees where a test does not say

    def __init__(self, *, largest: int = 65536) -> None:
        self.log, self.faults, self.guard = RequestLog(), Faults(), threading.RLock()
        self.at_once: dict[str, Callable[[Fault], object]] = {}
        self._vendors: list[AuthorizationServer] = []
        self.app = _App(self.guard, largest)
        self.app.before_request(self._meet_fault)
        self.app.after_request(self._log_request)
        self.app.register_error_handler(HTTPException, self._unmatched)
        self.app.register_error_handler(Refused, lambda refused: refused.answer)
        self.add_control("GET /_log", lambda: list(self.log))
        self.add_control("DELETE /_log", self.log.clear)
        self.add_control("POST /_faults", self._add_fault)
        self.add_control("DELETE /_faults", self.heal)
        self._server = Server(self.app)
        self.url = self._server.url

    def stop(self) -> None:
        """Serve nothing any more."""
        self.faults.stop()
        self._server.stop()

    def error(self, status: int) -> Response:
        """Return that status as the vendor says it."""
        raise NotImplementedError

    def unmatched(self, status: int) -> Response:
        """Return the answer to what the vendor does not offer."""
        return self.error(status)

    def fault_answer(self, fault: Fault) -> Response:
        """Return the answer that a fault makes of a request."""
        return self.error(fault.status)

    def log_fields(self) -> dict[str, Any]:
        """Return what the log keeps of a request beside what it keeps of every one."""
        return {}

    def add_oauth(self, *vendors: AuthorizationServer) -> None:
        """Serve these vendors' consent pages and tokens."""
        self._vendors += vendors
        for vendor in vendors:
            vendor.add_routes(self.app)

    def registrations(self) -> dict[str, str]:
        """Return the fields of the connectors' secret that are of these vendors."""
        return {name: value for vendor in self._vendors for name, value in vendor.registration().items()}

    def register(self, redirect_uri: str) -> None:
        """Take a callback of the app, as it is entered in a vendor's console."""
        for vendor in self._vendors:
            vendor.redirect_uris.add(redirect_uri)

    def add_control(self, rule: str, view: Callable[..., Any], *, locked: bool = True) -> None:
        """Offer something to tests and to a person at a shell: "POST /_things". What `view` can't read is answered 400; it is not
        `locked` where somebody else asks us before it is done."""

        def checked(**parts: str) -> Response:
            try:
                done = view(**parts)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                return reply(400, {"error": str(error)})
            return done if isinstance(done, Response) else reply(200, {} if done is None else done)

        method, path = rule.split()
        self.app.add_url_rule(path, rule, checked, methods=[method])
        if not locked:
            self.app.unlocked.add(rule)

    def fault(self, kind: str, **more: Any) -> None:
        """Add a fault. ValueError for an unknown kind."""
        if kind in self.at_once:
            with self.guard:
                self.at_once[kind](Fault(kind, **more))
        elif kind in self.kinds:
            self.faults.add(Fault(kind, **{**self.kinds[kind], **more}))
        else:
            raise ValueError(f"a fault is one of {', '.join([*self.kinds, *self.at_once])}")

    def heal(self) -> None:
        """End every fault; those who wait for a slow answer get it now."""
        self.faults.clear()

    def pending(self) -> int:
        """Return how many faults are still to be met, or last until they are ended."""
        return len(self.faults)

    def holds(self, seconds: float = 10) -> bool:
        """Return whether somebody waits for a slow answer, as soon as that is so."""
        return self.faults.delays(seconds)

    def agree(self, url: str, account: object = "", scopes: tuple[str, ...] | None = None) -> str:
        """Do as a person would at the consent page behind `url`, and return where the browser is sent. `scopes` None: all that
        are asked for. ValueError where the page shows an error."""
        asked = parse_qs(urlsplit(url).query).get("scope", [""])[0].split()
        form = {"answer": "allow", "account": str(account or self.usual_account)}
        answer = requests.post(
            url, data={**form, "scope": list(asked if scopes is None else scopes)}, timeout=30, allow_redirects=False
        )
        if answer.status_code != HTTPStatus.SEE_OTHER:
            raise ValueError(answer.text)
        return str(answer.headers["Location"])

    def _add_fault(self) -> Response:
        self.fault(**sent())
        return reply(201, {})

    def _meet_fault(self) -> Response | None:
        """The fault that this request meets, if any."""
        if request.path.startswith("/_"):
            return None
        request.get_data()  # kept, so that a form can be read as a text too
        kinds, subjects = set(self.kinds) - self.within - {"part"}, (request.path, request.endpoint or "")
        if PART in request.environ:
            fault = self.faults.take(["part"], *subjects)
            fault = fault or self.faults.take(kinds - NO_ANSWER, *subjects, named=True)
        else:
            fault = self.faults.take(kinds, *subjects)
        if fault is None:
            return None
        if fault.kind == "down":
            self.log.note(_request(), None, self.log_fields())
            raise HangUp
        if fault.kind == "slow":
            self.faults.delay(fault.seconds)
            return None
        if fault.after:
            request.environ[_LOST] = fault
            return None
        return self.fault_answer(fault)

    def _log_request(self, answer: Response) -> Response:
        if request.path.startswith("/_"):
            return answer
        if _LOST in request.environ:
            answer = self.fault_answer(request.environ[_LOST])
        self.log.note(_request(), answer, self.log_fields())
        return answer

    def _unmatched(self, error: HTTPException) -> Response:
        if request.path.startswith("/_"):
            return reply(404, {"error": "not_found"})
        return self.unmatched(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)


class _Rule(Rule):
    """A route of which no URL is ever built: the function for that takes nine tenths of a simulator's start to compile."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        return lambda *_: None


class _App(Flask):
    """Answers one request at a time but for what is `unlocked`; what a view raises goes to the server."""

    url_rule_class = _Rule

    def __init__(self, guard: threading.RLock, largest: int) -> None:
        super().__init__("infra.simulators", static_folder=None)
        self.config.update(PROPAGATE_EXCEPTIONS=True, MAX_CONTENT_LENGTH=largest, MAX_FORM_MEMORY_SIZE=largest)
        self.url_map.merge_slashes = False
        self.unlocked: set[str] = set()
        self._guard = guard

    def dispatch_request(self) -> ResponseReturnValue:
        """Return what the view of the request returns."""
        if request.endpoint in self.unlocked:
            return super().dispatch_request()
        with self._guard:
            return super().dispatch_request()


def sent() -> Any:
    """Return the value that the request's body says as JSON, whatever type it claims; {} for none. ValueError."""
    return json.loads(request.get_data() or b"{}")


def _request() -> Request:
    """Return the request itself: the name `request` means another one at another time."""
    return request_ctx.request
