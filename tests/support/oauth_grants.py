"""A person at a provider's consent page, and tokens as a worker holds them."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import requests

from chalicelib.connectors.oauth import challenge_of
from chalicelib.connectors.port import App, Grant, Vendor

BACK = "http://127.0.0.1:1/oauth/somewhere/callback"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-0"


def brought(location: str) -> dict[str, str]:
    """The query of the address that a browser is sent to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def pkce() -> tuple[str, dict[str, str]]:
    """A verifier, and what is said of it at the consent page."""
    verifier = secrets.token_urlsafe(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return verifier, {"code_challenge": digest, "code_challenge_method": "S256"}


def consented(vendor: Vendor, app: App, **form: str) -> dict[str, str]:
    """What the browser brings back after the form was sent: the fields of the query."""
    url = vendor.consent_url(app, vendor.tiers[0], state="st", challenge=challenge_of(VERIFIER), redirect_uri=BACK)
    sent = requests.post(url, data={"answer": "allow", **form}, allow_redirects=False, timeout=10)
    assert sent.status_code == 303, sent.text
    return brought(sent.headers["Location"])


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
