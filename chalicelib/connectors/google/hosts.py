"""Where Google is: its own hosts, or one base URL that speaks its interface for all of them.

https://developers.google.com/identity/protocols/oauth2/web-server (consent, token, revoke), …/people/api/rest and
…/workspace/gmail/api/reference/rest (API hosts), …/workspace/gmail/api/guides/batch (batch paths: "the batchPath specified in the
API discovery document. The default path is /batch/api_name/api_version"; Google takes both, another server may take one).
"""

from dataclasses import dataclass

from chalicelib.connectors import oauth
from chalicelib.core import settings

PROVIDER = "google"
_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_GOOGLES_KEYS = "https://www.googleapis.com/oauth2/v3/certs"


@dataclass(frozen=True)
class Hosts:
    """Full addresses; those of APIs end with a slash, as googleapiclient's api_endpoint does."""

    consent: str
    token: str
    revoke: str
    people: str
    gmail: str
    issuers: tuple[str, ...]  # of identity tokens
    gmail_batch: tuple[str, ...]  # each the same, should the one before not be there


def present() -> Hosts:
    """Return the hosts as the settings have them. PlainHttp for a base URL without TLS outside local mode."""
    connectors = settings.current().connectors
    base = connectors.google_url.rstrip("/")
    if base:
        consent = token = people = gmail = oauth.secure(base)
    else:
        consent, token = "https://accounts.google.com", "https://oauth2.googleapis.com"
        people, gmail = "https://people.googleapis.com", "https://gmail.googleapis.com"
    return Hosts(
        consent=f"{consent}/o/oauth2/v2/auth",
        token=f"{token}/token",
        revoke=f"{token}/revoke",
        people=f"{people}/",
        gmail=f"{gmail}/",
        issuers=(*_ISSUERS, base) if base else _ISSUERS,
        gmail_batch=(f"{gmail}/batch/gmail/v1", f"{gmail}/batch"),
    )


def keys() -> str:
    """Return the URL of the JWK set that Google signs its identity tokens with. PlainHttp as above.

    https://accounts.google.com/.well-known/openid-configuration, jwks_uri.
    """
    return oauth.secure(settings.current().connectors.google_jwks_url or _GOOGLES_KEYS)
