"""Signals that follow from what sources say: a new job, a new person at a company; nothing is stored for them."""

from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member

HEAD = "First Name,Last Name,Email 1 - Value,Organization Title,Organization Name\r\n"
DAY = 86_400
Run = Callable[..., dict[str, Any]]


def row(title: str, email: str = "ada@acme.example", company: str = "Acme") -> str:
    return f"{HEAD}Ada,Hopper,{email},{title},{company}\r\n"


def signals(member: Member, company: str) -> list[dict[str, Any]]:
    answer = member.api.get(f"/v1/companies/{company}/signals")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def later(cloud: Cloud, member: Member, days: float) -> None:
    cloud.advance(days * DAY)
    member.api.token = cloud.issuer.token(member.email)


def test_a_title_that_changed_at_its_source_is_a_change_of_job(cloud: Cloud, member: Member, run_import: Run) -> None:
    made = {"name": "Acme", "domain": "acme.example", "tag": "prospect"}
    company = member.api.post("/v1/companies", made).json()["id"]
    run_import(member, row("Buyer"))
    assert signals(member, company) == [], "who came with the company is no news"
    later(cloud, member, 10)
    run_import(member, row("Buyer"))
    assert signals(member, company) == [], "a source that says the same has changed nothing"
    run_import(member, row("Head of Purchasing"))
    (found,) = signals(member, company)
    assert (found["type"], found["source"], found["strength"]) == ("job_change", "import", 60)
    contact = member.api.get("/v1/contacts").json()["items"][0]
    assert found["contact_id"] == contact["id"]
    part = member.api.get("/v1/prospects").json()["items"][0]["signals"]
    assert part["reasons"] == [
        {"feature": "job_change", "weight": 60.0, "text": "Somebody there has a new job, 0 days ago (import)"}
    ]
    later(cloud, member, 90)
    assert 29 < signals(member, company)[0]["weight"] < 31
    member.api.patch(f"/v1/contacts/{contact['id']}", {"title": "What the member writes is no source"})
    assert [each["id"] for each in signals(member, company)] == [found["id"]]
    member.api.delete(f"/v1/contacts/{contact['id']}")
    assert signals(member, company) == []


def test_who_comes_later_than_the_company_is_a_new_relation(cloud: Cloud, member: Member, run_import: Run) -> None:
    company = member.api.post("/v1/companies", {"name": "Acme", "domain": "acme.example"}).json()["id"]
    later(cloud, member, 3)
    run_import(member, row("Buyer"))
    (found,) = signals(member, company)
    assert (found["type"], found["strength"]) == ("new_relation", 40)
    typed = {"first_name": "Own", "emails": ["own@acme.example"], "company_id": company}
    assert member.api.post("/v1/contacts", typed).status_code == 201
    assert len(signals(member, company)) == 1, "what the member types is told by nobody else"
