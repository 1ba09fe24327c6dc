"""An app at the simulated Google, by raw HTTP: consent as a browser gives it, codes, tokens, calls."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from infra.simulators.google.simulator import Google
from tests.support.oauth_grants import brought

CALLBACK = "http://127.0.0.1:1/oauth/google/callback"
AUTH = "https://www.googleapis.com/auth/"
CONTACTS, METADATA, READONLY, SEND = (
    AUTH + name for name in ("contacts.readonly", "gmail.metadata", "gmail.readonly", "gmail.send")
)


@dataclass
class App:
    """`call` asks the APIs with the token that it is given."""

    google: Google

    def url(self, *scopes: str, **more: str) -> str:
        told = {"client_id": self.google.oauth.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        told |= {"scope": " ".join(scopes), "access_type": "offline", "state": "s1", **more}
        return f"{self.google.url}/o/oauth2/v2/auth?{urlencode({k: v for k, v in told.items() if v})}"

    def code(self, account: str, *scopes: str, **more: str) -> str:
        """What the browser brings back to the callback after a yes."""
        return brought(self.google.agree(self.url(*scopes, **more), account))["code"]

    def token(self, **form: str) -> requests.Response:
        sent = {"client_id": self.google.oauth.client_id, "client_secret": self.google.oauth.client_secret, **form}
        return requests.post(f"{self.google.url}/token", data=sent, timeout=10)

    def exchange(self, code: str, **form: str) -> requests.Response:
        return self.token(grant_type="authorization_code", code=code, **{"redirect_uri": CALLBACK, **form})

    def refresh(self, token: str) -> requests.Response:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def access(self, account: str, *scopes: str) -> str:
        """An access token."""
        return str(self.exchange(self.code(account, *scopes)).json()["access_token"])

    def call(self, token: str, path: str, method: str = "GET", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return requests.request(method, self.google.url + path, headers=headers, timeout=10, **more)
