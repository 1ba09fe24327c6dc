"""Whatever goes wrong as a mailbox is read, in a first pass and in one of changes: each message counts once, and none is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.google_connection import exchanges
from tests.support.provider_account import email
from tests.support.provider_accounts import Google
from tests.support.provider_connection import Followed

HOUR = 3600.0
GMAIL, BATCH, MESSAGES = "/gmail/", "/batch/gmail/", "/gmail/v1/users/me/messages/"
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "expired": ("expired", {}),
    "too_old": ("history_expired", {}),
    "repeat": ("repeat", {"on": GMAIL}),
    "change": ("change", {"on": GMAIL}),
    "vanish": ("vanish", {"on": GMAIL}),
    "part_busy": ("part", {"status": 429, "on": MESSAGES}),
    "part_limited": ("part", {"reason": "userRateLimitExceeded", "on": MESSAGES}),
    "part_broken": ("part", {"status": 500, "on": MESSAGES}),
    "parts_broken": ("part", {"status": 503, "on": MESSAGES, "times": 4}),
}
LASTING: dict[str, tuple[str, dict[str, Any], str]] = {
    "limit": ("limit", {"seconds": 120, "on": GMAIL}, "over_quota"),
    "quota": ("refuse", {"reason": "userRateLimitExceeded", "on": GMAIL}, "over_quota"),
    "error": ("status", {"status": 503, "on": GMAIL}, "provider_unavailable"),
    "batch_down": ("down", {"on": BATCH}, "provider_unavailable"),
    "forbidden": ("refuse", {"reason": "domainPolicy", "on": GMAIL}, "admin_forbids"),
}
NEEDS_CHANGES, NEEDS_ALL = {"too_old"}, {"change", "vanish"}  # history has no such page between which something happens


@pytest.fixture
def hub(cloud: Cloud, new_workspace: Callable[..., Member]) -> Iterator[Followed]:
    """A mailbox with three pages, its contacts are read; not yet a message."""
    source, member = Google(cloud), new_workspace()
    for number in (0, 1):
        source.put(number)
    mails(source)
    made = Followed(cloud, member, source, source.connect(member, tier="headers"))
    made.run(one_page=True)
    assert len(made.shown()) == 2
    yield made
    made.forget()
    source.close()


def mails(source: Google) -> None:
    """Five more."""
    with source.simulator.guard:
        for _ in range(2):
            source.mailbox.add(sender=email(0), to=[str(source.account)])
            source.mailbox.add(to=[email(0), email(1)])
        source.mailbox.add(sender=email(1), to=[str(source.account)])


def counted(hub: Followed) -> dict[str, tuple[int, int]]:
    return {address: (found.received, found.sent) for address, found in exchanges(hub.member).items()}


def there(hub: Followed) -> dict[str, tuple[int, int]]:
    """The same, from the mailbox itself."""
    assert isinstance(hub.source, Google)
    found = hub.source.mailbox.all()
    return {
        email(number): (
            sum(email(number) in mail.header("From") for mail in found),
            sum(email(number) in mail.header("To") for mail in found),
        )
        for number in (0, 1)
    }


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_the_worker_gets_over(hub: Followed, fault: str) -> None:
    assert isinstance(hub.source, Google)
    hub.run(one_page=True)  # the first page of messages
    kind, more = FAULTS[fault]
    if fault not in NEEDS_CHANGES:
        hub.source.simulator.fault(kind, **more)
    hub.settle()
    assert counted(hub) == there(hub) != {}
    assert hub.source.simulator.pending() == 0

    mails(hub.source)
    if fault not in NEEDS_ALL:
        hub.source.simulator.fault(kind, **more)
    hub.settle()
    assert counted(hub) == there(hub)
    assert hub.source.simulator.pending() == 0
    assert hub.seen()["state"] == "active"


@pytest.mark.parametrize("fault", sorted(LASTING))
def test_what_lasts(hub: Followed, fault: str) -> None:
    assert isinstance(hub.source, Google)
    hub.run(one_page=True)
    some = counted(hub)
    kind, more, word = LASTING[fault]
    hub.source.simulator.fault(kind, **more)
    asked, passed = hub.source.asked(), 0.0
    while passed < (HOUR if fault == "quota" else 1.0):
        passed += hub.wait(HOUR - passed) + 1
    seen = hub.seen()
    assert (seen["state"], seen["health"]["incomplete"], counted(hub)) == ("active", word, some)
    assert hub.source.asked() - asked <= 90
    hub.source.put(2)
    hub.cloud.advance(1000)
    hub.wait()
    assert (len(hub.shown()), counted(hub)) == (3, some)  # contacts are read all the same, when it is their time
    hub.source.heal()
    hub.settle()
    assert counted(hub) == there(hub)
