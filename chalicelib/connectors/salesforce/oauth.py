"""Access tokens of Salesforce.

Client credentials flow: help.salesforce.com, "OAuth 2.0 Client Credentials Flow for Server-to-Server Integration"
(https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm): a POST to
/services/oauth2/token of the org's own My Domain, which answers a token without a date of expiry: it holds until it is refused.
"""

import threading
from collections.abc import Callable, Mapping

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import ProviderDown, ProviderRefused

PROVIDER = "salesforce"
Credential = Callable[[bool], Mapping[str, str]]


class Unreadable(ProviderDown):
    """Salesforce answered something that its documentation does not have; trying again later is all that can be done."""

    def __init__(self) -> None:
        super().__init__(PROVIDER)


class ClientCredentials:
    """The tokens of our own app in one org, each kept until it is refused. Thread-safe; one asks, the others wait.

    `credential(fresh)` gives client_id and client_secret; `fresh` is asked for once where Salesforce refused them, since they
    may have been rotated.
    """

    def __init__(self, url: str, credential: Credential) -> None:
        self._url, self._credential = f"{oauth.secure(url)}/services/oauth2/token", credential
        self._lock, self._kept = threading.Lock(), ""

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:
        """Return an access token, never `instead_of`. ProviderDown; ProviderRefused if the credential itself is refused."""
        with self._lock:
            if not self._kept or self._kept == instead_of:
                self._kept = self._ask(until)
            return self._kept

    def _ask(self, until: float | None) -> str:
        credential = self._credential(False)
        try:
            return self._post(credential, until)
        except ProviderRefused:
            fresh = self._credential(True)
            if fresh == credential:
                raise
            return self._post(fresh, until)

    def _post(self, credential: Mapping[str, str], until: float | None) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": credential["client_id"],
            "client_secret": credential["client_secret"],
        }
        answer = http.call(PROVIDER, "POST", self._url, form=form, repeatable=True, until=until)
        token = answer.body.get("access_token") if isinstance(answer.body, dict) else None
        if not isinstance(token, str) or not token:
            raise Unreadable
        return token
