"""Faults that a request alone does not show: what happens between two pages, or to one part of a batch."""

from infra.simulators.google.accounts import Account
from infra.simulators.simulator import Fault

KINDS = ("repeat", "change", "vanish", "part")


class PageFaults:
    """Those that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def pending(self) -> int:
        return len(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, kind: str, path: str) -> Fault | None:
        """The next one of the kind for the path; it is spent after its times."""
        for fault in self._waiting:
            if fault.kind == kind and path.startswith(fault.on):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None

    def between_people(self, account: Account) -> None:
        """Before a further page: the contact that was listed first changes, the one that would come last vanishes."""
        rows = account.contacts.listed("LAST_MODIFIED_ASCENDING")
        if rows and self.take("change", "/v1/people"):
            account.contacts.change(rows[0][1].name, {"nicknames": [{"value": "changed meanwhile"}]})
        if rows and self.take("vanish", "/v1/people"):
            account.contacts.delete(rows[-1][1].name)

    def between_mails(self, account: Account) -> None:
        """Before a further page: the newest mail is starred, the oldest is deleted."""
        mails = account.mailbox.all()
        if mails and self.take("change", "/gmail/v1/users/me/messages"):
            account.mailbox.relabel(mails[0].id, add=["STARRED"])
        if mails and self.take("vanish", "/gmail/v1/users/me/messages"):
            account.mailbox.delete(mails[-1].id)
