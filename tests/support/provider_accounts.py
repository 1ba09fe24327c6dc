"""The accounts at the simulated providers, by name. A page has two records."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.local.cloud import Cloud
from infra.simulators.google.contacts import described
from infra.simulators.social.linkedin import ADA
from tests.conftest import Member
from tests.support.crm_accounts import HubSpot, Salesforce
from tests.support.provider_account import FIRM, PAGE, Shown, Source, email, last_name
from tests.support.provider_connection import Followed, equal


@dataclass
class Google(Source):
    provider = "google"

    def __post_init__(self) -> None:
        google = self.simulator
        self.account = self.account or f"mia.{uuid.uuid4().hex[:10]}@team.example"
        self._of = google.accounts.add(str(self.account), "Mia Member")
        self.page_of(PAGE)
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

    def page_of(self, records: int) -> None:
        self.simulator.people.page_size = self.simulator.gmail.page_size = records

    @property
    def mailbox(self) -> Any:
        return self._of.mailbox

    def put(self, number: int, title: str = "Buyer") -> None:
        told = described(
            first_name="Ana", last_name=last_name(number), emails=[email(number)], title=title, company=FIRM
        )
        with self.simulator.guard:
            if number in self.ids and self._of.contacts.get(self.ids[number]):
                self._of.contacts.change(self.ids[number], told)
            else:
                self.ids[number] = self._of.contacts.add(told).name

    def drop(self, number: int) -> None:
        with self.simulator.guard:
            self._of.contacts.delete(self.ids[number])

    def hide(self, *numbers: int) -> None:
        for number in numbers:
            self.drop(number)

    def bring_back(self, *numbers: int) -> None:
        with self.simulator.guard:
            for number in numbers:
                self._of.contacts.restore(self.ids[number])

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
class LinkedIn(Source):
    provider = "linkedin"

    def __post_init__(self) -> None:
        self.account = self.account or ADA
        self._hidden: dict[int, dict[str, str]] = {}
        self._kept = self.simulator.linkedin.rows[ADA]
        self.simulator.linkedin.rows[ADA] = []
        self.page_of(PAGE)
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

    def page_of(self, records: int) -> None:
        self.simulator.linkedin.page_size = records

    def put(self, number: int, title: str = "Buyer") -> None:
        self.ids[number] = f"https://www.linkedin.com/in/ana-person{number}"
        told = {"First Name": "Ana", "Last Name": last_name(number), "Email Address": email(number), "Company": FIRM}
        self.simulator.linkedin.put(ADA, {**told, "URL": self.ids[number], "Position": title})

    def drop(self, number: int) -> None:
        self.simulator.linkedin.drop(ADA, self.ids[number])

    def hide(self, *numbers: int) -> None:
        kept = self.simulator.linkedin.rows[ADA]
        for number in numbers:
            self._hidden[number] = next(row for row in kept if row["URL"] == self.ids[number])
            self.drop(number)

    def bring_back(self, *numbers: int) -> None:
        for number in numbers:
            self.simulator.linkedin.put(ADA, self._hidden.pop(number))

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


@contextmanager
def followed(cloud: Cloud, member: Member, provider: str, people: int = 1) -> Iterator[Followed]:
    """A connection of the member's whose first pass, of so many people, is complete; nothing of it runs later."""
    source = SOURCES[provider](cloud)
    for number in range(people):
        source.put(number)
    made = Followed(cloud, member, source, source.connect(member))
    equal(made, made.settle())
    yield made
    made.forget()
    source.close()
