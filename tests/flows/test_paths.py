"""GET /v1/companies/{id}/paths: who in the team knows somebody there, how well, and what of it whom is told."""

import uuid
from collections.abc import Callable

import pytest

from chalicelib.core import clock
from chalicelib.core.actor import Identity
from chalicelib.domain.accounts import membership
from chalicelib.domain.network.paths import strongest
from chalicelib.domain.suppression import opt_outs, wishes
from chalicelib.domain.suppression.records import Wish
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.relations import Knows
from tests.support.wishes import exercise, somebody

AT = "ada@acme.example"


@pytest.fixture
def ann(member: Member) -> Knows:
    return Knows(member)


@pytest.fixture
def ben(ann: Knows, new_colleague: Callable[[Member], Member]) -> Knows:
    return Knows(new_colleague(ann.member))


def test_ones_own_contacts_stand_there_by_name_with_exact_numbers(ann: Knows) -> None:
    company = ann.company()
    known = ann.contact(AT)
    silent = ann.contact("quiet@sub.acme.example", first_name="Quiet", last_name="One")
    named = ann.contact("n@elsewhere.example", first_name="By", last_name="Name", company_name="ACME")
    linked = ann.contact("l@gmail.com", first_name="By", last_name="Link", company_id=company)
    ann.contact("stranger@acme-example.org")
    ann.writes(AT, sent=12, received=9, days=6)
    ann.writes("quiet@sub.acme.example", sent=5, days=2)
    first, *rest = ann.paths(company)
    assert (first["mine"], first["who"], first["contact"]) == (True, "you", {"id": known, "name": "Ada Hopper"})
    assert first["reasons"][0]["text"] == "12 sent, 9 received, last 6 days ago"
    assert (first["strength"], first["band"], first["recent"]) == (75, "strong", True)
    assert {each["contact"]["id"] for each in rest} == {silent, named, linked}
    assert [each["strength"] for each in rest] == [None] * 3
    assert [each["band"] for each in rest] == ["unknown"] * 3, "nobody is known to whom one side alone writes"
    one_way = next(each for each in rest if each["contact"]["id"] == silent)
    assert one_way["reasons"][0]["text"] == "5 sent, 0 received, last 2 days ago: only one side writes"


def test_mail_to_many_and_mail_of_long_ago_count_less(ann: Knows) -> None:
    company, other = ann.company(), ann.company("Other", "other.example")
    people = {name: f"{name}@acme.example" for name in ("near", "far", "many")}
    for email in people.values():
        ann.contact(email, first_name=email)
    ann.writes(people["near"], sent=3, received=3, days=2)
    ann.writes(people["far"], sent=3, received=3, days=90)
    ann.writes(people["many"], sent=3, received=3, days=2, to=10)
    found = {each["contact"]["name"].split("@")[0]: each["strength"] for each in ann.paths(company)}
    assert found["near"] > found["many"] > found["far"] > 0
    assert ann.paths(other) == []


def test_a_colleague_is_someone_in_the_team_and_only_while_both_share(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    ben.contact(AT)
    ben.writes(AT, sent=4, received=4)
    assert ann.paths(company) == []
    ben.shares()
    assert ann.paths(company) == [], "who hides sees none"
    ann.shares()
    (path,) = ann.paths(company)
    assert (path["mine"], path["who"], path["colleague"], path["contact"]) == (
        False,
        "someone in your team",
        None,
        None,
    )
    assert (path["strength"], path["band"], path["recent"]) == (None, "strong", True)
    assert [each["feature"] for each in path["reasons"]] == [None]
    assert ben.member.id[-10:] not in str(path), "nor is an owner's code"
    assert ben.member.email not in str(path)
    ben.shares(on=False)
    assert ann.paths(company) == [], "from the next request on"


def test_who_shows_whom_it_knows_shows_no_contact_and_no_company(ann: Knows, ben: Knows) -> None:
    ben.company()
    ben.contact(AT)
    ann.shares()
    cursor = ann.member.api.get("/v1/changes").json()["next_cursor"]
    ben.shares()
    for kind in ("contacts", "companies"):
        assert ann.member.api.get(f"/v1/{kind}").json()["items"] == []
        assert ann.member.api.post(f"/v1/{kind}/search", {"q": "acme"}).json()["items"] == []
    told = ann.member.api.get("/v1/changes", params={"cursor": cursor}).json()
    assert (told["upserts"], told["deleted"]) == ([], [])


def test_a_path_is_known_again_by_the_same_caller_for_the_same_company_alone(ann: Knows, ben: Knows) -> None:
    companies = [ann.company(), ann.company("Other", "other.example")]
    for email in (AT, "x@other.example"):
        ben.contact(email)
        ben.writes(email, sent=1, received=1)
    ann.shares()
    ben.shares()
    found = [ann.paths(company)[0]["id"] for company in companies]
    assert found[0] != found[1]
    assert ann.paths(companies[0])[0]["id"] == found[0]


def test_a_list_of_people_is_no_acquaintance(ann: Knows, ben: Knows, run_import: Callable[..., object]) -> None:
    company = ann.company()
    ann.shares()
    ben.shares()
    run_import(ben.member, "First Name,Last Name,Email\r\nBought,Person,bought@acme.example\r\n")
    assert ann.paths(company) == []
    ben.contact("card@acme.example")
    (path,) = ann.paths(company)
    assert (path["band"], path["recent"]) == ("unknown", False)


def test_an_address_at_an_open_provider_is_no_company(ann: Knows, ben: Knows) -> None:
    company = ann.company("Mail Ltd", "gmail.com")
    ann.shares()
    ben.shares()
    ben.contact("somebody@gmail.com")
    assert ann.paths(company) == []


def test_there_are_no_paths_to_a_company_that_one_is_not_shown(ann: Knows, ben: Knows) -> None:
    company = ben.company()
    assert ann.member.api.get(f"/v1/companies/{company}/paths").status_code == 404
    assert ben.member.api.patch("/v1/me/settings", {"share_tags": True}).status_code == 200
    ann.contact(AT)
    assert len(ann.paths(company)) == 1


def test_reading_is_noted_for_the_reader(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    ann.paths(company)
    entry = ann.member.api.get("/v1/audit").json()["items"][0]
    assert (entry["action"], entry["about"]) == ("paths.read", [company])
    assert all(each["action"] != "paths.read" for each in ben.member.api.get("/v1/audit").json()["items"])


def test_the_switch_says_that_in_a_team_of_two_someone_is_a_name(
    ann: Knows, ben: Knows, new_colleague: Callable[[Member], Member]
) -> None:
    switched = ann.member.api.patch("/v1/me/settings", {"share_relationships": True}).json()
    assert "can only be you" in switched["hints"][0]
    assert ben.member.api.get("/v1/me").json()["hints"] == [], "who shares nothing is told nothing"
    new_colleague(ann.member)
    assert ann.member.api.get("/v1/me").json()["hints"] == []


def both_know(ann: Knows, ben: Knows, email: str) -> str:
    """Return the id of a company at which both know the same person."""
    for each in (ann, ben):
        each.shares()
        each.contact(email)
        each.writes(email, sent=1, received=1)
    return ann.company()


def test_who_objects_is_weighed_by_nobody(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    email = f"objects-{uuid.uuid4().hex}@acme.example"
    company = both_know(ann, ben, email)
    assert len(ann.paths(company)) == 2
    wishes.record(email, [Wish.OBJECTION], "test", clock.now())
    assert ann.paths(company) == []


def test_whose_data_are_restricted_is_on_no_path(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    email = f"restricts-{uuid.uuid4().hex}@acme.example"
    company = both_know(ann, ben, email)
    (contact,) = [each["contact"]["id"] for each in ann.paths(company) if each["mine"]]
    wishes.record(email, [Wish.RESTRICTION], "test", clock.now())
    assert ann.paths(company) == []
    cloud.advance(10)
    cloud.drain()
    ann.member.api.token = cloud.issuer.token(ann.member.email)
    assert ann.member.api.get(f"/v1/contacts/{contact}").json()["restricted"]


def test_who_wants_no_mail_is_on_no_colleagues_path(ann: Knows, ben: Knows) -> None:
    email = f"quiet-{uuid.uuid4().hex}@acme.example"
    company = both_know(ann, ben, email)
    opt_outs.write(ann.member.tenant, [email], "test", clock.rfc3339(clock.now()))
    assert [each["mine"] for each in ann.paths(company)] == [True]


def test_who_is_erased_is_on_no_path(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    email = somebody()
    for each in (ann, ben):
        each.shares()
        each.contact(email)
        each.writes(email, sent=1, received=1)
    company = ann.company("Theirs", email.rpartition("@")[2])
    assert len(ann.paths(company)) == 2
    exercise(cloud, email, "erasure")
    for _ in range(3):
        cloud.advance(400)
        cloud.drain()
    ann.member.api.token = cloud.issuer.token(ann.member.email)
    assert ann.paths(company) == []


def test_the_ranking_is_given_the_best_path_to_each_company(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    domains = ("one.example", "two.example", "three.example", "none.example")
    companies = [ann.company(domain.partition(".")[0], domain) for domain in domains]
    ann.shares()
    ben.shares()
    for each, domain, number in (
        (ann, domains[0], 1),
        (ben, domains[0], 9),
        (ben, domains[1], 9),
        (ann, domains[2], 0),
    ):
        email = f"{number}-{uuid.uuid4().hex}@{domain}"
        each.contact(email)
        each.writes(email, sent=number, received=number, days=1)
    gone = f"gone-{uuid.uuid4().hex}@{domains[0]}"
    ben.contact(gone)
    ben.writes(gone, sent=99, received=99, days=0)
    wishes.record(gone, [Wish.OBJECTION], "test", clock.now())
    who = Identity(
        cloud.issuer.url, cloud.issuer.subject(ann.member.email), ann.member.email, email_verified=True, auth_time=0
    )
    best = strongest(membership.membership(who).actor, companies)
    assert [(at, best[at].mine, best[at].value) for at in companies if at in best] == [
        (companies[0], False, 70),
        (companies[1], False, 70),
    ]
    for ident, path in best.items():
        assert path.id == ann.paths(ident)[0]["id"]
