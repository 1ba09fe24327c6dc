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


def further(crm: Simulator, count: int) -> list[str]:
    return [crm.crm.add("Contact", LastName=f"Further {number}") for number in range(count)]


def test_a_query_that_takes_too_long_is_asked_for_in_smaller_pages(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 20
    further(slow, 40)
    pages, _ = walk(connect(slow).source())
    assert len({person.external_id for page in pages for person in page.people}) == 40 + len(seven)
    assert limits(slow) == ["2000", "500", "100", "20", "20", "20"]
    assert "limit" not in pages[-1].position.at, "the next pass begins as usual"


def test_each_run_goes_on_in_pages_of_the_size_that_the_one_before_came_to(slow: Simulator, seven: list[str]) -> None:
    """A query takes two minutes to time out, a run has five: what one learns the next must know."""
    slow.times_out_above = 20
    member = connect(slow)
    position, sizes = member.source().start(), list[str]()
    for _ in range(4):
        page = member.source().page(position)
        position = page.position
        sizes.append(position.at.get("limit", "usual"))
    assert (sizes, page.done, len(page.people)) == (["500", "100", "20", "usual"], True, len(seven))
    assert limits(slow) == ["2000", "500", "100", "20"]


def test_one_that_takes_too_long_in_any_size_is_a_failure_of_theirs(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 1
    source = connect(slow).source()
    with pytest.raises(ProviderDown):
        walk(source)
    assert limits(slow) == ["2000", "500", "100", "20"]


def test_one_that_is_not_answered_in_time_is_asked_for_in_smaller_pages_at_once(
    slow: Simulator, seven: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Salesforce says QUERY_TIMEOUT after the very time that we wait: mostly that comes too late."""
    monkeypatch.setattr(people, "QUERY_S", 0.2)
    slow.fault("slow", seconds=20, times=2, on="/services/data")
    pages, _ = walk(connect(slow).source())
    slow.heal()
    assert len(pages[-1].people) == len(seven)
    assert [page.position.at.get("limit") for page in pages] == ["500", "100", None], "and not the same twice"


@pytest.mark.parametrize("most", [2000, 20])
def test_who_is_there_is_found_however_small_the_answers_are(slow: Simulator, seven: list[str], most: int) -> None:
    """What an answer leaves out is not gone: it would be deleted here."""
    there = [*further(slow, 60), *seven]
    slow.times_out_above, slow.page_size = most, 7 if most == 2000 else 2000
    source = connect(slow).source()
    slow.crm.destroy("Contact", there[3])
    page = source.look(there)
    assert page.gone == (there[3],)
    assert len(page.people) == len(there) - 1


def test_a_pass_in_small_pages_takes_nobody_for_gone(slow: Simulator, seven: list[str]) -> None:
    slow.times_out_above = 20
    there, source = [*further(slow, 60), *seven], connect(slow).source()
    walk(source)
    assert source.look(there).gone == ()


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
