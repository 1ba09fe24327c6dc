"""The privacy officer opens one request with a reason, decides and answers; its person is mailed once, and erasures go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.domain.privacy import deadlines
from chalicelib.domain.privacy.notes import OfficerAction
from chalicelib.domain.privacy.records import OfficerActionRecord, PersonRecord
from chalicelib.store import rows
from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.officer import DAY, Case, officer, states

SOMEHOW = (
    "Hello, I would like to talk about the thing we spoke of. What do you know of me? "
    "I write on behalf of my mother.\r\n"
)


def test_the_list_tells_of_nobody_and_the_most_urgent_stand_first(cloud: Cloud, case: Callable[..., Case]) -> None:
    first = case()
    cloud.advance(DAY)
    second = case()
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = officer(cloud).get(f"/officer/requests?limit=1&waits_for=officer{cursor}").json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    ids = [each["id"] for each in seen]
    assert ids.index(first.id) < ids.index(second.id)
    assert page["counts"]["officer"] == len(ids) <= page["counts"]["all"]
    mine = seen[ids.index(second.id)]
    assert states(mine) == {"access": "for_officer"}
    assert (mine["waits_for"], mine["overdue"], mine["intake"]) == ("officer", False, "received")
    assert first.address not in str(seen)


def test_one_request_is_opened_with_a_reason_that_is_noted(cloud: Cloud, case: Callable[..., Case]) -> None:
    asked = case()
    assert asked("open").status_code == 422
    assert asked("open", reason="curiosity").status_code == 422
    opened = asked.done("open", reason="read")
    assert opened["address"] == asked.address
    assert "a copy of my personal data" in opened["text"]
    assert opened["verified"] is False
    again = asked.done("open", reason="complaint")
    assert [(each["action"], each["reason"]) for each in again["history"]] == [("open", "read"), ("open", "complaint")]
    unknown = f"req_{'0' * 26}"
    answer = officer(cloud).post(f"/officer/requests/{unknown}/open", {"reason": "read"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_only_the_officers_audience_opens_anything(
    cloud: Cloud, api: Api, member: Member, case: Callable[..., Case]
) -> None:
    asked = case()
    for client in (api, member.api):
        for method, path in (("GET", "/officer/requests"), ("POST", f"/officer/requests/{asked.id}/open")):
            answer = client(method, path, **({"json": {"reason": "read"}} if method == "POST" else {}))
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert officer(cloud).get("/v1/me").status_code == 401
    assert officer(cloud).get("/v1/contacts").status_code == 401


def test_an_answer_is_mailed_once_and_closes_the_request(case: Callable[..., Case]) -> None:
    asked = case()
    standing = asked.done("answer", text="Here is all that we hold: nothing.\n\nYours, the officer")
    assert states(standing) == {"access": "answered"}
    told = asked.mails()
    assert len(told) == 2
    assert "Here is all that we hold: nothing." in told[1].splitlines()
    assert "– Send me a copy of my data" in told[1].splitlines()
    assert "complain to a data protection authority" in told[1]
    again = asked("answer", text="Once more")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    asked.pass_days(2)
    assert len(asked.mails()) == 2
    assert rows.get(PersonRecord, f"request#{asked.id}", "person") is None, "what it held is forgotten"
    noted = [
        row.unsealed(OfficerAction) for row in rows.every(OfficerActionRecord, f"request#{asked.id}", "officer_action#")
    ]
    assert [each.action for each in noted] == ["answer"]


def test_a_refusal_says_its_article_and_where_to_complain(case: Callable[..., Case]) -> None:
    asked = case()
    assert asked("decision", decision="refused", reason="identity").status_code == 422
    assert asked("decision", decision="refused", reason="compelling_grounds").status_code == 422, "not for a copy"
    standing = asked.done("decision", decision="refused", reason="excessive")
    assert standing["rights"][0]["reason"] == "excessive"
    text = asked.mails()[-1]
    assert "Article 12(5)" in text
    assert "court" in text


def test_an_erasure_begins_on_the_officers_word_and_only_then(case: Callable[..., Case], member: Member) -> None:
    asked = case("I think you have me in some list. Delete me or tell me what you hold, I am not sure.\r\n")
    member.api.post("/v1/contacts", {"first_name": "Lou", "emails": [asked.address]})
    opened = asked.done("open", reason="decide")
    assert "erasure" in states(opened["standing"])
    others = [right for right in states(opened["standing"]) if right != "erasure"]
    asked.pass_days(1)
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1
    asked.done("decision", decision="verified", reason="wrote_from_address")
    if others:
        assert len(member.api.get("/v1/contacts", token=asked.cloud.issuer.token(member.email)).json()["items"]) == 1
        asked.done("answer", text="We hold your name and address.", rights=others)
    for _ in range(4):
        asked.cloud.advance(400)
        asked.cloud.drain()
    assert member.api.get("/v1/contacts", token=asked.cloud.issuer.token(member.email)).json()["items"] == []
    assert "/certificates/" in asked.mails()[-1]


def test_the_person_is_asked_the_clock_stands_and_the_reply_joins(cloud: Cloud, case: Callable[..., Case]) -> None:
    asked = case(SOMEHOW)
    before = asked.done("open", reason="read")["standing"]["rights"][0]["due_at"]
    standing = asked.done("decision", decision="needs_more", reason="unclear", text="Which call do you mean?")
    assert (set(states(standing).values()), standing["waits_for"]) == ({"needs_more"}, "person")
    text = asked.mails()[-1]
    assert "in your own words" in text
    assert "Which call do you mean?" in text
    asked.pass_days(10)
    reply = case("I mean the phone call of Monday, nothing more than that.\r\n", asked.address, "Re: My data")
    assert reply("open", reason="read").status_code == 404, "it opened no request of its own"
    opened = asked.done("open", reason="read")
    assert set(states(opened["standing"]).values()) == {"for_officer"}
    assert ["phone call of Monday" in each["text"] for each in opened["replies"]] == [True]
    moved = clock.parse_rfc3339(opened["standing"]["rights"][0]["due_at"]) - clock.parse_rfc3339(before)
    assert timedelta(days=10) <= moved < timedelta(days=10, hours=1)


def test_who_does_not_reply_is_told_that_it_ended(case: Callable[..., Case]) -> None:
    asked = case()
    asked.done("decision", decision="needs_more", reason="identity")
    asked.pass_days(29)
    sent = len(asked.mails())
    asked.pass_days(2)
    assert len(asked.mails()) == sent + 1
    assert "has ended" in asked.mails()[-1]
    assert "complain" in asked.mails()[-1]
    answer = asked("open", reason="read")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")


def test_two_months_more_are_taken_once_in_time_and_told(case: Callable[..., Case]) -> None:
    asked = case()
    received = clock.parse_rfc3339(asked.done("open", reason="read")["standing"]["received_at"])
    standing = asked.done("extend", reason="complexity")
    due = deadlines.months_after(received, 3)
    assert (standing["due_at"], standing["extended"]) == (clock.rfc3339(due), "complexity")
    assert f"by {render.day(due, 'en')} at the latest" in asked.mails()[-1]
    assert "complain" in asked.mails()[-1]
    twice = asked("extend", reason="number")
    assert (twice.status_code, twice.json()["code"]) == (409, "extension_too_late")
    late = case()
    late.pass_days(32)
    answer = late("extend", reason="complexity")
    assert (answer.status_code, answer.json()["code"]) == (409, "extension_too_late")


def test_a_pause_stops_the_clock_until_it_is_ended(case: Callable[..., Case]) -> None:
    asked = case()
    before = asked.done("pause")
    assert states(before) == {"access": "needs_more"}
    asked.pass_days(5)
    after = asked.done("pause", paused=False)
    moved = clock.parse_rfc3339(after["due_at"]) - clock.parse_rfc3339(before["rights"][0]["due_at"])
    assert timedelta(days=5) <= moved < timedelta(days=5, hours=1)
    again = asked("pause", paused=False)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_an_answer_that_may_be_lost_is_sent_again_on_the_officers_word(cloud: Cloud, case: Callable[..., Case]) -> None:
    from chalicelib.domain.privacy import repository

    asked = case()
    assert asked("answer", text="All of it.").status_code == 200
    found = repository.find(asked.id)
    assert found
    record, request = found
    request.mails[request.letters[-1].name] = "claimed"  # as a kill between the claim and SES leaves it
    repository.save(record, request)
    cloud.drain()
    assert len(asked.mails()) == 1
    listed = officer(cloud).get("/officer/requests?limit=100").json()["items"]
    mine = next(each for each in listed if each["id"] == asked.id)
    assert (mine["unknown_mails"], mine["waits_for"]) == (["answered-1"], "officer")
    asked.done("rerun")
    assert "All of it." in asked.mails()[-1]
    assert len(asked.mails()) == 2


def test_a_reply_that_can_be_acted_on_is_and_the_officer_is_told_too(case: Callable[..., Case]) -> None:
    asked = case()
    asked.done("decision", decision="needs_more", reason="identity")
    reply = case("Please delete all my personal data.\r\n", asked.address, "Re: My data")
    opened = reply.done("open", reason="read")
    assert states(opened["standing"]) == {"erasure": "awaiting_confirmation"}
    opened = asked.done("open", reason="read")
    assert states(opened["standing"]) == {"access": "for_officer"}
    assert "delete all my personal data" in opened["replies"][0]["text"]


def test_a_duplicate_of_the_same_address_joins_the_first_and_nobody_elses(case: Callable[..., Case]) -> None:
    first, stranger = case(), case()
    again = case("Please correct my name, it is Lou. I write on behalf of my mother.\r\n", first.address)
    for into in (stranger.id, again.id, f"req_{'0' * 26}"):
        answer = again("merge", into=into)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "into")
    sent = len(first.mails())
    standing = again.done("merge", into=first.id)
    assert states(standing) == {"access": "for_officer", "rectification": "for_officer"}
    assert again("open", reason="read").json()["code"] == "already_decided"
    opened = first.done("open", reason="read")
    assert "it is Lou" in opened["replies"][0]["text"]
    first.done("answer", text="Both are done.")
    assert len(first.mails()) == sent + 1
