"""A person at a network's consent page, and tokens as a worker holds them."""

from urllib.parse import parse_qsl, urlsplit

import requests

from chalicelib.connectors.oauth import challenge_of
from chalicelib.connectors.port import App, Grant, Vendor

BACK = "http://127.0.0.1:1/oauth/somewhere/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-0"


def consented(vendor: Vendor, app: App, **form: str) -> dict[str, str]:
    """What the browser brings back after the form was sent: the fields of the query."""
    url = vendor.consent_url(app, vendor.tiers[0], state="st", challenge=challenge_of(VERIFIER), redirect_uri=BACK)
    sent = requests.post(url, data={"answer": "allow", **form}, allow_redirects=False, timeout=10)
    assert sent.status_code == 303, sent.text
    return dict(parse_qsl(urlsplit(sent.headers["Location"]).query))


def granted(vendor: Vendor, app: App, **form: str) -> Grant:
    """The grant of a consent."""
    code = consented(vendor, app, **form)["code"]
    return vendor.exchange(app, code=code, verifier=VERIFIER, redirect_uri=BACK)


class Tokens:
    """A TokenSource that refreshes as the vendor does, in one process and without a store."""

    def __init__(self, vendor: Vendor, app: App, grant: Grant) -> None:
        self.vendor, self.app, self.grant = vendor, app, grant

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - the port's
        """GrantEnded as the vendor says."""
        if instead_of and instead_of == self.grant.access_token:
            self.grant = self.vendor.refresh(self.app, self.grant)
        return self.grant.access_token
