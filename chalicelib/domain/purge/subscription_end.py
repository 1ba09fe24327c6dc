"""What a purge asks of the subscription: whether it has ended, and what the ledger says of it."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import membership
from chalicelib.domain.subscription import reconcile, repository
from chalicelib.domain.subscription.model import SubscriptionPayload


@dataclass(frozen=True)
class End:
    """When the paid period ends, and when the grace after it does."""

    period_end: datetime
    purge_at: datetime
    reason: str


def known_end(tenant: TenantId) -> End | None:
    """Return the end that our own row has; None where the subscription runs, is suspended, or never was."""
    return _end(repository.read(tenant)[1])


def confirmed_end(tenant: TenantId) -> End | None:
    """Ask PayPal, then return `known_end`. Unavailable where PayPal does not answer."""
    reconcile.refresh(tenant)
    return known_end(tenant)


def facts(tenant: TenantId) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the ledger keeps of the contract and of the subscription (empty where there never was one)."""
    payload = membership.tenant_of(tenant)
    contract: dict[str, str] = {"workspace": tenant}
    if payload is not None:
        contract["made_at"] = clock.rfc3339(payload.created_at)
        contract |= {f"terms {each.version}": clock.rfc3339(each.at) for each in payload.terms}
    return contract, _subscription(repository.read(tenant)[1])


def _subscription(payload: SubscriptionPayload) -> dict[str, str]:
    if not payload.paypal_id:
        return {}
    kept = {
        "paypal_subscription": payload.paypal_id,
        "plan": payload.plan,
        "first_day": clock.rfc3339(payload.created_at),
    }
    return kept | ({"last_day": clock.rfc3339(payload.period_end)} if payload.period_end else {})


def _end(payload: SubscriptionPayload) -> End | None:
    if not payload.state.ended or payload.period_end is None or payload.purge_at is None:
        return None
    return End(payload.period_end, payload.purge_at, str(payload.state))
