"""What owners and the operator are told of money: a subscription that PayPal does not end, a payment that goes back or cannot."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.core import clock, log, settings
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.subscription import repository
from chalicelib.domain.work import mails

PATIENCE = timedelta(days=3)  # how long PayPal is asked before a person is told
_FIRST, _LONGEST, _AFTERWARDS = timedelta(seconds=30), timedelta(hours=6), timedelta(days=1)


def pause(since: datetime) -> timedelta:
    """Return when PayPal is asked again for what was asked first at `since`: ever more rarely, and daily from PATIENCE on."""
    age = clock.now() - since
    return _AFTERWARDS if age >= PATIENCE else min(max(_FIRST, age), _LONGEST)


def unsettled(tenant: TenantId | None) -> None:
    """Raise the operator's alarm."""
    log.event("payment_unsettled", provider="paypal", **({"tenant": tenant} if tenant else {}))
    log.metric("subscription", "UnsettledPayments", 1)  # an alarm of infra/resources.yaml waits for it


def tell_owners(tenant: TenantId, name: str, paypal_id: str, told: dict[str, str], save: Callable[[], None]) -> None:
    """Mail every owner once what the catalogues call `name`. `told` is the part of a payload that `save` writes.

    Unavailable where a mail is not taken now.
    """
    address = settings.current().privacy_address
    for owner in member_lookup.addressed(tenant):
        if owner.is_owner:
            mail = mails.written(owner.email, name, owner.language, privacy_address=address, subscription=paypal_id)
            mails.once(told, f"{name}.{owner.member}", mail, save)


def tell_operator(name: str, paypal_id: str, told: dict[str, str], save: Callable[[], None]) -> None:
    """Mail the operator once, where an address of theirs is set. Errors as in `tell_owners`."""
    here = settings.current()
    if here.operator_address:
        mail = mails.written(here.operator_address, name, "en", subscription=paypal_id)
        mails.once(told, f"{name}.operator", mail, save)


def watch_cancelling(tenant: TenantId) -> None:
    """Tell that PayPal has not confirmed a cancellation for PATIENCE: owners and operator once, the alarm at each try."""
    row, payload = repository.read(tenant)
    asked = payload.cancelling
    if row is None or asked is None or clock.now() - asked.since < PATIENCE:
        return
    unsettled(tenant)
    if asked.overdue:
        return

    def save() -> None:
        repository.write(tenant, row, payload)

    tell_owners(tenant, "cancellation_unconfirmed", payload.paypal_id, asked.mails, save)
    tell_operator("operator_cancellation_unconfirmed", payload.paypal_id, asked.mails, save)
    audit.team(tenant, Action.SUBSCRIPTION_NOT_CANCELLED, by=None)
    asked.overdue = True
    save()
