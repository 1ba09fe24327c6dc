"""How long a contact is kept, by the rules alone."""

from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.actor import Lives
from chalicelib.domain.contacts import retention_rules
from chalicelib.domain.contacts.model import ContactPayload, Kept

LIVES = Lives()
HUB, FORCE = "hubspot:con_1", "salesforce:con_2"


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


def test_soon_is_the_last_two_weeks() -> None:
    for days, soon in ((1081, False), (1083, True), (1095.9, True), (1096.1, False)):
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
    left = retention_rules.without_unseen(before, LIVES)
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
        assert retention_rules.without_unseen(payload, LIVES) is payload
    assert retention_rules.without_unseen(payload, Lives(copy_days=10)) is None, "a workspace may want less"


def test_the_contact_goes_where_nobody_is_left() -> None:
    only = ContactPayload(emails=[kept("a@x.example", HUB)], notes="typed", created_at=ago(1), seen={HUB: ago(31)})
    assert retention_rules.without_unseen(only, LIVES) is None
