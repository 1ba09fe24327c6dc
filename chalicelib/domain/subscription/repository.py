"""Reading and writing the rows of a subscription: a write holds only over the version that was read before it."""

from datetime import timedelta

from chalicelib.connectors.paypal.client import PayPal
from chalicelib.core import clock, settings
from chalicelib.core.codes import Code
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import membership
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.subscription.model import DUE_KIND, FinderPayload, SubscriptionPayload
from chalicelib.domain.subscription.records import PayPalRow, SubscriptionRow, SurplusRow
from chalicelib.store import batch, due, rows
from chalicelib.store.due import Due
from chalicelib.vault import secrets

SK = "subscription"
_LAST_LOOK = timedelta(minutes=1)
_accounts: dict[tuple[str, str], PayPal] = {}  # one an address and credential, which keeps its token for the process


def paypal() -> PayPal:
    """Return our account at PayPal, with the credential that this function may read.

    Unavailable where the operator has none.
    """
    here = settings.current().paypal
    if not (here.url and here.secret and here.plan):
        raise Unavailable(
            "This installation has no subscriptions. Ask the operator to set them up.",
            code=Code.SUBSCRIPTIONS_NOT_SET_UP,
        )
    key = (here.url, here.secret)
    if key not in _accounts:
        _accounts[key] = PayPal(here.url, lambda fresh: secrets.read(here.secret, fresh=fresh))
    return _accounts[key]


def read(tenant: TenantId) -> tuple[SubscriptionRow | None, SubscriptionPayload]:
    """Return the row and its payload; without a row, the payload of a tenant that never subscribed."""
    row = rows.get(SubscriptionRow, f"tenant#{tenant}", SK)
    if row is not None:
        return row, row.unsealed(SubscriptionPayload).model_copy(deep=True)
    now = clock.now()
    return None, SubscriptionPayload(created_at=now, updated_at=now)


def write(tenant: TenantId, row: SubscriptionRow | None, payload: SubscriptionPayload) -> SubscriptionRow:
    """Store over the row that was read, or anew where there was none; its version moves where clients are shown something
    else. VersionConflict where another write came between."""
    if row is None:
        row = SubscriptionRow.build(f"tenant#{tenant}", SK, payload)
        rows.put_new(row)
        return row
    before = row.unsealed(SubscriptionPayload)
    visible = before is payload or before.shown() != payload.shown()
    if not visible:
        payload.updated_at = before.updated_at
    row.reseal(payload)
    rows.put_if_unchanged(row, visible=visible)
    return row


def tenant_of(paypal_id: str) -> TenantId | None:
    """Return the tenant whose subscription it is; None where we know of none."""
    row = rows.get(PayPalRow, f"paypal#{paypal_id}", "paypal")
    return row.unsealed(FinderPayload).tenant if row else None


def remember(paypal_id: str, tenant: TenantId) -> None:
    """Let the subscription's webhooks find the tenant. Harmless where they do already."""
    try:
        rows.put_new(PayPalRow.build(f"paypal#{paypal_id}", "paypal", FinderPayload(tenant=tenant)))
    except VersionConflict:
        return


def strike_off(tenant: TenantId, paypal_id: str) -> None:
    """Forget that a subscription of the tenant is surplus. Safe to repeat. VersionConflict where others never let us."""

    def attempt() -> None:
        row, payload = read(tenant)
        left = [each for each in payload.surplus if each.id != paypal_id]
        if row is not None and left != payload.surplus:
            payload.surplus = left
            write(tenant, row, payload)

    rows.retry(attempt)


def was_surplus(paypal_id: str) -> bool:
    """Return whether the subscription was ended beside another one, not long ago."""
    return rows.get(SurplusRow, f"paypal#{paypal_id}", "paypal_surplus") is not None


def tenant_state(tenant: TenantId) -> TenantState | None:
    """Return the tenant's state from its row; None where the tenant does not exist."""
    payload = membership.tenant_of(tenant)
    return payload.state if payload else None


def forget(tenant: TenantId) -> int:
    """Delete the ways to the tenant's subscriptions and their events, for the purge; how many rows.

    The tenant's own row, which names them, stays for whoever calls. A last look at each is planned for when the workspace is no
    more: one that was approved meanwhile must not be paid for. Safe to repeat."""
    _, payload = read(tenant)
    gone = 0
    for pk in (f"paypal#{ident}" for ident in payload.known):
        for page in rows.keys(PayPalRow, pk):
            batch.delete_all(PayPalRow, [(pk, sk) for sk in page])
            gone += len(page)
    for ident in payload.known:
        due.ensure(Due(DUE_KIND, ident), clock.now() + _LAST_LOOK)
    return gone
