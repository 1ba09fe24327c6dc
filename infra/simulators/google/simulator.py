"""Google on this machine, over real HTTP: OAuth, People, Gmail, batches and pushes, all on one base URL.

The modules beside this one cite the pages that they are written from. Faults beside those of every simulator:

    {"kind": "expired"}                        at once: every access token is over, as after an hour
    {"kind": "revoked", "on": "a@b.example"}   at once: the account (or every one) takes back what it gave
    {"kind": "sync_expired"}                   at once: every sync token is over
    {"kind": "history_expired"}                at once: every history id is too old
    {"kind": "limit", "seconds": 7}            429 with Retry-After; "reason": another of errors.LIMITS
    {"kind": "refuse", "reason": "domainPolicy"}   403 with that reason (see errors.LIMITS)
    {"kind": "no_refresh", "reason": "invalid_rapt"}  no token, with that word
    {"kind": "repeat"}                         the next further page is the page before again
    {"kind": "change"}                         before the next further page, what was listed first changes
    {"kind": "vanish"}                         before the next further page, what would be listed last is deleted
    {"kind": "part", "status": 429, "on": "/gmail/v1/users/me/messages/"}   so many parts (`times`) of a batch fail

The last four happen once where `times` does not say more; "on" is the beginning of the path. Of the others those with an "on"
that is not the batch's own path meet single parts of a batch too.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.test import run_wsgi_app

from infra.simulators.faults import Fault
from infra.simulators.google import batch, errors, field_mask, oauth, pubsub
from infra.simulators.google.accounts import Accounts
from infra.simulators.google.control import Control
from infra.simulators.google.gmail_api import Gmail
from infra.simulators.google.people_api import People
from infra.simulators.google.seed import seed
from infra.simulators.replies import reply
from infra.simulators.simulator import PART, Simulator

_ONCE = ("repeat", "change", "vanish", "part")


class Google(Simulator):
    """Knows nobody until `seed` or the control routes. `oauth.redirect_uris` takes the callbacks of the app."""

    kinds = {
        **Simulator.kinds,
        "limit": {},
        "refuse": {},
        "no_refresh": {"on": "/token"},
        **{kind: {"times": 1} for kind in _ONCE},
    }
    within = frozenset(_ONCE)

    def __init__(self) -> None:
        super().__init__(largest=40 * 1024 * 1024)
        self.pushes = pubsub.Pushes()
        self.accounts = Accounts(self.pushes.tell)
        self.oauth, self.people = oauth.OAuth(self.accounts, self.url), People(self.faults)
        self.gmail = Gmail(self.accounts, self.faults, pubsub.TOPIC)
        self.add_oauth(self.oauth)
        self.people.add_routes(self._api)
        self.gmail.add_routes(self._api)
        for path in batch.APIS:
            self.app.add_url_rule(path, f"POST {path}", lambda: batch.answer(self._part), methods=["POST"])
        Control(self.accounts, self.oauth, self.gmail, self.pushes).add_routes(self.add_control)
        self.at_once = {
            "expired": lambda _: self.oauth.grants.expire(),
            "revoked": lambda fault: self.oauth.end(fault.on),
            "sync_expired": lambda _: self.people.expire(),
            "history_expired": lambda _: self._forget_history(),
        }

    def environment(self) -> dict[str, str]:
        """Return what the functions are told of it."""
        return {
            "IKO_CONNECTORS_GOOGLE_URL": self.url,
            "IKO_CONNECTORS_GOOGLE_JWKS_URL": self.url + oauth.CERTS,
            "IKO_CONNECTORS_GMAIL_TOPIC": pubsub.TOPIC,
            "IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT": pubsub.ACCOUNT,
        }

    def listen(self, webhook_url: str, *, by_itself: bool = False) -> None:
        """Let Pub/Sub push Gmail's news there: by itself, or with `deliver`."""
        self.pushes.listener = webhook_url
        if by_itself:
            self.pushes.start()

    def deliver(self) -> int:
        """Push all news that wait, once, and return how many the listener took."""
        return self.pushes.deliver()

    def stop(self) -> None:
        """Serve and push nothing any more."""
        self.pushes.stop()
        super().stop()

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here."""
        with self.guard:
            seed(self.accounts)

    def error(self, status: int) -> Response:
        """Return an error as the vendor writes it."""
        return errors.say(status)

    def unmatched(self, status: int) -> Response:
        """Return what Google says of a path that it has not: to strangers that they are strangers."""
        if self.oauth.grants.live_grant() is None:
            return errors.unauthenticated()
        return errors.say(404 if status == 405 else status)  # noqa: PLR2004 - HTTP's own numbers

    def fault_answer(self, fault: Fault) -> Response:
        """Return 429 and 403 with their reasons."""
        if fault.kind == "limit":
            return errors.limit(fault.reason or "rateLimitExceeded", 429, fault.seconds)
        if fault.kind == "refuse" or (fault.kind == "part" and fault.reason):
            return errors.limit(fault.reason or "userRateLimitExceeded")
        if fault.kind == "no_refresh":
            return oauth.no_refresh(fault.reason)
        return self.error(fault.status)

    def log_fields(self) -> dict[str, Any]:
        """Return whose token it was and what it allows; every value of a repeated parameter; whether it was part of a batch."""
        grant = self.oauth.grants.live_grant()
        who = {"account": grant.account, "scopes": list(grant.scopes)} if grant else {}
        part = {"batch": True} if PART in request.environ else {}
        return {**who, **part, "query": {name: ",".join(values) for name, values in request.args.lists()}}

    def _forget_history(self) -> None:
        for account in self.accounts.all():
            account.mailbox.forget()

    def _api(self, method: str, path: str, view: Callable[..., Response]) -> None:
        """Add a method of an API: for who has a token, with the fields that were asked for."""

        def called(**parts: str) -> Response:
            grant = self.oauth.grants.live_grant()
            if grant is None:
                return errors.unauthenticated()
            return _chosen(view(self.accounts.known(grant.account), grant.scopes, **parts))

        self.app.add_url_rule(path, f"{method} {path}", called, methods=[method])

    def _part(self, environ: dict[str, Any]) -> Response:
        """Return the answer to one call of a batch, which has a line of its own in the log."""
        body, status, headers = run_wsgi_app(self.app, environ)
        return Response(body, status, headers)


def _chosen(said: Response) -> Response:
    """Return only the fields that were asked for."""
    mask = request.args.get("fields")
    if not mask or said.status_code != 200:  # noqa: PLR2004 - HTTP's own number
        return said
    try:
        return reply(200, field_mask.chosen(said.get_json(), mask))
    except ValueError as error:
        return errors.say(400, str(error), reason="invalidParameter", name="INVALID_ARGUMENT")
