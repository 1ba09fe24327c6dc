"""Whether two records mean one company."""

import pytest

from chalicelib.domain.matching import companies, domains
from chalicelib.domain.matching.model import CompanyFields as Fields
from chalicelib.domain.matching.model import Zone


@pytest.mark.parametrize(
    ("one", "other", "zone"),
    [
        (Fields("Acme GmbH", ("acme.de",)), Fields("ACME", ("shop.acme.de",)), Zone.MATCH),
        (Fields("Siemens AG", ("siemens.com",)), Fields("Siemens Energy AG", ("siemens-energy.com",)), Zone.NONE),
        (Fields("Siemens AG"), Fields("Siemens Energy"), Zone.NONE),
        (Fields("Miller Comm Grp Ltd"), Fields("Miller Communications Group"), Zone.REVIEW),
        (Fields("Miller", ("gmail.com",)), Fields("Baker", ("gmail.com",)), Zone.NONE),
        (Fields(), Fields(), Zone.NONE),
    ],
)
def test_the_zone(one: Fields, other: Fields, zone: Zone) -> None:
    assert companies.compare(one, other).zone is zone
    if zone is not Zone.NONE:
        assert companies.blocking_keys(one) & companies.blocking_keys(other)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Van Herpen Investments B.V.", "herpen investments"),
        ("Tech & Srvces, Inc.", "technology services"),
        ("Müller GmbH & Co. KG", "muller"),
        ("GmbH", "gmbh"),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert companies.core(name) == core


def test_a_domain_is_what_somebody_registered() -> None:
    assert domains.registrable("www.shop.acme.co.uk") == "acme.co.uk"
    assert [domains.registrable(each) for each in ("yahoo.co.jp", "co.uk", "")] == ["", "", ""]
