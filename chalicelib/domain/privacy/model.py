"""A privacy request: what is known of it, who made it, and how far it is."""

from datetime import datetime
from enum import StrEnum

from chalicelib.core.models import Model
from chalicelib.domain.privacy.limits import Origin
from chalicelib.domain.privacy.states import (
    IllegalMove,
    Intake,
    RightKind,
    RightState,
    leads_to,
    may_move,
    next_intake,
    next_state,
)

DUE_KIND = "request"  # by the request's id
ANSWERED_ELSEWHERE = (
    "elsewhere"  # of a first mail: another request's said the same to the same address since this one came
)


class Link(Model):
    """A one-time link: only the hash of its secret is kept. `address` is the index of the address it was sent to."""

    secret_hash: str
    expires_at: datetime
    address: int


class Erasing(Model):
    """How far an erasure is. `kinds` is the version of the list of kinds that the last pass searched."""

    deleted_at: datetime | None = None
    next_pass_at: datetime | None = None
    passes: int = 0
    certificate_id: str = ""
    kinds: str = ""


class Right(Model):
    """One right that a request exercises, and how far it is. What only one kind of right needs stands beside its state."""

    kind: RightKind
    state: RightState = RightState.FOR_OFFICER
    erasing: Erasing = Erasing()

    def move(self, to: RightState) -> None:
        """Set the right's state to that one. IllegalMove."""
        self.state = next_state(self.kind, self.state, to)

    @property
    def running(self) -> bool:
        """Whether its steps are under way."""
        return self.state in (RightState.CONFIRMED, RightState.ERASING, RightState.SECOND_PASS)


class Request(Model):
    """What a person asks for. Nothing of the person: that stands in PersonPayload, under the request's own key. `language` is
    the one that we answer in; `written_in` the one of the person's mail, which we may have no texts in, empty where it is not
    plain. `unread` names what was not read of the mail (parsing.mail.Reading)."""

    rights: list[Right]
    intake: Intake = Intake.RECEIVED
    language: str
    written_in: str = ""
    unread: list[str] = []
    received_at: datetime
    due_at: datetime
    confirmed_at: datetime | None = None
    links: list[Link] = []
    mails: dict[str, str] = {}  # name -> claimed | sent | ANSWERED_ELSEWHERE
    origin: Origin = Origin()

    def right(self, kind: RightKind) -> Right | None:
        """Return the right of that kind, None where the request does not exercise it."""
        return next((right for right in self.rights if right.kind is kind), None)

    @property
    def erasure(self) -> Right | None:
        """The right of erasure, None where the request does not exercise it."""
        return self.right(RightKind.ERASURE)

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.intake is Intake.LAPSED or (bool(self.rights) and all(right.state.final for right in self.rights))

    @property
    def certificate_id(self) -> str:
        """The certificate of an erasure that is done; empty where there is none."""
        done = self.erasure is not None and self.erasure.state is RightState.CLOSED
        return self.erasure.erasing.certificate_id if self.erasure and done else ""

    @property
    def last_mail_unknown(self) -> bool:
        """Whether the erasure is done and the mail that says so may never have been sent."""
        return bool(self.certificate_id) and self.mails.get("closed") == "claimed"

    def await_confirmation(self) -> None:
        """Wait for the address to be confirmed, with every right that then has steps to take. IllegalMove."""
        self.intake = next_intake(self.intake, Intake.AWAITING_CONFIRMATION)
        for right in self.rights:
            if may_move(right.kind, right.state, RightState.AWAITING_CONFIRMATION):
                right.move(RightState.AWAITING_CONFIRMATION)

    def verify(self, at: datetime | None) -> None:
        """Record when the address was confirmed and begin the rights that waited for it. IllegalMove."""
        self.intake, self.confirmed_at = next_intake(self.intake, Intake.VERIFIED), at
        for right in self.rights:
            if right.state is RightState.AWAITING_CONFIRMATION:
                right.move(RightState.CONFIRMED)

    def lapse(self) -> None:
        """End the request with every right: nobody confirmed the address. IllegalMove."""
        self.intake = next_intake(self.intake, Intake.LAPSED)
        for right in self.rights:
            right.move(RightState.LAPSED)

    def begin_anew(self) -> None:
        """Set the rights that are being carried out back to their first step."""
        for right in self.rights:
            if right.running:
                right.move(RightState.CONFIRMED)
                right.erasing = Erasing(deleted_at=right.erasing.deleted_at)

    def close(self, kind: RightKind) -> None:
        """Record that the right is answered. An erasure supersedes the other open rights. IllegalMove."""
        for right in self.rights:
            if right.kind is kind:
                right.move(RightState.CLOSED)
            elif kind is RightKind.ERASURE and not right.state.final:
                right.move(RightState.SUPERSEDED)

    def catch_up(self, kind: RightKind) -> None:
        """Close a right that a restored backup shows as open, though it was answered since.

        IllegalMove where its state does not lead to its end.
        """
        for right in self.rights:
            if right.kind is kind:
                if not leads_to(kind, right.state, RightState.CLOSED):
                    raise IllegalMove(f"{kind}: {right.state} does not lead to its end")
                right.state = RightState.CLOSED
            elif kind is RightKind.ERASURE and not right.state.final:
                right.move(RightState.SUPERSEDED)
        self.intake = Intake.VERIFIED


class Address(Model):
    text: str
    exact: str
    verified: bool = False


class PersonPayload(Model):
    """`text` and `raw` are for our officer, where the request is not settled: what the person wrote, and where a part of it was
    not read, the beginning of the mail in base64."""

    addresses: list[Address]
    text: str = ""
    raw: str = ""
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
