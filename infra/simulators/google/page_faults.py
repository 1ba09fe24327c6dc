"""Faults that happen between two pages."""

from infra.simulators.faults import Faults
from infra.simulators.google.accounts import Account


def between_people(faults: Faults, account: Account) -> None:
    """Before a further page: the contact that was listed first changes, the one that would come last vanishes."""
    rows = account.contacts.listed("LAST_MODIFIED_ASCENDING")
    if rows and faults.take(["change"], "/v1/people"):
        account.contacts.change(rows[0][1].name, {"nicknames": [{"value": "changed meanwhile"}]})
    if rows and faults.take(["vanish"], "/v1/people"):
        account.contacts.delete(rows[-1][1].name)


def between_mails(faults: Faults, account: Account) -> None:
    """Before a further page: the newest mail is starred, the oldest is deleted."""
    mails = account.mailbox.all()
    if mails and faults.take(["change"], "/gmail/v1/users/me/messages"):
        account.mailbox.relabel(mails[0].id, add=["STARRED"])
    if mails and faults.take(["vanish"], "/gmail/v1/users/me/messages"):
        account.mailbox.delete(mails[-1].id)
