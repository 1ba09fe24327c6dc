"""Why each part of a score is as it is: what is said, and the values that stand in it. The words are `wording`'s."""

from datetime import datetime

from chalicelib.domain.network.paths import Path
from chalicelib.domain.ranking.fit import Contribution
from chalicelib.domain.ranking.model import Reason
from chalicelib.domain.signals.model import Signal

_NAMED = 2  # clients that a reason names


def of_fit(found: Contribution) -> Reason:
    """Return why a value of a company makes it more, or less, like the clients; it names those that taught it."""
    like = found.taught_by
    own = [each.name for each in like if each.mine]
    named = (own or [each.name for each in like])[:_NAMED]
    values = {"value": found.value, "like": "\n".join(named), "whose": "own" if own else "team"}
    more = "fit_more" if found.weight > 0 and named else "fit_less"
    return Reason(found.feature, round(found.weight, 3), more, values)


def of_path(path: Path) -> Reason:
    """Return how the company can be reached. Of a colleague nothing is said that the path does not tell."""
    values = {"strength": str(path.value), "band": path.band}
    if path.mine:
        name = path.contact[1] if path.contact else ""
        return Reason("own_contact", float(path.value), "path_own", {**values, "contact": name})
    text = "path_colleague" if path.colleague else "path_someone"
    return Reason("colleague", float(path.value), text, values)


def of_signal(signal: Signal, weight: float, now: datetime) -> Reason:
    """Return what happened, how long ago it was, and who says so."""
    days = str(max(0, (now - signal.occurred_at).days))
    return Reason(signal.type, round(weight, 3), "signal", {"days": days, "source": signal.source})
