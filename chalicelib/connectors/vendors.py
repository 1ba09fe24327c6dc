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


def of(provider: Provider) -> Vendor:
    """The provider's vendor. KeyError where it can't be connected."""
    return cast("Vendor", importlib.import_module(_MODULES[provider]).VENDOR)
