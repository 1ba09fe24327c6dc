"""A restricted person's contact: its owner reads it, no colleague does, and nothing that sources say changes it meanwhile."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.domain.contacts.model import KIND, PREFIX, ContactPayload
from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.privacy import lifting
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.records import Wish
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.changes_client import Follower
from tests.support.export_zip import exported
from tests.support.scripted_connection import Synced, person
from tests.support.table_backup import Backup, replayed
from tests.support.wishes import exercise, lift_path, somebody

DAY = 86_400


def settled(cloud: Cloud) -> None:
    """Until records were looked at a second time."""
    for _ in range(2):
        cloud.advance(10)
        cloud.drain()


def signed_in(cloud: Cloud, *members: Member) -> None:
    for each in members:
        each.api.token = cloud.issuer.token(each.email)


def restricted(cloud: Cloud, address: str) -> str:
    """The path of the link that lifts it again."""
    return lift_path(cloud, exercise(cloud, address, "restriction"))


def lifted(cloud: Cloud, path: str) -> None:
    assert Api(cloud.url).press(path).status_code == 200
    cloud.drain()


def add(of: Member, address: str, **more: Any) -> str:
    made = of.api.post("/v1/contacts", {"first_name": "Ada", "title": "CTO", "emails": [address], **more})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def seen(of: Member, ident: str) -> dict[str, Any]:
    answer = of.api.get(f"/v1/contacts/{ident}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def pair(cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]) -> tuple[Member, Member]:
    """A member who shares its contacts, and a colleague."""
    colleague = new_colleague(member)
    signed_in(cloud, member, colleague)
    assert member.api.patch("/v1/me/settings", {"share_contacts": True}).status_code == 200
    return member, colleague


def finds(of: Member, ident: str) -> list[bool]:
    """Whether the member is shown the contact: by itself, in the list, in a search."""
    listed = of.api.get("/v1/contacts").json()["items"]
    searched = of.api.post("/v1/contacts/search", {"q": "Ada"}).json()["items"]
    alone = of.api.get(f"/v1/contacts/{ident}").status_code == 200
    return [alone, *(any(each["id"] == ident for each in items) for items in (listed, searched))]


def test_no_colleague_is_shown_a_restricted_contact_until_it_is_lifted(
    cloud: Cloud, pair: tuple[Member, Member]
) -> None:
    owner, colleague = pair
    address = somebody()
    ident = add(owner, address)
    phone = Follower(colleague)
    phone.poll()
    assert ident in phone.kept
    assert finds(colleague, ident) == [True] * 3
    path = restricted(cloud, address)
    assert finds(colleague, ident) == [False] * 3
    phone.poll()
    assert ident in phone.dropped, "a colleague's phone kept it"
    own = seen(owner, ident)
    assert (own["restricted"], own["title"]) == (True, "CTO")
    assert finds(owner, ident) == [True] * 3
    lifted(cloud, path)
    assert finds(colleague, ident) == [True] * 3
    phone.poll()
    assert ident in phone.kept, "it did not come back"
    assert (seen(owner, ident)["restricted"], seen(colleague, ident)["restricted"]) == (False, False)


def test_the_owners_client_is_told_when_it_begins_and_when_it_ends(cloud: Cloud, member: Member) -> None:
    address = somebody()
    ident = add(member, address)
    phone = Follower(member)
    phone.poll()
    before = member.api.get(f"/v1/contacts/{ident}").headers["ETag"]
    path = restricted(cloud, address)
    assert ident in phone.poll()[0]
    assert member.api.get(f"/v1/contacts/{ident}").headers["ETag"] != before
    lifted(cloud, path)
    assert ident in phone.poll()[0]


def test_whoever_learns_of_a_restricted_person_later_keeps_it_alone(cloud: Cloud, pair: tuple[Member, Member]) -> None:
    owner, colleague = pair
    address = somebody()
    path = restricted(cloud, address)
    alias = add(owner, address.replace("@", "+news@"), first_name="Ada2", last_name="Quvern")
    other = add(owner, f"x{address}")
    assert [seen(owner, each)["restricted"] for each in (alias, other)] == [True, False]
    assert (finds(colleague, alias)[0], finds(colleague, other)[0]) == (False, True)
    joined = owner.api.patch(f"/v1/contacts/{other}", {"emails": [f"x{address}", address]})
    assert joined.json()["restricted"] is True
    assert not finds(colleague, other)[0]
    apart = owner.api.patch(f"/v1/contacts/{other}", {"emails": [f"x{address}"]})
    assert apart.json()["restricted"] is False
    assert finds(colleague, other)[0]
    lifted(cloud, path)
    assert seen(owner, alias)["restricted"] is False
    assert finds(colleague, alias)[0]


def test_a_contact_that_was_being_written_is_found_by_the_second_look(cloud: Cloud, member: Member) -> None:
    address = somebody()
    ident = add(member, address)
    restricted(cloud, address)
    owned = ids.parse_owned(ident, PREFIX)
    assert owned
    row = rows.get(ContactRecord, member.tenant, ids.sort_key(KIND, owned.owner, owned.local))
    assert row
    row.reseal(row.unsealed(ContactPayload).model_copy(update={"restricted": False}))  # as one that asked before
    rows.put_if_unchanged(row)
    settled(cloud)
    signed_in(cloud, member)
    assert seen(member, ident)["restricted"] is True


def test_switching_sharing_on_shows_no_restricted_contact(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague, address = new_colleague(member), somebody()
    signed_in(cloud, member, colleague)
    ident, other = add(member, address), add(member, f"x{address}", first_name="Bea")
    restricted(cloud, address)
    phone = Follower(colleague)
    phone.poll()
    assert member.api.patch("/v1/me/settings", {"share_contacts": True}).status_code == 200
    cloud.drain()
    phone.poll()
    assert (ident in phone.kept, other in phone.kept) == (False, True)


def test_a_sync_overwrites_nothing_and_is_asked_again_when_it_is_lifted(
    cloud: Cloud, connect: Callable[..., Synced]
) -> None:
    hub, address = connect(), somebody()
    hub.account.put(person(1, emails=(address,), title="CTO"))
    hub.run()
    path = restricted(cloud, address)
    hub.account.put(person(1, emails=(address, f"x{address}"), title="CEO"))
    hub.run()
    kept = hub.contacts()["Person1"]
    assert (kept["title"], kept["emails"], kept["restricted"]) == ("CTO", [address], True)
    another = connect()  # an account that learns of the person only now
    another.account.put(person(1, emails=(address,), title="Boss", phones=("+49 30 7654321",)))
    another.run()
    assert hub.contacts()["Person1"] == kept
    lifted(cloud, path)
    settled(cloud)
    cloud.advance(7.2 * DAY)  # a full pass is due, and what is known is not so old that it would be read anyway
    hub.run()
    another.run()
    found = hub.contacts()["Person1"]
    assert (found["emails"], found["phones"]) == ([address, f"x{address}"], ["+49 30 7654321"])
    assert (found["title"], found["restricted"]) == ("CEO", False)


def test_what_a_file_says_of_a_restricted_person_counts_once_it_is_lifted(
    cloud: Cloud, member: Member, run_import: Callable[..., Any]
) -> None:
    address, head = somebody(), "First Name,Last Name,Email,Title,Phone\n"
    run_import(member, f"{head}Ada,Quvern,{address},CTO,\n")
    path = restricted(cloud, address)
    for title in ("CEO", "Chair"):
        cloud.advance(5)
        signed_in(cloud, member)
        run_import(member, f"{head}Ada,Quvern,{address},{title},+49 30 7654321\n")
    (kept,) = member.api.get("/v1/contacts").json()["items"]
    assert (kept["title"], kept["phones"], kept["restricted"]) == ("CTO", [], True)
    same = member.api.patch(f"/v1/contacts/{kept['id']}", {"title": "CTO", "phones": [], "notes": "A note."})
    assert (same.json()["title"], same.json()["phones"]) == ("CTO", [])
    lifted(cloud, path)
    (found,) = member.api.get("/v1/contacts").json()["items"]
    assert (found["title"], found["phones"], found["notes"]) == ("Chair", ["+49 30 7654321"], "A note.")


def test_a_file_that_brings_a_restricted_person_makes_a_restricted_contact(
    cloud: Cloud, pair: tuple[Member, Member], run_import: Callable[..., Any]
) -> None:
    owner, colleague = pair
    address = somebody()
    restricted(cloud, address)
    run_import(owner, f"First Name,Last Name,Email,Title\nAda,Quvern,{address},CTO\nBea,Roe,x{address},CEO\n")
    mine = {each["first_name"]: each for each in owner.api.get("/v1/contacts").json()["items"]}
    assert (mine["Ada"]["restricted"], mine["Ada"]["title"], mine["Bea"]["restricted"]) == (True, "CTO", False)
    shown = [each["first_name"] for each in colleague.api.get("/v1/contacts").json()["items"]]
    assert shown == ["Bea"]


def test_the_member_may_still_correct_it_and_takes_it_along(cloud: Cloud, member: Member) -> None:
    address = somebody()
    ident = add(member, address)
    restricted(cloud, address)
    changed = member.api.patch(f"/v1/contacts/{ident}", {"title": "CEO"})
    assert (changed.json()["title"], changed.json()["restricted"]) == ("CEO", True)
    assert member.api.post("/v1/exports").status_code == 202
    cloud.drain()
    files = exported(cloud, member.tenant)
    (told,) = next(json.loads(text)["items"] for name, text in files.items() if name.endswith("contacts.json"))
    assert (told["title"], told["restricted"]) == ("CEO", True)


def test_who_stands_in_an_odd_address_is_restricted_and_who_only_resembles_is_not(
    cloud: Cloud, member: Member, run_import: Callable[..., Any]
) -> None:
    address = somebody()
    path, likely = restricted(cloud, address), address.replace("@", "_@")
    signed_in(cloud, member)
    run_import(member, f'First Name,Last Name,Email\nAda,Odd,"x/{address}"\nBea,Roe,{likely}\n')
    found = {each["first_name"]: each for each in member.api.get("/v1/contacts").json()["items"]}
    assert {name: each["restricted"] for name, each in found.items()} == {"Ada": True, "Bea": False}
    noted = member.api.patch(f"/v1/contacts/{found['Ada']['id']}", {"notes": "A note."})
    assert noted.json()["restricted"] is True, "a note lifted it"
    typed = seen(member, add(member, f"y{likely}", emails=[f"bea/{address}", f"_{likely}"]))
    assert typed["restricted"] is True
    lifted(cloud, path)
    assert [each["restricted"] for each in member.api.get("/v1/contacts").json()["items"]] == [False] * 3


def test_lists_ask_nothing_for_it(
    cloud: Cloud, member: Member, dynamodb_calls: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    address = somebody()
    add(member, address)

    def calls() -> list[str]:
        with dynamodb_calls() as made:
            assert member.api.get("/v1/contacts").status_code == 200
        return list(made)

    calls()
    before = calls()
    restricted(cloud, address)
    signed_in(cloud, member)
    assert calls() == before


def test_a_restored_table_says_what_the_person_says_now(cloud: Cloud, member: Member) -> None:
    addresses = somebody(), somebody()
    held = [add(member, address, first_name=f"Ada{number}") for number, address in enumerate(addresses)]
    path = restricted(cloud, addresses[0])
    settled(cloud)
    backup = Backup(cloud)
    lifted(cloud, path)
    restricted(cloud, addresses[1])
    settled(cloud)
    lifting.opened(path.partition("?")[0].rpartition("/")[2]).lift()  # once more, by whoever saw no answer
    wishes.record(addresses[0], [Wish.UNLISTED], "notice_1", clock.now())
    signed_in(cloud, member)
    assert [seen(member, each)["restricted"] for each in held] == [False, True]
    backup.put_back("tenant_data", "privacy")
    assert [seen(member, each)["restricted"] for each in held] == [True, False]
    replayed()
    settled(cloud)
    signed_in(cloud, member)
    assert [seen(member, each)["restricted"] for each in held] == [False, True]
