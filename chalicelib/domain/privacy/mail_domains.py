"""Who answers for a domain's mailboxes: the one who has the domain, or, at a provider open to all, each holder for itself."""

from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.identifiers.domains import OPEN_TO_ALL, above


def answerable(sender: EmailAddress, *, proven: bool) -> str:
    """Return for whom the mails of that sender count: its mailbox at a provider open to all, where its From is proven; else its
    domain without the names below it, of which anybody who has a domain makes as many as he likes."""
    if proven and sender.domain in OPEN_TO_ALL:
        return sender.base
    return above(sender.domain)
