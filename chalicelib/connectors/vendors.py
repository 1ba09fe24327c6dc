"""Every provider that members can connect, by name; each is loaded when it is asked for."""

import importlib
from typing import cast

from chalicelib.connectors.port import Provider, Vendor

_MODULES = {
    Provider.GOOGLE: "chalicelib.connectors.google.vendor",
    Provider.SALESFORCE: "chalicelib.connectors.salesforce.vendor",
    Provider.HUBSPOT: "chalicelib.connectors.hubspot.vendor",
    Provider.LINKEDIN: "chalicelib.connectors.social.linkedin",
    Provider.X: "chalicelib.connectors.social.x",
}
CONNECTABLE = tuple(_MODULES)
# Where a vendor states each field that it reads, with its purpose (P7): the tables that its queries are made from.
_FIELDS = {
    Provider.SALESFORCE: (
        "chalicelib.connectors.salesforce.people",
        {"Contact": "CONTACT_FIELDS", "Account": "ACCOUNT_FIELDS"},
    ),
    Provider.HUBSPOT: (
        "chalicelib.connectors.hubspot.people",
        {"contacts": "CONTACT_FIELDS", "companies": "COMPANY_FIELDS"},
    ),
    Provider.LINKEDIN: ("chalicelib.connectors.social.linkedin", {"CONNECTIONS": "FIELDS"}),
}


def of(provider: Provider) -> Vendor:
    """The provider's vendor. KeyError where it can't be connected."""
    return cast("Vendor", importlib.import_module(_MODULES[provider]).VENDOR)


def fields(provider: Provider) -> dict[str, str]:
    """Each field that is read, as `object.field`, and what for; nothing where the vendor states none."""
    module, tables = _FIELDS.get(provider, ("", {}))
    return {
        f"{name}.{field}": purpose
        for name, table in tables.items()
        for field, purpose in getattr(importlib.import_module(module), table).items()
    }
