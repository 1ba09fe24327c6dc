"""Every path of every right, on an advanced clock: after thirteen months each is answered, or the alarm is raised."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import product

from chalicelib.core import clock
from chalicelib.core.errors import Conflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import intake, officer, open_requests, repository
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.reasons import Decision, Extension
from chalicelib.domain.privacy.states import RightKind, RightState
from infra.local.cloud import Cloud

KINDS = (RightKind.ACCESS, RightKind.ERASURE)  # the table is the same for all but the erasure
DAYS = (1, 34, 35, 60, 90, 100, 80)  # thirteen months
Act = Callable[[str, EmailAddress], object]


def reply(_: str, address: EmailAddress) -> None:
    """The person writes something that is no right by itself."""
    intake.open_request(address, asked([], certain=False), origin(), f"req_{uuid.uuid4().hex[:26]}")


ACTS: dict[str, Act] = {
    "ask": lambda ident, _: officer.decide(ident, "o", Decision.NEEDS_MORE, "identity"),
    "reply": reply,
    "verify": lambda ident, _: officer.decide(ident, "o", Decision.VERIFIED, "other_proof"),
    "refuse": lambda ident, _: officer.decide(ident, "o", Decision.REFUSED, "excessive"),
    "answer": lambda ident, _: officer.answer(ident, "o", "This is the answer."),
    "extend": lambda ident, _: officer.extend(ident, "o", Extension.NUMBER),
    "pause": lambda ident, _: officer.pause(ident, "o", paused=True),
    "resume": lambda ident, _: officer.pause(ident, "o", paused=False),
}


def origin() -> Origin:
    return Origin(way=Way.PROVEN, digest=uuid.uuid4().hex)


def asked(kinds: list[RightKind], *, certain: bool) -> intake.Asked:
    marks = () if certain else ("agent",)  # for somebody else: our officer's
    return intake.Asked(rights=kinds, certain=certain, language="en", text="what I wish", marks=marks)


def opened(kinds: list[RightKind], acts: tuple[str, ...], *, certain: bool = False) -> str:
    """A request after these acts of the officer and of its person; those that its state does not allow are refused by name."""
    address = EmailAddress.parse(f"x{uuid.uuid4().hex[:12]}@paths.example")
    ident = f"req_{uuid.uuid4().hex[:26]}"
    intake.open_request(address, asked(kinds, certain=certain), origin(), ident)
    for act in acts:
        try:
            ACTS[act](ident, address)
        except Conflict:
            continue
    return ident


def settled(ident: str) -> str:
    """How a request stands in the end: `over`, `alarmed`; or what is wrong with it."""
    found = repository.find(ident)
    request = found[1] if found else None
    if request is None or request.ended:
        return "over"
    alarmed = request.watch.alarmed_at
    if alarmed is not None and clock.now() - alarmed < timedelta(days=1):
        return "alarmed"
    return str([(str(right.kind), str(right.state)) for right in request.rights])


def test_after_thirteen_months_nothing_is_without_an_answer_or_an_alarm(cloud: Cloud) -> None:
    paths: dict[str, tuple[str, ...]] = {opened([kind], ()): (str(kind),) for kind in RightKind}
    paths |= {opened([kind], (act,)): (str(kind), act) for kind, act in product(KINDS, ACTS)}
    paths |= {opened([RightKind.ACCESS], ("ask", act)): ("ask", act) for act in ACTS}
    paths |= {opened([RightKind.ERASURE], ("verify", act)): ("verify", act) for act in ACTS}
    paths |= {opened([RightKind.ERASURE, kind], (), certain=True): ("confirm", str(kind)) for kind in KINDS}
    seen: set[RightState] = set()
    for days in DAYS:
        cloud.drain()
        for ident in paths:
            found = repository.find(ident)
            seen |= {right.state for right in found[1].rights} if found else set()
        cloud.advance(days * 86_400)
    cloud.drain()
    ends = {ident: settled(ident) for ident in paths}
    wrong = {paths[ident]: end for ident, end in ends.items() if end not in ("over", "alarmed")}
    assert wrong == {}
    assert set(ends.values()) == {"over", "alarmed"}
    assert seen >= {
        RightState.ANSWERED,
        RightState.REFUSED,
        RightState.LAPSED,
        RightState.NEEDS_MORE,
        RightState.CLOSED,
    }
    left = {ident for ident, _ in open_requests.every(5_000)} & set(
        paths
    )  # a reply that nobody asked for is a request of its own
    assert left == {ident for ident, end in ends.items() if end == "alarmed"}, (
        "the desk has what is open, and nothing else"
    )
