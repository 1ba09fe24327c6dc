"""Google on this machine, over real HTTP: OAuth, People, Gmail, batches and pushes, all on one base URL.

The modules beside this one cite the pages that they are written from. Faults beside those of every simulator:

    {"kind": "expired"}                        at once: every access token is over, as after an hour
    {"kind": "revoked", "on": "a@b.example"}   at once: the account (or every one) takes back what it gave
    {"kind": "sync_expired"}                   at once: every sync token is over
    {"kind": "history_expired"}                at once: every history id is too old
    {"kind": "limit", "seconds": 7}            429 with Retry-After; "reason": another of errors.LIMITS
    {"kind": "refuse", "reason": "domainPolicy"}   403 with that reason (see errors.LIMITS)
    {"kind": "repeat"}                         the next further page is the page before again
    {"kind": "change"}                         before the next further page, what was listed first changes
    {"kind": "vanish"}                         before the next further page, what would be listed last is deleted
    {"kind": "part", "status": 429, "on": "/gmail/v1/users/me/messages/"}   so many parts (`times`) of a batch fail

The last four happen once where `times` does not say more; "on" is the beginning of the path. Of the others those with an "on"
that is not the batch's own path meet single parts of a batch too.
"""

from dataclasses import replace
from typing import Any

from infra.loopback import Asked, Said
from infra.simulators.google import batch, errors, field_mask, oauth, pubsub
from infra.simulators.google.accounts import Accounts
from infra.simulators.google.control import Control
from infra.simulators.google.gmail_api import Gmail
from infra.simulators.google.grants import Access
from infra.simulators.google.page_faults import KINDS, PageFaults
from infra.simulators.google.people_api import People
from infra.simulators.google.seed import seed
from infra.simulators.simulator import Fault, Simulator

_AT_ONCE = ("expired", "revoked", "sync_expired", "history_expired")


class Google(Simulator):
    """Knows nobody until `seed` or the control routes. `oauth.redirect_uris` takes the callbacks of the app."""

    kinds = (*Simulator.kinds, *_AT_ONCE, "limit", "refuse", *KINDS)
    largest = 40 * 1024 * 1024

    def __init__(self) -> None:
        self.pushes, self.page_faults = pubsub.Pushes(), PageFaults()
        self.accounts = Accounts(self.pushes.tell)
        self.oauth, self.people = oauth.OAuth(self.accounts), People(self.page_faults)
        self.gmail = Gmail(self.accounts, self.page_faults, pubsub.TOPIC)
        self._controls = Control(self.accounts, self.oauth.grants, self.gmail, self.pushes)
        super().__init__()
        self.oauth.url = self.url

    def registrations(self) -> dict[str, str]:
        """The fields of the connectors' secret that are of this provider."""
        return {"google_client_id": self.oauth.client_id, "google_client_secret": self.oauth.client_secret}

    def environment(self) -> dict[str, str]:
        """What the functions are told of it."""
        return {
            "IKO_CONNECTORS_GOOGLE_URL": self.url,
            "IKO_CONNECTORS_GOOGLE_JWKS_URL": self.url + oauth.CERTS,
            "IKO_CONNECTORS_GMAIL_TOPIC": pubsub.TOPIC,
            "IKO_CONNECTORS_GMAIL_PUSH_ACCOUNT": pubsub.ACCOUNT,
        }

    def register(self, redirect_uri: str) -> None:
        """A callback of the app, as it is entered in Google's console."""
        self.oauth.redirect_uris.add(redirect_uri)

    def listen(self, webhook_url: str, *, by_itself: bool = False) -> None:
        """Where Pub/Sub pushes Gmail's news: by itself, or with `deliver`."""
        self.pushes.listener = webhook_url
        if by_itself:
            self.pushes.start()

    def deliver(self) -> int:
        """Push all news that wait, once; how many the listener took."""
        return self.pushes.deliver()

    def stop(self) -> None:
        """Serve and push nothing any more."""
        self.pushes.stop()
        super().stop()

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here."""
        with self._guard:
            seed(self.accounts)

    def agree(self, url: str, account: str, scopes: tuple[str, ...] | None = None) -> str:
        """Do as a person would at the consent page behind `url`: where the browser is sent. `scopes` None: all that are
        asked for. ValueError where the page shows an error."""
        import requests

        asked = Asked("GET", "", raw_query=url.partition("?")[2]).values("scope")
        form: dict[str, Any] = {"answer": "allow", "account": account}
        form["scope"] = list(scopes) if scopes is not None else asked[0].split()
        answer = requests.post(url, data=form, timeout=30, allow_redirects=False)
        if answer.status_code != 303:  # noqa: PLR2004 - HTTP's own number
            raise ValueError(answer.text)
        return str(answer.headers["Location"])

    def fault(self, kind: str, **more: Any) -> None:
        """As for every simulator; some happen at once."""
        if kind in KINDS:
            self.page_faults.add(Fault(kind, **{"times": 1, **more}))
        elif kind == "expired":
            self.oauth.grants.expire()
        elif kind == "revoked":
            self.oauth.grants.end(more.get("on", ""))
        elif kind == "sync_expired":
            self.people.generation += 1
        elif kind == "history_expired":
            for account in self.accounts.all():
                account.mailbox.forget()
        else:
            super().fault(kind, **more)

    def heal(self) -> None:
        """End every fault."""
        self.page_faults.clear()
        super().heal()

    def pending(self) -> int:
        """Those that are met between pages too."""
        return super().pending() + self.page_faults.pending()

    def error(self, status: int) -> Said:
        """Errors as the vendor writes them."""
        return errors.say(status)

    def failed(self, fault: Fault) -> Said:
        """429 and 403 with their reasons."""
        if fault.kind == "limit":
            return errors.limit(fault.reason or "rateLimitExceeded", 429, fault.seconds)
        if fault.kind == "refuse":
            return errors.limit(fault.reason or "userRateLimitExceeded")
        return self.error(fault.status)

    def control(self, asked: Asked) -> Said:
        """See infra.simulators.google.control."""
        if asked.path in ("/_deliver", "/_pushes"):  # the listener may ask us while it listens
            return self._controls.answer(asked)
        with self._guard:
            return self._controls.answer(asked)

    def noted(self, asked: Asked) -> dict[str, Any]:
        """Whose token it was and what it allows; every value of a repeated parameter."""
        access = self._access(asked)
        who = {"account": access.account, "scopes": list(access.scopes)} if access else {}
        return {**who, "query": {name: ",".join(asked.values(name)) for name in asked.query}}

    def answer(self, asked: Asked) -> Said:
        """Google's interface."""
        with self._guard:
            if asked.path in oauth.PATHS:
                return self.oauth.answer(asked)
            return batch.answer(asked, self._part) or self.call(asked)

    def call(self, asked: Asked) -> Said:
        """One call to an API."""
        access = self._access(asked)
        if access is None:
            return errors.unauthenticated()
        account = self.accounts.known(access.account)
        try:
            if asked.path.startswith("/v1/people"):
                return _chosen(self.people.answer(asked, account, access.scopes), asked)
            if asked.path.startswith("/gmail/v1/"):
                return _chosen(self.gmail.answer(asked, account, access.scopes), asked)
        except errors.Refused as refused:
            return refused.said
        return errors.say(404)

    def _part(self, asked: Asked) -> Said:
        """One call of a batch, with a line of its own in the log."""
        part_fault = self.page_faults.take("part", asked.path)
        fault = part_fault or self._next(asked.path, own=True)
        if part_fault is not None:
            said = errors.limit(part_fault.reason) if part_fault.reason else errors.say(part_fault.status)
        else:
            said = self.failed(fault) if fault is not None else self.call(asked)
        self.log.append({"method": asked.method, "path": asked.path, "form": {}, "status": said.status, "batch": True})
        self.log[-1] |= self.noted(asked)
        return said

    def _access(self, asked: Asked) -> Access | None:
        return self.oauth.grants.allows(asked.headers.get("authorization", "").removeprefix("Bearer "))


def _chosen(said: Said, asked: Asked) -> Said:
    """Only the fields that were asked for."""
    mask = asked.query.get("fields")
    if not mask or said.status != 200:  # noqa: PLR2004 - HTTP's own number
        return said
    try:
        return replace(said, document=field_mask.chosen(said.document, mask))
    except ValueError as error:
        return errors.say(400, str(error), reason="invalidParameter", name="INVALID_ARGUMENT")
