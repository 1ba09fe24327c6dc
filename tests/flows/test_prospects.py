"""Ranked prospects through the HTTP API: fit with the clients, signals, and what moves them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, settings
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.daily_pass import run_pass

CLIENTS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
INDUSTRIES = ("retail", "food", "mining")


def made(member: Member, name: str, industry: str, tag: str | None = None, **more: Any) -> str:
    answer = member.api.post("/v1/companies", {"name": name, "industry": industry, "tag": tag, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ranked(member: Member) -> dict[str, Any]:
    answer = member.api.get("/v1/prospects")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(member: Member) -> list[str]:
    return [each["name"] for each in ranked(member)["items"]]


def signal(member: Member, company: str, **fields: Any) -> Any:
    body = {"type": "funding", "strength": 80, "occurred_at": clock.rfc3339(clock.now()), "source": "a newspaper"}
    return member.api.post(f"/v1/companies/{company}/signals", {**body, **fields})


def walked(member: Member, path: str) -> list[str]:
    """The ids of a list, two a page."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = member.api.get(f"{path}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    return seen


@pytest.fixture
def ids(member: Member) -> dict[str, str]:
    """Six clients in software, others elsewhere, and a prospect of each kind."""
    found = {name: made(member, name, "software", "client") for name in CLIENTS}
    found |= {f"Other {n}": made(member, f"Other {n}", INDUSTRIES[n % 3]) for n in range(15)}
    found["Near"] = made(member, "Near", "Software", "prospect")
    found["Far"] = made(member, "Far", "mining", "prospect")
    return found


def test_a_prospect_like_the_clients_stands_first_and_says_which(member: Member, ids: dict[str, str]) -> None:
    page = ranked(member)
    near, far = page["items"]
    assert (near["name"], far["name"], page["next_cursor"], page["text"]) == ("Near", "Far", None, None)
    assert (page["clients"], page["others"]) == (6, 17)
    assert near["fit"]["score"] > 60
    assert far["fit"]["score"] < 50
    (reason,) = near["fit"]["reasons"]
    assert reason["text"] == "Industry software: like Alpha and Beta, your clients"
    assert (reason["feature"], reason["weight"] > 0.5) == ("industry", True)
    assert "rarer among your clients" in far["fit"]["reasons"][0]["text"]
    assert page["formula"] == "score = 0.5 x fit + 0.3 x relationship + 0.2 x signals"
    for each in page["items"]:
        parts = 0.5 * each["fit"]["score"] + 0.3 * each["relationship"]["score"] + 0.2 * each["signals"]["score"]
        assert each["score"] == pytest.approx(parts, abs=0.02)


def test_untagging_a_client_counts_at_the_next_request(member: Member, ids: dict[str, str]) -> None:
    before = ranked(member)["items"][0]
    assert "Alpha" in before["fit"]["reasons"][0]["text"]
    assert member.api.delete(f"/v1/companies/{ids['Alpha']}/tag").status_code == 200
    after = ranked(member)["items"][0]
    assert after["fit"]["score"] < before["fit"]["score"]
    assert after["fit"]["reasons"][0]["text"] == "Industry software: like Beta and Delta, your clients"
    assert member.api.delete(f"/v1/companies/{ids['Beta']}/tag").status_code == 200
    page = ranked(member)
    assert [each["fit"] for each in page["items"]] == [{"score": None, "reasons": []}] * 2
    assert page["text"].startswith("You have 4 clients.")
    assert page["formula"] == "score = 0.6 x relationship + 0.4 x signals"


def test_signals_move_a_prospect_and_fade(member: Member, ids: dict[str, str]) -> None:
    now = clock.now()
    told = signal(member, ids["Far"], strength=100)
    assert told.status_code == 201, told.text
    assert told.json()["weight"] == 100
    fresh = next(each for each in ranked(member)["items"] if each["name"] == "Far")["signals"]
    assert fresh["reasons"] == [{"feature": "funding", "weight": 100.0, "text": "Funding, 0 days ago (a newspaper)"}]
    assert 86 < fresh["score"] < 87
    old = signal(member, ids["Near"], type="visit", strength=100, occurred_at=clock.rfc3339(now - timedelta(days=60)))
    assert old.json()["weight"] == pytest.approx(25, abs=0.01)
    listed = member.api.get(f"/v1/companies/{ids['Near']}/signals").json()
    assert [each["id"] for each in listed["items"]] == [old.json()["id"]]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "rumour"}, "not_a_choice"),
        ({"strength": 101}, "out_of_range"),
        ({"strength": -1}, "out_of_range"),
        ({"strength": "high"}, "not_a_number"),
        ({"occurred_at": "yesterday"}, "not_a_time"),
        ({"occurred_at": "2026-01-01T00:00:00"}, "not_a_time"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "out_of_range"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "out_of_range"),
        ({"source": "bob@person.example told me"}, "holds_address"),
        ({"source": " "}, "too_short"),
    ],
)
def test_a_signal_that_cannot_stand_is_named(member: Member, fields: dict[str, Any], code: str) -> None:
    company = made(member, "Acme", "food")
    answer = signal(member, company, **fields)
    assert answer.status_code == 422, answer.text
    assert [each["code"] for each in answer.json()["errors"]] == [code]
    assert member.api.get(f"/v1/companies/{company}/signals").json()["items"] == []


def test_a_signal_is_told_once_by_one_key_and_listed_in_pages(member: Member) -> None:
    company = made(member, "Acme", "food")
    key = {"Idempotency-Key": "signal"}
    body = {"type": "hiring", "occurred_at": "2026-01-01T00:00:00Z"}
    path = f"/v1/companies/{company}/signals"
    first, again = (member.api.post(path, body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, first.json() == again.json()) == (201, 201, True)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (first.json()["strength"], first.json()["source"]) == (50, "member")
    for _ in range(2):
        member.api.post(path, body)
    seen = walked(member, path)
    assert (len(seen), seen) == (3, sorted(seen, reverse=True))


def test_signals_and_prospects_are_nobody_elses(
    member: Member, new_colleague: Callable[[Member], Member], ids: dict[str, str]
) -> None:
    colleague = new_colleague(member)
    signal(member, ids["Near"])
    path = f"/v1/companies/{ids['Near']}/signals"
    assert colleague.api.get(path).status_code == 404
    assert colleague.api.post(path, {"type": "visit", "occurred_at": "2026-01-01T00:00:00Z"}).status_code == 404
    member.api.patch("/v1/me/settings", {"share_tags": True})
    assert colleague.api.get(path).json()["items"] == []
    assert signal(colleague, ids["Near"]).status_code == 403
    assert ranked(colleague)["items"] == []
    assert colleague.api.get(f"/v1/prospects/explain/{ids['Near']}").status_code == 404


def test_what_would_move_a_prospect_up(member: Member, ids: dict[str, str]) -> None:
    unknown = member.api.post("/v1/companies", {"name": "Unknown", "tag": "prospect"}).json()["id"]
    told = member.api.get(f"/v1/prospects/explain/{unknown}").json()
    assert (told["place"], told["places"], told["above"]["name"]) == (2, 3, "Near")
    by_part = {each["part"]: each for each in told["moves"]}
    assert by_part["fit"]["text"] == "Industry is not known: software would make it most like your clients"
    member.api.patch(f"/v1/companies/{unknown}", {"industry": "software"})
    after = member.api.get(f"/v1/prospects/explain/{unknown}").json()
    gained = after["prospect"]["score"] - told["prospect"]["score"]
    assert gained == pytest.approx(by_part["fit"]["gain"], rel=0.15)
    assert by_part["relationship"]["gain"] == pytest.approx(15, abs=0.01)


def test_what_one_has_is_counted(
    member: Member, new_colleague: Callable[[Member], Member], ids: dict[str, str]
) -> None:
    colleague = new_colleague(member)
    made(colleague, "Theirs", "food", "client")
    colleague.api.patch("/v1/me/settings", {"share_tags": True})
    member.api.post("/v1/contacts", {"first_name": "Own", "company_id": ids["Near"]})
    told = {"companies": 23, "clients": 6, "prospects": 2, "contacts": 1, "restricted": 0}
    assert member.api.get("/v1/counts").json() == told
    member.api.delete(f"/v1/companies/{ids['Alpha']}")
    assert member.api.get("/v1/counts").json() == {**told, "companies": 22, "clients": 5}


def test_signals_go_with_their_company_and_after_two_years(cloud: Cloud, member: Member, ids: dict[str, str]) -> None:
    stay, go = (signal(member, ids[name]).json()["id"] for name in ("Near", "Far"))
    assert member.api.delete(f"/v1/companies/{ids['Far']}").status_code == 204
    assert signals_left(cloud, member) == 2
    run_pass(cloud, member.tenant)
    assert signals_left(cloud, member) == 1
    assert [each["id"] for each in member.api.get(f"/v1/companies/{ids['Near']}/signals").json()["items"]] == [stay]
    assert stay != go
    cloud.advance(731 * 86_400)
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.get(f"/v1/companies/{ids['Near']}/signals").json()["items"] == []
    run_pass(cloud, member.tenant)
    assert signals_left(cloud, member) == 0


def signals_left(cloud: Cloud, member: Member) -> int:
    rows = state.partition(cloud, settings.current().tables.tenant_data, "tenant", member.tenant)
    return sum(row["sk"]["S"].startswith("signal#") for row in rows)


def test_pages_of_prospects_hold_each_once(member: Member) -> None:
    made_ids = {made(member, f"P {n}", "food", "prospect") for n in range(5)}
    seen = walked(member, "/v1/prospects")
    assert (len(seen), set(seen)) == (5, made_ids)
