"""Introductions: who asks sees a state, who is asked sees who asks and about which company; a name is told on "agree" only."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.relations import Knows

AT = "ada@acme.example"


@pytest.fixture
def ann(member: Member) -> Knows:
    made = Knows(member)
    made.shares()
    return made


@pytest.fixture
def ben(ann: Knows, new_colleague: Callable[[Member], Member]) -> Knows:
    made = Knows(new_colleague(ann.member))
    made.shares()
    made.contact(AT, company_name="Acme Works")
    made.writes(AT, sent=4, received=3, days=2)
    return made


def test_the_asker_learns_who_at_agree_and_not_before(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    path = ann.paths(company)[0]["id"]
    asked = ann.asks(company, path)
    assert (asked["asked_of_me"], asked["state"], asked["colleague"]) == (False, "pending", None)
    assert (asked["company"]["id"], asked["path"]) == (company, path)
    noted = [each for each in ann.member.api.get("/v1/audit").json()["items"] if each["action"] == "introduction.asked"]
    assert len(noted) == 1
    for text in map(str, (asked, ann.introductions(), noted)):
        assert ben.member.id[-10:] not in text, "nor is an owner's code"
        assert ben.member.email not in text
    (request,) = ben.introductions()
    assert request["colleague"] == {"id": ann.member.id, "email": ann.member.email}
    assert request["company"] == {"id": None, "name": "Acme Works", "domain": "acme.example"}
    assert ben.answers("agree")["state"] == "agreed"
    (told,) = ann.introductions()
    assert (told["state"], told["colleague"]["email"]) == ("agreed", ben.member.email)
    (named,) = ann.paths(company)
    assert (named["who"], named["colleague"]["id"]) == (ben.member.email, ben.member.id)
    assert named["reasons"][0]["text"] == "4 sent, 3 received, last 2 days ago"
    assert named["strength"] is not None
    assert named["contact"] is None, "whom it is by name is ben's to say"


def test_who_agreed_is_named_for_that_company_and_that_asker_alone(
    ann: Knows, ben: Knows, new_colleague: Callable[[Member], Member]
) -> None:
    carl = Knows(new_colleague(ann.member))
    carl.shares()
    ben.contact("x@other.example")
    ben.writes("x@other.example", sent=1, received=1)
    company, other, of_carl = ann.company(), ann.company("Other", "other.example"), carl.company()
    ann.asks(company, ann.paths(company)[0]["id"])
    ben.answers("agree")
    assert [each["who"] for each in ann.paths(other)] == ["someone in your team"]
    assert [each["who"] for each in carl.paths(of_carl)] == ["someone in your team"]
    ben.shares(on=False)
    assert ann.paths(company) == []


def test_declining_tells_nothing_but_that(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    path = ann.paths(company)[0]["id"]
    asked = ann.asks(company, path)
    ben.answers("decline")
    (told,) = ann.introductions()
    assert (told["state"], told["colleague"]) == ("declined", None)
    assert ann.paths(company)[0]["who"] == "someone in your team"
    assert ben.answers("decline")["state"] == "declined", "the same again"
    assert ben.answers("agree", status=409)["code"] == "already_decided"
    again = ann.member.api.post("/v1/introductions", {"company_id": company, "path": path})
    assert (again.status_code, again.json()["code"], again.json()["id"]) == (409, "already_there", asked["id"])


def test_asking_finds_nobody_who_hides(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    path = ann.paths(company)[0]["id"]
    ben.shares(on=False)
    hidden = ann.member.api.post("/v1/introductions", {"company_id": company, "path": path})
    guessed = ann.member.api.post("/v1/introductions", {"company_id": company, "path": f"pth_{'0' * 26}"})
    own = ann.contact("own@acme.example")
    mine = ann.member.api.post("/v1/introductions", {"company_id": company, "path": ann.paths(company)[0]["id"]})
    unknown = ann.member.api.post("/v1/introductions", {"company_id": own, "path": path})
    answers = {
        (each.status_code, each.json()["code"], each.json().get("detail")) for each in (hidden, guessed, mine, unknown)
    }
    assert len(answers) == 1
    assert hidden.status_code == 404
    assert ben.introductions() == []


def test_whoever_hides_or_leaves_afterwards_looks_like_no_answer(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    company = ann.company()
    asked = ann.asks(company, ann.paths(company)[0]["id"])
    before = ann.introductions()
    ben.shares(on=False)
    assert ann.introductions() == before
    assert ben.member.api.delete("/v1/me").status_code == 202
    cloud.drain()
    assert ann.introductions() == before
    cloud.advance(14 * 86_400)
    ann.member.api.token = cloud.issuer.token(ann.member.email)
    (told,) = ann.introductions()
    assert (told["id"], told["state"], told["expires_at"]) == (asked["id"], "expired", None)


def test_nobody_answers_what_is_over_and_it_may_be_asked_again(cloud: Cloud, ann: Knows, ben: Knows) -> None:
    company = ann.company()
    path = ann.paths(company)[0]["id"]
    first = ann.asks(company, path)
    cloud.advance(14 * 86_400)
    for each in (ann, ben):
        each.member.api.token = cloud.issuer.token(each.member.email)
    assert ben.answers("agree", status=409)["code"] == "already_decided"
    assert ann.asks(company, path)["id"] != first["id"]


def test_what_an_asker_who_left_had_asked_is_gone(ann: Knows, ben: Knows, cloud: Cloud) -> None:
    company = ben.company("Zeta", "zeta.example")
    ann.contact("z@zeta.example")
    ben.asks(company, ben.paths(company)[0]["id"])
    (request,) = ann.introductions()
    assert ben.member.api.delete("/v1/me").status_code == 202
    cloud.drain()
    assert ann.introductions() == []
    answer = ann.member.api.post(f"/v1/introductions/{request['id']}", {"decision": "agree"})
    assert answer.status_code == 404


def test_an_introduction_about_whom_was_erased_says_no_company(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    ann.asks(company, ann.paths(company)[0]["id"])
    (contact,) = ben.member.api.get("/v1/contacts").json()["items"]
    assert ben.member.api.delete(f"/v1/contacts/{contact['id']}").status_code == 204
    (request,) = ben.introductions()
    assert request["company"] == {"id": None, "name": None, "domain": None}
    assert request["contact_id"] is None


def test_a_member_asks_so_many_times_a_day(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    path = ann.paths(company)[0]["id"]
    ann.asks(company, path)
    told = [ann.member.api.post("/v1/introductions", {"company_id": company, "path": path}) for _ in range(20)]
    assert [each.status_code for each in told] == [409] * 19 + [429]
    assert int(told[-1].headers["Retry-After"]) > 0


def test_the_same_key_asks_once(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    body = {"company_id": company, "path": ann.paths(company)[0]["id"]}
    twice = [ann.member.api.post("/v1/introductions", body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [each.status_code for each in twice] == [201, 201]
    assert twice[0].json() == twice[1].json()
    assert len(ben.introductions()) == 1


def test_lists_go_on_over_both_sides(ann: Knows, ben: Knows) -> None:
    company = ann.company()
    ann.asks(company, ann.paths(company)[0]["id"])
    for name in ("zeta", "eta"):
        ann.contact(f"z@{name}.example")
        there = ben.company(name, f"{name}.example")
        ben.asks(there, ben.paths(there)[0]["id"])
    seen, cursor = list[dict[str, Any]](), None
    while not seen or cursor:
        answer = ann.member.api.get("/v1/introductions", params={"limit": 1, **({"cursor": cursor} if cursor else {})})
        seen += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
    assert [each["asked_of_me"] for each in seen] == [True, True, False]
    assert seen == ann.introductions()
