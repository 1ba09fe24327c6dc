"""Our Salesforce connector where an org is slow: answers are waited for, pages become smaller, and nothing depends on a count."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.connectors import http
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.salesforce import people
from infra.local.cloud import Cloud
from infra.simulators.salesforce.simulator import Salesforce as Simulator
from tests.conftest import Member
from tests.support.crm_accounts import Salesforce
from tests.support.provider_connection import Followed
from tests.support.salesforce_grant import connect, walk


@pytest.fixture
def slow(crm: Simulator, seven: list[str]) -> Iterator[Simulator]:
    """The members' org, whose answers have as many records as are asked for."""
    crm.page_size = 2000
    yield crm
    crm.times_out_above = 0


def limits(crm: Simulator) -> list[str]:
    """Of the queries that were sent, in order."""
    return [query.rpartition(" LIMIT ")[2] for entry in crm.log if " LIMIT " in (query := entry["query"].get("q", ""))]


def test_a_query_that_takes_too_long_is_asked_for_in_smaller_pages(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 20
    for number in range(40):
        slow.crm.add("Contact", LastName=f"Further {number}")
    pages, _ = walk(connect(slow).source())
    assert len({person.external_id for page in pages for person in page.people}) == 40 + len(seven)
    assert limits(slow) == ["2000", "500", "100", "20", "20", "20"]
    assert pages[0].position.at["limit"] == "20"
    assert "limit" not in pages[-1].position.at, "the next pass begins as usual"


def test_the_next_run_goes_on_in_pages_of_that_size(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 20
    for number in range(40):
        slow.crm.add("Contact", LastName=f"Further {number}")
    member = connect(slow)
    source = member.source()
    first = source.page(source.start())
    slow.log.clear()
    member.source().page(first.position)
    assert limits(slow) == ["20"]


def test_one_that_takes_too_long_in_any_size_is_a_failure_of_theirs(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 1
    source = connect(slow).source()
    with pytest.raises(ProviderDown):
        source.page(source.start())


def test_an_answer_is_waited_for_as_long_as_salesforce_works_at_it(
    slow: Simulator, seven: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people.QUERY_S == 120
    source = connect(slow).source()
    monkeypatch.setattr(http, "READ_S", 0.1)
    slow.fault("slow", seconds=0.6, times=1, on="/services/data")
    slow.log.clear()
    assert len(source.page(source.start()).people) == len(seven)
    assert len(slow.log) == 1


def test_a_pass_is_complete_without_a_count(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    source, member = Salesforce(cloud), new_workspace()
    for number in range(3):
        source.put(number)
    hub = Followed(cloud, member, source, source.connect(member))
    source.simulator.times_out_above = people.LIMIT  # a count is over everything
    try:
        health = hub.settle()
        assert (health["stored"], health["incomplete"], hub.outcomes()[0]) == (3 + source.firms(), None, "complete")
    finally:
        source.simulator.times_out_above = 0
        hub.forget()
        source.close()
