"""HubSpot on this machine, over real HTTP: consent, tokens and CRM objects, all on one base URL.

The modules beside this one cite the pages that they are written from. Faults beside those of every simulator:

    {"kind": "expired"}             at once: every access token is over, as after half an hour
    {"kind": "revoked"}             at once: the app is uninstalled, refresh tokens and all
    {"kind": "limit", "seconds": 7} 429 with Retry-After, without it for 0; "reason": another policy of errors.LIMITS
    {"kind": "repeat"}              the next further page is the page before again
    {"kind": "change"}              after the next page that is not the last, its first record changes
    {"kind": "vanish"}              after the next page that is not the last, the first record of the one after is archived

The last three happen once where `times` does not say more; "on": "contacts" or "companies" alone.
"""

from typing import Any

from infra.loopback import Asked, Said
from infra.simulators.hubspot import control, errors, oauth
from infra.simulators.hubspot.crm_api import Crm
from infra.simulators.hubspot.oauth import Access, User
from infra.simulators.hubspot.page_faults import KINDS, PageFaults
from infra.simulators.hubspot.records import Objects
from infra.simulators.hubspot.seed import seed
from infra.simulators.simulator import Fault, Simulator

_AT_ONCE = ("expired", "revoked")
HUB, OTHER_HUB = 62515, 62516
_HEADERS = {
    "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
    "X-HubSpot-RateLimit-Max": "110",
    "X-HubSpot-RateLimit-Remaining": "109",
}


class HubSpot(Simulator):
    """Two accounts, both empty until `seed` or the control routes, which are of the first. `objects` are the first one's.

    `crm.cap` is how many results a search has at most, `objects.lag_s` how late searches see a change.
    """

    kinds = (*Simulator.kinds, *_AT_ONCE, "limit", *KINDS)
    largest = 1024 * 1024

    def __init__(self) -> None:
        users = (
            User(HUB, "nordlicht.example", 7001, "ada@nordlicht.example"),
            User(OTHER_HUB, "suedwind.example", 7002, "ben@suedwind.example"),
        )
        self.portals = {user.hub: Objects() for user in users}
        self.objects = self.portals[HUB]
        self.oauth = oauth.OAuth({user.hub: user for user in users})
        self.page_faults = PageFaults()
        self.crm = Crm(self.page_faults)
        super().__init__()

    def registrations(self) -> dict[str, str]:
        """The fields of the connectors' secret that are of this provider."""
        return {"hubspot_client_id": self.oauth.client_id, "hubspot_client_secret": self.oauth.client_secret}

    def environment(self) -> dict[str, str]:
        """What the functions are told of it."""
        return {"IKO_CONNECTORS_HUBSPOT_URL": self.url}

    def register(self, redirect_uri: str) -> None:
        """A callback of the app, as it is entered in HubSpot's settings of the app."""
        self.oauth.redirect_uris.add(redirect_uri)

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here, in the first account."""
        with self._guard:
            seed(self.objects)

    def agree(self, url: str, account: int | str = HUB) -> str:
        """Do as a person would at the consent page behind `url`: where the browser is sent. ValueError where the page shows
        an error."""
        import requests

        form = {"answer": "allow", "account": str(account)}
        answer = requests.post(url, data=form, timeout=30, allow_redirects=False)
        if answer.status_code != 303:  # noqa: PLR2004 - HTTP's own number
            raise ValueError(answer.text)
        return str(answer.headers["Location"])

    def fault(self, kind: str, **more: Any) -> None:
        """As for every simulator; some happen at once."""
        if kind in KINDS:
            self.page_faults.add(Fault(kind, **{"times": 1, **more}))
        elif kind == "expired":
            self.oauth.expire()
        elif kind == "revoked":
            self.oauth.end()
        else:
            super().fault(kind, **more)

    def heal(self) -> None:
        """End every fault."""
        self.page_faults.clear()
        super().heal()

    def pending(self) -> int:
        """Those that are met between pages too."""
        return super().pending() + self.page_faults.pending()

    def error(self, status: int) -> Said:
        """Errors as the vendor writes them."""
        return errors.limit("TEN_SECONDLY_ROLLING") if status == 429 else errors.say(status)  # noqa: PLR2004 - HTTP's own

    def failed(self, fault: Fault) -> Said:
        """429 with its policy."""
        if fault.kind == "limit":
            return errors.limit(fault.reason or "TEN_SECONDLY_ROLLING", fault.seconds)
        return self.error(fault.status)

    def control(self, asked: Asked) -> Said:
        """See infra.simulators.hubspot.control."""
        with self._guard:
            return control.answer(asked, self.objects)

    def noted(self, asked: Asked) -> dict[str, Any]:
        """What was asked of the CRM in a body."""
        return {"body": asked.json()} if asked.path.startswith("/crm/") else {}

    def answer(self, asked: Asked) -> Said:
        """HubSpot's interface."""
        with self._guard:
            if asked.path in oauth.PATHS:
                return self.oauth.answer(asked)
            token = asked.headers.get("authorization", "").removeprefix("Bearer ")
            access = self.oauth.allows(token)
            if access is None:
                return self._unknown(token)
            return self._call(asked, access)

    def _call(self, asked: Asked, access: Access) -> Said:
        said = self.crm.answer(asked, self.portals[access.user.hub], access.scopes, self.url)
        if asked.path.endswith("/search"):  # searches have limits of their own, and no headers that say so
            return said
        return Said(said.status, said.document, {**_HEADERS, **said.headers})

    def _unknown(self, token: str) -> Said:
        if self.oauth.over(token):
            text = "The OAuth token used to make this call expired 1 second(s) ago."
            return errors.say(401, text, category="EXPIRED_AUTHENTICATION")
        return errors.say(401)
