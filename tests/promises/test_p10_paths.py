"""P10: whom only LinkedIn's interface knows leads no colleague anywhere; the archive that a member brings in itself does."""

from collections.abc import Callable, Iterator

import pytest

from infra.local.cloud import Cloud
from infra.simulators.social.linkedin import ADA
from infra.simulators.social.simulator import Social
from tests.conftest import Member
from tests.support.consent_flow import connect
from tests.support.relations import Knows


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Social]:
    """The cloud's own, empty in the end."""
    there: Social = cloud.connectors.social
    yield there
    there.linkedin.rows = {account: [] for account in there.linkedin.rows}


def test_a_connection_that_only_the_interface_tells_of_is_its_members_own(
    cloud: Cloud,
    social: Social,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., object],
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    asks, knows = Knows(owner), Knows(new_colleague(owner))
    asks.shares()
    knows.shares()
    told = {"First Name": "Ann", "Last Name": mark("ann"), "Email Address": f"{mark('ann')}@acme.example"}
    social.linkedin.rows[ADA][:] = [{**told, "URL": f"https://www.linkedin.com/in/{mark('ann')}", "Company": "Acme"}]
    connect(cloud, knows.member, "linkedin")
    cloud.drain()
    company, own = asks.company(), knows.company()
    assert asks.paths(company) == []
    (path,) = knows.paths(own)
    assert (path["mine"], path["strength"], path["band"]) == (True, 10, "weak")
    assert path["reasons"][0]["text"] == "connected at a professional network"
    header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    row = f"Ann,{mark('ann')},,{mark('ann')}@acme.example,Acme,CTO,03 Mar 2024"
    run_import(knows.member, f"{header}\r\n{row}\r\n")
    (path,) = asks.paths(company)
    assert (path["mine"], path["strength"], path["band"]) == (False, None, "weak")
