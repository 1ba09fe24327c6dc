"""The operator's files of people: read by the function, to the end, once, and deleted; what cannot be read raises an alarm."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.directory import feed_files
from chalicelib.domain.directory.model import FeedPayload
from chalicelib.domain.directory.records import FEED_SK, FeedRecord
from chalicelib.domain.directory.repository import of_address
from chalicelib.jobs import directory_feed
from chalicelib.store import rows
from chalicelib.vault import tags
from infra.local.cloud import Cloud
from tests.support.directory import LINK, Person, put_feed


@pytest.fixture
def waiting(cloud: Cloud) -> Callable[[], list[str]]:
    """The keys that wait in the bucket of feeds."""

    def look() -> list[str]:
        found = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["FeedsBucketName"]).get("Contents", [])
        return [each["Key"] for each in found]

    return look


def run() -> dict[str, int]:
    return directory_feed.handle({}, None)


def name(ending: str) -> str:
    return f"{uuid.uuid4().hex}.{ending}"


def left(key: str) -> FeedRecord | None:
    return rows.get(FeedRecord, f"feed#{tags.platform_digest('feed', key)}", FEED_SK)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "CSV"])
def test_a_file_in_the_bucket_is_read_by_the_schedule_and_goes(
    cloud: Cloud, waiting: Callable[[], list[str]], ending: str
) -> None:
    one, two = Person(cloud), Person(cloud)
    links: Any = LINK if ending.lower() == "csv" else [LINK]
    key = put_feed(cloud, name(ending.lower()), [each.line(links=links) for each in (one, two)])
    cloud.advance(300)
    cloud.drain()
    assert key not in waiting()
    assert left(key) is None
    for person in (one, two):
        ((_, profile),) = of_address(person.address)
        assert profile.shown(clock.now()).links == [LINK]
        assert len(person.told()) == 1
    assert run() == {}


def test_what_is_no_line_is_counted_and_keeps_no_other_from_being_read(
    cloud: Cloud, caplog: pytest.LogCaptureFixture, waiting: Callable[[], list[str]]
) -> None:
    one, two = Person(cloud), Person(cloud)
    odd = b'\nnot json\n[1]\n"text"\n' + b"[" * 100_000 + b"\n" + b'{"name": "\xff\xfe"}\n'
    put_feed(cloud, name("jsonl"), [one.line(), two.line(notify="info@people.de")], more=odd)
    assert run() == {"read": 1}
    assert waiting() == []
    told = [line for line in caplog.messages if "feed_read" in line]
    assert '"counts":{"stored":1,"not_storable":1,"unreadable":5}' in told[-1]
    assert not any(one.address in line or one.name in line for line in caplog.messages)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_line_that_is_too_long_is_passed_over_in_pieces(cloud: Cloud, ending: str) -> None:
    one, long, two = Person(cloud), Person(cloud), Person(cloud)
    links: Any = LINK if ending == "csv" else [LINK]
    lines = [each.line(links=links, more="x" * 100_000 * (each is long)) for each in (one, long, two)]
    put_feed(cloud, name(ending), lines)
    assert run() == {"read": 1}
    assert [len(of_address(each.address)) for each in (one, long, two)] == [1, 0, 1]


def test_a_table_that_breaks_in_the_middle_is_read_around_the_break(cloud: Cloud) -> None:
    one, two = Person(cloud), Person(cloud)
    after = f"register,https://register.example/1,{clock.rfc3339(clock.now())},{two.address},Ada {two.name},CEO,N,\r\n"
    broken = b'x,"' + b"y" * 200_000 + b'"\r\n'
    put_feed(cloud, name("csv"), [one.line(links=LINK)], more=broken + after.encode())
    assert run() == {"read": 1}
    assert [len(of_address(each.address)) for each in (one, two)] == [1, 1]


def test_a_run_goes_on_where_the_time_of_the_last_was_over(cloud: Cloud, waiting: Callable[[], list[str]]) -> None:
    person = Person(cloud)
    key = put_feed(cloud, name("jsonl"), [person.line(source=f"s{n}", title=f"T{n}") for n in range(120)])

    def once() -> feed_files.State:
        (file,) = feed_files.waiting()
        return feed_files.read(file, lambda: False)

    assert [once(), once()] == [feed_files.State.LEFT] * 2
    row = left(key)
    assert row
    done = row.unsealed(FeedPayload)
    assert (done.lines, done.counts) == (100, {"stored": 100})
    assert once() is feed_files.State.READ
    assert waiting() == []


def test_another_file_under_the_same_name_is_read_from_its_beginning(cloud: Cloud) -> None:
    one, two, file = Person(cloud), Person(cloud), name("jsonl")
    put_feed(cloud, file, [one.line(source=f"s{n}") for n in range(60)])
    (found,) = feed_files.waiting()
    assert feed_files.read(found, lambda: False) is feed_files.State.LEFT
    put_feed(cloud, file, [two.line()])
    assert feed_files.read(found, lambda: True) is feed_files.State.READ, "as it was listed"
    assert run() == {"read": 1}, "what came to the name meanwhile is not deleted unread"
    assert len(of_address(two.address)) == 1
    assert run() == {}


@pytest.mark.parametrize(
    ("ending", "lines"), [("xlsx", 1), ("jsonl", 0)], ids=["an ending of nobody's", "no line of a feed"]
)
def test_a_file_that_cannot_be_read_stays_and_raises_the_alarm(
    cloud: Cloud, caplog: pytest.LogCaptureFixture, waiting: Callable[[], list[str]], ending: str, lines: int
) -> None:
    person = Person(cloud)
    key = put_feed(cloud, name(ending), [person.line()] * lines, more=b"nothing of a feed\n")
    other = Person(cloud)
    put_feed(cloud, name("jsonl"), [other.line()])
    assert run() == {"unread": 1, "read": 1}
    assert waiting() == [key]
    assert of_address(person.address) == []
    assert len(of_address(other.address)) == 1
    metrics = [line for line in caplog.messages if "UnreadFeeds" in line]
    assert '"Service":"directory","UnreadFeeds":1' in metrics[-1]
    cloud.client("s3").delete_object(Bucket=cloud.outputs["FeedsBucketName"], Key=key)


def test_a_file_that_is_too_large_is_not_opened(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(cloud)
    key = put_feed(cloud, name("jsonl"), [person.line()])
    monkeypatch.setattr(feed_files, "MOST_BYTES", 10)
    assert run() == {"unread": 1}
    monkeypatch.undo()
    assert run() == {"read": 1}
    assert left(key) is None
