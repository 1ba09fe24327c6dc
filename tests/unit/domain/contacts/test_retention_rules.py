"""How long a contact is kept, by the rules alone."""

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.domain.contacts import retention_rules
from chalicelib.domain.contacts.model import ContactPayload, Kept
from chalicelib.domain.sources.provenance import MEMBER_HIDDEN

LIVES = Lives()
HUB, FORCE = "hubspot:con_1", "salesforce:con_2"


def untagged(_company: str) -> bool:
    return False


def ago(days: float) -> str:
    return clock.rfc3339(clock.now() - timedelta(days=days))


def kept(value: str, *sources: str) -> Kept:
    return Kept(value=value, sources=dict.fromkeys(sources, ago(400)))


def test_a_life_counts_from_the_last_message_or_from_the_coming_in_whichever_is_later() -> None:
    old = ContactPayload(created_at=ago(1097))
    assert retention_rules.over(old, LIVES)
    assert retention_rules.over(old.model_copy(update={"updated_at": ago(1)}), LIVES), (
        "an edit is no word of the person"
    )
    assert not retention_rules.over(old.model_copy(update={"last_heard_at": ago(10)}), LIVES)
    assert not retention_rules.over(ContactPayload(created_at=ago(1), last_heard_at=ago(2000)), LIVES)
    assert retention_rules.over(ContactPayload(created_at=ago(31)), Lives(contact_days=30))


@pytest.mark.parametrize(
    ("began", "ends"),
    [
        ("2024-03-01T09:30:00.000Z", "2027-03-01T09:30:00.000Z"),  # 1,095 days
        ("2023-11-30T09:30:00.000Z", "2026-11-30T09:30:00.000Z"),  # 1,096
        ("2024-02-29T00:00:00.000Z", "2027-02-28T00:00:00.000Z"),
        ("2025-12-31T23:59:59.000Z", "2028-12-31T23:59:59.000Z"),
    ],
)
def test_36_months_are_months_of_the_calendar(began: str, ends: str) -> None:
    payload = ContactPayload(created_at=began)
    assert retention_rules.ends_at(payload, LIVES) == clock.parse_rfc3339(ends)
    shorter = retention_rules.ends_at(payload, Lives(contact_days=1000))
    assert shorter == clock.parse_rfc3339(began) + timedelta(days=1000)


def test_soon_is_the_last_two_weeks() -> None:
    for days, soon in ((1080, False), (1083, True), (1094.9, True), (1096.1, False)):
        assert retention_rules.ends_soon(ContactPayload(created_at=ago(days)), LIVES) is soon, days


def test_what_only_an_unseen_connection_vouches_for_goes() -> None:
    before = ContactPayload(
        first_name=kept("Ann", HUB, "member"),
        title=kept("CTO", HUB),
        emails=[kept("a@x.example", HUB), kept("b@x.example", "import:google_csv"), kept("c@x.example", HUB, FORCE)],
        source_ids=[f"{HUB}:77", f"{FORCE}:88", "import:google_csv:4"],
        created_at=ago(400),
        seen={HUB: ago(31), FORCE: ago(29)},
    )
    left = retention_rules.without_unseen(before, LIVES, untagged)
    assert left is not None
    assert left.first_name is not None
    assert list(left.first_name.sources) == ["member"]
    assert left.title is None
    assert [(mail.value, list(mail.sources)) for mail in left.emails] == [
        ("b@x.example", ["import:google_csv"]),
        ("c@x.example", [FORCE]),
    ]
    assert left.source_ids == [f"{FORCE}:88", "import:google_csv:4"]
    assert list(left.seen) == [FORCE]


def test_a_connection_that_shows_the_contact_changes_nothing() -> None:
    for seen in ({}, {HUB: ago(29)}):
        payload = ContactPayload(emails=[kept("a@x.example", HUB)], created_at=ago(400), seen=seen)
        assert retention_rules.without_unseen(payload, LIVES, untagged) is payload
    less = retention_rules.without_unseen(payload, Lives(copy_days=10), untagged)
    assert less is None, "a workspace may want less"


def test_the_contact_goes_where_nobody_is_left_and_its_member_said_nothing() -> None:
    only = ContactPayload(emails=[kept("a@x.example", HUB)], created_at=ago(1), seen={HUB: ago(31)})
    assert retention_rules.without_unseen(only, LIVES, untagged) is None
    noted = retention_rules.without_unseen(only.model_copy(update={"notes": "typed"}), LIVES, untagged)
    assert noted is not None
    assert [(mail.value, list(mail.sources)) for mail in noted.emails] == [("a@x.example", [MEMBER_HIDDEN])]
    assert (noted.kept_from, noted.seen) == ([HUB], {})
    assert clock.parse_rfc3339(noted.kept_at) - clock.parse_rfc3339(only.seen[HUB]) == timedelta(days=30)


def test_what_no_connection_shows_is_announced_two_weeks_before_or_half_of_its_days() -> None:
    only = ContactPayload(emails=[kept("a@x.example", HUB)], created_at=ago(1), seen={HUB: ago(17)})
    ends = clock.parse_rfc3339(only.seen[HUB]) + timedelta(days=30)
    assert retention_rules.soon_ends_at(only, LIVES, untagged) == ends
    assert retention_rules.soon_ends_at(only.model_copy(update={"seen": {HUB: ago(15)}}), LIVES, untagged) is None
    assert retention_rules.soon_ends_at(only.model_copy(update={"notes": "typed"}), LIVES, untagged) is None
    shown = only.model_copy(update={"seen": {HUB: ago(3)}})
    assert retention_rules.soon_ends_at(shown, Lives(copy_days=7), untagged) is None, "a healthy connection's"
    assert retention_rules.soon_ends_at(shown, Lives(copy_days=5), untagged) is not None
    old = only.model_copy(update={"created_at": ago(1090)})
    assert retention_rules.soon_ends_at(old, LIVES, untagged) == retention_rules.ends_at(old, LIVES), "the earlier end"
