"""Billing information, from Salesforce."""

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code
from chalicelib.core.models import Model
from chalicelib.domain.accounts.billing import BillingAccount, Invoice

bp = Blueprint(__name__)


class InvoicesOut(Model):
    """Always one page. `account` is null, and the list empty, where there is no account in Salesforce yet."""

    account: BillingAccount | None
    items: list[Invoice]
    next_cursor: None = None


@route(
    bp,
    "GET",
    "/v1/billing/invoices",
    answer=InvoicesOut,
    refuses=(Code.OWNER_ONLY, Code.BILLING_UNAVAILABLE),
)
def read_invoices(call: Call) -> Reply:
    """Show the workspace's billing account and its invoices, newest first. Owners only."""
    from chalicelib.domain.accounts import billing  # noqa: PLC0415 - cold start

    found = billing.statement(call.actor)
    return Reply(InvoicesOut(account=found.account, items=found.invoices))
