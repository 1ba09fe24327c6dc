"""The accounts at the simulated CRMs. A page has two records."""

from dataclasses import dataclass
from typing import Any

from infra.simulators.hubspot.records import Objects as Portal
from infra.simulators.hubspot.simulator import HUB
from infra.simulators.salesforce.records import Objects as Org
from tests.support.provider_account import FIRM, PAGE, Shown, Source, email, last_name


@dataclass
class Salesforce(Source):
    provider = "salesforce"

    def __post_init__(self) -> None:
        self.account = self.account or "005000000000011AAA"
        self._kept = self.simulator.crm
        self.simulator.crm = Org()
        self.page_of(PAGE)
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

    def page_of(self, records: int) -> None:
        self.simulator.page_size = records

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

    def hide(self, *numbers: int) -> None:
        self.simulator.crm.unshared.update(self.ids[number] for number in numbers)

    def bring_back(self, *numbers: int) -> None:
        self.simulator.crm.unshared.difference_update(self.ids[number] for number in numbers)

    def people(self) -> list[Shown]:
        firms = {row["Id"]: row["Name"] for row in self.simulator.crm.all("Account")}
        rows = [row for row in self.simulator.crm.all("Contact") if row["Id"] not in self.simulator.crm.unshared]
        return sorted(
            (row["FirstName"], row["LastName"], (row["Email"],), row["Title"], firms.get(row["AccountId"], ""))
            for row in rows
        )

    def firms(self) -> int:
        return len(self.simulator.crm.all("Account"))

    def close(self) -> None:
        super().close()
        self.simulator.crm, self.simulator.page_size, self.simulator.login.rotates = self._kept, 2000, False


@dataclass
class HubSpot(Source):
    provider = "hubspot"

    def __post_init__(self) -> None:
        self.account = self.account or str(HUB)
        self._kept = self.simulator.objects
        self.objects = self.simulator.objects = self.simulator.portals[HUB] = Portal()
        self.page_of(PAGE)
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

    def page_of(self, records: int) -> None:
        self.simulator.crm.page_size = records

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

    def hide(self, *numbers: int) -> None:
        for number in numbers:
            self.drop(number)

    def bring_back(self, *numbers: int) -> None:
        for number in numbers:
            self.objects.restore("contacts", self.ids[number])

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
