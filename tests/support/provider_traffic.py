"""Everything that reached a simulated provider, to the letter; and a whole life of a member's connections to all of them."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from flask import Request

from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.simulator import Simulator
from infra.simulators.social.linkedin import ADA
from infra.simulators.social.x import PREFIXES as OF_X
from tests.conftest import Member
from tests.support.consent_flow import connect
from tests.support.paired_crms import Crms

PROVIDERS = ("google", "salesforce", "hubspot", "linkedin", "x")
CONSENT = (
    "/o/oauth2/v2/auth",
    "/services/oauth2/authorize",
    "/oauth/authorize",
    "/oauth/v2/authorization",
    "/i/oauth2/authorize",
)
_SECRET = ("code", "code_verifier", "client_secret", "refresh_token", "token")


@dataclass(frozen=True)
class Sent:
    """One request, and to whom."""

    provider: str
    asked: Request

    @property
    def by_browser(self) -> bool:
        """Whether it is the form of a consent page: what the person told the provider itself."""
        return self.asked.method == "POST" and self.asked.path in CONSENT

    @property
    def text(self) -> str:
        """Address, headers and body, as they are and with every escape undone."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.asked.headers.items())
        basic = "".join(self._basic())
        plain = f"{self.asked.full_path}\n{headers}\n{basic}\n{self.asked.get_data(as_text=True)}"
        return f"{plain}\n{unquote_plus(plain)}".lower()

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Each secret in it, with the name of its kind."""
        authorization = self.asked.headers.get("Authorization", "")
        if authorization.startswith("Bearer "):
            yield "access_token", authorization.removeprefix("Bearer ")
        for text in self._basic():
            yield "client_secret", text.partition(":")[2]
        form = self.asked.form
        yield from ((name, form[name]) for name in _SECRET if form.get(name))
        state = self.asked.args.get("state", "")
        if state:
            yield "state", state

    def _basic(self) -> Iterator[str]:
        scheme, _, sent = self.asked.headers.get("Authorization", "").partition(" ")
        with suppress(ValueError):
            if scheme == "Basic":
                yield base64.b64decode(sent).decode()


@dataclass
class Wire:
    """What was sent since it was laid."""

    sent: list[Sent] = field(default_factory=list)

    def of(self, provider: str) -> list[Sent]:
        return [each for each in self.sent if each.provider == provider]

    def secrets(self, provider: str) -> dict[str, set[str]]:
        """All that were sent to the provider, by kind."""
        found: dict[str, set[str]] = {}
        for each in self.of(provider):
            for kind, secret in each.secrets():
                found.setdefault(kind, set()).add(secret)
        return found


@contextmanager
def laid(cloud: Cloud) -> Iterator[Wire]:
    """Requests are kept from here on, those that met a fault too."""
    wire, there = Wire(), simulators(cloud)

    def keeper(name: str) -> Callable[[Request, object], None]:
        def keep(asked: Request, _answer: object) -> None:
            network = "x" if asked.path.startswith(OF_X) else "linkedin"
            wire.sent.append(Sent(network if name == "social" else name, asked))

        return keep

    for name, simulator in there.items():
        simulator.log.listeners.append(keeper(name))
    try:
        yield wire
    finally:
        for simulator in there.values():
            simulator.log.listeners.pop()


def simulators(cloud: Cloud) -> dict[str, Simulator]:
    """By name; `social` is LinkedIn and X."""
    made = cloud.connectors
    return {"google": made.google, "salesforce": made.salesforce, "hubspot": made.hubspot, "social": made.social}


@dataclass
class Life:
    """A member with an account everywhere. In each a person that is nowhere else, and one that is everywhere; `mark` makes the
    words that tell them apart: `provider`, then what it stands in."""

    cloud: Cloud
    member: Member
    crms: Crms
    mark: Any

    @property
    def box(self) -> str:
        """The address of the Google account."""
        return f"{self.mark('box')}@team.example"

    def fill(self) -> None:
        mark = self.mark
        works = self.crms.company(name=mark("crmcompany"), domain=f"{mark('crmdomain')}.example")
        for first, word in (("Only", "crm"), ("Ann", "ann")):
            told = {"last": mark(f"{word}last"), "email": f"{mark(f'{word}mail')}@people.example"}
            self.crms.person(works, first=first, title=mark(f"{word}title"), **told)
        account = self.cloud.connectors.google.accounts.add(self.box, mark("boxname"))
        for first, word in (("Only", "google"), ("Ann", "ann")):
            emails = [f"{mark(f'{word}mail')}@people.example"]
            account.contacts.add(
                described(first_name=first, last_name=mark(f"{word}last"), emails=emails, note=mark("note"))
            )
        words: dict[str, Any] = {
            "subject": f"About {mark('subject')}",
            "text": f"Dear {mark('body')}",
            "html": f"<p>{mark('body')}</p>",
        }
        account.mailbox.add(sender=f"{mark('annmail')}@people.example", to=[self.box], **words)
        account.mailbox.add(to=[f"{mark('annmail')}@people.example"], **words)
        self.cloud.connectors.social.linkedin.rows[ADA] = [
            {
                "First Name": first,
                "Last Name": mark(f"{word}last"),
                "Company": mark("employer"),
                "Position": mark("position"),
            }
            | {
                "URL": f"https://www.linkedin.com/in/{mark(word)}",
                "Email Address": f"{mark(f'{word}mail')}@people.example",
            }
            for first, word in (("Only", "linkedin"), ("Ann", "ann"))
        ]

    def connect(self) -> None:
        """Everywhere, and all is read."""
        connect(self.cloud, self.member, "google", account=self.box, tier="headers")
        for provider in PROVIDERS[1:]:
            connect(self.cloud, self.member, provider)
        self.cloud.drain()

    def change(self) -> None:
        """Somebody new everywhere but at X."""
        mark = self.mark
        self.crms.person(None, first="New", last=mark("crmnew"), email=f"{mark('crmnewmail')}@people.example")
        contacts = self.cloud.connectors.google.accounts.known(self.box).contacts
        contacts.add(
            described(first_name="New", last_name=mark("googlenew"), emails=[f"{mark('googlenewmail')}@people.example"])
        )
        row = {
            "First Name": "New",
            "Last Name": mark("linkedinnew"),
            "URL": f"https://www.linkedin.com/in/{mark('linkedinnew')}",
        }
        self.cloud.connectors.social.linkedin.put(ADA, row)

    def empty(self) -> None:
        """Leave nothing at LinkedIn to other tests; the CRMs are emptied by their fixture."""
        self.cloud.connectors.social.linkedin.rows[ADA] = []
