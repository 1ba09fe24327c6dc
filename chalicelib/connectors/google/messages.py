"""Many messages of a mailbox, asked for in batches whose size follows what Gmail takes.

Gmail refuses single calls of a batch with 429, "Too many concurrent requests for user": it counts those of all programs that read
the mailbox, and says nowhere how many it takes (…/gmail/api/guides/handle-errors; …/guides/batch advises against more than 50).
So a refusal makes batches smaller, down to single requests, and many without one make them larger again. What came is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.connectors import http
from chalicelib.connectors.google import failures, hosts, transport
from chalicelib.connectors.google.transport import Transport
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import OverQuota

# All that is asked for of a message; its words (snippet, Subject, body) are not.
MESSAGE_HEADERS = ["From", "To", "Cc", "Date", "Auto-Submitted", "List-Id", "Precedence"]
MESSAGE_FIELDS = "id,internalDate,labelIds,payload/headers"
SIZES = (50, 25, 10, 5, 1)
_GROWS_AFTER = 10  # batches in a row of which Gmail answered every part
_ROUNDS = 3  # in a row that bring not all, and make no batch smaller
_MOST_SINGLE = 25  # without batches so many requests are a page: whoever asks wants to look at the time


@dataclass(frozen=True)
class Pace:
    """How many messages are asked for at a time, and how many times in a row none of them was refused."""

    size: int = SIZES[0]
    clean: int = 0

    @classmethod
    def of(cls, at: Mapping[str, str]) -> "Pace":
        """Return the pace that a position carries."""
        size, clean = at.get("batch", ""), at.get("clean", "")
        known = size.isdigit() and int(size) in SIZES
        return cls(int(size), int(clean) if clean.isdigit() else 0) if known else cls()

    def carried(self) -> dict[str, str]:
        """Return what a position carries of it: nothing where batches have their usual size."""
        return {} if self.size == SIZES[0] else {"batch": str(self.size), "clean": str(self.clean)}

    def slower(self) -> "Pace":
        """Return the next smaller size; the smallest stays."""
        return Pace(SIZES[min(SIZES.index(self.size) + 1, len(SIZES) - 1)])

    def undisturbed(self) -> "Pace":
        """Return it after one more batch that came whole: after many, the next larger size."""
        if self.size == SIZES[0]:
            return self
        if self.clean + 1 < _GROWS_AFTER:
            return Pace(self.size, self.clean + 1)
        return Pace(SIZES[SIZES.index(self.size) - 1])


@dataclass
class Fetched:
    """What came of the messages asked for. `rest` are those that nobody has answered yet, in their order; `failure` is why, or
    None where they are only too many for one page. `units`: what it cost of the mailbox's quota."""

    rest: list[str]
    pace: Pace
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: int = 0
    failure: ProviderDown | None = None


class Messages:
    """The messages of one mailbox, by googleapiclient's `users`. `until` as in connectors.http; each get costs `units`."""

    def __init__(self, users: Any, sent_by: Transport, until: float | None, units: int) -> None:
        self._users, self._transport, self._until, self._units = users, sent_by, until, units
        self._batches = True  # until this server turns out to have none

    def fetch(self, idents: Sequence[str], pace: Pace) -> Fetched:
        """Return what comes of these messages. One that is gone since it was listed is left out.

        NotPermitted, GrantEnded, CursorExpired; a ProviderDown is in the answer, beside what came before.
        """
        got, incomplete, singles = Fetched(list(idents), pace), 0, 0
        while got.rest and got.failure is None and singles < _MOST_SINGLE:
            size = got.pace.size if self._batches else 1
            refused = self._round(got, got.rest[:size], single=size == 1)
            singles += size == 1 or not self._batches
            if not refused:
                got.pace, incomplete = got.pace.undisturbed(), 0
                continue
            slower = got.pace.slower() if any(isinstance(each, OverQuota) for each in refused) else got.pace
            incomplete, got.pace = 1 if slower.size < got.pace.size else incomplete + 1, slower
            late = next((each for each in refused if not failures.soon(each)), None)
            if late is not None or incomplete >= _ROUNDS:
                got.failure = got.failure or late or refused[0]
            elif got.failure is None:
                http.rest(incomplete - 1, self._until)
        return got

    def _round(self, got: Fetched, asked: list[str], *, single: bool) -> list[ProviderDown]:
        """Ask once for these, and take what comes out of the rest; the failures of those that stay in it."""
        try:
            answers = self._answers(asked, single=single)
        except ProviderDown as failure:  # of the whole request, which was repeated then
            got.failure = failure
            answers = dict.fromkeys(asked, failure)
        got.units += self._units * len(answers)
        refused: list[ProviderDown] = []
        for ident, answer in answers.items():
            if isinstance(answer, ProviderRefused) and answer.status != failures.NOT_FOUND:
                refused.append(ProviderDown(hosts.PROVIDER, sent=False))
            elif isinstance(answer, ProviderDown):
                refused.append(answer)
            elif isinstance(answer, Exception) and not isinstance(answer, ProviderRefused):
                raise answer
            else:
                got.rest.remove(ident)
                if not isinstance(answer, Exception):
                    got.found[ident] = answer
        return refused

    def _answers(self, asked: list[str], *, single: bool) -> dict[str, Any]:
        """The answer or the failure of each; of the first alone where the server has no batches. ProviderDown of all."""
        if not single:
            requests = {ident: self._request(ident) for ident in asked}
            try:
                return transport.execute_batch(requests, hosts.present().gmail_batch, self._transport)
            except transport.NoBatches:
                self._batches = False
        try:
            return {asked[0]: transport.execute(self._request(asked[0]))}
        except ProviderRefused as refused:
            return {asked[0]: refused}

    def _request(self, ident: str) -> Any:
        return self._users.messages().get(
            userId="me", id=ident, format="metadata", metadataHeaders=MESSAGE_HEADERS, fields=MESSAGE_FIELDS
        )
