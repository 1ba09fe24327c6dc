"""A member's Salesforce: consent given on the page, tokens as a worker has them, passes to their end."""

import os
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import requests

from chalicelib.connectors import oauth
from chalicelib.connectors.port import App, Grant, Page, Position, Source, Stream
from chalicelib.connectors.salesforce.vendor import VENDOR
from infra.simulators.salesforce.simulator import Salesforce

VERIFIER = "v" * 43


def callback() -> str:
    """Where the members' app may be sent back to."""
    return f"{os.environ['IKO_PUBLIC_URL']}/oauth/salesforce/callback"


def app_of(salesforce: Salesforce) -> App:
    """Our registration there."""
    known = salesforce.registrations()
    return App(known["salesforce_client_id"], known["salesforce_client_secret"])


def consented(salesforce: Salesforce, **form: str) -> dict[str, str]:
    """What comes back to us after the form was sent."""
    url = VENDOR.consent_url(
        app_of(salesforce),
        VENDOR.tiers[0],
        state="s-1",
        challenge=oauth.challenge_of(VERIFIER),
        redirect_uri=callback(),
    )
    answer = requests.post(url, data={"answer": "allow", **form}, allow_redirects=False, timeout=10)
    assert answer.headers["Location"].startswith(f"{callback()}?"), answer.text
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@dataclass
class Connected:
    """A connection, and its TokenSource."""

    salesforce: Salesforce
    grant: Grant
    refreshes: list[Grant] = field(default_factory=list)

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - as the port has it
        if instead_of:
            fresh = VENDOR.refresh(app_of(self.salesforce), self.grant)
            self.refreshes.append(fresh)
            self.grant = replace(fresh, refresh_token=fresh.refresh_token or self.grant.refresh_token)
        return self.grant.access_token

    def source(self, stream: Stream = Stream.CONTACTS, until: float | None = None) -> Source:
        return VENDOR.source(stream, self, Grant("", base_url=self.grant.base_url), until)


def connect(salesforce: Salesforce, **form: str) -> Connected:
    """Consent to the grant."""
    code = consented(salesforce, **form)["code"]
    grant = VENDOR.exchange(app_of(salesforce), code=code, verifier=VERIFIER, redirect_uri=callback())
    return Connected(salesforce, grant)


def walk(source: Source, position: Position | None = None) -> tuple[list[Page], Position]:
    """Every page of a pass, and where the next pass begins."""
    at, pages = position or source.start(), list[Page]()
    while not pages or not pages[-1].done:
        pages.append(source.page(at))
        at = pages[-1].position
        assert len(pages) < 200
    return pages, at
