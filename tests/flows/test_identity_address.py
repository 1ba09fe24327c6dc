"""The address of whoever signs in: verified before a workspace is founded, followed when it changes, one person in one team."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.errors import Conflict
from chalicelib.domain.accounts import membership
from chalicelib.domain.accounts.model import TERMS_VERSION, IdentityPayload, MemberSettings
from chalicelib.vault import aws
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.invitations import somebody

FOUNDED = {"name": "Nord", "accept_terms": TERMS_VERSION}


def fresh(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}@team.example"


def test_an_unverified_address_founds_no_workspace(cloud: Cloud) -> None:
    address = fresh("new")
    unverified = [cloud.issuer.token(address, email_verified=word) for word in (False, None)]
    for token in (*unverified, cloud.issuer.token("nobody"), cloud.issuer.token("")):
        refused = Api(cloud.url, token).post("/v1/workspaces", FOUNDED)
        assert (refused.status_code, refused.json()["code"]) == (403, "email_unverified")
    assert Api(cloud.url, cloud.issuer.token(address)).post("/v1/workspaces", FOUNDED).status_code == 201


def test_a_member_s_address_follows_its_identity(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    subject, address, before = cloud.issuer.subject(member.email), fresh("married"), member.api.get("/v1/me")
    unverified = cloud.issuer.token(address, sub=subject, email_verified=False)
    assert Api(cloud.url, unverified).get("/v1/me").json()["email"] == member.email
    cloud.advance(2)
    changed = Api(cloud.url, cloud.issuer.token(address, sub=subject))
    mine = changed.get("/v1/me")
    assert mine.json()["email"] == address
    assert mine.headers["ETag"] != before.headers["ETag"]
    assert member.api.get("/v1/me").json()["email"] == address, "an older token does not turn it back"
    assert address in [each["email"] for each in colleague.api.get("/v1/members").json()["items"]]
    assert changed.post("/v1/members", {"email": somebody(cloud).email}).status_code == 201
    again = changed.get("/v1/me")
    assert again.headers["ETag"] == mine.headers["ETag"], "written once"


def test_mails_go_to_the_address_as_it_is_now(cloud: Cloud, member: Member) -> None:
    address = fresh("moved")
    cloud.advance(2)
    token = cloud.issuer.token(address, sub=cloud.issuer.subject(member.email))
    assert Api(cloud.url, token).post("/v1/subscription/cancel", {}).status_code == 200
    cloud.drain()
    ending = [mail["to"] for mail in cloud.sent_mail() if mail["subject"].startswith("Your workspace ends")]
    assert [address] in ending
    assert [member.email] not in ending


def test_every_member_is_told_before_a_purge(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]
) -> None:
    colleague = new_colleague(member)
    colleague.api.patch("/v1/me/settings", {"language": "fr"})
    assert member.api.post("/v1/subscription/cancel", {}).status_code == 200
    for _ in range(2):
        cloud.drain()
    told = [mail for mail in cloud.sent_mail() if colleague.email in mail["to"] and "espace" in mail["subject"]]
    assert len(told) == 1
    purge_at = clock.parse_rfc3339(member.api.get("/v1/subscription").json()["purge_at"])
    assert f"{purge_at:%Y-%m-%d %H:%M} UTC" in told[0]["text"]
    owners = [mail["subject"] for mail in cloud.sent_mail() if member.email in mail["to"]]
    assert len([subject for subject in owners if "workspace" in subject.lower() and "ends" in subject]) == 1


def test_the_refusal_of_a_second_workspace_says_what_to_do(
    cloud: Cloud, member: Member, new_workspace: Callable[..., Member]
) -> None:
    guest = somebody(cloud)
    assert new_workspace().api.post("/v1/members", {"email": guest.email}).status_code == 201
    assert guest.api().post("/v1/workspaces", FOUNDED).status_code == 201
    for refused in (guest.accept(), member.api.post("/v1/workspaces", FOUNDED)):
        assert (refused.status_code, refused.json()["code"]) == (409, "already_member")
        assert "Leave that one first" in refused.json()["detail"]
        assert "another account" in refused.json()["detail"]


def test_who_joins_a_team_at_the_last_moment_founds_no_workspace_beside(cloud: Cloud) -> None:
    """An acceptance takes the identity, then writes its member; that comes while another request takes the identity over."""
    digest = uuid.uuid4().hex
    team, own = (IdentityPayload(tenant=ids.new_tenant(), member=ids.new_member()) for _ in range(2))
    membership.take_identity(digest, team)
    events, calls = aws.client("dynamodb", "platform").meta.events, "before-call.dynamodb"

    def joins(model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "TransactWriteItems"):
            events.unregister(calls, joins)
            membership.insert_member(team.tenant, team.member, fresh("joins"), digest, MemberSettings())

    events.register(calls, joins)
    try:
        with pytest.raises(Conflict):
            membership.take_identity(digest, own)
    finally:
        events.unregister(calls, joins)
    assert membership.place_of(digest) == team
