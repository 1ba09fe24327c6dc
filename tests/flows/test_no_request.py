"""Our officer ends what is no request without a mail: noted with its reason, once the letter was read, and of nobody proved."""

from collections.abc import Callable

from chalicelib.domain.privacy import officer
from tests.support.officer import Case, states
from tests.support.officer import officer as signed_in

END = {"decision": "no_request", "reason": "misdirected"}


def listed(case: Case) -> bool:
    items = signed_in(case.cloud).get("/officer/requests", params={"limit": 100}).json()["items"]
    return any(each["id"] == case.id for each in items)


def test_it_ends_without_a_mail_and_is_noted(case: Callable[..., Case]) -> None:
    spam = case()
    before = len(spam.mails())
    unread = spam("decision", **END)
    assert (unread.status_code, unread.json()["errors"][0]["field"]) == (422, "reason"), "nobody has read it"
    assert spam("open", reason="read").status_code == 200
    for wrong in ("identity", "excessive", "because"):
        assert spam("decision", decision="no_request", reason=wrong).status_code == 422
    assert listed(spam)
    standing = spam.done("decision", **END)
    assert set(states(standing).values()) == {"no_request"}
    assert len(spam.mails()) == before
    assert not listed(spam)
    assert spam("open", reason="read").status_code == 409, "its words are gone"
    spam.pass_days(3)
    assert len(spam.mails()) == before
    noted = officer.history(spam.id)
    assert [(each.action, each.reason) for each in noted] == [("open", "read"), ("no_request", "misdirected")]


def test_whoever_is_proved_is_answered(case: Callable[..., Case]) -> None:
    asked = case("I do not want to be subject to a decision based solely on automated processing.")
    assert asked("open", reason="read").status_code == 200
    standing = asked.done("decision", decision="verified", reason="other_proof")
    assert states(standing) == {"automated_decisions": "for_officer"}
    assert asked("decision", **END).status_code == 409
    assert listed(asked)
