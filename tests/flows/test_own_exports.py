"""What is exported comes back: into a fresh workspace the same, field by field; into its own, nothing changes."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.suppression import opt_outs
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.own_exports import brought, every, export_of, files_of, told

_TEXTS = [
    "Zoë", "Łuk", "O'Brien", "'quoted'", "=1+1", "+49", "-5", "@home", "'=x", "''=x", "山田太郎", "محمد", "von der  Heide",
    "007", "42", "a|b", "back\\slash", 'say "hi"', "tab\there", "Dr.", "x;y,z", "نیم‌فاصله", "emoji 👩‍🔬", "＝full",
]  # fmt: skip
_NOTES = [
    "line one\nline two",
    "  kept blanks  ",
    "=cmd|'/c calc'!A1",
    "\r\nends",
    "a\rb",
    'He said "no", twice;',
    "12345",
    "'",
]
ALL = 12 + 30 + 2
CSV, JSON, ZIP = "text/csv", "application/json", "application/zip"


def filled(member: Member, seed: int) -> None:
    """Companies and contacts of all sorts, made of texts that files like to spoil."""
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated

    def some(texts: list[str], share: float = 0.7) -> str | None:
        return " ".join(dice.sample(texts, dice.randint(1, 2))) if dice.random() < share else None

    ids: list[str | None] = [None]
    for number in range(12):
        fields: dict[str, Any] = {
            "name": some(_TEXTS, 1),
            "domain": f"d{number % 9}.example" if dice.random() < 0.5 else None,
            "industry": some(_TEXTS),
            "country": dice.choice(["DE", "FR", None]),
            "size": dice.choice([51, "51", "51-200", "007", 0, None]),
            "tag": dice.choice(["client", "prospect", None]),
            "notes": dice.choice([*_NOTES, None]),
        }
        answer = member.api.post("/v1/companies", fields)
        assert answer.status_code == 201, (fields, answer.text)
        ids.append(answer.json()["id"])
    for number in range(30):
        fields = {
            "first_name": some(_TEXTS),
            "last_name": some(_TEXTS, 1),
            "title": some(_TEXTS),
            "company_name": some(_TEXTS, 0.3),
            "company_id": dice.choice(ids),
            "emails": [f"P{number}.{seed}.{n}@People.example" for n in range(dice.randint(0, 3))],
            "phones": dice.sample(
                ["+49 30 5550177", "0305550177", "(0)30/5550-188", "00441632960961"], dice.randint(0, 3)
            ),
            "profile_urls": [f"https://www.linkedin.com/in/p{number}-{seed}/"][: dice.randint(0, 1)],
            "notes": dice.choice([*_NOTES, None]),
        }
        answer = member.api.post("/v1/contacts", {name: value for name, value in fields.items() if value is not None})
        assert answer.status_code == 201, (fields, answer.text)
    twins(member, seed)


def twins(member: Member, seed: int) -> None:
    """One person twice: two contacts, and two they stay."""
    for title in ("one", "the other"):
        twin = member.api.post("/v1/contacts", {"first_name": "Twin", "title": title}).json()["id"]
        shared = {"emails": [f"twin{seed}@people.example"]}
        assert member.api.patch(f"/v1/contacts/{twin}", shared).status_code == 200


def counted(result: dict[str, Any]) -> int:
    """Rows and cells that the result tells of; as many as rows where nothing was dropped."""
    names = ("created", "updated", "unchanged", "merged", "rejected_total", "dropped_total")
    return sum(int(result[name]) for name in names)


@pytest.mark.parametrize(
    "files", [("companies.csv", "contacts.csv"), ("companies.json", "contacts.json"), ("zip",)], ids="+".join
)
def test_an_export_comes_back_field_by_field(
    cloud: Cloud, new_workspace: Callable[..., Member], files: tuple[str, ...]
) -> None:
    member, fresh = new_workspace(), new_workspace()
    filled(member, 1)
    packed = export_of(cloud, member)
    content = {**files_of(packed), "zip": packed}
    kinds = {"csv": CSV, "json": JSON, "zip": ZIP}
    if files == ("zip",):
        tried = fresh.api.post("/v1/imports?dry_run=true", data=packed, headers={"Content-Type": ZIP})
        assert (tried.status_code, tried.json()["result"]["created"]) == (200, ALL), tried.text
        assert told(fresh) == []
    before, standing = told(member), every(member, "contacts") + every(member, "companies")
    for where, expected in ((fresh, "created"), (fresh, "unchanged"), (member, "unchanged")):
        results = [brought(cloud, where, content[name], kinds[name.rpartition(".")[2]]) for name in files]
        assert sum(result[expected] for result in results) == ALL, results
        assert sum(map(counted, results)) == ALL, results
        assert told(where) == before
    assert every(member, "contacts") + every(member, "companies") == standing, "not a version moved"


def test_contacts_that_came_back_follow_their_companies(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    member, fresh = new_workspace(), new_workspace()
    for name, company in (("Ann", "Acme"), ("Bo", "Nord"), ("Cy", "Acme")):
        own = {"company_name": "Own"} if name == "Cy" else {}
        linked = next((each["id"] for each in every(member, "companies") if each["name"] == company), None)
        if linked is None:
            fields = {"name": company, "domain": f"{company.lower()}.example"}
            linked = member.api.post("/v1/companies", fields).json()["id"]
        assert member.api.post("/v1/contacts", {"first_name": name, "company_id": linked, **own}).status_code == 201
    known = fresh.api.post("/v1/companies", {"name": "Nord", "domain": "nord.example"}).json()["id"]
    files = files_of(export_of(cloud, member))
    for name in ("companies.csv", "contacts.csv"):
        brought(cloud, fresh, files[name], CSV)

    def shown() -> dict[str, Any]:
        return {each["first_name"]: each["company_name"] for each in every(fresh, "contacts")}

    assert shown() == {"Ann": "Acme", "Bo": "Nord", "Cy": "Own"}
    (made,) = [each["id"] for each in every(fresh, "companies") if each["id"] != known]
    (first,) = [each["id"] for each in every(member, "companies") if each["name"] == "Acme"]
    member.api.patch(f"/v1/companies/{first}", {"name": "Later"})
    brought(cloud, fresh, files_of(export_of(cloud, member))["companies.csv"], CSV)
    cloud.advance(31)
    cloud.drain()
    assert shown() == {"Ann": "Later", "Bo": "Nord", "Cy": "Own"}, "a newer export says another name"
    for company, name in ((made, "Zenith"), (known, "Zeta")):
        assert fresh.api.patch(f"/v1/companies/{company}", {"name": name}).status_code == 200
    assert shown() == {"Ann": "Zenith", "Bo": "Zeta", "Cy": "Own"}
    for company in (made, known):
        assert fresh.api.delete(f"/v1/companies/{company}").status_code == 204
    assert shown() == {"Ann": None, "Bo": None, "Cy": "Own"}
    assert {each["company_id"] for each in every(fresh, "contacts")} == {None}


def test_a_copied_row_with_another_person_in_it_is_that_person(cloud: Cloud, member: Member) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "Ana", "emails": ["ana@one.example"]}).json()
    names = "id,first_name,emails,phones,profile_urls\n"
    rows = f"{made['id']},Ana,ana@one.example,,\n{made['id']},Bo,bo@two.example,,\n{made['id']},Cy,cy@three.example,,\n"
    for created, unchanged in ((2, 1), (0, 3)):
        result = brought(cloud, member, (names + rows).encode(), CSV)
        assert (result["created"], result["unchanged"], result["updated"]) == (created, unchanged, 0), result
        found = {each["first_name"]: each["emails"] for each in every(member, "contacts")}
        assert found == {"Ana": ["ana@one.example"], "Bo": ["bo@two.example"], "Cy": ["cy@three.example"]}
    assert member.api.get(f"/v1/contacts/{made['id']}").json() == made


def test_an_opt_out_of_a_file_holds_for_its_owners_contact_alone(cloud: Cloud, member: Member) -> None:
    address, stranger = (f"{name}@people.example" for name in ("opted.out", "written.in"))
    items = [{"first_name": "Una", "emails": [who], "opted_out": True} for who in (address, stranger)]
    whole = json.dumps({"items": items, "next_cursor": None})
    result = brought(cloud, member, whole.encode(), JSON)
    assert (result["created"], result["file"]["owner_only"]) == (2, True)
    assert [each["opted_out"] for each in every(member, "contacts")] == [True, True]
    assert opt_outs.standing(member.tenant, [address, stranger]) == frozenset()
