"""Our Gmail connector where Gmail takes fewer calls at a time than a batch has, or a server takes no batches."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.connectors.google.messages import SIZES, Pace
from chalicelib.connectors.port import Mailbox, MailPage, OverQuota, Position
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.google.simulator import Google
from tests.support.google_grant import Linked, link

MESSAGES, BATCH = "/gmail/v1/users/me/messages", "/batch/gmail/v1"


@pytest.fixture
def google(cloud: Cloud) -> Iterator[Google]:
    """The one that the settings name as Google's base URL."""
    found: Google = cloud.connectors.google
    yield found
    found.heal()
    found.gmail.concurrent = None


def written(linked: Linked, number: int) -> list[str]:
    """The ids of so many mails in the account's mailbox, newest first."""
    mailbox, now = linked.google.accounts.known(linked.address).mailbox, clock.now()
    return [mailbox.add(sender="anna@nord.example", at=now - timedelta(hours=each)).id for each in range(number)]


def whole(mailbox: Mailbox, position: Position | None = None) -> list[MailPage]:
    """Every page of a pass."""
    pages = [mailbox.page(position or mailbox.start())]
    while not pages[-1].done:
        assert pages[-1].stopped_by is None
        pages.append(mailbox.page(pages[-1].position))
    return pages


def ids(*pages: MailPage) -> list[str]:
    """Of the messages that were read."""
    return [header.message_id for page in pages for header in page.headers]


def asked(google: Google) -> list[int]:
    """How many messages each request asked for, in order; 1 for a single get."""
    sizes: list[int] = []
    parts = 0
    for entry in google.log:
        if entry["path"].startswith(f"{MESSAGES}/"):
            parts += 1
            if not entry.get("batch"):
                sizes, parts = [*sizes, 1], 0
        elif entry["path"] == BATCH:
            sizes, parts = [*sizes, parts], 0
    return sizes


@pytest.mark.parametrize(("most", "first"), [(30, [50, 25]), (7, [50, 25, 10, 5]), (1, [50, 25, 10, 5, 1])])
def test_batches_shrink_until_gmail_takes_them_and_nothing_is_asked_for_twice(
    google: Google, most: int, first: list[int]
) -> None:
    linked = link(google, "headers")
    mails = written(linked, 90)
    google.gmail.concurrent = most
    pages = whole(linked.mailbox())
    assert ids(*pages) == mails
    sizes = asked(google)
    assert sizes[: len(first)] == first
    answered = [entry["path"] for entry in google.log if entry["status"] == 200 and f"{MESSAGES}/" in entry["path"]]
    assert len(answered) == len(set(answered)) == 90, "what came is kept"


def test_they_grow_again_slowly_in_later_passes_as_well(google: Google) -> None:
    linked = link(google, "headers")
    written(linked, 60)
    google.gmail.concurrent = 7
    last = whole(linked.mailbox())[-1].position
    assert last.at["batch"] == "5"
    google.gmail.concurrent = None
    written(linked, 300)
    google.log.clear()
    pages = whole(linked.mailbox(), last)
    assert len(ids(*pages)) == 300
    sizes = [size for size in asked(google) if size in SIZES]  # a page's last batch has what is left
    assert sizes == sorted(sizes)
    assert sizes.count(5) == 10 - 8, "the pass before had eight of them"
    assert sizes.count(10) == 10
    assert max(sizes) == 25


def test_what_came_before_gmail_wants_no_more_is_kept(google: Google) -> None:
    linked = link(google, "headers")
    mails = written(linked, 120)
    google.fault("limit", seconds=90, on=f"{MESSAGES}/{mails[60]}", times=1)
    page = linked.mailbox().page(Position(full=True))
    assert isinstance(page.stopped_by, OverQuota)
    assert (page.stopped_by.retry_after, page.done, len(ids(page))) == (90, False, 99)
    google.log.clear()
    rest = whole(linked.mailbox(), page.position)
    assert ids(*rest) == [mails[60], *mails[100:]]
    assert sum(entry["path"] == MESSAGES for entry in google.log) == 1, "the list is not asked for again"
    assert rest[-1].position.full is False


def test_where_nothing_comes_at_all_the_next_run_asks_for_less(google: Google) -> None:
    linked = link(google, "headers")
    mails = written(linked, 3)
    google.fault("limit", seconds=90, on=f"{MESSAGES}/", times=3)
    page = linked.mailbox().page(Position(full=True))
    assert isinstance(page.stopped_by, OverQuota)
    assert (page.headers, page.done, page.position.at["batch"]) == ((), False, "25")
    assert ids(*whole(linked.mailbox(), page.position)) == mails


def test_a_pass_of_changes_goes_on_with_the_rest_too(google: Google) -> None:
    linked = link(google, "headers")
    position = whole(linked.mailbox())[-1].position
    mails = written(linked, 4)
    google.fault("limit", seconds=90, on=f"{MESSAGES}/{mails[1]}", times=1)
    page = linked.mailbox().page(position)
    assert (ids(page), page.done) == ([mails[0], *mails[2:]], False)
    (later,) = written(linked, 1)
    rest = whole(linked.mailbox(), page.position)
    assert ids(*rest) == [mails[1]]
    assert ids(*whole(linked.mailbox(), rest[-1].position)) == [later], "it came after the list"


def test_mail_older_than_a_year_ends_the_pass_when_its_rest_is_read(google: Google) -> None:
    linked = link(google, "headers")
    mailbox = google.accounts.known(linked.address).mailbox
    mails = [mailbox.add(sender="a@x.example", at=clock.now() - timedelta(days=5 * day)).id for day in range(150)]
    google.fault("limit", seconds=90, on=f"{MESSAGES}/{mails[3]}", times=1)
    page = linked.mailbox().page(Position(full=True))
    assert (page.done, len(ids(page))) == (False, 49)
    (rest,) = whole(linked.mailbox(), page.position)
    assert ids(rest) == [mails[3], *mails[50:73]]


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_batches_is_asked_for_each(google: Google, status: int) -> None:
    linked = link(google, "headers")
    mails = written(linked, 40)
    google.fault("status", status=status, on="/batch")
    pages = whole(linked.mailbox())
    assert ids(*pages) == mails
    assert [len(page.headers) for page in pages] == [25, 15], "a page ends in time"
    assert sum(entry["path"].startswith("/batch") for entry in google.log) == 2, "it is tried once at each of its paths"


def test_sizes_are_those_of_a_chain() -> None:
    for larger, smaller in pairwise(SIZES):
        assert Pace(larger).slower().size == smaller
        assert Pace(smaller, clean=9).undisturbed().size == larger
    assert (Pace(1).slower(), Pace(50).undisturbed()) == (Pace(1), Pace(50))
    for odd in ({}, {"batch": "7"}, {"batch": "x", "clean": "3"}):
        assert Pace.of(odd) == Pace()
    assert Pace.of(Pace(10, 4).carried()) == Pace(10, 4)
