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


class Address(Model):
    text: str
    exact: str
    verified: bool = False


class PersonPayload(Model):
    addresses: list[Address]
    text: str = ""
    message_id: str = ""
    salt: str = ""


class KnownMark(Model):
    kind: str
    exact: str


class Traces(Model):
    """What erased records of one tenant were known by: followed and cut again in every pass."""

    names: list[tuple[str, str]] = []
    marks: list[KnownMark] = []
    # By sort key, when the record was made; written down before the record goes: a kill in between counts it once.
    erased: dict[str, str] = {}
    mentioned_by: list[str] = []  # owner codes of the members whose notes are cut, written down before the cut


class ErasurePayload(Model):
    """`traces` by tenant; `notes` counts the records whose notes were cut; `invitations` are the ids of those withdrawn,
    written down before they go, so that a kill in between counts each once."""

    traces: dict[str, Traces] = {}
    notes: int = 0
    invitations: list[str] = []

    @property
    def touched(self) -> set[tuple[str, str]]:
        """Tenant and owner code of every member who had something of the person, over all passes so far."""
        return {
            (tenant, owner)
            for tenant, traces in self.traces.items()
            for owner in (*traces.mentioned_by, *(sk.split("#")[1] for sk in traces.erased))
        }

    @property
    def counts(self) -> dict[str, int]:
        """Records per kind over all passes so far."""
        contacts = sum(len(traces.erased) for traces in self.traces.values())
        return {"contact": contacts, "note": self.notes, "invitation": len(self.invitations)}
