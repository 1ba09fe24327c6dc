"""The objects of the simulated org: which fields they have, and their records.

https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-invoice.html and
…/object-account.html; IKO_Tenant__c is the custom field that the README tells the operator to make.
"""

import itertools
import threading
from typing import Any

from infra.local.salesforce.soql import Query, Refused

# A part of the real objects' fields: what is read, and some that never may be.
FIELDS = {
    "Account": ("Id", "Name", "AccountNumber", "Phone", "AnnualRevenue", "Industry", "IKO_Tenant__c"),
    "Invoice": (
        "Id",
        "BillingAccountId",
        "BillToContactId",
        "InvoiceNumber",
        "DocumentNumber",
        "InvoiceDate",
        "DueDate",
        "TotalAmount",
        "TotalTaxAmount",
        "TotalAmountWithTax",
        "Balance",
        "CurrencyIsoCode",
        "Status",
        "Description",
    ),
}
_KEY_PREFIX = {"Account": "001", "Invoice": "3tt"}
Record = dict[str, Any]


class Objects:
    """Records by object; thread-safe."""

    def __init__(self) -> None:
        self._records: dict[str, list[Record]] = {name: [] for name in FIELDS}
        self._numbers, self._guard = itertools.count(1), threading.Lock()

    def add(self, of: str, **values: Any) -> str:
        """A new record; its id, 18 characters. ValueError for a field that the object does not have."""
        unknown = set(values) - set(FIELDS[of])
        if unknown:
            raise ValueError(f"{of} has no {', '.join(sorted(unknown))}")
        with self._guard:
            ident = f"{_KEY_PREFIX[of]}{next(self._numbers):012d}AAA"
            self._records[of].append({**dict.fromkeys(FIELDS[of]), **values, "Id": ident})
        return ident

    def find(self, query: Query) -> list[Record]:
        """What the query selects, as records of an answer. Refused where it names an object or a field that is not there."""
        of = next((name for name in FIELDS if name.lower() == query.of.lower()), None)
        if of is None:
            text = f"{query.at(query.of)}sObject type '{query.of}' is not supported."
            raise Refused("INVALID_TYPE", text)
        fields = [_field(query, of, name) for name in query.fields]
        wanted = [(_field(query, of, each.field), {v.casefold() for v in each.values}) for each in query.conditions]
        with self._guard:
            found = [
                r for r in self._records[of] if all(str(r[field]).casefold() in values for field, values in wanted)
            ]
        if query.order:
            order = _field(query, of, query.order)
            found.sort(key=lambda record: (record[order] is not None, str(record[order])), reverse=query.descending)
        return [
            {"attributes": _attributes(of, r), **{field: r[field] for field in fields}} for r in found[: query.limit]
        ]


def _attributes(of: str, record: Record) -> Record:
    return {"type": of, "url": f"/services/data/v62.0/sobjects/{of}/{record['Id']}"}


def _field(query: Query, of: str, name: str) -> str:
    """The field's name as the object has it: SOQL does not tell upper from lower case, in names and in compared texts."""
    for field in FIELDS[of]:
        if field.lower() == name.lower():
            return field
    text = (
        f"{query.at(name)}No such column '{name}' on entity '{of}'. If you are attempting to use a custom field, be sure to "
        "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate "
        "names."
    )
    raise Refused("INVALID_FIELD", text)
