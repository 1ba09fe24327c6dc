"""HubSpot on this machine, over real HTTP: consent, tokens and CRM objects, all on one base URL.

The modules beside this one cite the pages that they are written from. Faults beside those of every simulator:

    {"kind": "expired"}             at once: every access token is over, as after half an hour
    {"kind": "revoked"}             at once: the app is uninstalled, refresh tokens and all
    {"kind": "limit", "seconds": 7} 429 with Retry-After, without it for 0; "reason": another policy of errors.LIMITS
    {"kind": "no_refresh", "reason": "BAD_REFRESH_TOKEN"}  no token, with that word of HubSpot's own alone
    {"kind": "repeat"}              the next further page is the page before again
    {"kind": "change"}              after the next page that is not the last, its first record changes
    {"kind": "vanish"}              after the next page that is not the last, the first record of the one after is archived

The last three happen once where `times` does not say more; "on": "contacts" or "companies" alone.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from infra.simulators.faults import Fault
from infra.simulators.hubspot import control, errors, oauth
from infra.simulators.hubspot.crm_api import Crm
from infra.simulators.hubspot.oauth import User
from infra.simulators.hubspot.records import Objects
from infra.simulators.hubspot.seed import seed
from infra.simulators.simulator import Simulator

_ONCE = ("repeat", "change", "vanish")
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

    kinds = {
        **Simulator.kinds,
        "limit": {},
        "no_refresh": {"on": oauth.TOKENS},
        **{kind: {"times": 1} for kind in _ONCE},
    }
    within = frozenset(_ONCE)
    usual_account = str(HUB)

    def __init__(self) -> None:
        super().__init__(largest=1024 * 1024)
        users = (
            User(HUB, "nordlicht.example", 7001, "ada@nordlicht.example"),
            User(OTHER_HUB, "suedwind.example", 7002, "ben@suedwind.example"),
        )
        self.portals = {user.hub: Objects() for user in users}
        self.objects = self.portals[HUB]
        self.oauth = oauth.OAuth({user.hub: user for user in users})
        self.crm = Crm(self.faults, self.url)
        self.add_oauth(self.oauth)
        self.crm.add_routes(self._api)
        control.add_routes(self.add_control, lambda: self.objects)
        self.at_once = {
            "expired": lambda _: self.oauth.grants.expire(),
            "revoked": lambda _: self.oauth.grants.end_all(),
        }

    def environment(self) -> dict[str, str]:
        """Return what the functions are told of it."""
        return {"IKO_CONNECTORS_HUBSPOT_URL": self.url}

    def seed(self) -> None:
        """Let the people of infra.simulators.people be known here, in the first account."""
        with self.guard:
            seed(self.objects)

    def error(self, status: int) -> Response:
        """Return an error as the vendor writes it."""
        return errors.limit("TEN_SECONDLY_ROLLING") if status == 429 else errors.say(status)  # noqa: PLR2004 - HTTP's own

    def unmatched(self, status: int) -> Response:
        """Return what HubSpot says of a path that it has not: to strangers that they are strangers."""
        if self.oauth.grants.live_grant() is None:
            return self._stranger()
        return errors.say(405, "Method Not Allowed") if status == 405 else errors.say(status)  # noqa: PLR2004 - HTTP's own

    def fault_answer(self, fault: Fault) -> Response:
        """Return 429 with its policy, or a refusal to refresh."""
        if fault.kind == "limit":
            return errors.limit(fault.reason or "TEN_SECONDLY_ROLLING", fault.seconds)
        if fault.kind == "no_refresh":
            return errors.oauth(400, "", fault.reason, "missing or invalid refresh token")
        return self.error(fault.status)

    def log_fields(self) -> dict[str, Any]:
        """Return what was asked of the CRM in a body."""
        return {"body": request.get_json(force=True, silent=True)} if request.path.startswith("/crm/") else {}

    def _api(self, method: str, path: str, view: Callable[..., Response]) -> None:
        """Add a method of the API: for who has a token."""

        def called(**parts: Any) -> Response:
            grant = self.oauth.grants.live_grant()
            if grant is None:
                return self._stranger()
            said = view(self.portals[self.oauth.user(grant).hub], grant.scopes, **parts)
            if not path.endswith("/search"):  # searches have limits of their own, and no headers that say so
                said.headers.extend(_HEADERS)
            return said

        self.app.add_url_rule(path, f"{method} {path}", called, methods=[method])

    def _stranger(self) -> Response:
        if self.oauth.grants.bearer() is None:
            return errors.say(401)
        text = "The OAuth token used to make this call expired 1 second(s) ago."
        return errors.say(401, text, category="EXPIRED_AUTHENTICATION")
