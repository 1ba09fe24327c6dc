"""One right that a request exercises: its state, its clock, and what only one kind of right needs."""

from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.models import Model
from chalicelib.domain.privacy.states import RightKind, RightState, next_state

_RUNNING = frozenset(
    {
        RightState.CONFIRMED,
        RightState.ERASING,
        RightState.SECOND_PASS,
        RightState.READY,
        RightState.GIVEN,
    }
)


class Erasing(Model):
    """How far an erasure is. `kinds` is the version of the list of kinds that the last pass searched."""

    deleted_at: datetime | None = None
    next_pass_at: datetime | None = None
    passes: int = 0
    certificate_id: str = ""
    kinds: str = ""


class Right(Model):
    """One right that a request exercises, and how far it is. What only one kind of right needs stands beside its state.

    `reason`: why our officer refuses it, or asks for more. `waits_since`: since when its clock stands, as the person was asked;
    `waited_s`: for how many seconds it stood before that. `ready_at`: since when our own part of it has been done, where members
    are asked for theirs: from then on it holds no other right back. `given_until`: how long the person's page shows it."""

    kind: RightKind
    state: RightState = RightState.FOR_OFFICER
    erasing: Erasing = Erasing()
    reason: str = ""
    waits_since: datetime | None = None
    waited_s: float = 0
    ready_at: datetime | None = None
    given_until: datetime | None = None

    def move(self, to: RightState, reason: str = "") -> None:
        """Set the right's state to that one, and stop or start its clock. IllegalMove."""
        self.state, self.reason = next_state(self.kind, self.state, to), reason
        now = clock.now()
        if to is RightState.NEEDS_MORE:
            self.waits_since = now
        elif self.waits_since is not None:
            self.waited_s += (now - self.waits_since).total_seconds()
            self.waits_since = None

    @property
    def running(self) -> bool:
        """Whether its steps are under way: also while our officer has it, who waits for members like the steps."""
        overdue = self.state is RightState.FOR_OFFICER and self.ready_at is not None
        return overdue or self.state in _RUNNING

    @property
    def holds_back(self) -> bool:
        """Whether rights that come after it wait for it still."""
        return not self.state.final and self.ready_at is None
