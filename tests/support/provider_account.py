"""A member's account at a simulated provider, as tests use each in the same way: who is there, what changes, what goes wrong."""

from dataclasses import dataclass, field
from typing import Any

from infra.local.cloud import Cloud
from infra.simulators.simulator import Simulator
from tests.conftest import Member
from tests.support.consent_flow import connect

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

    def page_of(self, records: int) -> None:
        """Let a page have so many records."""
        raise NotImplementedError

    def put(self, number: int, title: str = "Buyer") -> None:
        """Add a person, or change it, at the source."""
        raise NotImplementedError

    def drop(self, number: int) -> None:
        """Delete a person there."""
        raise NotImplementedError

    def hide(self, *numbers: int) -> None:
        """Show people no more, as a mistake does there that can be undone."""
        raise NotImplementedError

    def bring_back(self, *numbers: int) -> None:
        """Undo `hide`."""
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
