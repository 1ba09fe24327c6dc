"""A member's Google account in tests: consented to as in a browser, its tokens as our connections hand them out."""

import secrets
import uuid
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from chalicelib.connectors import oauth
from chalicelib.connectors.google.vendor import VENDOR
from chalicelib.connectors.port import App, Grant, Mailbox, Source, Stream, Tier
from infra.simulators.google.simulator import Google

CALLBACK = "http://127.0.0.1/oauth/google/callback"


def app(google: Google) -> App:
    """Our registration there."""
    return App(google.oauth.client_id, google.oauth.client_secret)


def tier(name: str) -> Tier:
    """The tier of that name."""
    return next(each for each in VENDOR.tiers if each.name == name)


def code(google: Google, address: str, wanted: Tier, scopes: tuple[str, ...] | None = None) -> tuple[str, str]:
    """The code that a consent brings to our callback, and the verifier for it."""
    google.register(CALLBACK)
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = oauth.challenge_of(verifier)
    url = VENDOR.consent_url(app(google), wanted, state=state, challenge=challenge, redirect_uri=CALLBACK)
    back = parse_qs(urlsplit(google.agree(url, address, scopes)).query)
    assert back["state"] == [state]
    return back["code"][0], verifier


@dataclass
class Linked:
    """One connected account. As a TokenSource it refreshes when its token was refused, and counts that."""

    google: Google
    address: str
    grant: Grant = field(repr=False)
    refreshed: int = 0

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - the port's
        """See port.TokenSource."""
        if instead_of == self.grant.access_token:
            self.grant = replace(self.grant, access_token=VENDOR.refresh(app(self.google), self.grant).access_token)
            self.refreshed += 1
        return self.grant.access_token

    def contacts(self, until: float | None = None) -> Source:
        """Its contacts."""
        return VENDOR.source(Stream.CONTACTS, self, self.grant, until)

    def mailbox(self, until: float | None = None) -> Mailbox:
        """Its mails."""
        return VENDOR.mailbox(self, self.grant, until)


def link(google: Google, name: str = "contacts", scopes: tuple[str, ...] | None = None) -> Linked:
    """A new account, connected at the tier of that name; `scopes` as in Google.agree."""
    address = f"member-{uuid.uuid4().hex[:12]}@team.example"
    google.accounts.add(address, "Mia Member")
    given, verifier = code(google, address, tier(name), scopes)
    grant = VENDOR.exchange(app(google), code=given, verifier=verifier, redirect_uri=CALLBACK)
    google.log.clear()
    return Linked(google, address, grant)
