"""A privacy request: what is known of it, who made it, and how far it is."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.models import Model

DUE_KIND = "request"  # by the request's id


class State(StrEnum):
    """AWAITING_CONFIRMATION -> CONFIRMED -> ERASING -> SECOND_PASS -> CLOSED; or LAPSED; or FOR_OFFICER."""

    AWAITING_CONFIRMATION = "awaiting_confirmation"
    FOR_OFFICER = "for_officer"
    CONFIRMED = "confirmed"
    ERASING = "erasing"
    SECOND_PASS = "second_pass"  # noqa: S105 - a state
    CLOSED = "closed"
    LAPSED = "lapsed"


RUNNING = (State.CONFIRMED, State.ERASING, State.SECOND_PASS)


class Link(Model):
    """A one-time link: only the hash of its secret is kept. `address` is the index of the address it was sent to."""

    secret_hash: str
    expires_at: datetime
    address: int


class RequestPayload(Model):
    """Nothing of the person: that stands in PersonPayload, under the request's own key."""

    right: str
    state: State
    language: str
    received_at: datetime
    due_at: datetime
    confirmed_at: datetime | None = None
    deleted_at: datetime | None = None
    next_pass_at: datetime | None = None
    passes: int = 0
    links: list[Link] = []
    mails: dict[str, str] = {}  # name -> claimed | sent
    certificate_id: str = ""
    kinds: str = ""  # the version of the list of kinds that the last pass searched


class Address(Model):
    text: str
    exact: str
    verified: bool = False


class PersonPayload(Model):
    addresses: list[Address]
    text: str = ""
    message_id: str = ""
    salt: str = ""


class Trace(StrEnum):
    """What an entry of an erasure's checkpoint tells. The two texts that follow it: first and last name; kind and exact form of
    a mark; sort key of a record that is erased, and when it was made; owner code of a member whose record is redacted; sort key
    of a record that was; kind and id of a record that was found by its own key."""

    NAME = "name"
    MARK = "mark"
    ERASED = "erased"
    OWNER = "owner"
    REDACTED = "redacted"
    ERASED_AT = "erased_at"


Entry = tuple[Trace, str, str]


class TracesPayload(Model):
    """A part of what an erasure found in one tenant, written down before any of it goes: a pass after a kill still follows it,
    and counts it once. Names and marks of erased records are followed, and redacted, in every pass. `found`: by pass, how many
    records it found."""

    entries: list[Entry] = []
    found: dict[str, int] = {}


class ErasurePayload(Model):
    """How far a pass is whose time ended. `of` names the pass; `after` is the tenant up to which it has come; `unhandled` are
    kinds that pointers led to, and that nothing erases or redacts."""

    of: str = ""
    after: str = ""
    unhandled: list[str] = []
