"""Which of two sources' values is shown: over HTTP, with the providers as they are read."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.colleague_views import SHARING, OwnGoogle
from tests.support.consent_flow import connect
from tests.support.paired_crms import Crms, disconnect, own_crms, sync

STEP_S = 61
NAMES = ("Ann", "Ben")


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


@pytest.fixture
def owner(new_workspace: Callable[..., Member]) -> Member:
    return new_workspace()


@pytest.fixture
def member(owner: Member, new_colleague: Callable[[Member], Member]) -> Member:
    return new_colleague(owner)


def contact(reader: Member, first_name: str) -> dict[str, Any]:
    items = reader.api.get("/v1/contacts?limit=100").json()["items"]
    found: dict[str, Any] = next(each for each in items if each["first_name"] == first_name)
    return found


def titles(reader: Member) -> list[str]:
    """Of Ann and of Ben."""
    return [contact(reader, name)["title"] for name in NAMES]


@pytest.fixture
def known(cloud: Cloud, crms: Crms, member: Member) -> dict[str, tuple[str, str]]:
    """Ann and Ben, in the member's Google account first, then in Salesforce; their ids there. All is shared."""
    assert member.api.patch("/v1/me/settings", SHARING).status_code == 200
    mails = {name: f"{name}-{uuid.uuid4().hex}@people.example".lower() for name in NAMES}
    told = [{"first_name": name, "last_name": "Lee", "emails": [mails[name]], "title": "Buyer"} for name in NAMES]
    OwnGoogle(cloud).connect(member, *told)
    cloud.drain()
    made = {name: crms.person(first=name, last="Lee", email=mails[name], title="Clerk") for name in NAMES}
    connect(cloud, member, "salesforce")
    cloud.drain()
    cloud.advance(STEP_S)
    return made


def test_what_changed_is_shown_and_what_the_member_writes_stands(
    cloud: Cloud, crms: Crms, owner: Member, member: Member, known: dict[str, tuple[str, str]]
) -> None:
    ann = contact(member, "Ann")
    assert {each["source"].partition(":")[0] for each in ann["sources"]} == {"google", "salesforce"}, (
        "it is one contact"
    )
    assert titles(member) == ["Buyer", "Buyer"], "Salesforce was heard first beside Google, and has changed nothing"

    for name in NAMES:
        crms.change(known[name], title="Boss")
    sync(cloud, member)
    assert titles(member) == ["Boss", "Boss"], "Google still says the old one"
    assert titles(owner) == ["Buyer", "Buyer"], "a CRM's word is its member's alone"

    cloud.advance(STEP_S)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.patch(f"/v1/contacts/{ann['id']}", {"title": "Buyer"}).status_code == 200
    crms.change(known["Ann"], title="Chair")
    OwnGoogle(cloud).change(member, "Ben", title="Head")
    sync(cloud, member)
    assert titles(member) == ["Buyer", "Head"]

    cloud.advance(STEP_S)
    crms.change(known["Ben"], title="Chair")
    sync(cloud, member)
    assert (titles(member), titles(owner)) == (["Buyer", "Chair"], ["Buyer", "Head"])
    disconnect(cloud, member, "salesforce")
    assert titles(member) == ["Buyer", "Head"], "the next best is shown"
    assert not [each for each in contact(member, "Ben")["sources"] if each["source"].startswith("salesforce")]
