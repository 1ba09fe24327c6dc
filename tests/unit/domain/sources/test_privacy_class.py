"""Every vendor and file layout says who may see what it tells us; of what nobody said that, its owner alone sees anything."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum

import pytest

from chalicelib import connectors
from chalicelib.connectors import vendors
from chalicelib.connectors.port import PrivacyClass, Provider
from chalicelib.connectors.vendors import Declared
from chalicelib.domain.contacts.model import MEMBER, ContactPayload, Kept
from chalicelib.domain.imports.parsing import layouts
from chalicelib.domain.imports.parsing.columns import Field
from chalicelib.domain.sources.provenance import Format, privacy_class

AT = "2026-01-01T00:00:00.000Z"
OWNER_ONLY, SHAREABLE = PrivacyClass.OWNER_ONLY, PrivacyClass.SHAREABLE
OF_VENDORS = {
    "google": SHAREABLE,
    "salesforce": OWNER_ONLY,
    "hubspot": OWNER_ONLY,
    "linkedin": OWNER_ONLY,
    "x": OWNER_ONLY,
}
OF_OWNERS = {Format.HUBSPOT_CSV, Format.SALESFORCE_CSV, Format.CRM_CSV, Format.IKO_EXPORT}
OWN_COLUMNS = ["Emails", "Phones", "Profile URLs"]


def every_vendor() -> Iterator[str]:
    """The provider of each vendor that there is, whether or not somebody put it into the table."""
    for found in pkgutil.walk_packages(connectors.__path__, "chalicelib.connectors."):
        module = importlib.import_module(found.name)
        if hasattr(module, "VENDOR"):
            yield str(module.VENDOR.provider)


def test_every_vendor_states_its_class() -> None:
    assert set(every_vendor()) == set(OF_VENDORS)
    for provider, wanted in OF_VENDORS.items():
        assert vendors.VENDORS[provider].privacy_class is wanted, provider
        assert privacy_class(f"{provider}:cxn_1") is privacy_class(provider) is wanted, provider


@pytest.mark.parametrize("layout", Format)
def test_every_file_layout_states_its_class(layout: Format) -> None:
    assert layout.privacy_class is (OWNER_ONLY if layout in OF_OWNERS else SHAREABLE)
    assert privacy_class(f"import:{layout}") is layout.privacy_class
    assert privacy_class(f"import:crm:{layout}") is OWNER_ONLY, "its columns are a CRM's, whatever layout read it"
    read = layouts.recognise(OWN_COLUMNS if layout is Format.IKO_EXPORT else ["Email", "First Name"], layout)
    assert read is not None
    assert read.privacy_class is layout.privacy_class


@pytest.mark.parametrize(
    "source", ["dynamics", "facebook:cxn_1", "import:parquet", "import:", "", "member:else", "cxn_1"]
)
def test_what_nobody_declared_is_for_its_owner_alone(source: str) -> None:
    assert privacy_class(source) is OWNER_ONLY


def test_what_the_member_writes_may_be_shared_and_what_it_kept_of_a_crm_not() -> None:
    assert privacy_class("member") is privacy_class("company") is SHAREABLE
    assert privacy_class("member:hidden") is privacy_class("company:hidden") is OWNER_ONLY


def test_a_vendor_or_a_layout_without_a_class_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="dynamics states no privacy class"):
        Declared("dynamics")
    with pytest.raises(TypeError, match="privacy class"):
        Declared("dynamics", "shareable")  # type: ignore[arg-type]  # a word is not the class
    with pytest.raises(TypeError, match="dynamics_csv states no privacy class"):

        class More(StrEnum):
            __new__ = Format.__dict__["_new_member_"]
            DYNAMICS_CSV = "dynamics_csv"


@pytest.mark.parametrize("stated", PrivacyClass)
def test_a_vendor_added_at_run_time_is_seen_as_it_states(stated: PrivacyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    source = f"{Provider.XING}:cxn_1"
    alone = ContactPayload(first_name=Kept(value="Ann", sources={source: AT}), created_at=AT)
    mine = alone.model_copy(update={"last_name": Kept(value="Lee", sources={MEMBER: AT, source: AT})})
    unstated = mine.shared(with_companies=True)
    monkeypatch.setitem(vendors.VENDORS, Provider.XING, Declared("tests.support.scripted_provider", stated))
    seen = mine.shared(with_companies=True)
    assert unstated is not None
    assert seen is not None
    assert (unstated.first_name, list(unstated.sources)) == (None, [MEMBER]), "nobody had stated it"
    if stated is OWNER_ONLY:
        assert (alone.shared(with_companies=True), seen) == (None, unstated)
    else:
        assert seen.first_name == Kept(value="Ann", sources={Provider.XING: AT})


def test_a_mapping_does_not_widen_who_sees_a_crms_file() -> None:
    read = layouts.mapped(["Record ID", "Email"], {"Email": Field.EMAIL})
    assert read is not None
    assert read.privacy_class is OWNER_ONLY
