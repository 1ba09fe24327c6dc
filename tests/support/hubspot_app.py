"""An app at the simulated HubSpot, by raw HTTP: consent as a browser gives it, tokens, calls. And tokens for our connector."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from chalicelib.connectors.hubspot import people
from chalicelib.connectors.port import Page, Source
from chalicelib.core import settings
from infra.local.cloud import Cloud
from infra.simulators.hubspot.records import Objects
from infra.simulators.hubspot.simulator import HUB, HubSpot
from tests.support.oauth_grants import brought

CALLBACK = "http://127.0.0.1:1/oauth/hubspot/callback"
CONTACTS, COMPANIES = "crm.objects.contacts.read", "crm.objects.companies.read"
ALL = ("oauth", CONTACTS, COMPANIES)
CRM = "/crm/objects/2026-03"


@dataclass
class App:
    """`call` asks the API with the token that it is given."""

    hubspot: HubSpot

    def url(self, *scopes: str, **more: str) -> str:
        told = {"client_id": self.hubspot.oauth.client_id, "redirect_uri": CALLBACK, "scope": " ".join(scopes or ALL)}
        told |= {"state": "s1", **more}
        return f"{self.hubspot.url}/oauth/authorize?{urlencode({k: v for k, v in told.items() if v})}"

    def post(self, path: str, **form: str) -> requests.Response:
        """To one of the token endpoints, as our app."""
        client = {"client_id": self.hubspot.oauth.client_id, "client_secret": self.hubspot.oauth.client_secret}
        return requests.post(f"{self.hubspot.url}/oauth/2026-03/{path}", data={**client, **form}, timeout=10)

    def exchange(self, code: str, **form: str) -> requests.Response:
        return self.post("token", grant_type="authorization_code", code=code, **{"redirect_uri": CALLBACK, **form})

    def access(self, *scopes: str) -> str:
        """An access token."""
        code = brought(self.hubspot.agree(self.url(*scopes)))["code"]
        return str(self.exchange(code).json()["access_token"])

    def call(self, token: str, path: str, method: str = "GET", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, self.hubspot.url + path, headers=headers, timeout=10, **more)


@dataclass
class Tokens:
    """A TokenSource over an app: a fresh token at first and for each that was refused."""

    app: App
    scopes: tuple[str, ...] = ALL
    kept: str = ""

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - the port's
        if not self.kept or self.kept == instead_of:
            self.kept = self.app.access(*self.scopes)
        return self.kept


def emptied(cloud: Cloud) -> Iterator[HubSpot]:
    """The cloud's own HubSpot, since the settings name it: with an empty account, healthy, without a log; so it is left, too."""
    found = cloud.connectors.hubspot
    assert settings.current().connectors.hubspot_url == found.url
    found.register(CALLBACK)
    _empty(found)
    yield found
    _empty(found)


def _empty(hubspot: HubSpot) -> None:
    hubspot.heal()
    hubspot.log.clear()
    hubspot.crm.cap = 10_000
    hubspot.objects = hubspot.portals[HUB] = Objects()


def assert_minimal(hubspot: HubSpot) -> None:
    """Nothing but contacts and companies was asked for, and of these nothing but what the tables list."""
    tables = {"contacts": set(people.CONTACT_FIELDS), "companies": set(people.COMPANY_FIELDS)}
    read = [entry for entry in hubspot.log if not entry["path"].startswith("/oauth/")]
    assert read
    for entry in read:
        of = entry["path"].removeprefix("/crm/objects/2026-03/").split("/")[0]
        asked = entry["query"]["properties"].split(",") if entry["method"] == "GET" else entry["body"]["properties"]
        assert asked, "without a choice HubSpot shows more"
        assert set(asked) <= tables[of]
    assert all(purpose for table in (people.CONTACT_FIELDS, people.COMPANY_FIELDS) for purpose in table.values())


def walk(source: Source, pages: list[Page], *, most: int = 50) -> list[Page]:
    """The pages from after the last of `pages`, or from the start, to the end of that pass."""
    position = pages[-1].position if pages else source.start()
    walked: list[Page] = []
    while not walked or not walked[-1].done:
        assert len(walked) < most, "a pass ends"
        walked.append(source.page(position))
        position = walked[-1].position
    return walked
