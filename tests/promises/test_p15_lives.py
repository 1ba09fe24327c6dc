"""P15: nothing is kept for ever: hidden at the very end of its life, deleted by the daily pass, with all that points to it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, settings
from chalicelib.domain import kinds
from chalicelib.domain.contacts.retention_rules import months_later
from chalicelib.store.declaration import Ended, ended_by
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.crash import state
from tests.scan import places
from tests.support import daily_pass
from tests.support.privacy_mail import mail

LIFE, NOTICE, DAY = 1096, 14, 86_400


@pytest.fixture
def daily(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The daily pass over the workspaces made meanwhile, as deployed."""
    monkeypatch.setenv("IKO_WAIT_LIVES_SECONDS", str(DAY))
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
def later(cloud: Cloud) -> Callable[..., None]:
    """Days pass, and members sign in again; nothing runs."""

    def move(days: float, *members: Member) -> None:
        cloud.advance(days * DAY)
        for member in members:
            member.api.token = cloud.issuer.token(member.email)

    return move


@pytest.fixture
def run_pass(cloud: Cloud) -> Callable[[Member], None]:
    """The daily pass over one workspace, by its message."""
    return lambda member: daily_pass.run_pass(cloud, member.tenant)


def names(api: Api, query: str = "") -> list[str]:
    return [item["first_name"] for item in api.get(f"/v1/contacts{query}").json()["items"]]


def found(api: Api, word: str) -> list[str]:
    return [item["first_name"] for item in api.post("/v1/contacts/search", {"q": word}).json()["items"]]


def ends(owner: Member, word: str) -> str:
    """The path of a new contact that holds the word in every kind of field."""
    body = {
        "first_name": "Ends",
        "emails": [f"{word}@p.example"],
        "profile_urls": [f"https://www.linkedin.com/in/{word}"],
        "notes": f"ask {word}.desk@p.example",
    }
    return f"/v1/contacts/{owner.api.post('/v1/contacts', body).json()['id']}"


def assert_is_over(owner: Member, colleague: Member, path: str) -> None:
    """Nobody is shown it any more, though its row is still there."""
    for api in (owner.api, colleague.api):
        assert api.get(path).status_code == 404
        assert "Ends" not in names(api) + found(api, "ends")
    for change in (owner.api.patch(path, {"title": "x"}), owner.api.delete(path)):
        assert (change.status_code, change.json()["code"]) == (404, "not_found")
    assert names(owner.api) == names(owner.api, "?limit=1") == ["Kept"]
    assert names(colleague.api) == [], "who may not see the tag must not learn it from the contact's staying"


def until_its_company_is_no_client(
    cloud: Cloud, owner: Member, client: str, company: str, a_day: Callable[[], None]
) -> None:
    assert owner.api.delete(f"/v1/companies/{company}/tag").status_code == 200
    assert owner.api.get(f"/v1/contacts/{client}").status_code == 404, "exempt as long as the tag stands"
    a_day()
    cloud.drain()
    assert state.unpointed(cloud, owner.tenant) == []
    assert state.due("lives", owner.tenant), "the next pass is planned"


def days_of_36_months() -> int:
    """Of the calendar, from now: 1,095 or 1,096."""
    begun = clock.now()
    return (months_later(begun, 36) - begun).days


def test_a_contact_ends_36_months_after_it_came_in(
    cloud: Cloud,
    daily: None,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    later: Callable[..., None],
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.patch("/v1/me/settings", {"share_contacts": True})
    company = owner.api.post("/v1/companies", {"name": "Buyer", "tag": "client"}).json()["id"]
    kept = {"first_name": "Kept", "company_id": company, "emails": [f"{mark('kept')}@p.example"]}
    client = owner.api.post("/v1/contacts", kept).json()["id"]
    path, life = ends(owner, mark("ends")), days_of_36_months()

    later(life - NOTICE - 1, owner, colleague)
    assert owner.api.patch(path, {"title": "edited"}).status_code == 200, "an edit is no word of the person"
    assert names(owner.api, "?expiring=true") == []
    later(2, owner, colleague)
    listed = owner.api.get("/v1/contacts?expiring=true").json()["items"]
    assert [item["first_name"] for item in listed] == ["Ends"], "listed 14 days before, a client's not"
    left = clock.parse_rfc3339(listed[0]["expires_at"]) - clock.now()
    assert timedelta(days=12) < left < timedelta(days=13)
    assert names(colleague.api, "?expiring=true") == [], "its own member alone is told"

    later(12.9, owner, colleague)
    assert sorted(names(owner.api)) == ["Ends", "Kept"]
    assert owner.api.get(path).status_code == colleague.api.get(path).status_code == 200
    later(0.2, owner, colleague)
    assert_is_over(owner, colleague, path)
    assert places.holding(mark("ends"), places.unsealed(cloud)) == ["table TenantData contact"]

    cloud.drain()
    assert places.holding(mark("ends"), places.unsealed(cloud)) == []
    assert state.unpointed(cloud, owner.tenant) == []
    assert places.holding(mark("kept"), places.unsealed(cloud)) == ["table TenantData contact"]

    until_its_company_is_no_client(cloud, owner, client, company, lambda: later(1.1, owner))
    assert places.holding(mark("kept"), places.unsealed(cloud)) == []


def test_shortened_lives_hold_at_the_next_request(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    later: Callable[..., None],
    run_pass: Callable[[Member], None],
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    owner.api.post("/v1/contacts", {"first_name": mark("own")})
    colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    colleague.api.post("/v1/contacts", {"first_name": mark("theirs")})
    later(31, owner, colleague)
    assert names(owner.api) == [mark("own"), mark("theirs")]

    for days, left in ((31, []), (None, [mark("theirs")]), (31, [])):
        assert colleague.api.patch("/v1/me/settings", {"retention_days": days or 1096}).status_code == 200
        assert names(owner.api) == [mark("own"), *left]
        assert names(colleague.api) == left
    for days, left in ((30, []), (None, [mark("own")]), (30, [])):
        assert owner.api.patch("/v1/workspace/settings", {"contact_life_days": days}).status_code == 200
        assert names(owner.api) == left
    run_pass(owner)
    for each in ("own", "theirs"):
        assert places.holding(mark(each), places.unsealed(cloud)) == []


def test_rows_with_a_written_end_are_not_seen_from_then_on_and_go(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    later: Callable[..., None],
    run_pass: Callable[[Member], None],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    owner = new_workspace()
    headers = {"Idempotency-Key": "k"}
    run_import(owner, "First Name,Email\r\nA,a@lives.example\r\n")
    owner.api.post("/v1/contacts", {"first_name": "Once"}, headers=headers)
    job = owner.api.get("/v1/jobs").json()["items"][0]["id"]

    def standing() -> set[str]:
        table = settings.current().tables.tenant_data
        return {item["sk"]["S"].split("#")[0] for item in state.partition(cloud, table, "tenant", owner.tenant)}

    run_pass(owner)
    assert {"job", "once"} <= standing(), "not before their end"
    later(31, owner)
    assert owner.api.get(f"/v1/jobs/{job}").status_code == 404
    assert owner.api.get("/v1/jobs").json()["items"] == []
    assert {"job", "once"} <= standing()
    run_pass(owner)
    assert standing() == {"audit", "contact", "match_block", "match_index", "matching", "subject"}


def test_a_locked_workspace_ends_what_is_past_its_life_and_a_closing_one_waits_for_its_purge(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    later: Callable[..., None],
    run_pass: Callable[[Member], None],
    mark: Callable[[str], str],
) -> None:
    from chalicelib.domain.accounts.membership import set_tenant_state
    from chalicelib.domain.accounts.model import TenantState

    locked, closing = new_workspace(), new_workspace()
    for member, name in ((locked, "locked"), (closing, "closing")):
        member.api.post("/v1/contacts", {"first_name": mark(name)})
    anyhow = frozenset(TenantState)
    assert set_tenant_state(locked.tenant, TenantState.LOCKED, anyhow)
    assert set_tenant_state(closing.tenant, TenantState.CLOSING, anyhow)
    later(LIFE + 1, locked)
    assert locked.api.patch("/v1/workspace/settings", {"audit_days": 30}).status_code == 200, "privacy is no paid work"
    for member in (locked, closing):
        run_pass(member)
    assert places.holding(mark("locked"), places.unsealed(cloud)) == []
    assert places.holding(mark("closing"), places.unsealed(cloud)) == ["table TenantData contact"]
    assert state.due("lives", closing.tenant), "it may come back"
    assert set_tenant_state(closing.tenant, TenantState.PURGED, anyhow)
    run_pass(closing)
    assert not state.due("lives", closing.tenant)


def test_whom_an_import_brings_in_again_begins_anew(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    later: Callable[..., None],
    run_import: Callable[..., dict[str, Any]],
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    file = f"First Name,Email\r\nBack,{mark('back')}@p.example\r\n"
    run_import(owner, file)
    first = owner.api.get("/v1/contacts").json()["items"][0]
    owner.api.patch(f"/v1/contacts/{first['id']}", {"notes": mark("note")})
    later(LIFE + 1, owner)
    assert names(owner.api) == []
    assert run_import(owner, file)["created"] == 1, "as if the pass had been there before"
    (again,) = owner.api.get("/v1/contacts").json()["items"]
    assert (again["notes"], again["created_at"] > first["created_at"]) == (None, True)
    assert state.unpointed(cloud, owner.tenant) == []
    assert places.holding(mark("note"), places.unsealed(cloud)) == []


def test_every_kind_of_record_has_a_life_and_is_ended_by_something(
    cloud: Cloud, new_workspace: Callable[..., Member], run_import: Callable[..., dict[str, Any]], drop_mail: Any
) -> None:
    for record in kinds.RECORDS:
        assert record.declared.life
        by = ended_by(record.declared)
        assert (by is not Ended.TTL) or record.declared.life_days, record
        assert (by is not Ended.NEVER) or record.declared.because, record
        assert (by is Ended.PASS) == (record.declared.expire is not None), record

    owner = new_workspace()
    run_import(owner, "First Name,Email\r\nA,a@lives.example\r\n")
    owner.api.post("/v1/contacts", {"first_name": "Once"}, headers={"Idempotency-Key": "k"})
    drop_mail(mail("lives@person.example", "Which data do you have of me?\r\n"))
    cloud.drain()
    seen = set()
    for _, item in places._items(cloud):
        hash_key = next(iter(item[name]["S"] for name in ("pk", "tenant", "scope") if name in item))
        kind = next((k for k in _parts(item, hash_key) if k in kinds.BY_KIND), None)
        if kind is not None and ended_by(kinds.BY_KIND[kind].declared) is Ended.TTL:
            days = kinds.BY_KIND[kind].declared.life_days
            assert days is not None
            assert int(item["expires_at"]["N"]) <= clock.epoch() + days * DAY, kind
            seen.add(kind)
    assert {"job", "once", "answered", "limit"} <= seen


def _parts(item: dict[str, Any], hash_key: str) -> tuple[str, str]:
    return item.get("sk", {"S": ""})["S"].split("#")[0], hash_key.split("#", maxsplit=1)[0]
