"""A reply to our mail joins the request that it answers, by our address or by what it refers to, and only its own person's."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.support.officer import ACCESS, Case
from tests.support.privacy_mail import mail

SentTo = Callable[[str], list[dict[str, Any]]]
Write = Callable[[str, bytes], tuple[str, dict[str, Any]]]


def kept(ident: str) -> tuple[Request, PersonPayload] | None:
    request = rows.get(RequestRecord, f"request#{ident}", "request")
    person = rows.get(PersonRecord, f"request#{ident}", "person")
    return (request.unsealed(Request), person.unsealed(PersonPayload)) if request and person else None


@pytest.fixture
def writes(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> Write:
    """Lets somebody write; the id of the request that it would open, and the last mail that they have."""

    def write(address: str, raw: bytes) -> tuple[str, dict[str, Any]]:
        ident = id_of_mail(drop_mail(raw))
        cloud.drain()
        return ident, (sent_to(address) or [{}])[-1]

    return write


def person() -> str:
    return f"eva.{uuid.uuid4().hex[:10]}@people.example"


def to(answered: dict[str, Any], raw: bytes) -> bytes:
    """The mail, sent to where answers to ours go."""
    return raw.replace(b"To: privacy@iko.example", f"To: {answered['headers']['Reply-To']}".encode())


def test_yes_to_our_mail_joins_the_request_that_it_answers(writes: Write, sent_to: SentTo) -> None:
    address = person()
    first, confirm = writes(address, mail(address, "Please delete all my data.\r\n"))
    reply = to(confirm, mail(address, "Yes please, delete it all.\r\n", subject="Re: Please confirm"))
    second, _ = writes(address, reply)
    assert kept(second) is None
    found = kept(first)
    assert found is not None
    assert ([str(right.kind) for right in found[0].rights], len(found[1].more)) == (["erasure"], 1)
    assert len(sent_to(address)) == 1


def test_what_a_reply_asks_beside_is_asked_by_the_same_request(writes: Write) -> None:
    address = person()
    first, answer = writes(address, mail(address, "Where did you get my number?\r\n"))
    refers = answer["headers"]["References"].split()[-1]
    body = "And please send me a copy of my data.\r\n"
    second, _ = writes(address, mail(address, body, subject="Re: request", References=f"<a@b.example> {refers}"))
    found = kept(first)
    assert kept(second) is None
    assert found is not None
    assert [str(right.kind) for right in found[0].rights] == ["source", "access"]
    assert "copy of my data" in next(iter(found[1].more.values())).text


def test_who_knows_the_address_of_anothers_request_joins_nothing(writes: Write) -> None:
    address, other = person(), person()
    first, confirm = writes(address, mail(address, "Please delete all my data.\r\n"))
    second, _ = writes(other, to(confirm, mail(other, "Please send me a copy of my data.\r\n")))
    mine, theirs = kept(first), kept(second)
    assert mine is not None
    assert theirs is not None
    assert mine[1].more == {}
    assert [str(right.kind) for right in theirs[0].rights] == ["access"]


def test_a_later_mail_proves_only_what_its_way_or_our_id_in_it_shows(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    """Where its domain has no DMARC, anybody writes from an address; what our mail says, only its reader knows."""
    address = person()

    def writes_unproven(body: str, refers: str = "") -> Case:
        raw = mail(address, body, **({"References": refers} if refers else {}))
        ident = id_of_mail(drop_mail(raw, dmarc="GRAY"))
        cloud.drain()
        return Case(cloud, ident, address, sent_to)

    asked = writes_unproven(ACCESS)
    asked.done("decision", decision="needs_more", reason="identity")
    writes_unproven("It is really me, and I confirm it.\r\n")
    asked.done("decision", decision="needs_more", reason="identity")
    opened = asked.done("open", reason="read")
    assert [(each["came_by"], each["answers_our_mail"]) for each in opened["replies"]] == [("unproven", False)]
    for proof in ("wrote_from_address", "answered_our_mail"):
        answer = asked("decision", decision="verified", reason=proof)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")
    ours = sent_to(address)[-1]["headers"]["References"].split()[-1]
    writes_unproven("It is me.\r\n", ours)
    opened = asked.done("open", reason="read")
    assert [each["answers_our_mail"] for each in opened["replies"]] == [False, True]
    assert asked("decision", decision="verified", reason="wrote_from_address").status_code == 422
    asked.done("decision", decision="verified", reason="answered_our_mail")
