"""What Salesforce holds for a tenant: its account and invoices, read live by a function of its own and stored nowhere.

The HTTP function, which serves this, has no access to Salesforce: it may only call that function.
"""

import datetime as dt
from enum import StrEnum

from pydantic import Field, ValidationError

from chalicelib.core import settings
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Unavailable
from chalicelib.core.models import Model


class BillingUnavailable(Unavailable):
    """Salesforce, or the function that reads it, gave no answer in time."""

    code, title = Code.BILLING_UNAVAILABLE, "Billing information cannot be read right now"


class InvoiceStatus(StrEnum):
    POSTED = "posted"
    CANCELED = "canceled"
    VOIDED = "voided"


class BillingAccount(Model):
    name: str
    number: str | None = Field(description="the customer number, where one was given")


class Invoice(Model):
    """A field is null where Salesforce has nothing for it, or nothing that can be read."""

    number: str | None
    date: dt.date | None
    amount: str | None = Field(
        pattern=r"^-?\d+(\.\d+)?$", description="with tax; a decimal number as text, with its currency's decimals"
    )
    currency: str | None = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")
    status: InvoiceStatus | None


class Statement(Model):
    """`account` is None where the tenant has none in Salesforce yet; then there are no invoices."""

    account: BillingAccount | None
    invoices: list[Invoice]


def statement(actor: Actor) -> Statement:
    """Return the account and invoices of the actor's tenant, newest first. OwnerOnly; BillingUnavailable."""
    from chalicelib.vault import aws  # noqa: PLC0415 - cold start

    actor.needs_owner("Invoices are shown to the workspace's owners.")
    try:
        answer = aws.invoke(settings.current().billing.function, {"tenant": actor.tenant})
        return Statement.model_validate(answer)
    except (Unavailable, ValidationError):
        # Without its cause: what could not be read may quote an invoice. The function's own log says what failed.
        raise BillingUnavailable("Try again in a moment.") from None
