"""Checking out: a subscription is made at PayPal and waits there for the approval of whoever pays."""

import hashlib
from datetime import timedelta
from functools import partial

from chalicelib.connectors.paypal.client import PayPalRefused
from chalicelib.core import clock, ids, settings
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.subscription import repository
from chalicelib.domain.subscription.model import DUE_KIND, Checkout, State, SubscriptionPayload
from chalicelib.domain.subscription.reconcile import CHECKOUT_LIFE, settle
from chalicelib.domain.subscription.records import SubscriptionRow
from chalicelib.store import due, rows
from chalicelib.store.due import Due


class AlreadySubscribed(Conflict):
    code, title = Code.ALREADY_SUBSCRIBED, "The workspace already has a subscription"


def checkout(actor: Actor, back: str) -> str:
    """Return the address at PayPal where the owner approves the subscription.

    The browser comes back to `back`, approved or not. Asked again while it waits, it is the same address, or a fresh
    one where `back` differs or PayPal has forgotten it. An earlier subscription stays known until the new one is
    active. OwnerOnly; AlreadySubscribed; ProviderDown; PayPalRefused.
    """
    actor.needs_owner()
    found = rows.retry(lambda: _attempt(actor.tenant, back))
    audit.team(actor.tenant, Action.SUBSCRIPTION_CHECKOUT, by=actor.member)
    return found


def _attempt(tenant: TenantId, back: str) -> str:
    """The address. VersionConflict where a webhook or another checkout came between."""
    row, payload = repository.read(tenant)
    if payload.state in (State.ACTIVE, State.CANCELLING):
        raise AlreadySubscribed
    pending = payload.pending
    if pending is None or not pending.request.endswith(_digest(back)) or clock.now() - pending.at > CHECKOUT_LIFE:
        # Kept before PayPal is asked: killed after, the same request finds the same subscription again.
        payload.pending = Checkout(request=f"{ids.secret(128)}-{_digest(back)}", at=clock.now())
        return _create(tenant, repository.write(tenant, row, payload), payload, back)
    if row is None or not pending.paypal_id:
        return _create(tenant, row, payload, back)
    standing = repository.paypal().show(pending.paypal_id)
    if standing is not None and standing.approve_url:
        return standing.approve_url
    after = settle(tenant, pending.paypal_id, partial(repository.paypal().show, pending.paypal_id))
    if after.pending is not None:  # approved, and about to begin
        raise AlreadySubscribed
    raise VersionConflict


def _create(tenant: TenantId, row: SubscriptionRow | None, payload: SubscriptionPayload, back: str) -> str:
    pending = payload.pending
    if pending is None:
        raise VersionConflict
    try:
        made = repository.paypal().create(
            settings.current().paypal.plan, tenant, back=back, declined=back, request_id=pending.request
        )
    except PayPalRefused:
        # Not asked again by the same name: PayPal would remember what it answered.
        payload.pending = None
        repository.write(tenant, row, payload)
        raise
    repository.remember(made.id, tenant)
    pending.paypal_id = made.id
    if made.id not in payload.known:
        payload.known.append(made.id)
    if payload.state is State.NONE:
        payload.state = State.PENDING
    payload.updated_at = clock.now()
    repository.write(tenant, row, payload)
    due.schedule(Due(DUE_KIND, made.id), clock.now() + timedelta(seconds=settings.current().waits.reread))
    if not made.approve_url:
        raise VersionConflict  # approved meanwhile
    return made.approve_url


def _digest(back: str) -> str:
    return hashlib.sha256(back.encode()).hexdigest()[:16]
