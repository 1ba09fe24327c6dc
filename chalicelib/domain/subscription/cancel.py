"""Cancelling: at PayPal first, then here, where PayPal says that it has ended; everything is deleted when the paid period and the
grace after it are over."""

from datetime import timedelta
from functools import partial

from chalicelib.core import clock, settings
from chalicelib.core.actor import Actor
from chalicelib.core.ids import TenantId
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.subscription import repository, rules
from chalicelib.domain.subscription.model import DUE_KIND, PURGE_KIND, State, SubscriptionPayload
from chalicelib.domain.subscription.reconcile import SOON, carry_out, settle, to_look_at
from chalicelib.store import due, rows
from chalicelib.store.due import Due


def cancel(actor: Actor) -> State:
    """End the subscription at its period's end; a workspace that never had one closes now, with the same grace.

    Return CANCELLING where PayPal does not say that it has ended: then it is asked again by itself, for three days, before
    owners and operator are told. ProviderDown where PayPal does not answer: nothing is changed then, and should PayPal have
    acted all the same, the due row written before finds out. May be repeated. OwnerOnly.
    """
    actor.needs_owner()
    _, payload = repository.read(actor.tenant)
    waits, asked = payload.pending is not None, payload.cancelling is not None
    for ident in to_look_at(payload) if waits or not payload.state.ended else []:
        due.schedule(Due(DUE_KIND, ident), clock.now() + SOON)
        # A look first: a renewal whose webhook was lost has moved the end of what is paid for.
        payload = settle(actor.tenant, ident, partial(repository.paypal().show, ident))
        if payload.paypal_id == ident and payload.state.live:
            due.schedule(Due(DUE_KIND, ident), clock.now() + SOON)
            payload = settle(actor.tenant, ident, partial(repository.paypal().cancel, ident))
    if payload.state.live:
        return _ask_until_it_ends(actor)
    _close(actor.tenant)
    if not asked:
        audit.team(actor.tenant, Action.SUBSCRIPTION_CANCELLED, by=actor.member)
    return repository.read(actor.tenant)[1].state


def _ask_until_it_ends(actor: Actor) -> State:
    """Keep that it was asked for; the look that is due goes on asking."""

    def write() -> tuple[SubscriptionPayload, SubscriptionPayload]:
        row, old = repository.read(actor.tenant)
        new = rules.cancelling(old, actor.member, clock.now())
        if new != old:
            due.schedule(Due(DUE_KIND, new.paypal_id), clock.now() + SOON)
            repository.write(actor.tenant, row, new)
        return old, new

    old, new = rows.retry(write)
    if new.cancelling and not old.cancelling:
        audit.team(actor.tenant, Action.SUBSCRIPTION_CANCELLING, by=actor.member)
    return new.state


def _close(tenant: TenantId) -> None:
    def write() -> tuple[SubscriptionPayload, SubscriptionPayload]:
        row, old = repository.read(tenant)
        new = rules.closed(old, clock.now(), timedelta(seconds=settings.current().waits.grace))
        if new != old:
            due.ensure(
                Due(PURGE_KIND, tenant), clock.now() + SOON
            )  # before the row: it brings back what is killed here
            repository.write(tenant, row, new)
        return old, new

    old, new = rows.retry(write)
    if new == old:
        carry_out(tenant, new)
    elif not old.state.ended and new.period_end:
        due.schedule(Due(PURGE_KIND, tenant), new.period_end)
