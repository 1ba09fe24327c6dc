"""Our Gmail connector through the simulator: a full pass, changes, batches with parts that fail, what is never asked for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from werkzeug import Request, Response

from chalicelib.connectors.port import CursorExpired, Header, Mailbox, MailPage, NotPermitted, OverQuota, Position
from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.google.simulator import Google
from infra.simulators.replies import reply
from tests.support.google_grant import Linked, link

MESSAGES = "/gmail/v1/users/me/messages"


@pytest.fixture
def google(cloud: Cloud) -> Iterator[Google]:
    """The one that the settings name as Google's base URL."""
    yield cloud.connectors.google
    cloud.connectors.google.heal()


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Sets one of the connectors' settings for the test."""

    def put(name: str, value: str) -> None:
        monkeypatch.setenv(f"IKO_CONNECTORS_{name}", value)
        settings.current.cache_clear()

    yield put
    monkeypatch.undo()
    settings.current.cache_clear()


def write(linked: Linked, sender: str = "anna@nord.example", **more: Any) -> str:
    """The id of a new mail in the account's mailbox; from its owner where the sender is empty."""
    mailbox = linked.google.accounts.known(linked.address).mailbox
    return str(mailbox.add(sender=sender, subject="Canary subject", text="Canary text", **more).id)


def whole(mailbox: Mailbox, position: Position | None = None) -> list[MailPage]:
    """Every page of a pass."""
    pages = [mailbox.page(position or mailbox.start())]
    while not pages[-1].done:
        pages.append(mailbox.page(pages[-1].position))
    return pages


def ids(pages: list[MailPage]) -> list[str]:
    """Of the messages that were read."""
    return [header.message_id for page in pages for header in page.headers]


@pytest.mark.parametrize("tier", ["headers", "body"])
def test_a_full_pass_reads_a_year_of_headers_and_no_words(google: Google, tier: str) -> None:
    linked, now = link(google, tier), clock.now()
    for number in range(130):
        write(linked, at=now - timedelta(days=2 * number), to=[linked.address])
    write(linked, at=now - timedelta(days=400))
    pages = whole(linked.mailbox())
    assert (len(pages), len(set(ids(pages))), len(ids(pages))) == (2, 130, 130)
    assert pages[-1].position.full is False
    assert [page.units for page in pages] == [1 + 5 + 100 * 20, 5 + 31 * 20]
    asked = [entry for entry in google.log if entry["path"].startswith(f"{MESSAGES}/")]
    assert len(asked) == 131
    for entry in asked:
        assert entry["query"]["format"] == "metadata"
        assert entry["query"]["fields"] == "id,internalDate,labelIds,payload/headers"
        assert entry["query"]["metadataHeaders"] == "From,To,Cc,Date,Auto-Submitted,List-Id,Precedence"
    assert not any("q" in entry["query"] or "includeSpamTrash" in entry["query"] for entry in google.log)
    assert sum(entry["path"] == "/batch/gmail/v1" for entry in google.log) == 3
    assert "Canary" not in repr(pages)


def test_older_mail_than_a_year_ends_the_pass(google: Google) -> None:
    linked, now = link(google, "headers"), clock.now()
    for number in range(250):
        write(linked, at=now - timedelta(days=4 * number))
    pages = whole(linked.mailbox())
    assert len(pages) == 1
    assert len(ids(pages)) == 92  # every fourth day of a year


def test_a_header_says_who_when_and_which_way(google: Google) -> None:
    linked, when = link(google, "headers"), clock.now() - timedelta(days=3)
    at = datetime.fromtimestamp(int(when.timestamp() * 1000) / 1000, UTC)
    received = write(linked, '"Berg, Anna" <Anna@Nord.example>', at=when, to=[linked.address], cc=["bo@x.example"])
    sent = write(linked, "", at=when, to=["Cy <cy@x.example>", "cy@X.example"], cc=["dee@x.example"])
    found = {header.message_id: header for page in whole(linked.mailbox()) for header in page.headers}
    assert found == {
        received: Header(received, at, False, "Anna@Nord.example", (linked.address, "bo@x.example")),
        sent: Header(sent, at, True, linked.address, ("cy@x.example", "dee@x.example")),
    }


def test_what_nobody_wrote_is_automatic_and_what_is_no_mail_is_left_out(google: Google) -> None:
    linked = link(google, "headers")
    automatic = [
        write(linked, headers={"Auto-Submitted": "auto-replied"}),
        write(linked, headers={"List-Id": "News <news.x.example>"}),
        write(linked, headers={"Precedence": "bulk"}),
        write(linked, "Mail Delivery <MAILER-DAEMON@x.example>"),
    ]
    human = [write(linked), write(linked, headers={"Auto-Submitted": "no"})]
    for label in ("DRAFT", "CHAT", "SPAM", "TRASH"):
        write(linked, labels=[label])
    found = {header.message_id: header.automatic for page in whole(linked.mailbox()) for header in page.headers}
    assert found == {**dict.fromkeys(automatic, True), **dict.fromkeys(human, False)}


def test_changes_follow_from_where_the_full_pass_began(google: Google) -> None:
    linked = link(google, "headers")
    for number in range(101):
        write(linked, at=clock.now() - timedelta(hours=number))
    mailbox = linked.mailbox()
    first = mailbox.page(mailbox.start())
    during = write(linked)
    second = mailbox.page(first.position)
    assert second.done
    later = write(linked)
    gone = write(linked)
    google.accounts.known(linked.address).mailbox.delete(gone)
    pages = whole(mailbox, second.position)
    assert ids(pages) == [during, later]
    assert whole(mailbox, pages[-1].position)[0].headers == ()
    asked = [entry["query"] for entry in google.log if entry["path"].endswith("/history")]
    assert {query["historyTypes"] for query in asked} == {"messageAdded"}
    assert {query["fields"] for query in asked} == {"history/messagesAdded/message/id,historyId,nextPageToken"}


def test_many_changes_come_in_pages_and_what_comes_meanwhile_is_not_passed_over(google: Google) -> None:
    linked = link(google, "headers")
    mailbox = linked.mailbox()
    position = whole(mailbox)[-1].position
    added = [write(linked) for _ in range(120)]
    first = mailbox.page(position)
    assert not first.done
    meanwhile = write(linked)
    rest = whole(mailbox, first.position)
    assert [*ids([first]), *ids(rest)][:120] == added
    assert meanwhile in ids(whole(mailbox, rest[-1].position))


def test_a_forgotten_history_is_a_lost_position(google: Google) -> None:
    linked = link(google, "headers")
    position = whole(linked.mailbox())[-1].position
    google.fault("history_expired")
    with pytest.raises(CursorExpired):
        linked.mailbox().page(position)
    with pytest.raises(CursorExpired):
        linked.mailbox().page(Position(full=True, at={"history": "1", "page": "of-another-time"}))


def test_a_part_that_fails_is_asked_for_again_and_one_that_is_gone_is_left_out(google: Google) -> None:
    linked = link(google, "headers")
    written = [write(linked, at=clock.now() - timedelta(hours=number)) for number in range(5)]
    google.fault("part", status=429, on=f"{MESSAGES}/{written[2]}", times=2)
    google.fault("part", status=404, on=f"{MESSAGES}/{written[3]}")
    (page,) = whole(linked.mailbox())
    assert ids([page]) == [*written[:3], written[4]]
    assert page.units == 1 + 5 + 7 * 20


def test_a_quota_that_is_used_up_says_when_to_come_again(google: Google) -> None:
    linked = link(google, "headers")
    for _ in range(5):
        write(linked)
    google.gmail.quota = 10
    try:
        page = linked.mailbox().page(Position(full=True))
    finally:
        google.gmail.quota = None
    assert isinstance(page.stopped_by, OverQuota)
    assert 0 < page.stopped_by.retry_after <= 60


def test_a_token_that_ends_is_replaced_and_the_page_comes(google: Google) -> None:
    linked = link(google, "headers")
    position = whole(linked.mailbox())[-1].position
    written = write(linked)
    google.fault("expired")
    assert ids(whole(linked.mailbox(), position)) == [written]
    google.fault("part", status=401, on=f"{MESSAGES}/{written}")  # it ends between the list and the batch
    assert ids(whole(linked.mailbox(), position)) == [written]
    assert linked.refreshed == 2


def test_without_a_scope_that_reads_mail_none_is_asked_for(google: Google) -> None:
    for tier in ("contacts", "send"):
        linked = link(google, tier)
        with pytest.raises(NotPermitted, match="scope_missing"):
            linked.mailbox().page(Position(full=True))
        assert google.log == []


def test_an_admin_may_forbid_it(google: Google) -> None:
    linked = link(google, "headers")
    google.fault("refuse", reason="domainPolicy", on="/gmail")
    with pytest.raises(NotPermitted, match="admin_forbids"):
        linked.mailbox().page(Position(full=True))


def test_gmail_is_asked_to_tell_where_there_is_a_topic(google: Google, setting: Callable[[str, str], None]) -> None:
    linked = link(google, "headers")
    setting("GMAIL_TOPIC", "")
    assert linked.mailbox().watch() is None
    setting("GMAIL_TOPIC", google.gmail.topic)
    until = linked.mailbox().watch()
    assert until is not None
    assert timedelta(days=6) < until - clock.now() < timedelta(days=8)
    watch = google.accounts.known(linked.address).mailbox.watch
    assert watch is not None
    assert (watch.labels, watch.excluding) == (frozenset({"INBOX"}), False)


def test_another_server_at_a_path_of_its_own_speaks_googles_interface(
    google: Google, setting: Callable[[str, str], None]
) -> None:
    seen: set[str] = set()

    def relay(asked: Request) -> Response:
        seen.add(asked.path)
        target = f"{google.url}{asked.path.removeprefix('/as/google')}?{asked.query_string.decode()}"
        sent = {name: value for name, value in asked.headers.items() if name in ("Authorization", "Content-Type")}
        body = asked.get_data().replace(b"GET /as/google/", b"GET /")
        got = requests.request(asked.method, target, data=body, headers=sent, timeout=10)
        return reply(got.status_code, got.content, {"Content-Type": got.headers["Content-Type"]})

    linked = link(google, "headers")
    written = write(linked)
    server = Server(Request.application(relay))
    try:
        setting("GOOGLE_URL", f"{server.url}/as/google/")
        assert ids(whole(linked.mailbox())) == [written]
        assert linked.contacts().count() == 0
        linked.token(instead_of=linked.grant.access_token)
    finally:
        server.stop()
    assert all(path.startswith("/as/google/") for path in seen)
    assert {"/as/google/batch/gmail/v1", "/as/google/v1/people/me/connections", "/as/google/token"} <= seen
