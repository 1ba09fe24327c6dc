"""Every provider that members can connect, by name, each with its privacy class; each is loaded when it is asked for."""

import importlib
from dataclasses import dataclass, field
from typing import cast

from chalicelib.connectors.fields import Field
from chalicelib.connectors.port import NoLogin, PrivacyClass, Provider, Tier, Vendor


@dataclass(frozen=True)
class Declared:
    """A vendor: its module, who may see what it says, and where it states each field that it reads, with its purpose (P7):
    a module, and the tables in it by the objects that they are of. `logins`: its accounts may sign in elsewhere than at one page,
    which its module's `login_of` knows. TypeError without a privacy class."""

    module: str
    privacy_class: PrivacyClass | None = None
    stated_in: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    logins: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.privacy_class, PrivacyClass):
            raise TypeError(f"{self.module} states no privacy class: say who may see what this vendor tells us.")


VENDORS: dict[str, Declared] = {
    Provider.GOOGLE: Declared("chalicelib.connectors.google.vendor", PrivacyClass.SHAREABLE),
    Provider.SALESFORCE: Declared(
        "chalicelib.connectors.salesforce.vendor",
        PrivacyClass.OWNER_ONLY,
        "chalicelib.connectors.salesforce.fields",
        {"Contact": "CONTACT_FIELDS", "Account": "ACCOUNT_FIELDS"},
        logins=True,
    ),
    Provider.HUBSPOT: Declared(
        "chalicelib.connectors.hubspot.vendor",
        PrivacyClass.OWNER_ONLY,
        "chalicelib.connectors.hubspot.people",
        {"contacts": "CONTACT_FIELDS", "companies": "COMPANY_FIELDS"},
    ),
    Provider.LINKEDIN: Declared(
        "chalicelib.connectors.social.linkedin",
        PrivacyClass.OWNER_ONLY,
        "chalicelib.connectors.social.linkedin",
        {"CONNECTIONS": "FIELDS"},
    ),
    Provider.X: Declared("chalicelib.connectors.social.x", PrivacyClass.OWNER_ONLY),
}
CONNECTABLE = tuple(map(Provider, VENDORS))


def of(provider: Provider) -> Vendor:
    """Return the provider's vendor. KeyError where it can't be connected."""
    return cast("Vendor", importlib.import_module(VENDORS[provider].module).VENDOR)


def offered(provider: Provider) -> tuple[Tier, ...]:
    """Return the tiers that members may choose, the default first. KeyError as of `of`."""
    return tuple(tier for tier in of(provider).tiers if tier.offered)


def fields(provider: Provider) -> dict[str, str]:
    """Return each field that is read, as `object.field`, and what for; nothing where the vendor states none."""
    declared = VENDORS.get(provider)
    if declared is None:
        return {}
    return {
        f"{name}.{field}": told.purpose if isinstance(told, Field) else told
        for name, table in declared.tables.items()
        for field, told in getattr(importlib.import_module(declared.stated_in), table).items()
    }


def login(provider: Provider, told: str) -> str:
    """Return where users of an account sign in, for App.login. NoLogin, and so for a provider with one page for everybody."""
    declared = VENDORS.get(provider)
    if declared is None or not declared.logins:
        raise NoLogin
    return str(importlib.import_module(declared.module).login_of(told))
