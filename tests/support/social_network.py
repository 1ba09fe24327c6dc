"""The simulated LinkedIn and X, as our connector reads them and as anybody calls them."""

from typing import Any

import requests

from chalicelib.connectors.port import App, Grant, Source, Stream
from chalicelib.connectors.social.linkedin import VENDOR as LINKEDIN
from infra.simulators.social.simulator import Social
from tests.support.oauth_grants import Tokens, granted


def source(app: App, grant: Grant | None = None) -> Source:
    """Return Ada's connections as our connector reads them."""
    held = grant or granted(LINKEDIN, app)
    return LINKEDIN.source(Stream.CONTACTS, Tokens(LINKEDIN, app, held), held, None)


def get(social: Social, path: str, token: str, **more: Any) -> requests.Response:
    """Return what the API answers to a token."""
    headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": "202312", **more.pop("headers", {})}
    return requests.get(social.url + path, headers=headers, timeout=10, **more)
