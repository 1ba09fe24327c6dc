"""What a look at PayPal means for the tenant: one pure function, so that the order of webhooks does not matter."""

from datetime import datetime, timedelta

from chalicelib.connectors.paypal.model import Status, Subscription
from chalicelib.core.ids import MemberId
from chalicelib.domain.subscription.model import Cancelling, State, SubscriptionPayload, Surplus

_STATE = {
    Status.ACTIVE: State.ACTIVE,
    Status.SUSPENDED: State.SUSPENDED,
    Status.CANCELLED: State.CANCELLED,
    Status.EXPIRED: State.EXPIRED,
}


def after(old: SubscriptionPayload, seen: Subscription, now: datetime, grace: timedelta) -> SubscriptionPayload:
    """Return the payload after PayPal has said this of one of the tenant's subscriptions.

    A live one counts from then on, unless another already does: then nobody may be charged twice, and it becomes surplus. The
    one that a checkout waits for takes the place of a suspended one. One that ended matters only while it is the one that
    counts, or the only one.
    """
    new = old.model_copy(deep=True)
    new.read_at = new.updated_at = now
    if seen.id not in new.known:
        new.known.append(seen.id)
    counts = seen.id == old.paypal_id
    awaited = old.pending is not None and old.pending.paypal_id == seen.id
    if seen.status.live:
        _settle_live(new, old, seen, awaited=awaited)
    elif seen.status.ended and (counts or (awaited and not (old.state.live or old.state.ended))):
        _end(new, old, seen, now, grace)
    if awaited and seen.status not in (Status.APPROVAL_PENDING, Status.APPROVED):
        new.pending = None
    return new


def _settle_live(new: SubscriptionPayload, old: SubscriptionPayload, seen: Subscription, *, awaited: bool) -> None:
    counts, replaced = seen.id == old.paypal_id, awaited and old.state is State.SUSPENDED
    if any(each.id == seen.id for each in old.surplus):
        return
    if not counts and old.state.live and not replaced:
        new.surplus.append(Surplus(id=seen.id, refund=True))
        return
    if not counts and replaced and old.paypal_id:
        new.surplus.append(Surplus(id=old.paypal_id, refund=False))
    _count(new, old, seen)


def unknown_there(old: SubscriptionPayload, paypal_id: str, now: datetime) -> SubscriptionPayload:
    """Return the payload after PayPal has said that it knows no such subscription: it was never approved.

    The one that counts stays: a wrong address of PayPal must not end anybody's workspace.
    """
    new = old.model_copy(deep=True)
    new.read_at = new.updated_at = now
    if old.pending is not None and old.pending.paypal_id == paypal_id:
        new.pending = None
        if old.state is State.PENDING:
            new.state = State.NONE
    return new


def closed(old: SubscriptionPayload, now: datetime, grace: timedelta) -> SubscriptionPayload:
    """Return the payload of a workspace that its owner closes.

    A subscription that nobody pays for ends now, and no checkout is waited for. One that has ended already stays as it
    is.
    """
    new = old.model_copy(deep=True)
    new.pending = None
    if not (old.state.live or old.state.ended):
        new.state, new.period_end, new.purge_at = State.CANCELLED, now, now + grace
    if new != old:
        new.updated_at = now
    return new


def cancelling(old: SubscriptionPayload, by: MemberId, now: datetime) -> SubscriptionPayload:
    """Return the payload of a subscription that an owner has cancelled, and that PayPal still charges for."""
    new = old.model_copy(deep=True)
    if new.state.live:
        new.state, new.cancelling = State.CANCELLING, new.cancelling or Cancelling(since=now, by=by)
        new.updated_at = now if new != old else old.updated_at
    return new


def _count(new: SubscriptionPayload, old: SubscriptionPayload, seen: Subscription) -> None:
    kept = old.period_end if seen.id == old.paypal_id else None
    if seen.id != old.paypal_id:
        new.cancelling = None
    state = State.CANCELLING if new.cancelling else _STATE[seen.status]
    new.paypal_id, new.state, new.plan = seen.id, state, seen.plan or old.plan
    new.period_end, new.purge_at, new.status_at = seen.next_billing_at or kept, None, seen.status_at


def _end(
    new: SubscriptionPayload, old: SubscriptionPayload, seen: Subscription, now: datetime, grace: timedelta
) -> None:
    new.paypal_id, new.state, new.plan = seen.id, _STATE[seen.status], seen.plan or old.plan
    new.status_at, new.cancelling = seen.status_at or old.status_at, None
    if not old.state.ended:
        # PayPal forgets the next billing time of what has ended: the paid period is that of the last look while it lived.
        new.period_end = old.period_end or seen.next_billing_at or now
        # Noticed late, the grace still begins now: the owner has it whole.
        new.purge_at = max(new.period_end, now) + grace
