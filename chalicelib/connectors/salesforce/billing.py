"""Billing information in the operator's own Salesforce: a customer's account and its invoices.

Objects and fields: https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-invoice.html
(Invoice, of Order Management and of Billing in Revenue Cloud), …/object-account.html, and for lengths and scales the
Salesforce Field Reference, salesforce-field-reference-invoice.html.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.salesforce import rest, soql
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
    "CurrencyIsoCode": "in which currency; an org with one currency does not say",
    "Status": "whether it still stands",
}
# Drafts and failed runs are no invoices yet: the customer never got them, and they are not asked for.
_STATUS = {"Posted": "posted", "Canceled": "canceled", "Void In Progress": "voided", "Voided": "voided"}
_CURRENCY_FIELD = "CurrencyIsoCode"
_MOST_INVOICES = 500  # the newest; one a month is twelve a year
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.DOTALL)
_CURRENCY = re.compile(r"[A-Z]{3}")
# ISO 4217: the currencies that have another number of decimals than two (https://www.iso.org/iso-4217-currency-codes.html).
_CURRENCIES_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {currency: n for n, currencies in _CURRENCIES_BY_DECIMALS.items() for currency in currencies.split()}
_USUAL_DECIMALS = 2
_LARGEST = Decimal(10) ** 18  # Salesforce's currency fields have 18 digits


@dataclass(frozen=True)
class Account:
    """`number` is None where none was given."""

    name: str
    number: str | None


@dataclass(frozen=True)
class Invoice:
    """`date` is ISO 8601, `amount` a decimal text with tax, `currency` ISO 4217, `status` posted, canceled or voided.

    Each of them is None where Salesforce has none, or one that cannot be read.
    """

    number: str | None
    date: str | None
    amount: str | None
    currency: str | None
    status: str | None


def read(org: Org, account_field: str, tenant: str) -> tuple[Account | None, list[Invoice]]:
    """Return the tenant's account and its invoices, newest first, 500 at most. None and no invoices without an account.

    The account is found by an external id field of Account. An invoice with an odd value is shown without that value.

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
    account = Account(_text(accounts[0], "Name"), _known(accounts[0], "AccountNumber"))
    wanted: dict[str, str | tuple[str, ...]] = {"BillingAccountId": _text(accounts[0], "Id"), "Status": tuple(_STATUS)}
    found = [_invoice(record) for record in _invoices(org, wanted)]
    # Those without a date come last.
    return account, sorted(found, key=lambda invoice: invoice.date or "", reverse=True)


def _invoices(org: Org, wanted: dict[str, str | tuple[str, ...]]) -> list[dict[str, Any]]:
    """The records. An org with one currency has no field for it (help.salesforce.com: "Manage Multiple Currencies")."""
    fields = list(INVOICE_FIELDS)
    while True:
        try:
            return org.query(soql.select(fields, "Invoice", wanted, order="InvoiceDate", limit=_MOST_INVOICES))
        except ProviderRefused as refused:
            if rest.missing_field(refused) != _CURRENCY_FIELD or _CURRENCY_FIELD not in fields:
                raise
            fields.remove(_CURRENCY_FIELD)


def _invoice(record: dict[str, Any]) -> Invoice:
    currency = _known(record, _CURRENCY_FIELD)
    currency = currency if currency and _CURRENCY.fullmatch(currency) else None
    return Invoice(
        number=_known(record, "InvoiceNumber") or _known(record, "DocumentNumber"),
        date=_date(_known(record, "InvoiceDate")),
        amount=_amount(record.get("TotalAmountWithTax"), currency),
        currency=currency,
        status=_STATUS.get(_known(record, "Status") or ""),
    )


def _text(record: dict[str, Any], field: str) -> str:
    value = _known(record, field)
    if value is None:
        raise Unreadable
    return value


def _known(record: dict[str, Any], field: str) -> str | None:
    value = record.get(field)
    return value if isinstance(value, str) and value else None


def _date(text: str | None) -> str | None:
    """The day of a date or a date-time, as it is written there."""
    found = _DATE.fullmatch(text or "")
    try:
        return date.fromisoformat(found[1]).isoformat() if found else None
    except ValueError:
        return None


def _amount(value: Any, currency: str | None) -> str | None:
    """The decimals of its currency; more where Salesforce holds more, since what is to be paid is never rounded."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The shortest text of a double is what Salesforce wrote, up to fifteen digits: ten million millions, with cents.
    exact = Decimal(str(value))
    if not exact.is_finite() or abs(exact) >= _LARGEST:
        return None
    exact = exact.normalize()
    written = -int(exact.as_tuple().exponent)
    decimals = max(written, _DECIMALS.get(currency or "", _USUAL_DECIMALS))
    return f"{exact:.{decimals}f}"
