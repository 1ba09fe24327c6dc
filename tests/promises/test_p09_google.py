"""P9 at the headers tier: of a member's mail nothing is stored but counts and times, and nothing else is even asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.core import clock
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.google_connection import Joined, join

WORDS = ("subject", "words", "html", "header", "name")
STRANGERS = ("sender", "cc", "to", "list")
READ = {"id", "internalDate", "labelIds", "payload/headers"}
HEADERS = {"From", "To", "Cc", "Date", "Auto-Submitted", "List-Id", "Precedence"}


def write(joined: Joined, mark: Callable[[str], str], known: str, *, days: float) -> None:
    """One mail from a contact, one to it, one from a stranger and one of a list, marked wherever there is room."""
    marked: dict[str, Any] = {
        "subject": f"Offer {mark('subject')}",
        "text": f"Dear all, {mark('words')}",
        "html": f"<p>{mark('html')}</p>",
        "headers": {"X-Mark": mark("header")},
        "at": clock.now() - timedelta(days=days),
    }
    box, cc = joined.mailbox, [f"{mark('cc')}@strangers.example"]
    box.add(sender=f'"{mark("name")}" <{known}>', to=[joined.address], cc=cc, **marked)
    box.add(to=[known, f"{mark('to')}@strangers.example"], **marked)
    box.add(sender=f"{mark('sender')}@strangers.example", to=[joined.address, known], **marked)
    marked["headers"] = {"List-Id": f"<{mark('list')}.lists.example>"}
    box.add(sender=f"{mark('list')}@lists.example", to=[joined.address], **marked)


def test_nothing_of_a_mail_is_kept_but_counts(
    cloud: Cloud, member: Member, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    joined, google = join(cloud, member), cloud.connectors.google
    known = joined.person("Known", f"{mark('known')}@people.example")
    write(joined, mark, known, days=40)
    cloud.drain()
    write(joined, mark, known, days=0)
    google.pushes.deliver()
    assert_nothing_stands(cloud, captured, mark)
    cloud.drain()
    google.fault("history_expired")
    write(joined, mark, known, days=0)
    joined.sync()
    assert_nothing_stands(cloud, captured, mark)
    (found,) = joined.exchanges().values()
    assert (found.received, found.sent, found.recipients) == (3, 3, 3 * 4), "the mails were not read"

    asked = [
        entry for entry in google.log if entry["path"].startswith("/gmail/") and entry["account"] == joined.address
    ]
    assert {entry["method"] for entry in asked if not entry["path"].endswith("/watch")} == {"GET"}
    read = [entry["query"] for entry in asked if "/messages/" in entry["path"]]
    assert len(read) >= 12
    for query in read:
        assert query["format"] == "metadata"
        assert set(query["metadataHeaders"].split(",")) <= HEADERS
        assert set(query["fields"].split(",")) <= READ
    assert not any("q" in entry["query"] for entry in asked)


def assert_nothing_stands(cloud: Cloud, captured: CapturedLog, mark: Callable[[str], str]) -> None:
    raw, opened = list(places.raw(cloud, captured)), list(places.unsealed(cloud))
    for field in (*WORDS, *STRANGERS):
        assert places.holding(mark(field), raw) == places.holding(mark(field), opened) == [], field
    assert places.holding(mark("known"), raw) == []
    assert "table TenantData contact" in places.holding(mark("known"), opened), "the scan is blind"


@pytest.mark.parametrize("tier", ["send", "body"])
def test_no_member_is_asked_for_what_nothing_uses_yet(member: Member, tier: str) -> None:
    refused = member.api.post("/v1/providers/google/authorize", {"tier": tier})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_offered")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"] == "Choose one of these tiers: contacts, headers."
    listed = {each["provider"]: each["tiers"] for each in member.api.get("/v1/providers").json()["items"]}
    for shown in listed["google"]:
        url = member.api.post("/v1/providers/google/authorize", {"tier": shown["name"]}).json()["url"]
        asked = parse_qs(urlsplit(url).query)["scope"][0].split()
        assert asked == shown["scopes"]
        assert {scope.rpartition("/")[2] for scope in asked} & {"gmail.send", "gmail.readonly"} == set()


def test_where_mail_is_not_to_be_read_none_is(cloud: Cloud, member: Member) -> None:
    joined = join(cloud, member, "contacts")
    joined.mailbox.add(sender=joined.person("Known"), to=[joined.address])
    cloud.drain()
    assert member.api.get("/v1/contacts").json()["items"], "nothing was synced at all"
    log = cloud.connectors.google.log
    assert not [e for e in log if e["path"].startswith("/gmail/") and e.get("account") == joined.address]
    assert joined.exchanges() == {}
