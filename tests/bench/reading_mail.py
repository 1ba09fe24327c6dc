"""What it costs to read a mail that was made to break its reader: CPU of 100 KB, and whether it grows with the size alone."""

import time
from dataclasses import dataclass
from statistics import median

from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.parsing.mail import Verdicts, read
from tests.support.adversarial_mail import MAILS

_KB_100 = 100_000
_TIMES = 4  # as large
_RUNS = 3
_MEASURABLE_S = 0.002  # less says nothing about how it grows
_SHOWN = 3


@dataclass(frozen=True)
class Figures:
    """`slowest` names the kinds of mails (tests.support.adversarial_mail) that took longest."""

    figures: dict[str, float]
    slowest: list[str]


def figures() -> Figures:
    """CPU in ms for 100 KB, over all kinds of mails; and of the worst, the time for four times the size over that."""
    small = {name: _seconds(make(_KB_100)) for name, make in MAILS.items()}
    large = {name: _seconds(make(_TIMES * _KB_100)) for name, make in MAILS.items()}
    growth = max(large[name] / spent for name, spent in small.items() if spent > _MEASURABLE_S)
    slowest = sorted(small, key=lambda name: small[name], reverse=True)[:_SHOWN]
    found = {
        "the worst kind, CPU of 100 KB (ms)": small[slowest[0]] * 1000,
        "the median, CPU of 100 KB (ms)": median(small.values()) * 1000,
        "the worst, of four times the size / of 100 KB": growth,
    }
    return Figures(found, slowest)


def _seconds(raw: bytes) -> float:
    return min(_run(raw) for _ in range(_RUNS))


def _run(raw: bytes) -> float:
    began = time.process_time()
    read(raw, Verdicts(), [EmailAddress.parse("privacy@iko.example")])
    return time.process_time() - began
