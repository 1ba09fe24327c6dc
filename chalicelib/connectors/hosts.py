"""Every host that this backend ever calls, by HTTPS, and what for (P5). There is no other outbound traffic.

Consent and payment pages are opened by the member's browser; they are listed too, and marked. What the settings put in a
provider's place (its URL there) is the operator's own choice and is called in its stead.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from chalicelib.core import settings


@dataclass(frozen=True)
class Host:
    """`pattern` is a host's name; a star stands for any text. `browser`: it is the member's browser that goes there."""

    pattern: str
    purpose: str
    browser: bool = False


_PROVIDERS = (
    Host("api-m.paypal.com", "PayPal: the workspace's subscription"),
    Host("www.paypal.com", "PayPal: the page where a subscription is approved", browser=True),
    Host("api-m.sandbox.paypal.com", "PayPal's sandbox, where the operator tries it out"),
    Host("www.sandbox.paypal.com", "PayPal's sandbox: its page", browser=True),
    Host("*.my.salesforce.com", "Salesforce: orgs that members connected, and the operator's own, for invoices"),
    Host("*.salesforce.com", "Salesforce: orgs under an older name of their instance"),
    Host("*.force.com", "Salesforce: orgs under a name of their own"),
    Host("login.salesforce.com", "Salesforce: consent and tokens of orgs that members connect"),
    Host("test.salesforce.com", "Salesforce: consent and tokens of sandboxes that members connect"),
    Host("accounts.google.com", "Google: the consent page", browser=True),
    Host("oauth2.googleapis.com", "Google: tokens of accounts that members connect, and their revocation"),
    Host("people.googleapis.com", "Google: contacts of accounts that members connected"),
    Host("gmail.googleapis.com", "Google: mailboxes that members connected"),
    Host("www.googleapis.com", "Google: the keys that its sign-ins and notifications are verified with"),
    Host("app.hubspot.com", "HubSpot: the consent page", browser=True),
    Host("api.hubapi.com", "HubSpot: tokens, contacts and companies of accounts that members connected"),
    Host("www.linkedin.com", "LinkedIn: consent and tokens of accounts that members connect"),
    Host("api.linkedin.com", "LinkedIn: connections of accounts that members connected"),
    Host("x.com", "X: the consent page", browser=True),
    Host("api.x.com", "X: tokens of accounts that members connect, and which account it is"),
)


def listed() -> tuple[Host, ...]:
    """Return all hosts that this installation calls."""
    here = settings.current()
    cloud = Host(
        f"*.{here.region}.amazonaws.com", "hosting: tables, keys, queues, objects, functions, secrets, and our own mail"
    )
    return (cloud, *_identity(here.oidc), *_PROVIDERS)


def _identity(oidc: settings.Oidc) -> tuple[Host, ...]:
    """The operator's identity provider, each of its hosts once."""
    called = {
        urlsplit(oidc.officer_token_url).hostname
        or "": "the operator's identity provider: tokens of the privacy officer",
        urlsplit(oidc.jwks_url).hostname or "": "the operator's identity provider: its public keys",
    }
    page = urlsplit(oidc.officer_authorize_url).hostname or ""
    purpose = "the operator's identity provider: where the privacy officer signs in"
    return (
        *(Host(name, purpose) for name, purpose in called.items()),
        *([Host(page, purpose, browser=True)] if page not in called else []),
    )


def purposes(host: str) -> list[str]:
    """Return the purposes that we, or a browser that we send there, call a host for. Empty if it is not listed."""
    return [each.purpose for each in listed() if fnmatchcase(host.lower(), each.pattern)]
