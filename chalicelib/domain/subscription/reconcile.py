"""Reading a subscription at its source and applying what it says: the only way in which a state ever changes.

The row is read before PayPal is, and written over that version only: of two looks that overlap, the one that began later
stands. A due row for the PayPal id must be planned before, by whoever calls: it brings back what is killed on the way.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from chalicelib.connectors.paypal.model import Subscription
from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts.membership import set_tenant_state
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.subscription import notices, repository, rules
from chalicelib.domain.subscription.model import DUE_KIND, PURGE_KIND, SURPLUS_KIND, State, SubscriptionPayload
from chalicelib.store import due, rows
from chalicelib.store.due import Due
from chalicelib.store.steps import DONE, Outcome, Work, after, later, plan

Look = Callable[[], Subscription | None]
SOON = timedelta(seconds=30)
_SUSPENDED_AGAIN = 24  # a suspended subscription is looked at that many times as rarely as one whose period ended
CHECKOUT_LIFE = timedelta(days=3)  # as long as PayPal knows a request again; an approval later still comes as a webhook


def refresh(tenant: TenantId) -> SubscriptionPayload:
    """Look at the tenant's current and awaited subscription at PayPal, and return the payload as it stands after.

    Unavailable (ProviderDown) where PayPal does not answer: nothing is known then, and nothing changed.
    """
    _, payload = repository.read(tenant)
    for ident in to_look_at(payload):
        payload = settle(tenant, ident, look(payload, ident))
    return payload


def look(payload: SubscriptionPayload, paypal_id: str) -> Look:
    """Return how PayPal is asked for a subscription: what an owner has cancelled is cancelled again before it is read."""
    wanted = payload.cancelling is not None and paypal_id == payload.paypal_id
    paypal = repository.paypal()
    return partial(paypal.cancel if wanted else paypal.show, paypal_id)


def refresh_one(paypal_id: str) -> Outcome:
    """Look at one subscription, whoever's it is, and return when to look again.

    Unavailable where PayPal does not answer. An unknown one is adopted where it is of our plan and names a tenant whose
    checkout waits for its id; else it is counted and left alone.
    """
    tenant = repository.tenant_of(paypal_id)
    if tenant is None:
        tenant = _adopted(paypal_id)
    if tenant is None:
        log.event("subscription_unknown", provider="paypal")
        return DONE
    if repository.tenant_state(tenant) in (None, TenantState.PURGED):
        _end_without_tenant(paypal_id)
        return DONE
    if repository.was_surplus(paypal_id):
        due.ensure(Due(SURPLUS_KIND, paypal_id), clock.now())  # a payment that came late goes back as well
    payload = repository.read(tenant)[1]
    try:
        return _look_again(paypal_id, _settle(tenant, paypal_id, look(payload, paypal_id)))
    except Unavailable:
        if paypal_id == payload.paypal_id:
            notices.watch_cancelling(tenant)  # silence confirms nothing either
        raise


WORK = Work(DUE_KIND, "deletions", (lambda turn: refresh_one(turn.id),))  # by PayPal's id


def settle(tenant: TenantId, paypal_id: str, look: Look) -> SubscriptionPayload:
    """Apply what `look` finds at PayPal to the tenant, and plan the next look. Return the payload as it stands after.

    VersionConflict where others never let us.
    """
    piece = Due(DUE_KIND, paypal_id)
    planned = due.planned(piece)
    new = _settle(tenant, paypal_id, look)
    plan(piece, _look_again(paypal_id, new), planned)
    return new


def _settle(tenant: TenantId, paypal_id: str, look: Look) -> SubscriptionPayload:
    def apply() -> tuple[SubscriptionPayload, SubscriptionPayload]:
        row, old = repository.read(tenant)
        seen, now = look(), clock.now()
        grace = timedelta(seconds=settings.current().waits.grace)
        new = rules.after(old, seen, now, grace) if seen else rules.unknown_there(old, paypal_id, now)
        repository.write(tenant, row, new)
        return old, new

    old, new = rows.retry(apply)
    if new.state is not old.state:
        log.event("subscription_changed", tenant=tenant, state=str(new.state))
        audit.team(tenant, Action.SUBSCRIPTION_CHANGED, by=None)
        if old.cancelling and new.state is State.CANCELLED:
            audit.team(tenant, Action.SUBSCRIPTION_CANCELLED, by=old.cancelling.by)
    carry_out(tenant, new)
    return new


def carry_out(tenant: TenantId, payload: SubscriptionPayload) -> None:
    """Lock, unlock or schedule the purge of the workspace as the state asks, and let surplus subscriptions be ended.

    Each step is safe to repeat. A closing workspace is left to its purge.
    """
    if payload.state is State.ACTIVE and set_tenant_state(tenant, TenantState.ACTIVE, frozenset([TenantState.LOCKED])):
        due.done(Due(PURGE_KIND, tenant))
    elif payload.state is State.SUSPENDED:
        if set_tenant_state(tenant, TenantState.LOCKED, frozenset([TenantState.ACTIVE])):
            due.done(Due(PURGE_KIND, tenant))
    elif payload.state.ended and payload.period_end:
        due.ensure(Due(PURGE_KIND, tenant), payload.period_end)
    if payload.cancelling:
        notices.watch_cancelling(tenant)
    for each in payload.surplus:
        due.ensure(Due(SURPLUS_KIND, each.id), clock.now())


def to_look_at(payload: SubscriptionPayload) -> list[str]:
    """Return the ids of the current and of the awaited subscription, as far as they have one."""
    awaited = payload.pending.paypal_id if payload.pending else ""
    return [ident for ident in dict.fromkeys((payload.paypal_id, awaited)) if ident]


def _look_again(paypal_id: str, payload: SubscriptionPayload) -> Outcome:
    """When to look again by ourselves, should a webhook be lost: after the period's end, else ever more rarely."""
    now, reread = clock.now(), timedelta(seconds=settings.current().waits.reread)
    if paypal_id == payload.paypal_id and payload.cancelling:
        return after(notices.pause(payload.cancelling.since))
    if paypal_id == payload.paypal_id and payload.state is State.ACTIVE:
        end = payload.period_end or now
        return later(max(end + reread, now + max(reread, now - end)))
    if paypal_id == payload.paypal_id and payload.state is State.SUSPENDED:
        return after(reread * _SUSPENDED_AGAIN)
    if payload.pending and payload.pending.paypal_id == paypal_id and now - payload.pending.at < CHECKOUT_LIFE:
        return after(max(reread, now - payload.pending.at))
    return DONE


def _adopted(paypal_id: str) -> TenantId | None:
    """The tenant that an unknown subscription belongs to: its checkout was killed between PayPal's answer and our row."""
    seen = repository.paypal().show(paypal_id)
    if seen is None or seen.plan != settings.current().paypal.plan or not ids.is_id(seen.custom_id, "ten"):
        return None
    tenant = TenantId(seen.custom_id)
    state = repository.tenant_state(tenant)
    if state in (None, TenantState.PURGED):
        return tenant  # purged, with all that told of its subscriptions
    if state is TenantState.CLOSING:
        raise VersionConflict  # its purge has taken away what told of them, and is not over
    row, payload = repository.read(tenant)
    if row is None or payload.pending is None or payload.pending.paypal_id:
        return None
    payload.pending.paypal_id = paypal_id
    payload.known.append(paypal_id)
    repository.remember(paypal_id, tenant)
    repository.write(tenant, row, payload)
    return tenant


def _end_without_tenant(paypal_id: str) -> None:
    """A subscription of a workspace that is no more: whoever approved it late must not be charged for nothing."""
    seen = repository.paypal().show(paypal_id)
    if (seen is not None and seen.status.live) or repository.was_surplus(paypal_id):
        due.ensure(Due(SURPLUS_KIND, paypal_id), clock.now())
