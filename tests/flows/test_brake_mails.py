"""What is held back is told to its member: each time once, by a mail that the reading does not wait for."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.connectors.port import Organization
from tests.conftest import Member
from tests.support.scripted_connection import Synced, person

HOUR = 3600.0
Mails = Callable[[], list[str]]


@pytest.fixture
def hub(connect: Callable[..., Synced], new_workspace: Callable[..., Member]) -> Synced:
    """Which has 30 contacts and 11 companies."""
    made: Synced = connect(new_workspace())
    made.account.put(*(person(number) for number in range(30)))
    made.account.put(*(Organization(f"c{number}", f"Firm {number}") for number in range(11)))
    made.run()
    return made


@pytest.fixture
def mails(hub: Synced, sent_to: Callable[[str], list[dict[str, Any]]]) -> Mails:
    return lambda: [str(mail["text"]) for mail in sent_to(hub.member.email)]


def lose(hub: Synced, *numbers: int) -> None:
    hub.account.delete(*(f"p{number}" for number in numbers))
    hub.run()
    assert hub.seen()["health"]["state"] == "held"


def test_what_is_held_anew_is_told_anew(hub: Synced, mails: Mails) -> None:
    lose(hub, *range(18))
    hub.cloud.advance(HOUR)
    lose(hub, *range(18, 27))
    (first, second) = mails()
    assert "up to 18 contact(s) and 0 company(ies)" in first
    assert "up to 27 contact(s) and 0 company(ies)" in second
    assert "In an hour at the earliest" in first
    hub.run()
    assert len(mails()) == 2, "once"


def test_a_second_stream_is_told_once_it_is_held_too(hub: Synced, mails: Mails) -> None:
    hub.account.delete(*(f"c{number}" for number in range(11)), stream="companies")
    hub.run()
    assert len(mails()) == 1
    lose(hub, *range(30))
    assert "up to 30 contact(s) and 11 company(ies)" in mails()[-1]
    hub.account.put(*(person(number) for number in range(30)))
    hub.cloud.advance(HOUR)
    hub.run()
    assert (hub.seen()["health"]["state"], len(mails())) == ("ok", 2)


@pytest.mark.parametrize("other", ["complete", "provider_unavailable"])
def test_a_mail_that_is_not_taken_comes_with_the_next_run(
    hub: Synced,
    mails: Mails,
    ses_at: Callable[[int], contextlib.AbstractContextManager[None]],
    unused_port: int,
    other: str,
) -> None:
    hub.account.delete(*(f"c{number}" for number in range(11)), stream="companies")
    if other != "complete":
        hub.account.fault("down")
    with ses_at(unused_port):
        hub.run()
    assert (hub.seen()["health"]["state"], hub.runs()[0]["outcome"], mails()) == ("held", other, [])
    for _ in range(2):
        hub.run()
        (mail,) = mails()
        assert "11 company(ies)" in mail
