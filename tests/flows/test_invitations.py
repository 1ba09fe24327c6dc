"""Invitations: one mail, one link, one member; nothing is said about an address that its owner does not know."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.invitations import Invited, listed, somebody

DAY = 86_400


def invite(owner: Member, email: str, **more: Any) -> Any:
    return owner.api.post("/v1/members", {"email": email, **more})


def test_from_the_mail_to_the_membership(cloud: Cloud, member: Member, api: Api) -> None:
    guest = somebody(cloud)
    made = invite(member, guest.email, language="fr")
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["email"], body["role"], body["state"], body["mail"]) == (guest.email, "member", "invited", "sent")
    assert made.headers["Location"] == f"/v1/members/{body['id']}"
    assert body["id"].startswith("inv_")
    [mail] = guest.mails()
    assert member.email in mail["text"]
    assert "Test team" in mail["text"]
    assert body["expires_at"][:10] in mail["text"]
    assert mail["headers"]["Reply-To"] == member.email
    assert f"{cloud.url}/invitations/{guest.code()}" in mail["text"].splitlines()
    assert api.get(f"/invitations/{guest.code()}").status_code == 200
    joined = guest.accept()
    assert joined.status_code == 201, joined.text
    assert joined.json() == guest.api().get("/v1/me").json()
    assert joined.json()["tenant"]["id"] == member.tenant
    assert (joined.json()["role"], joined.json()["settings"]["language"]) == ("member", "fr")
    assert {email: item["state"] for email, item in listed(member).items()} == {
        member.email: "active",
        guest.email: "active",
    }
    assert len(guest.mails()) == 1


def test_an_invitation_as_owner_makes_an_owner(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    assert invite(member, guest.email, role="owner").status_code == 201
    assert guest.accept().json()["role"] == "owner"
    assert guest.api().post("/v1/members", {"email": somebody(cloud).email}).status_code == 201


def test_a_link_is_good_once_and_for_its_address_only(cloud: Cloud, member: Member, api: Api) -> None:
    guest, other = somebody(cloud), somebody(cloud)
    invite(member, guest.email)
    code = guest.code()
    refused = other.accept(code)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_address")
    unverified = guest.accept(email_verified=False)
    assert (unverified.status_code, unverified.json()["code"]) == (403, "other_address")
    assert guest.accept(email=guest.email.upper()).status_code == 201
    again = guest.accept()
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    assert other.accept(code).status_code == 404
    assert api.get(f"/invitations/{code}").status_code == 404


def test_two_accounts_with_the_same_address_do_not_both_get_in(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    invite(member, guest.email)
    code = guest.code()
    assert guest.accept(code).status_code == 201
    second = guest.accept(code, sub="another-account")
    assert (second.status_code, second.json()["code"]) == (404, "invitation_not_found")


def test_inviting_again_sends_a_fresh_link_and_ends_the_old_one(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    first = invite(member, guest.email).json()
    old, sent = guest.code(), len(cloud.sent_mail())
    again = invite(member, guest.email.upper(), role="owner")
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert again.json()["role"] == "owner"
    assert guest.accept(old).status_code == 404
    assert len([item for item in listed(member).values() if item["state"] == "invited"]) == 1
    assert len(cloud.sent_mail()) - sent == 1
    guest.email = guest.email.upper()
    assert guest.accept().status_code == 201


def test_a_withdrawn_invitation_is_gone(cloud: Cloud, member: Member, api: Api) -> None:
    guest = somebody(cloud)
    made = invite(member, guest.email).json()
    assert member.api.get(f"/v1/members/{made['id']}").json()["email"] == guest.email
    assert member.api.delete(f"/v1/members/{made['id']}").status_code == 204
    assert member.api.delete(f"/v1/members/{made['id']}").status_code == 404
    assert guest.email not in listed(member)
    assert guest.accept().status_code == 404
    assert api.get(f"/invitations/{guest.code()}").status_code == 404
    assert invite(member, guest.email).status_code == 201
    assert guest.accept().status_code == 201


def test_a_link_lives_for_seven_days(cloud: Cloud, member: Member, api: Api) -> None:
    guest = somebody(cloud)
    invite(member, guest.email)
    cloud.advance(7 * DAY - 60)
    assert api.get(f"/invitations/{guest.code()}").status_code == 200
    cloud.advance(120)
    member.api.token = cloud.issuer.token(member.email)
    assert api.get(f"/invitations/{guest.code()}").status_code == 404
    assert guest.accept().status_code == 404
    assert guest.email not in listed(member)
    # Its row may stand for days yet: DynamoDB deletes expired ones when it likes.
    assert invite(member, guest.email).status_code == 201
    assert guest.accept().status_code == 201


def test_only_owners_invite_and_see_invitations(cloud: Cloud, member: Member, new_colleague: Any) -> None:
    colleague, guest = new_colleague(member), somebody(cloud)
    refused = invite(colleague, guest.email)
    assert (refused.status_code, refused.json()["code"]) == (403, "owner_only")
    made = invite(member, guest.email).json()
    assert guest.email in listed(member)
    assert set(listed(colleague)) == {member.email, colleague.email}
    assert colleague.api.get(f"/v1/members/{made['id']}").status_code == 404
    assert colleague.api.delete(f"/v1/members/{made['id']}").status_code == 403
    assert colleague.api.get(f"/v1/members/{member.id}").json()["role"] == "owner"


def test_what_is_said_of_an_address(cloud: Cloud, member: Member, new_workspace: Any, new_colleague: Any) -> None:
    """One's own team is known; whether somebody is elsewhere, or was erased, is nobody's business."""
    colleague, elsewhere = new_colleague(member), new_workspace()
    own = invite(member, colleague.email.upper())
    assert (own.status_code, own.json()["code"]) == (409, "already_member")
    unknown = invite(member, somebody(cloud).email)
    known = invite(member, elsewhere.email)
    assert known.status_code == unknown.status_code == 201
    volatile = ("id", "email", "created_at", "updated_at", "expires_at")
    assert {k: v for k, v in known.json().items() if k not in volatile} == {
        k: v for k, v in unknown.json().items() if k not in volatile
    }
    taken = Invited(cloud, elsewhere.email).accept()
    assert (taken.status_code, taken.json()["code"]) == (409, "already_member")
    assert elsewhere.api.get("/v1/me").json()["tenant"]["id"] == elsewhere.tenant


def test_an_erased_person_is_invited_like_any_other(cloud: Cloud, member: Member, erased: Callable[..., str]) -> None:
    guest = somebody(cloud)
    erased(guest.email)
    member.api.token = cloud.issuer.token(member.email)
    assert invite(member, guest.email).status_code == 201
    assert guest.accept().status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": ""},
        {"email": "no address"},
        {"email": "a@b"},
        {"email": "x@y.example\r\nBcc: z@y.example"},
        {"email": "x@y.example", "role": "admin"},
        {"email": "x@y.example", "language": "xx"},
        {"email": "x@y.example", "more": 1},
        {"email": ["x@y.example"]},
        {"email": "x" * 400 + "@y.example"},
    ],
    ids=str,
)
def test_bad_invitations(cloud: Cloud, member: Member, body: dict[str, Any]) -> None:
    sent = len(cloud.sent_mail())
    answer = member.api.post("/v1/members", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    assert len(cloud.sent_mail()) == sent


@pytest.mark.parametrize("token", ["x", "a.b", "ten_.inv_.x", "🙂", "ten_" + "0" * 26 + ".inv_" + "0" * 26 + ".x"])
def test_bad_codes(cloud: Cloud, member: Member, api: Api, token: str) -> None:
    guest = somebody(cloud)
    answer = guest.accept(token)
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_found")
    page = api.get(f"/invitations/{token}")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_true_invitation_with_another_secret(cloud: Cloud, member: Member) -> None:
    guest, other = somebody(cloud), somebody(cloud)
    invite(member, guest.email)
    invite(member, other.email)
    of_guest, of_other = guest.code().split("."), other.code().split(".")
    for code in ([*of_guest[:2], of_other[2]], of_guest[:2], [*of_guest[:2], ""], [*of_guest[:2], of_guest[2][:-1]]):
        assert guest.accept(".".join(code)).status_code == 404
    assert guest.accept(".".join(of_guest)).status_code == 201


def test_an_idempotency_key_sends_one_mail(cloud: Cloud, member: Member) -> None:
    guest, key = somebody(cloud), {"Idempotency-Key": "k"}
    first = member.api.post("/v1/members", {"email": guest.email}, headers=key)
    again = member.api.post("/v1/members", {"email": guest.email}, headers=key)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert len(guest.mails()) == 1
    assert guest.accept().status_code == 201
    assert member.api.post("/v1/members", {"email": guest.email}, headers=key).status_code == 410


def test_invitations_are_few(cloud: Cloud, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.domain.accounts import invite as rules

    monkeypatch.setattr(rules, "PENDING_AT_MOST", 2)
    for _ in range(2):
        guest = somebody(cloud)
        assert invite(member, guest.email).status_code == 201
    full = invite(member, somebody(cloud).email)
    assert (full.status_code, full.json()["code"]) == (409, "too_many_invitations")
    assert invite(member, guest.email).status_code == 201  # a fresh link for one that waits is no further one
    monkeypatch.setattr(rules, "MAILS_TO_ONE", 2)
    limited = invite(member, guest.email)
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(limited.headers["Retry-After"]) <= DAY
    monkeypatch.setattr(rules, "PENDING_AT_MOST", 50)
    monkeypatch.setattr(rules, "MAILS_A_DAY", 3)
    assert invite(member, somebody(cloud).email).status_code == 429
    cloud.advance(DAY)
    member.api.token = cloud.issuer.token(member.email)
    assert invite(member, somebody(cloud).email).status_code == 201


def test_an_inviter_needs_a_verified_address(cloud: Cloud, member: Member) -> None:
    member.api.token = cloud.issuer.token(member.email, email_verified=False)
    refused = invite(member, somebody(cloud).email)
    assert (refused.status_code, refused.json()["code"]) == (403, "email_unverified")


def test_a_workspace_s_name_puts_no_link_into_a_mail(cloud: Cloud, new_workspace: Any) -> None:
    owner = new_workspace(name="Win now \u2003 https://evil.example/x \u2003 " + "y" * 100)
    guest = somebody(cloud)
    invite(owner, guest.email)
    [mail] = guest.mails()
    assert "evil.example" not in mail["text"]
    assert [line for line in mail["text"].splitlines() if "://" in line] == [f"{cloud.url}/invitations/{guest.code()}"]
    assert mail["html"].count("<a ") == 1
    assert "y" * 100 not in mail["text"]


@pytest.mark.parametrize(("state", "code"), [("locked", "workspace_locked"), ("closing", "workspace_closed")])
def test_a_workspace_that_takes_no_change_takes_no_member(cloud: Cloud, member: Member, state: str, code: str) -> None:
    from chalicelib.domain.accounts.model import TenantPayload, TenantState
    from chalicelib.domain.accounts.records import TenantRow
    from chalicelib.store import rows

    guest = somebody(cloud)
    invite(member, guest.email)
    row = rows.get(TenantRow, f"tenant#{member.tenant}", "tenant")
    assert row
    row.reseal(row.unsealed(TenantPayload).model_copy(update={"state": TenantState(state)}))
    rows.put_if_unchanged(row)
    refused = guest.accept()
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert invite(member, somebody(cloud).email).json()["code"] == code


def test_a_mail_that_was_surely_not_taken_leaves_all_as_it_was(
    cloud: Cloud, member: Member, ses_at: Callable[[int], contextlib.AbstractContextManager[None]], unused_port: int
) -> None:
    fresh, waiting = somebody(cloud), somebody(cloud)
    invite(member, waiting.email)
    code = waiting.code()
    with ses_at(unused_port):
        for guest in (fresh, waiting):
            refused = member.api.post("/v1/members", {"email": guest.email}, headers={"Idempotency-Key": guest.email})
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert fresh.email not in listed(member)
    assert waiting.accept(code).status_code == 201
    again = member.api.post("/v1/members", {"email": fresh.email}, headers={"Idempotency-Key": fresh.email})
    assert (again.status_code, again.json()["mail"]) == (201, "sent")
    assert fresh.accept().status_code == 201


def test_a_mail_of_unknown_outcome_is_shown_as_such(
    cloud: Cloud, member: Member, ses_at: Callable[[int], contextlib.AbstractContextManager[None]], hangs_up: int
) -> None:
    guest = somebody(cloud)
    with ses_at(hangs_up):
        made = invite(member, guest.email)
    assert (made.status_code, made.json()["mail"]) == (201, "unknown")
    assert listed(member)[guest.email]["mail"] == "unknown"
    assert invite(member, guest.email).json()["mail"] == "sent"
    assert guest.accept().status_code == 201
