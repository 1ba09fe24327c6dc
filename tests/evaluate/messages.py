"""Who writes to whom: does the strength of a relation tell better than recency or frequency alone who will write to each other?

Of each network, at three times: what was written until then is weighed as the product does it, and each pair that has written is
ranked. Right is who writes both ways within the next four weeks, or the next tenth of a shorter network. The figure is the area
under the ROC curve: how often a pair that does is ranked before one that does not.
"""

import csv
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.core import clock
from chalicelib.domain.contacts.correspondence import Flow
from chalicelib.domain.network import flows

DAY = 86_400
_AHEAD = 28 * DAY
_CUTS = (0.6, 0.7, 0.8)  # of all messages
OURS, FREQUENCY, RECENCY = "strength", "frequency", "recency"


@dataclass(frozen=True)
class Message:
    """One line of a set: `time` in seconds since 1970."""

    sender: str
    recipient: str
    time: int


@dataclass(frozen=True)
class Measured:
    """The areas of a set, by what ranks, each the mean of its cuts; `pairs` and `right` are of all cuts."""

    pairs: int
    right: int
    areas: Mapping[str, float]

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""
        for name, area in self.areas.items():
            yield f"  {name:46} AUC {area:.4f}   of {self.pairs} pairs, {self.right} that write both ways"

    def told(self) -> dict[str, object]:
        """Return the part as the JSON has it."""
        return {"status": "measured", **asdict(self)}


@dataclass
class _Pair:
    flow: Flow = field(default_factory=Flow)
    number: int = 0
    last: int = 0

    def add(self, message: Message, *, outgoing: bool, recipients: int) -> None:
        """Count a message. Those of one sender and second are one message to all of these."""
        at = clock.rfc3339(datetime.fromtimestamp(message.time, UTC))
        self.flow = flows.counted(self.flow, at, outgoing=outgoing, recipients=recipients)
        self.number, self.last = self.number + 1, message.time


def _strength(pair: _Pair, now: int) -> float:
    return flows.exchanged([pair.flow], datetime.fromtimestamp(now, UTC)).order


_RANKED: Mapping[str, Callable[[_Pair, int], float]] = {
    OURS: _strength,
    FREQUENCY: lambda pair, _: pair.number,
    RECENCY: lambda pair, _: pair.last,
}


def read(path: Path) -> list[Message]:
    """Return the messages of a file, by time."""
    with path.open(newline="", encoding="utf-8") as file:
        found = [Message(row["from"], row["to"], int(float(row["time"]))) for row in csv.DictReader(file)]
    return sorted((each for each in found if each.sender != each.recipient), key=lambda each: each.time)


def measured(messages: Sequence[Message]) -> Measured:
    """Return the areas of a network."""
    pairs = right = begun = 0
    areas: dict[str, list[float]] = defaultdict(list)
    ahead = min(_AHEAD, (messages[-1].time - messages[0].time) // 10)
    together = Counter((each.sender, each.time) for each in messages)
    written: dict[tuple[str, str], _Pair] = defaultdict(_Pair)
    times = [each.time for each in messages]
    for cut in _CUTS:
        now = messages[int(len(messages) * cut)].time
        here, until = bisect_left(times, now), bisect_left(times, now + ahead)
        for each in messages[begun:here]:
            one, other = sorted((each.sender, each.recipient))
            written[one, other].add(each, outgoing=each.sender == one, recipients=together[each.sender, each.time])
        begun = here
        coming = {(each.sender, each.recipient) for each in messages[here:until]}
        answers = {pair: pair in coming and pair[::-1] in coming for pair in written}
        pairs, right = pairs + len(answers), right + sum(answers.values())
        for name, ranks in _RANKED.items():
            areas[name].append(_area((ranks(written[pair], now), answer) for pair, answer in answers.items()))
    return Measured(pairs, right, {name: sum(each) / len(each) for name, each in areas.items()})


def _area(ranked: Iterable[tuple[float, bool]]) -> float:
    """The area under the ROC curve (Mann and Whitney's U over all pairs of one right and one wrong); ties count half."""
    by_rank: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for rank, answer in ranked:
        by_rank[rank][answer] += 1
    below = above = 0.0
    for _, (wrong, right) in sorted(by_rank.items()):
        above += right * (below + wrong / 2)
        below += wrong
    rights = sum(right for _, right in by_rank.values())
    return above / (rights * below) if rights and below else 0.5


def generated(seed: int = 2026, people: int = 120, days: int = 365) -> list[Message]:
    """Return a network of a firm and whom it writes to, made by chance on these assumptions:

    - Relations have a beginning and an end, and a rate of their own: many slow ones, a few fast ones (a Pareto law). While one
      lasts, its mail comes in bursts, and is mostly answered within days.
    - Newsletters go to many, often, and nobody answers them: frequency and recency overrate those.
    - Mail to a group comes to many who do not know each other: the same.
    - Enquiries come once, lately as at any time, and are not answered: recency overrates those.
    - Relations that ended were as fast as those that last: frequency overrates them, too.
    """
    chance, made = random.Random(seed), list[Message]()  # noqa: S311 - no secret
    names = [f"p{number}" for number in range(people)]
    for _ in range(people * 5):
        made += _relation(chance, chance.sample(names, 2), days)
    for sender in (f"news{number}" for number in range(6)):
        for day in range(chance.randrange(7), days, 7):
            made += [Message(sender, other, day * DAY + 1) for other in chance.sample(names, 40)]
    for _ in range(days * 2):
        sender, *others = chance.sample(names, chance.randrange(5, 12))
        at = chance.randrange(days * DAY)
        made += [Message(sender, other, at) for other in others]
    for _ in range(people * days // 20):
        sender, recipient = chance.sample(names, 2)
        made.append(Message(sender, recipient, chance.randrange(days * DAY)))
    return sorted(made, key=lambda each: (each.time, each.sender, each.recipient))


def _relation(chance: random.Random, between: list[str], days: int) -> Iterator[Message]:
    one, other = between
    begins = chance.uniform(-days, days)
    ends = begins + chance.expovariate(1 / (days / 2))
    rate = min(1.0, chance.paretovariate(1.2) / 60)  # bursts a day
    at = begins
    while (at := at + chance.expovariate(rate)) < min(ends, days):
        sender, recipient, when = one, other, at
        for _ in range(chance.randrange(1, 5)):
            if 0 <= when < days:
                yield Message(sender, recipient, int(when * DAY))
            if chance.random() > 0.8:
                break
            sender, recipient, when = recipient, sender, when + chance.expovariate(1.5)
