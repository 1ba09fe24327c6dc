"""A privacy request: what is known of it, who made it, and how far it is."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from chalicelib.core.models import Model
from chalicelib.domain.privacy.limits import Origin
from chalicelib.domain.privacy.rights import Erasing, Right
from chalicelib.domain.privacy.states import (
    COPIES,
    IllegalMove,
    Intake,
    RightKind,
    RightState,
    leads_to,
    may_move,
    next_intake,
    waits_for,
)
from chalicelib.domain.privacy.written import Later

DUE_KIND = "request"  # by the request's id
ANSWERED_ELSEWHERE = (
    "elsewhere"  # of a first mail: another request's said the same to the same address since this one came
)
NOT_ADDRESSED = "not_addressed"  # of a first mail: what came asks nothing of us, as far as a machine can tell


_WITH_OFFICER = (RightState.FOR_OFFICER, RightState.NEEDS_MORE)


class Link(Model):
    """A one-time link: only the hash of its secret is kept. `address` is the index of the address it was sent to."""

    secret_hash: str
    expires_at: datetime
    address: int


class Letter(Model):
    """A mail that our officer's word, or a missing word of the person, makes us owe: `name` among the request's mails, the
    catalogues' `template`, the rights that it is about, and the reason. What the officer wrote stands in PersonPayload.words, by
    the name."""

    name: str
    template: str
    rights: list[RightKind]
    reason: str = ""


class Watch(Model):
    """What was told of a clock that runs out: the last of deadlines.REMIND_DAYS for which our officer was reminded, since when it
    is overdue, and when the alarm was raised last."""

    reminded: int | None = None
    overdue_since: datetime | None = None
    alarmed_at: datetime | None = None


class Request(Model):
    """What a person asks for. Nothing of the person: that stands in PersonPayload, under the request's own key. `language` is
    the one that we answer in; `written_in` the one of the person's mail, which we may have no texts in, empty where it is not
    plain. `unread` names what was not read of the mail (parsing.mail.Reading), `marks` why a person of ours has to read it
    (parsing.intent.Mark), and `complaint_told` that our officer was told at once where one of them is a complaint. `joined`: how
    many more letters said the same, and `asked_again` when the last of them came (joining)."""

    rights: list[Right]
    intake: Intake = Intake.RECEIVED
    language: str
    written_in: str = ""
    unread: list[str] = []
    marks: list[str] = []
    received_at: datetime
    due_at: datetime
    confirmed_at: datetime | None = None
    links: list[Link] = []
    mails: dict[str, str] = {}  # name -> claimed | sent | ANSWERED_ELSEWHERE | NOT_ADDRESSED
    origin: Origin = Origin()
    extended: str = ""  # why the month to answer in became three
    letters: list[Letter] = []
    watch: Watch = Watch()
    complaint_told: bool = False
    joined: int = 0
    asked_again: datetime | None = None

    @property
    def asked_at(self) -> datetime:
        """When somebody last asked for it."""
        return self.asked_again or self.received_at

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
    def unknown_mails(self) -> list[str]:
        """The last mails of rights that may never have been sent, by their names: an erasure's, our officer's."""
        last = [*(["closed"] if self.certificate_id else []), *(letter.name for letter in self.letters)]
        return [name for name in last if self.mails.get(name) == "claimed"]

    def due_of(self, right: Right) -> datetime:
        """Return until when the right is to be answered, but for the time that its clock stands now."""
        return self.due_at + timedelta(seconds=right.waited_s)

    @property
    def owed_by(self) -> datetime | None:
        """Until when the next right is to be answered of those with which it is our turn; None where there is none."""
        if self.ended:
            return None
        return min((self.due_of(right) for right in self.rights if right.state.owed), default=None)

    def held_back(self, kind: RightKind) -> bool:
        """Whether a right of that kind is not begun yet, for another one is to be answered first."""
        return any(waits_for(kind, right.kind) for right in self.rights if right.holds_back)

    def offered(self) -> list[Right]:
        """Return the rights that the person can begin by the link now: those that wait for its word, and for no copy to be made
        first. What our officer has still to answer holds an erasure back once it is confirmed (held_back)."""
        by_steps = [each for each in self.rights if each.holds_back and each.state not in _WITH_OFFICER]
        return [
            right
            for right in self.rights
            if right.state is RightState.AWAITING_CONFIRMATION
            and not any(waits_for(right.kind, each.kind) for each in by_steps)
        ]

    def await_confirmation(self, kinds: Collection[RightKind] | None = None) -> None:
        """Wait for the address to be confirmed, with every right, or those of these kinds, that then has steps to take.
        IllegalMove."""
        self.intake = next_intake(self.intake, Intake.AWAITING_CONFIRMATION)
        for right in self.rights:
            named = kinds is None or right.kind in kinds
            if named and may_move(right.kind, right.state, RightState.AWAITING_CONFIRMATION):
                right.move(RightState.AWAITING_CONFIRMATION)

    def verify(self, at: datetime | None) -> None:
        """Record when the address was confirmed and begin the rights that can be begun by that alone: a rectification waits for
        what is right, an erasure for the copy. IllegalMove."""
        self.intake, self.confirmed_at = next_intake(self.intake, Intake.VERIFIED), at
        for right in self.offered():
            if right.kind is not RightKind.RECTIFICATION:
                right.move(RightState.CONFIRMED)

    def begin(self, kind: RightKind) -> None:
        """Begin a right that was offered to the person of a verified request. IllegalMove where it is not."""
        right = self.right(kind)
        if self.intake is not Intake.VERIFIED or right is None or right not in self.offered():
            raise IllegalMove(f"{kind}: not offered")
        right.move(RightState.CONFIRMED)

    def believe(self, at: datetime, rights: Sequence[Right]) -> None:
        """Take whoever made the request for its person, on our officer's word: of these rights those with steps begin, but for
        what the person has then to say or to see first; and who was asked for more is asked no more. IllegalMove."""
        if self.intake is not Intake.VERIFIED:
            self.intake, self.confirmed_at = next_intake(self.intake, Intake.VERIFIED), at
        copied = any(right.kind in COPIES for right in rights)
        for right in rights:
            wait = right.kind is RightKind.RECTIFICATION or (right.kind is RightKind.ERASURE and copied)
            if wait and may_move(right.kind, right.state, RightState.AWAITING_CONFIRMATION):
                right.move(RightState.AWAITING_CONFIRMATION)
            elif may_move(right.kind, right.state, RightState.CONFIRMED) and not wait and not right.running:
                right.move(RightState.CONFIRMED)
            elif right.state is RightState.NEEDS_MORE:
                right.move(RightState.FOR_OFFICER)

    def lapse(self) -> None:
        """End what waited for the address to be confirmed: nobody did. Our officer answers what else was asked. IllegalMove."""
        waited = [right for right in self.rights if right.state is RightState.AWAITING_CONFIRMATION]
        others = any(not right.state.final for right in self.rights if right not in waited)
        if self.intake is not Intake.VERIFIED:  # else what was offered later was not begun
            self.intake = next_intake(self.intake, Intake.RECEIVED if others else Intake.LAPSED)
        for right in waited:
            right.move(RightState.LAPSED)

    def begin_anew(self) -> None:
        """Set an erasure that is being carried out back to its first step."""
        for right in self.rights:
            if right.kind is RightKind.ERASURE and right.running:
                right.move(RightState.CONFIRMED)
                right.erasing = Erasing(deleted_at=right.erasing.deleted_at)

    def resume(self, at: datetime | None) -> None:
        """Take an erasure for begun that is known to have been, of a request that a restored backup shows as it was before: what
        went before it is over."""
        if self.intake is Intake.AWAITING_CONFIRMATION:
            self.verify(at)
        erasure = self.erasure
        if erasure is not None and erasure.state is RightState.AWAITING_CONFIRMATION:
            for right in self.rights:
                if right.kind in COPIES and not right.state.final and right.holds_back:
                    right.move(RightState.SUPERSEDED)
            erasure.move(RightState.CONFIRMED)

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
    not read, the beginning of the mail in base64. `more`: what came later, by the ids of these mails. `words`: what our officer
    writes, by the mail's name. `changes`: what is right, by field, as the letter says until the person says so on the form.
    `received_at`: of a letter that we read ourselves, as on its request."""

    addresses: list[Address]
    text: str = ""
    raw: str = ""
    more: dict[str, Later] = {}
    words: dict[str, str] = {}
    changes: dict[str, str] = {}
    received_at: datetime | None = None
    message_id: str = ""
    salt: str = ""
