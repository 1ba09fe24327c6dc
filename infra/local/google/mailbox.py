"""The mails of one account."""

from dataclasses import dataclass


@dataclass
class Mailbox:
    """Empty so far."""

    address: str
