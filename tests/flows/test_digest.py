"""The weekly mail of first prospects: for who switched it on, once a week, without any person's name."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.core import ids as ids_of
from chalicelib.domain.accounts import digests
from chalicelib.domain.accounts.model import DIGEST_DUE
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state

WEEK = 7 * 86_400
Sent = Callable[[str], list[dict[str, Any]]]


def until_monday() -> float:
    return (digests.following(clock.now()) - clock.now()).total_seconds() + 1


def prospect(member: Member, name: str) -> str:
    answer = member.api.post("/v1/companies", {"name": name, "domain": f"{name.lower()}.example", "tag": "prospect"})
    return str(answer.json()["id"])


def switched(member: Member, *, on: bool) -> None:
    assert member.api.patch("/v1/me/settings", {"weekly_digest": on}).json()["settings"]["weekly_digest"] is on


@pytest.fixture
def digest(cloud: Cloud, sent_to: Sent) -> Callable[[Member], list[str]]:
    """Waits for a Monday; the texts of the digests that the member has been sent so far."""

    def wait(member: Member) -> list[str]:
        cloud.advance(until_monday())
        cloud.drain()
        member.api.token = cloud.issuer.token(member.email)  # the one before is of days ago
        return [each["text"] for each in sent_to(member.email) if each["subject"] == "Your prospects this week"]

    return wait


def test_five_prospects_come_each_monday_while_it_is_on(
    cloud: Cloud, new_workspace: Callable[..., Member], digest: Callable[[Member], list[str]]
) -> None:
    member = new_workspace()
    ids = [prospect(member, f"Firm{number}") for number in range(6)]
    signal = {"type": "funding", "strength": 90, "occurred_at": clock.rfc3339(clock.now()), "source": "Zelda told me"}
    member.api.post(f"/v1/companies/{ids[4]}/signals", signal)
    assert digest(member) == []
    switched(member, on=True)
    (text,) = digest(member)
    assert "1. Firm4 (" in text
    assert ("– Funding, " in text, "Zelda" in text) == (True, False)
    assert sum(f"{place}. Firm" in text for place in range(1, 7)) == 5
    assert [line for line in text.splitlines() if line.startswith("http")] == [f"{cloud.url}/prospects"]
    cloud.drain()
    assert len(digest(member)) == 2
    switched(member, on=False)
    assert len(digest(member)) == 2
    assert not state.due(DIGEST_DUE, f"{member.tenant}.{ids_of.owner_code(member.id)}")


def test_nobody_is_named_and_nothing_comes_without_prospects(
    new_workspace: Callable[..., Member], digest: Callable[[Member], list[str]]
) -> None:
    member, other = new_workspace(), new_workspace()
    switched(member, on=True)
    switched(other, on=True)
    prospect(member, "Firm")
    contact = {"first_name": "Quirina", "last_name": "Zabel", "emails": ["q.zabel@firm.example"]}
    assert member.api.post("/v1/contacts", contact).status_code == 201
    (text,) = digest(member)
    assert ("Quirina" in text, "Zabel" in text) == (False, False)
    assert digest(other) == []


def test_it_comes_in_the_members_language(new_workspace: Callable[..., Member], cloud: Cloud, sent_to: Sent) -> None:
    member = new_workspace()
    prospect(member, "Firm")
    member.api.patch("/v1/me/settings", {"weekly_digest": True, "language": "fr"})
    cloud.advance(until_monday())
    cloud.drain()
    assert [each["subject"] for each in sent_to(member.email)][-1] == "Vos prospects de la semaine"
