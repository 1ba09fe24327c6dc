"""LinkedIn and X on this machine, over real HTTP, at one address: their paths do not meet. See linkedin.py and x.py for whence.

Beside the faults of every simulator:

    {"kind": "expired"}                       every access token given until now is refused, from now on
    {"kind": "refresh_refused"}               the next refresh is refused
    {"kind": "throttled", "seconds": 30}      429 with Retry-After
    {"kind": "closed"}                        403, as for a member to whom the API is not open
    {"kind": "preparing"}                     the snapshot is not made yet: it says that there is no data
    {"kind": "repeat"}                        a page of the snapshot that is not the first is the one before it, again
    {"kind": "vanish"}                        the first connection goes as a page that is not the first is asked for

of which all but `expired` take `times` and `on`. `GET /_connections` lists Ada's connections at LinkedIn; `POST` adds one or
writes it anew: {first_name, last_name, url, email, company, position, connected_on, account?}; `DELETE` ends one: {url,
account?}.
"""

import math

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.faults import Fault
from infra.simulators.people import KNOWN, people
from infra.simulators.replies import reply
from infra.simulators.simulator import Simulator, sent
from infra.simulators.social import linkedin, x

_WITHIN = frozenset({"refresh_refused", "closed", "preparing", "repeat", "vanish"})
_WORDS = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "url": "URL",
    "email": "Email Address",
    "company": "Company",
    "position": "Position",
    "connected_on": "Connected On",
}


class Social(Simulator):
    """Both networks, each with one app of ours."""

    kinds = {**Simulator.kinds, "throttled": {}, **{kind: {} for kind in _WITHIN}}
    within = _WITHIN

    def __init__(self) -> None:
        super().__init__()
        self.linkedin, self.x = linkedin.LinkedIn(self.faults), x.X(self.faults)
        self.add_oauth(self.linkedin, self.x)
        self.add_control("GET /_connections", lambda: self.linkedin.rows[linkedin.ADA])
        self.add_control("POST /_connections", lambda: self._put(**sent()))
        self.add_control("DELETE /_connections", lambda: self._drop(**sent()))
        self.at_once = {"expired": lambda _: self._expire()}

    def environment(self) -> dict[str, str]:
        """What the functions are told of them."""
        return {"IKO_CONNECTORS_LINKEDIN_URL": self.url, "IKO_CONNECTORS_X_URL": self.url}

    def seed(self) -> None:
        """Let the people of infra.simulators.people be Ada's connections at LinkedIn."""
        known = people()
        for number in KNOWN["linkedin"]:
            self.linkedin.know(known[number], f"{number % 28 + 1:02d} Feb 2025")

    def error(self, status: int) -> Response:
        """Return an error as the network writes it whose path was asked for."""
        return x.error(status) if request.path.startswith(x.PREFIXES) else linkedin.error(status)

    def unmatched(self, status: int) -> Response:
        """Return 404, whatever is wrong with the request."""
        return self.error(404 if status == 405 else status)  # noqa: PLR2004 - HTTP's own numbers

    def fault_answer(self, fault: Fault) -> Response:
        """Return an error; 429 says when to come again, in the way of each network."""
        if fault.kind != "throttled":
            return self.error(fault.status)
        said, wait = self.error(429), math.ceil(fault.seconds)
        said.headers.extend({"Retry-After": str(wait), "x-rate-limit-reset": str(clock.epoch() + wait)})
        return said

    def _expire(self) -> None:
        self.linkedin.grants.expire()
        self.x.grants.expire()

    def _put(self, account: str = linkedin.ADA, **told: str) -> Response:
        return reply(201, self.linkedin.put(account, {_WORDS[name]: str(value) for name, value in told.items()}))

    def _drop(self, url: str, account: str = linkedin.ADA) -> dict[str, int]:
        return {"ended": self.linkedin.drop(account, url)}
