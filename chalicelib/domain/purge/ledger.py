"""What regulations make us keep of a workspace that is gone: minimal, each with its legal ground, each with its end."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.core.ids import TenantId
from chalicelib.domain.purge.model import LedgerPayload
from chalicelib.domain.purge.records import LedgerRecord
from chalicelib.store import batch


@dataclass(frozen=True)
class Kept:
    """One kind of entry. `years` count from the end of the year in which the workspace closed."""

    kind: str
    what: str
    ground: str
    years: int


CONTRACT = Kept(
    "contract",
    "ids of workspace and terms, when it was made, which terms were accepted and when, when it closed",
    "Art. 5(2) and 28(3) GDPR: proof of the processing agreement until claims from it lapse",
    4,
)
SUBSCRIPTION = Kept(
    "subscription",
    "PayPal's ids of the subscription and of its plan, its first and its last day",
    "accounting records of the operator (in Germany § 147 AO, § 257 HGB)",
    8,
)
KEPT = (CONTRACT, SUBSCRIPTION)


def write(tenant: TenantId, contract: dict[str, str], subscription: dict[str, str], closed_at: datetime) -> None:
    """Write the entries; what was never subscribed to leaves no entry. Writing them twice changes nothing."""
    entries = [(CONTRACT, contract), (SUBSCRIPTION, subscription)]
    batch.put_all([_row(tenant, kept, facts, closed_at) for kept, facts in entries if facts])


def listed(closed_at: datetime) -> list[dict[str, str]]:
    """Return the entries that the certificate lists as kept: what, why, and until when."""
    entries = [{"what": k.what, "why": k.ground, "until": _ends(k, closed_at).date().isoformat()} for k in KEPT]
    return [*entries, {"what": "the mark that the workspace's key was shredded", "why": _MARK, "until": "for ever"}]


def rules() -> list[dict[str, str]]:
    """Return the same entries for an open workspace, with a number of years instead of each date."""
    entries = [{"what": k.what, "why": k.ground, "until": f"{k.years} years from the end of that year"} for k in KEPT]
    return [*entries, {"what": "the mark that the workspace's key was shredded", "why": _MARK, "until": "for ever"}]


_MARK = "keeps the key from being made again, so that backups stay unreadable"


def _row(tenant: TenantId, kept: Kept, facts: dict[str, str], closed_at: datetime) -> LedgerRecord:
    payload = LedgerPayload(facts=facts, ground=kept.ground, closed_at=closed_at)
    return LedgerRecord.build(f"ledger#{tenant}", kept.kind, payload, ends=_ends(kept, closed_at))


def _ends(kept: Kept, closed_at: datetime) -> datetime:
    return datetime(closed_at.year + 1 + kept.years, 1, 1, tzinfo=UTC)
