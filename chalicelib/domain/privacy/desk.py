"""What our officer has on the desk: every request that is not over, the most urgent first. Nothing personal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock
from chalicelib.domain.privacy import open_requests
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.states import RightKind, RightState, Waiting


@dataclass(frozen=True)
class Standing:
    """How a request stands. `due_at`: of the right that is due first, whoever's turn it is."""

    id: str
    request: Request
    waits_for: Waiting
    due_at: datetime

    @property
    def overdue(self) -> bool:
        """Whether what we owe is late."""
        owed = self.request.owed_by
        return owed is not None and owed <= clock.now()

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the list: what is overdue first, then what is due first."""
        return f"{'overdue' if self.overdue else 'timely'} {clock.rfc3339(self.due_at)}", self.id


@dataclass(frozen=True)
class Wanted:
    """Which requests are shown: those that fit all that is named. `right` and `state`: of one and the same right."""

    waits_for: Waiting | None = None
    right: RightKind | None = None
    state: RightState | None = None
    language: str | None = None

    def fits(self, found: Standing) -> bool:
        """Return whether the request is to be shown."""
        request = found.request
        rights = [right for right in request.rights if self.right in (None, right.kind)]
        return (
            self.waits_for in (None, found.waits_for)
            and self.language in (None, request.language, request.written_in)
            and any(self.state in (None, right.state) for right in rights)
        )


def standing(ident: str, request: Request) -> Standing:
    """Return how a request stands."""
    states = {right.state for right in request.rights}
    if RightState.FOR_OFFICER in states or request.unknown_mails:
        waits = Waiting.OFFICER
    else:
        waits = Waiting.MACHINE if any(state.owed for state in states) or request.ended else Waiting.PERSON
    left = [request.due_of(right) for right in request.rights if not right.state.final]
    return Standing(ident, request, waits, request.owed_by or min(left, default=request.due_at))


def page(
    wanted: Wanted, after: tuple[str, str] | None, limit: int
) -> tuple[Sequence[Standing], tuple[str, str] | None, Mapping[str, int]]:
    """Return a page of the list, where the next one begins, and how many requests there are: `all`, `overdue`, and by whom they
    wait for."""
    found = sorted((standing(*each) for each in open_requests.every()), key=lambda each: each.place)
    counts = Counter(str(each.waits_for) for each in found)
    told = {"all": len(found), "overdue": sum(each.overdue for each in found)} | {str(w): counts[w] for w in Waiting}
    shown = [each for each in found if wanted.fits(each) and (after is None or each.place > after)]
    return shown[:limit], shown[limit - 1].place if len(shown) > limit else None, told
