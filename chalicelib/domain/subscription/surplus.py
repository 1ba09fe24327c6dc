"""Ending a subscription beside the one that counts, or without a workspace: nobody pays twice, or for nothing.

It is cancelled at PayPal, and read again until PayPal says that it has ended; then what was paid for it is given back, and the
owners are told. Each step is safe to repeat: PayPal knows a refund by its payment.
"""

from datetime import timedelta

from chalicelib.connectors.paypal.model import Payment, Refund
from chalicelib.core import clock, log
from chalicelib.core.errors import Unavailable
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.subscription import notices, repository
from chalicelib.domain.subscription.model import SURPLUS_KIND, SurplusPayload
from chalicelib.domain.subscription.records import EVENT_DAYS, SurplusRow
from chalicelib.store import rows
from chalicelib.store.steps import Outcome, Turn, Work, after

_SK = "paypal_surplus"
_BEFORE = timedelta(days=31)  # payments are looked for from then on: an approval that never came is forgotten before
_UNTIL_LISTED = timedelta(days=1)  # PayPal may list a payment a while after it was made
_UNLISTED = "unlisted"  # in the place of a payment's id: PayPal did not say for days what was paid
_NOTE = "A second subscription was approved, or the workspace was closed before. It is cancelled, and this payment returned."


def _end(turn: Turn) -> Outcome | None:
    """Cancel it; while PayPal does not say that it has ended, try again."""
    row = _row(turn.id)
    payload = row.unsealed(SurplusPayload)
    if payload.ended:
        return None
    try:
        seen = repository.paypal().cancel(turn.id)
    except Unavailable:
        _tell_unconfirmed(turn.id, row, payload)  # silence confirms nothing either
        raise
    if seen is None or not seen.status.ended:
        _tell_unconfirmed(turn.id, row, payload)
        return after(notices.pause(payload.since))
    payload.ended = True
    _save(row, payload)
    if payload.tenant and repository.tenant_state(payload.tenant) in (TenantState.ACTIVE, TenantState.LOCKED):
        audit.team(payload.tenant, Action.SUBSCRIPTION_SURPLUS, by=None)
    log.event("subscription_surplus_cancelled", **({"tenant": payload.tenant} if payload.tenant else {}))
    return None


def _return_payments(turn: Turn) -> Outcome | None:
    """Give every payment back, once; wait a while for payments that are not complete, or not listed yet."""
    row = _row(turn.id)
    payload = row.unsealed(SurplusPayload)
    if not payload.refund:
        return None
    waits, overdue = False, _is_overdue(payload)
    since, until = payload.since - _BEFORE, clock.now() + timedelta(minutes=1)
    try:
        listed = repository.paypal().payments(turn.id, since, until)
    except Unavailable:
        if not overdue:
            raise
        payload.payments[_UNLISTED] = str(Refund.REFUSED)
        _save(row, payload)
        return None
    payload.payments.pop(_UNLISTED, None)
    for payment in listed:
        if payment.id in payload.payments:
            continue
        outcome = _returned(payment, overdue=overdue)
        if outcome is Refund.LATER:
            waits = True
            continue
        payload.payments[payment.id] = str(outcome)
        _save(row, payload)
    waits = waits or (not payload.payments and clock.now() - payload.since < _UNTIL_LISTED)
    return after(notices.pause(payload.since)) if waits else None


def _is_overdue(payload: SurplusPayload) -> bool:
    return clock.now() - payload.since >= notices.PATIENCE


def _returned(payment: Payment, *, overdue: bool) -> Refund:
    """What became of it. What takes longer than notices.PATIENCE is for a person."""
    try:
        outcome = payment.state or repository.paypal().refund(payment.id, _NOTE)
    except Unavailable:
        if not overdue:
            raise
        return Refund.REFUSED
    return Refund.REFUSED if outcome is Refund.LATER and overdue else outcome


def _conclude(turn: Turn) -> Outcome | None:
    """Tell the owners how it ended, and strike it off. The row stays a while, so that a late payment is given back too."""
    row = _row(turn.id)
    payload = row.unsealed(SurplusPayload)
    if str(Refund.REFUSED) in payload.payments.values():
        _tell(turn.id, row, payload, "surplus_not_returned", "operator_not_returned")
    elif payload.refund:
        _tell(turn.id, row, payload, "surplus_returned" if payload.payments else "surplus_not_charged")
    if payload.tenant:
        repository.strike_off(payload.tenant, turn.id)
    return None


WORK = Work(SURPLUS_KIND, "deletions", (_end, _return_payments, _conclude))  # by PayPal's id


def _tell_unconfirmed(paypal_id: str, row: SurplusRow, payload: SurplusPayload) -> None:
    if _is_overdue(payload):
        _tell(paypal_id, row, payload, "surplus_unconfirmed", "operator_cancellation_unconfirmed")


def _tell(paypal_id: str, row: SurplusRow, payload: SurplusPayload, to_owners: str, to_operator: str = "") -> None:
    def save() -> None:
        _save(row, payload)

    if to_operator:
        notices.unsettled(payload.tenant)
        notices.tell_operator(to_operator, paypal_id, payload.mails, save)
    if payload.tenant:
        notices.tell_owners(payload.tenant, to_owners, paypal_id, payload.mails, save)


def _row(paypal_id: str) -> SurplusRow:
    """The row of it, made where there is none: a purge may have taken it away with its workspace."""
    pk = f"paypal#{paypal_id}"
    row = rows.get(SurplusRow, pk, _SK)
    if row is not None:
        return row
    tenant = repository.tenant_of(paypal_id)
    if tenant and repository.tenant_state(tenant) in (None, TenantState.PURGED):
        tenant = None
    known = repository.read(tenant)[1].surplus if tenant else []
    refund = next((each.refund for each in known if each.id == paypal_id), True)
    payload = SurplusPayload(tenant=tenant, refund=refund, since=clock.now())
    made = SurplusRow.build(pk, _SK, payload, ends=clock.now() + timedelta(days=EVENT_DAYS))
    rows.put_new(made)
    return made


def _save(row: SurplusRow, payload: SurplusPayload) -> None:
    row.reseal(payload)
    rows.put_if_unchanged(row)
