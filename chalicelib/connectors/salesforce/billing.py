"""Billing information in the operator's own Salesforce: a customer's account and its invoices.

Objects and fields: https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-invoice.html
(Invoice, of Order Management and of Billing in Revenue Cloud), …/object-account.html, and for lengths and scales the
Salesforce Field Reference, salesforce-field-reference-invoice.html.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chalicelib.connectors.salesforce import soql
from chalicelib.connectors.salesforce.oauth import Unreadable
from chalicelib.connectors.salesforce.rest import Org
from chalicelib.core import ids

# All that is ever read, each field with its purpose. The custom field that holds our tenant's id is only compared with.
ACCOUNT_FIELDS = {
    "Id": "names the account in the query for its invoices; goes no further",
    "Name": "shows the owner whose account this is",
    "AccountNumber": "the customer number that the owner quotes to us",
}
INVOICE_FIELDS = {
    "InvoiceNumber": "the number that the owner quotes and books",
    "DocumentNumber": "the number where InvoiceNumber was not set: it may be empty, this one never is",
    "InvoiceDate": "when it was posted",
    "TotalAmountWithTax": "what is to be paid",
    "CurrencyIsoCode": "in which currency",
    "Status": "whether it still stands",
}
# Drafts and failed runs are no invoices yet: the customer never got them, and they are not asked for.
_STATUS = {"Posted": "posted", "Canceled": "canceled", "Void In Progress": "voided", "Voided": "voided"}
_MOST_INVOICES = 500  # the newest; one a month is twelve a year
_CENT = Decimal("0.01")  # the scale of Salesforce's currency fields: 18 digits, 2 of them decimal
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Account:
    """`number` is None where none was given."""

    name: str
    number: str | None


@dataclass(frozen=True)
class Invoice:
    """`date` is ISO 8601, `amount` a decimal text with tax, `currency` ISO 4217; the last two None where Salesforce has none.

    `status`: posted, canceled or voided.
    """

    number: str
    date: str
    amount: str | None
    currency: str | None
    status: str


def read(org: Org, account_field: str, tenant: str) -> tuple[Account | None, list[Invoice]]:
    """Return the tenant's account and its invoices, newest first, 500 at most. None and no invoices without an account.

    The account is found by an external id field of Account.

    ProviderDown; ProviderRefused if the org lacks a field or a right. ValueError for a text that is no tenant's id: it
    is never sent.
    """
    if not ids.is_id(tenant, "ten"):
        raise ValueError("this is no tenant's id")
    accounts = org.query(soql.select(ACCOUNT_FIELDS, "Account", {account_field: tenant}, limit=2))
    if not accounts:
        return None, []
    if len(accounts) > 1:  # an external id field that is not unique: nobody can say whose invoices these would be
        raise Unreadable
    account = Account(_text(accounts[0], "Name"), accounts[0].get("AccountNumber") or None)
    wanted: dict[str, str | tuple[str, ...]] = {"BillingAccountId": _text(accounts[0], "Id"), "Status": tuple(_STATUS)}
    query = soql.select(INVOICE_FIELDS, "Invoice", wanted, order="InvoiceDate", limit=_MOST_INVOICES)
    return account, [_invoice(record) for record in org.query(query)]


def _invoice(record: dict[str, Any]) -> Invoice:
    date, currency = _text(record, "InvoiceDate"), record.get("CurrencyIsoCode") or None
    status = _STATUS.get(_text(record, "Status"))
    if not _DATE.fullmatch(date) or status is None or not (currency is None or _CURRENCY.fullmatch(str(currency))):
        raise Unreadable
    number = record.get("InvoiceNumber") or _text(record, "DocumentNumber")
    return Invoice(str(number), date, _amount(record.get("TotalAmountWithTax")), currency, status)


def _text(record: dict[str, Any], field: str) -> str:
    value = record.get(field)
    if not isinstance(value, str) or not value:
        raise Unreadable
    return value


def _amount(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable
    # The shortest text of a double is what Salesforce wrote, up to fifteen digits: ten million millions, with cents.
    return str(Decimal(str(value)).quantize(_CENT))
