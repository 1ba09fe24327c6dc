"""How much a member and a contact write to each other: counts and times, nothing of any message."""

from collections.abc import Iterable

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.ids import SortKey
from chalicelib.core.models import Model

_CONTACT = "con"


class Flow(Model):
    """The messages in which the same of a contact's addresses stood. Times are RFC 3339. `outward` and `inward` are the fading
    sums (network.decay) of what was sent and received, as of `last_at`, each message divided by its recipients."""

    sent: int = 0
    received: int = 0
    last_at: str = ""
    outward: list[float] = Field(default_factory=list)
    inward: list[float] = Field(default_factory=list)


class Tally(Model):
    """What one mailbox showed. Times are RFC 3339. `recipients` sums those of all messages counted, so that `recipients /
    (received + sent)` tells a conversation from a circular. `flows`: the same by the addresses of the contact that stood in the
    messages, by their marks one after the other: what was counted by an address that only its owner may know is told apart."""

    received: int = 0
    sent: int = 0
    last_received_at: str | None = None
    last_sent_at: str | None = None
    recipients: int = 0
    flows: dict[str, Flow] = Field(default_factory=dict)


class ExchangePayload(Model):
    """By mailbox (the connection's local id), so that one which is disconnected takes its own share away; and over all."""

    contact: SortKey = SortKey("")  # the contact's sort key
    mailboxes: dict[str, Tally] = Field(default_factory=dict)

    @property
    def received(self) -> int:
        return sum(tally.received for tally in self.mailboxes.values())

    @property
    def sent(self) -> int:
        return sum(tally.sent for tally in self.mailboxes.values())

    @property
    def recipients(self) -> int:
        return sum(tally.recipients for tally in self.mailboxes.values())

    @property
    def last_received_at(self) -> str | None:
        return _latest(tally.last_received_at for tally in self.mailboxes.values())

    @property
    def last_sent_at(self) -> str | None:
        return _latest(tally.last_sent_at for tally in self.mailboxes.values())


def _latest(times: Iterable[str | None]) -> str | None:
    return max((at for at in times if at), default=None)  # RFC 3339 in UTC sorts as text


def exchange_sk(contact_sk: SortKey) -> SortKey:
    """Return the sort key of the exchange with the contact of the sort key."""
    contact = ids.owned_of(_CONTACT, contact_sk)
    return ids.sort_key("exchange", contact.owner, contact.local)
