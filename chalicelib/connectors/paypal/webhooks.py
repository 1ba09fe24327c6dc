"""What comes with a webhook: the headers that PayPal's verification asks for.

https://developer.paypal.com/api/rest/webhooks/rest/ (headers, retries: 25 times over three days until a 2xx answer)
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from chalicelib.core import settings
from chalicelib.core.codes import Code
from chalicelib.core.errors import BadRequest

_LONGEST = 500  # of any of these headers, by PayPal's own schema
_CERTIFICATES = "/v1/notifications/certs/"


class NotVerified(BadRequest):
    """The event does not come from PayPal, as far as PayPal or its own headers say."""

    code, title = Code.WEBHOOK_NOT_VERIFIED, "The sender of this webhook could not be verified"


@dataclass(frozen=True)
class Transmission:
    """The headers of one delivery, as the verification names them."""

    auth_algo: str
    cert_url: str
    transmission_id: str
    transmission_sig: str
    transmission_time: str

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Transmission":
        """Return the transmission that the headers, with names in lower case, describe.

        NotVerified if one is missing or too long, or if the certificate's address is not PayPal's. Asks nobody.
        """
        found = {name: headers.get(f"paypal-{name.replace('_', '-')}", "") for name in cls.__annotations__}
        if not all(0 < len(value) <= _LONGEST for value in found.values()) or not _of_paypal(found["cert_url"]):
            raise NotVerified
        return cls(**found)

    def as_fields(self) -> dict[str, str]:
        """Return the values by the names that the verification's request uses."""
        return asdict(self)


def _of_paypal(url: str) -> bool:
    """Whether the address is one of PayPal's certificates; in local mode the simulator's are such too."""
    here = settings.current()
    if here.local and url.startswith(here.paypal.url + _CERTIFICATES):
        return True
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and host.endswith(".paypal.com") and parts.path.startswith(_CERTIFICATES)
