"""The people who have an account at the simulated Google."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from infra.simulators.google.contacts import Contacts
from infra.simulators.google.mailbox import Mailbox


@dataclass
class Account:
    """One of them, with contacts and mails."""

    address: str
    name: str
    contacts: Contacts
    mailbox: Mailbox

    @property
    def sub(self) -> str:
        """Google's id of the account, which never changes."""
        return str(10**20 + int(hashlib.sha256(self.address.encode()).hexdigest()[:16], 16))


class Accounts:
    """In the order in which they were added."""

    def __init__(self, tell: Callable[[str, int], None]) -> None:
        self._tell = tell  # of every change in a mailbox that is watched
        self._all: dict[str, Account] = {}

    def add(self, address: str, name: str) -> Account:
        """A new one, or the one that there is."""
        if address not in self._all:
            made = Account(address, name, Contacts(address), Mailbox(address))
            made.mailbox.tell = self._tell
            self._all[address] = made
        return self._all[address]

    def get(self, address: str) -> Account | None:
        return self._all.get(address)

    def known(self, address: str) -> Account:
        """KeyError where there is none."""
        return self._all[address]

    def all(self) -> list[Account]:
        return list(self._all.values())
