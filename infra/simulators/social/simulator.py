"""LinkedIn and X on this machine, over real HTTP, at one address: their paths do not meet. See linkedin.py and x.py for whence.

Beside the faults of every simulator:

    {"kind": "expired"}                       every access token given until now is refused, from now on
    {"kind": "refresh_refused"}               the next refresh is refused
    {"kind": "throttled", "seconds": 30}      429 with Retry-After
    {"kind": "closed"}                        403, as for a member to whom the API is not open
    {"kind": "repeat"}                        a page of the snapshot that is not the first is the one before it, again
    {"kind": "vanish"}                        the first connection goes as a page that is not the first is asked for

of which all but `expired` take `times` and `on`. `GET /_connections` lists Ada's connections at LinkedIn; `POST` adds one or
writes it anew: {first_name, last_name, url, email, company, position, connected_on, account?}; `DELETE` ends one: {url,
account?}.
"""

import json
import math
from typing import Any

from chalicelib.core import clock
from infra.loopback import Asked, Said
from infra.simulators.people import KNOWN, people
from infra.simulators.simulator import Fault, Simulator
from infra.simulators.social import linkedin, x

_ODD = ("refresh_refused", "closed", "repeat", "vanish")
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

    kinds = (*Simulator.kinds, "expired", "throttled", *_ODD)

    def __init__(self) -> None:
        self.linkedin, self.x = linkedin.LinkedIn(), x.X()
        self._odd: list[Fault] = []
        super().__init__()

    def registrations(self) -> dict[str, str]:
        """The fields of the connectors' secret that are of these providers."""
        return {
            "linkedin_client_id": self.linkedin.client_id,
            "linkedin_client_secret": self.linkedin.client_secret,
            "x_client_id": self.x.client_id,
            "x_client_secret": self.x.client_secret,
        }

    def environment(self) -> dict[str, str]:
        """What the functions are told of them."""
        return {"IKO_CONNECTORS_LINKEDIN_URL": self.url, "IKO_CONNECTORS_X_URL": self.url}

    def seed(self) -> None:
        """Let the people of infra.simulators.people be Ada's connections at LinkedIn."""
        known = people()
        for number in KNOWN["linkedin"]:
            self.linkedin.know(known[number], f"{number % 28 + 1:02d} Feb 2025")

    def fault(self, kind: str, **more: Any) -> None:
        """As for every simulator; `expired` happens at once."""
        if kind == "expired":
            self.linkedin.grants.expire()
            self.x.grants.expire()
        elif kind in _ODD:
            with self._guard:
                self._odd.append(Fault(kind, **more))
        else:
            super().fault(kind, **more)

    def heal(self) -> None:
        """End every fault."""
        super().heal()
        with self._guard:
            self._odd.clear()

    def pending(self) -> int:
        """Those that are met between pages too."""
        return super().pending() + len(self._odd)

    def error(self, status: int) -> Said:
        """As LinkedIn writes it; X's where the fault is for its paths."""
        return linkedin.error(status)

    def failed(self, fault: Fault) -> Said:
        """Errors of the network whose path the fault is for; 429 says when to come again, each in its way."""
        status = 429 if fault.kind == "throttled" else fault.status
        said = x.error(status) if fault.on.startswith(x.PREFIXES) else self.error(status)
        if fault.kind != "throttled":
            return said
        wait = math.ceil(fault.seconds)
        return Said(429, said.document, {"Retry-After": str(wait), "x-rate-limit-reset": str(clock.epoch() + wait)})

    def answer(self, asked: Asked) -> Said:
        """Whichever network has the path."""
        with self._guard:
            if asked.path.startswith(x.PREFIXES):
                return self.x.answer(asked, self._oddity(asked))
            return self.linkedin.answer(asked, self._oddity(asked))

    def control(self, asked: Asked) -> Said:
        """See above."""
        if asked.path != "/_connections":
            return super().control(asked)
        with self._guard:
            if asked.method == "GET":
                return Said(200, self.linkedin.rows[linkedin.ADA])
            sent = json.loads(asked.body)
            account = sent.pop("account", linkedin.ADA)
            if asked.method == "DELETE":
                return Said(200, {"ended": self.linkedin.drop(account, sent["url"])})
            return Said(201, self.linkedin.put(account, {_WORDS[name]: str(value) for name, value in sent.items()}))

    def _oddity(self, asked: Asked) -> str:
        """What goes wrong with this request: the first fault that it meets. A later page is one that is not the first."""
        later = asked.query.get("start", "0") != "0"
        refreshing = asked.method == "POST" and asked.form().get("grant_type") == "refresh_token"
        meets = {"refresh_refused": refreshing, "closed": asked.path.startswith("/rest/")}
        for fault in self._odd:
            if asked.path.startswith(fault.on) and meets.get(fault.kind, later):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._odd.remove(fault)
                return fault.kind
        return ""
