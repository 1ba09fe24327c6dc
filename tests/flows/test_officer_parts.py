"""A letter of two wishes or two persons is parted into two requests; each is decided by itself."""

import uuid
from collections.abc import Callable

from tests.support.officer import Case, states


def test_two_rights_of_a_letter_part_and_each_is_answered(case: Callable[..., Case]) -> None:
    asked = case(
        "Please send me a copy of my personal data. Please also correct my name: it is Lou. I write on behalf of my mother.\r\n"
    )
    before = asked.done("open", reason="read")["standing"]
    assert set(states(before)) == {"access", "rectification"}
    sent = len(asked.mails())
    assert asked("split", rights=["access", "rectification"]).json()["errors"][0]["field"] == "rights", "none is left"
    assert asked("split", rights=["portability"]).json()["code"] == "already_decided"
    standing = asked.done("split", rights=["rectification"])
    assert (states(standing), standing["due_at"]) == ({"rectification": "for_officer"}, before["due_at"])
    other = Case(asked.cloud, standing["id"], asked.address, asked.sent_to)
    assert asked("split", rights=["rectification"]).json()["id"] == other.id, "safe to repeat"
    opened = other.done("open", reason="decide")
    assert "correct my name" in opened["text"]
    assert len(asked.mails()) == sent, "the letter was acknowledged once"
    assert states(other.done("merge", into=asked.id)) == states(before), (
        "what was parted by mistake comes together again"
    )
    other.id = asked.done("split", rights=["rectification"])["id"]
    other.done("answer", text="Your name is corrected.")
    asked.done("answer", text="Here is your copy.")
    assert len(asked.mails()) == sent + 2


def test_an_erasure_does_not_part_from_the_copy_that_comes_first(case: Callable[..., Case]) -> None:
    asked = case(
        "Please send me a copy of my personal data. Then delete everything, if that is all right with you.\r\n"
    )
    kinds = set(states(asked.done("open", reason="read")["standing"]))
    assert kinds >= {"access", "erasure"}, kinds
    refused = asked("split", rights=["access"])
    assert refused.status_code in (409, 422), refused.text


def test_what_a_letter_asks_for_another_person_is_a_request_of_that_person(case: Callable[..., Case]) -> None:
    asked = case()
    wife = f"ann.{uuid.uuid4().hex[:10]}@people.example"
    for about, code in ((asked.address, "not_allowed"), ("no address", "not_an_address")):
        assert asked("split", rights=["access"], about=about).json()["errors"][0]["code"] == code
    standing = asked.done("split", rights=["access"], about=wife)
    assert (standing["intake"], standing["waits_for"]) == ("received", "officer")
    theirs = Case(asked.cloud, standing["id"], wife, asked.sent_to)
    assert asked("split", rights=["access"], about=wife).json()["id"] == theirs.id
    opened = theirs.done("open", reason="read")
    assert (opened["address"], opened["verified"]) == (wife, False)
    assert theirs.mails() == [], "nothing is mailed to who did not write, until the officer asks"
    theirs.done("decision", decision="needs_more", reason="identity")
    mailed = asked.sent_to(wife)
    assert len(mailed) == 1
    assert "In-Reply-To" not in mailed[0]["headers"], "they never saw the mail that this would answer"
    assert opened["came_by"] == "unproven", "that somebody else's mail was proven says nothing of this person"
    assert states(asked.done("open", reason="read")["standing"]) == {"access": "for_officer"}
    history = asked.done("open", reason="read")["history"]
    assert [each["action"] for each in history if each["action"] != "open"] == ["split"]
