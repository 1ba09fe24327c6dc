"""GET /v1/changes: every change is told, at least once, whoever writes meanwhile; a cursor holds for 30 days."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.ids import OwnerCode
from chalicelib.domain.audit.journal import journal
from chalicelib.domain.audit.model import SETTLING_S, Action, Cause, Entry
from chalicelib.domain.imports import model
from chalicelib.domain.ingest import upsert
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.changes_client import Follower


def made(member: Member, kind: str = "contacts", **fields: Any) -> str:
    answer = member.api.post(f"/v1/{kind}", fields or {"first_name": "Ann"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_what_is_made_changed_and_deleted_is_told_each_once_by_its_last_state(member: Member) -> None:
    phone = Follower(member)
    assert phone.ask() | {"next_cursor": ""} == {"upserts": [], "deleted": [], "next_cursor": "", "more": False}
    kept, gone, company = made(member), made(member), made(member, "companies", name="Acme")
    member.api.patch(f"/v1/contacts/{kept}", {"title": "Buyer"})
    member.api.delete(f"/v1/contacts/{gone}")
    assert phone.ask() | {"next_cursor": ""} == {
        "upserts": [{"kind": "company", "id": company}, {"kind": "contact", "id": kept}],
        "deleted": [{"kind": "contact", "id": gone}],
        "next_cursor": "",
        "more": False,
    }
    fresh = Follower(member)
    assert fresh.poll() == ({company, kept}, {gone})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "companies", {"industry": "x"}),
        ("PATCH", "companies", {"notes": "private"}),
        ("PUT", "companies/tag", {"tag": "client"}),
        ("PATCH", "contacts", {"notes": "private"}),
        ("PATCH", "contacts", {"emails": ["new@people.example"]}),
    ],
)
def test_every_way_to_change_one_is_told(
    cloud: Cloud, member: Member, method: str, path: str, body: dict[str, Any]
) -> None:
    kind, _, what = path.partition("/")
    ident = made(member, kind, **({"name": "Acme"} if kind == "companies" else {"first_name": "Ann"}))
    cloud.advance(SETTLING_S + 1)
    phone = Follower(member)
    phone.poll()
    assert phone.poll() == (set(), set())
    assert member.api(method, f"/v1/{kind}/{ident}{f'/{what}' if what else ''}", json=body).status_code == 200
    assert phone.poll() == ({ident}, set())
    assert member.api(method, f"/v1/{kind}/{ident}{f'/{what}' if what else ''}", json=body).status_code == 200
    cloud.advance(SETTLING_S + 1)
    phone.poll()
    assert phone.poll() == (set(), set()), "what changes nothing is no change"


def test_the_last_minute_is_told_again_and_then_no_more(cloud: Cloud, member: Member) -> None:
    phone = Follower(member)
    ident = made(member)
    assert phone.poll() == phone.poll() == ({ident}, set())
    cloud.advance(SETTLING_S + 1)
    assert phone.poll() == ({ident}, set())
    assert phone.poll() == (set(), set())


def test_a_row_that_appears_late_is_told(cloud: Cloud, member: Member) -> None:
    """Its name is up to a minute older than what other writers have meanwhile had told."""
    phone = Follower(member, limit=1)
    late = journal(
        member.tenant, ids.owner_code(member.id), Cause(Action.CONTACT_UPDATED), [Entry(kind="contact", id="x")]
    )
    cloud.advance(SETTLING_S - 5)
    newer = [made(member) for _ in range(3)]
    assert phone.ask()["more"]
    rows.put_new(late)
    phone.poll()
    upserts, _ = phone.poll()
    assert upserts == {*newer, "x"}


def test_pages_go_on_within_a_row_and_beyond_the_last_minute(
    member: Member, run_import: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "ROWS_A_PART", 10)
    phone = Follower(member, limit=4)
    run = ids.secret(40)
    people = "".join(f"P{n},p{n}-{run}@people.example\r\n" for n in range(25))
    assert run_import(member, f"First Name,Email\r\n{people}")["created"] == 25
    answers = 0
    while phone.ask()["more"]:
        answers += 1
    assert answers == 6
    assert phone.kept == {item["id"] for item in member.api.get("/v1/contacts?limit=100").json()["items"]}
    run_import(member, f"First Name,Last Name,Email\r\nP3,Changed,p3-{run}@people.example\r\n")
    fresh = Follower(member, cursor=phone.cursor, limit=1000)
    assert len(fresh.poll()[0]) == 25


def test_an_import_that_takes_longer_than_clients_look_back_tells_twice(
    cloud: Cloud, member: Member, run_import: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.domain.audit.records import JournalRecord

    monkeypatch.setattr(upsert, "_TOLD_WITHIN", -1)
    run_import(member, f"First Name,Email\r\nSlow,s{ids.secret(40)}@people.example\r\n")
    actions = [row.sk for row in rows.every(JournalRecord, member.tenant, f"audit#{ids.owner_code(member.id)}#")]
    assert len(actions) == 3  # the part twice, and the end of the import


def test_nothing_is_lost_while_many_write(cloud: Cloud, member: Member) -> None:
    phone = Follower(member, limit=3)
    phone.ask()
    written: list[str] = []

    def write() -> None:
        for _ in range(6):
            ident = made(member)
            written.append(ident)
            member.api.delete(f"/v1/contacts/{made(member)}")

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        phone.ask()
    for writer in writers:
        writer.join()
    phone.poll()
    phone.poll()
    assert phone.kept == set(written)
    assert len(phone.dropped) == 24


def test_a_cursor_holds_for_30_days(cloud: Cloud, member: Member) -> None:
    phone = Follower(member)
    old = made(member)
    phone.poll()
    cloud.advance(29.9 * 86400)
    member.api.token = cloud.issuer.token(member.email)
    assert phone.member.api.get("/v1/changes", params={"cursor": phone.cursor}).status_code == 200
    cloud.advance(0.2 * 86400)
    assert phone.refused() == "cursor_expired"
    assert Follower(member).poll() == (set(), set())
    assert member.api.get(f"/v1/contacts/{old}").status_code == 200


def test_a_cursor_is_good_for_its_caller_and_list_only(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    cursor = owner.api.get("/v1/changes").json()["next_cursor"]
    for member, path in ((colleague, "/v1/changes"), (owner, "/v1/audit")):
        answer = member.api.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")
    assert owner.api.get("/v1/changes", params={"limit": 0}).status_code == 422


def test_a_colleagues_shared_changes_are_told(
    new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.patch("/v1/me/settings", {"share_contacts": True})
    phone = Follower(colleague)
    phone.ask()
    contact, own = made(owner), made(colleague)
    made(owner, "companies", name="Not shared")
    assert phone.poll() == ({contact, own}, set())
    owner.api.delete(f"/v1/contacts/{contact}")
    assert phone.poll() == ({own}, {contact})


def test_calls(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    dynamodb_calls: Callable[..., Any],
) -> None:
    """The membership, the caller's own range, and one for each colleague that shares."""
    owner = new_workspace()
    sharing, _ = new_colleague(owner), new_colleague(owner)
    sharing.api.patch("/v1/me/settings", {"share_tags": True})
    cloud.advance(SETTLING_S + 2)
    cloud.drain()  # of what the switch changed all is told
    owner.api.get("/v1/changes")  # whether tables were restored is known for a minute
    for path, expected in (("/v1/changes", 3), ("/v1/audit", 3)):
        with dynamodb_calls() as calls:
            owner.api.get(path)
        assert calls == ["Query"] * expected, path
    with dynamodb_calls() as calls:
        sharing.api.get("/v1/audit")
    assert calls == ["Query"] * 2


def test_what_is_kept_ends_with_the_workspaces_setting_but_not_before_clients_are_told(member: Member) -> None:
    now = clock.now()
    cause = Cause(Action.CONTACT_CREATED)
    for days, expected in ((365, 365), (90, 90), (7, 31)):
        row = journal(member.tenant, OwnerCode("a" * 10), replace(cause, days=days))
        assert row.expires_at is not None
        assert abs(row.expires_at - now - timedelta(days=expected)) < timedelta(minutes=1)
