"""The simulated providers as one kind of thing to a test: who is there, what changes, what goes wrong. A page has two records."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.hubspot.records import Objects as Portal
from infra.simulators.hubspot.simulator import HUB
from infra.simulators.salesforce.records import Objects as Org
from infra.simulators.simulator import Simulator
from infra.simulators.social.linkedin import ADA
from tests.conftest import Member
from tests.support.connecting import connect

PAGE = 2  # records
FIRM = "Nord AG"
Shown = tuple[str, str, tuple[str, ...], str, str]  # first and last name, addresses, title, company
Fault = tuple[str, dict[str, Any]]  # of a simulator


@dataclass
class Source:
    """An account at a provider, empty at first. People go by numbers; `page` is how many are on one."""

    cloud: Cloud
    account: int | str = 0
    ids: dict[int, str] = field(default_factory=dict)

    provider = ""
    faults: dict[str, Fault] = field(default_factory=dict, init=False)

    @property
    def simulator(self) -> Simulator:
        raise NotImplementedError

    def put(self, number: int, title: str = "Buyer") -> None:
        """Add a person, or change it, at the source."""
        raise NotImplementedError

    def drop(self, number: int) -> None:
        """Delete a person there."""
        raise NotImplementedError

    def people(self) -> list[Shown]:
        """As the API is to show them, in order."""
        raise NotImplementedError

    def there(self) -> list[int]:
        """The numbers of those who are there, oldest first."""
        names = {person[1] for person in self.people()}
        return [number for number in self.ids if last_name(number) in names]

    def firms(self) -> int:
        """How many companies there are."""
        return 0

    def connect(self, member: Member, **asked: Any) -> str:
        """The id of a connection to the account, new or renewed."""
        return str(connect(self.cloud, member, self.provider, self.account, **asked)["id"])

    def fault(self, name: str) -> None:
        """Let something go wrong until `heal`."""
        kind, more = self.faults[name]
        self.simulator.fault(kind, **more)

    def heal(self) -> None:
        """All is well there again, but for what has ended for good."""
        self.simulator.heal()

    def close(self) -> None:
        """As it was before."""
        self.heal()
        self.simulator.log.clear()

    def asked(self) -> int:
        """Requests so far."""
        return len(self.simulator.log)


def email(number: int) -> str:
    return f"ana.{number}@source.example"


def last_name(number: int) -> str:
    return f"Person{number}"


@dataclass
class Google(Source):
    provider = "google"

    def __post_init__(self) -> None:
        google = self.simulator
        self.account = self.account or f"mia.{uuid.uuid4().hex[:10]}@team.example"
        self._of = google.accounts.add(str(self.account), "Mia Member")
        google.people.page_size = google.gmail.page_size = PAGE
        api = {"on": "/v1/people"}
        self.faults = {
            "expired": ("expired", {}),
            "revoked": ("revoked", {"on": str(self.account)}),
            "limit": ("limit", {"seconds": 120, **api}),
            "quota": ("refuse", {"reason": "dailyLimitExceeded", **api}),
            "error": ("status", {"status": 503}),
            "down": ("down", {}),
            "forbidden": ("refuse", {"reason": "domainPolicy", **api}),
            "token": ("status", {"on": "/token", "status": 500}),
            "lost": ("sync_expired", {}),
            "repeat": ("repeat", api),
            "change": ("change", api),
            "vanish": ("vanish", api),
            "slow": ("slow", {"seconds": 20, "times": 1, **api}),
        }

    @property
    def simulator(self) -> Any:
        return self.cloud.connectors.google

    @property
    def mailbox(self) -> Any:
        return self._of.mailbox

    def put(self, number: int, title: str = "Buyer") -> None:
        told = described(
            first_name="Ana", last_name=last_name(number), emails=[email(number)], title=title, company=FIRM
        )
        with self.simulator._guard:
            if number in self.ids and self._of.contacts.get(self.ids[number]):
                self._of.contacts.change(self.ids[number], told)
            else:
                self.ids[number] = self._of.contacts.add(told).name

    def drop(self, number: int) -> None:
        with self.simulator._guard:
            self._of.contacts.delete(self.ids[number])

    def people(self) -> list[Shown]:
        rows = [each.fields for _, each in self._of.contacts.listed("LAST_MODIFIED_ASCENDING")]
        return sorted(
            (
                row["names"][0]["givenName"],
                row["names"][0]["familyName"],
                tuple(each["value"] for each in row["emailAddresses"]),
                row["organizations"][0]["title"],
                row["organizations"][0]["name"],
            )
            for row in rows
        )

    def close(self) -> None:
        from infra.simulators.google import gmail_api, people_api

        super().close()
        self.simulator.people.page_size, self.simulator.gmail.page_size = people_api.MOST, gmail_api.MOST


@dataclass
class Salesforce(Source):
    provider = "salesforce"

    def __post_init__(self) -> None:
        self.account = self.account or "005000000000011AAA"
        self._kept = self.simulator.crm
        self.simulator.crm, self.simulator.page_size = Org(), PAGE
        self.firm = self.simulator.crm.add("Account", Name=FIRM, Website="nord.example")
        for number in range(PAGE):
            self.simulator.crm.add("Account", Name=f"Süd {number}")
        self.faults = {
            "expired": ("expired", {}),
            "revoked": ("revoked", {}),
            "limit": ("quota", {"status": 429, "seconds": 120}),
            "quota": ("quota", {"status": 403, "seconds": 0}),
            "error": ("status", {"status": 503}),
            "down": ("down", {}),
            "forbidden": ("refused", {"reason": "INSUFFICIENT_ACCESS"}),
            "token": ("status", {"on": "/services/oauth2/token", "status": 500}),
            "repeat": ("repeat", {}),
            "change": ("change", {"on": "Contact"}),
            "vanish": ("vanish", {"on": "Contact"}),
            "slow": ("slow", {"seconds": 20, "times": 1, "on": "/services/data"}),
        }

    @property
    def simulator(self) -> Any:
        return self.cloud.salesforce

    def put(self, number: int, title: str = "Buyer") -> None:
        told = {"FirstName": "Ana", "LastName": last_name(number), "Email": email(number), "Title": title}
        told["AccountId"] = self.firm
        there = {each["Id"] for each in self.simulator.crm.all("Contact")}
        if self.ids.get(number) in there:
            self.simulator.crm.change("Contact", self.ids[number], **told)
        else:
            self.ids[number] = self.simulator.crm.add("Contact", **told)

    def drop(self, number: int) -> None:
        self.simulator.crm.delete("Contact", self.ids[number])

    def erase(self, number: int) -> None:
        """So that nothing tells of it any more."""
        self.simulator.crm.destroy("Contact", self.ids[number])

    def people(self) -> list[Shown]:
        firms = {row["Id"]: row["Name"] for row in self.simulator.crm.all("Account")}
        rows = self.simulator.crm.all("Contact")
        return sorted(
            (row["FirstName"], row["LastName"], (row["Email"],), row["Title"], firms.get(row["AccountId"], ""))
            for row in rows
        )

    def firms(self) -> int:
        return len(self.simulator.crm.all("Account"))

    def close(self) -> None:
        super().close()
        self.simulator.crm, self.simulator.page_size, self.simulator.login.rotate = self._kept, 2000, False


@dataclass
class HubSpot(Source):
    provider = "hubspot"

    def __post_init__(self) -> None:
        self.account = self.account or str(HUB)
        self._kept = self.simulator.objects
        self.objects = self.simulator.objects = self.simulator.portals[HUB] = Portal()
        self.simulator.crm.page_size = PAGE
        self.firm = self.objects.add("companies", {"name": FIRM, "domain": "nord.example"})
        for number in range(PAGE):
            self.objects.add("companies", {"name": f"Süd {number}"})
        self.faults = {
            "expired": ("expired", {}),
            "revoked": ("revoked", {}),
            "limit": ("limit", {"seconds": 120, "on": "/crm/"}),
            "quota": ("limit", {"reason": "DAILY", "seconds": 0, "on": "/crm/"}),
            "error": ("status", {"status": 503}),
            "down": ("down", {}),
            "forbidden": ("status", {"status": 403, "on": "/crm/"}),
            "token": ("status", {"on": "/oauth/2026-03/token", "status": 500}),
            "repeat": ("repeat", {"on": "contacts"}),
            "change": ("change", {"on": "contacts"}),
            "vanish": ("vanish", {"on": "contacts"}),
            "slow": ("slow", {"seconds": 20, "times": 1, "on": "/crm/"}),
        }

    @property
    def simulator(self) -> Any:
        return self.cloud.connectors.hubspot

    def put(self, number: int, title: str = "Buyer") -> None:
        told = {"firstname": "Ana", "lastname": last_name(number), "email": email(number), "jobtitle": title}
        told["associatedcompanyid"] = self.firm
        if self.ids.get(number) in {str(each.ident) for each in self.objects.listed("contacts")}:
            self.objects.change("contacts", self.ids[number], told)
        else:
            self.ids[number] = self.objects.add("contacts", told)

    def drop(self, number: int) -> None:
        self.objects.archive("contacts", self.ids[number])

    def erase(self, number: int) -> None:
        """So that nothing tells of it any more."""
        self.objects.forget("contacts", self.ids[number])

    def people(self) -> list[Shown]:
        firms = {str(each.ident): each.properties["name"] for each in self.objects.listed("companies")}
        rows = [each.properties for each in self.objects.listed("contacts")]
        return sorted(
            (
                row["firstname"],
                row["lastname"],
                (row["email"],),
                row["jobtitle"],
                firms.get(row["associatedcompanyid"], ""),
            )
            for row in rows
        )

    def firms(self) -> int:
        return len(self.objects.listed("companies"))

    def close(self) -> None:
        super().close()
        self.simulator.objects = self.simulator.portals[HUB] = self._kept
        self.simulator.crm.page_size = 200


@dataclass
class LinkedIn(Source):
    provider = "linkedin"

    def __post_init__(self) -> None:
        self.account = self.account or ADA
        self._kept = self.simulator.linkedin.rows[ADA]
        self.simulator.linkedin.rows[ADA], self.simulator.linkedin.page_size = [], PAGE
        self.faults = {
            "revoked": ("expired", {}),  # it gives no refresh tokens: that is the end of a grant
            "limit": ("throttled", {"seconds": 120, "on": "/rest/"}),
            "error": ("status", {"status": 503}),
            "down": ("down", {}),
            "forbidden": ("closed", {"on": "/rest/"}),
            "repeat": ("repeat", {"times": 1}),
            "vanish": ("vanish", {"times": 1}),
            "slow": ("slow", {"seconds": 20, "times": 1, "on": "/rest/"}),
        }

    @property
    def simulator(self) -> Any:
        return self.cloud.connectors.social

    def put(self, number: int, title: str = "Buyer") -> None:
        self.ids[number] = f"https://www.linkedin.com/in/ana-person{number}"
        told = {"First Name": "Ana", "Last Name": last_name(number), "Email Address": email(number), "Company": FIRM}
        self.simulator.linkedin.put(ADA, {**told, "URL": self.ids[number], "Position": title})

    def drop(self, number: int) -> None:
        self.simulator.linkedin.drop(ADA, self.ids[number])

    def people(self) -> list[Shown]:
        return sorted(
            (row["First Name"], row["Last Name"], (row["Email Address"],), row["Position"], row["Company"])
            for row in self.simulator.linkedin.rows[ADA]
        )

    def close(self) -> None:
        super().close()
        self.simulator.linkedin.rows[ADA], self.simulator.linkedin.page_size = self._kept, 50


SOURCES: dict[str, Callable[[Cloud], Source]] = {
    "google": Google,
    "salesforce": Salesforce,
    "hubspot": HubSpot,
    "linkedin": LinkedIn,
}
