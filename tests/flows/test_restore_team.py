"""A restore brings owners, invitations and who wants mail back as they were; the replay takes away again what was taken away."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.connectors.port import Person
from chalicelib.core import clock, ids
from chalicelib.domain.accounts import invitations
from chalicelib.domain.accounts.model import TERMS_VERSION, Claim, InvitationPayload
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.suppression import opt_outs
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.support.aws_calls import told
from tests.support.consent_flow import connect as consent
from tests.support.consent_flow import listed as connections
from tests.support.invitations import Invited, listed, somebody
from tests.support.pass_time import settle
from tests.support.scripted_connection import Synced, person
from tests.support.table_backup import TABLES, Backup, empty_replay_log, replayed

NewColleague = Callable[[Member], Member]


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> Iterator[None]:
    """The log of this test only."""
    empty_replay_log()
    yield
    empty_replay_log()


def make(by: Member, whom: Member, role: str) -> None:
    assert by.api.patch(f"/v1/members/{whom.id}", {"role": role}).status_code == 200


def owners(member: Member) -> set[str]:
    """Who owns the workspace, as the member sees it."""
    return {email for email, item in listed(member).items() if item["role"] == "owner"}


def waiting(member: Member) -> set[str]:
    return {email for email, item in listed(member).items() if item["state"] == "invited"}


@contextlib.contextmanager
def before_next(operation: str, key: str, act: Callable[[], object]) -> Iterator[None]:
    """Within the block, `act` is done once, just before the next call of that name to DynamoDB with a key that begins so."""
    waits = [act]

    def on_call(model: Any, params: dict[str, Any], **_: Any) -> None:
        if model.name == operation and key in str(params.get("body")) and waits:
            waits.pop()()

    with told("before-call", on_call):
        yield
    assert not waits, "there was no such call"


def invite(member: Member, guest: Invited, role: str = "member") -> str:
    answer = member.api.post("/v1/members", {"email": guest.email, "role": role})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_an_owner_who_was_made_a_member_is_one_again(cloud: Cloud, member: Member, new_colleague: NewColleague) -> None:
    other = new_colleague(member)
    make(member, other, "owner")
    backup = Backup(cloud)
    make(member, other, "member")
    backup.put_back("accounts")
    assert owners(member) == {member.email, other.email}
    assert (replayed(), replayed()) == (1, 0)
    assert owners(member) == {member.email}


def test_a_workspace_keeps_an_owner(cloud: Cloud, member: Member, new_colleague: NewColleague) -> None:
    alone = Backup(cloud)
    other = new_colleague(member)
    both = Backup(cloud)
    make(member, other, "owner")
    make(other, member, "member")
    both.put_back("accounts")
    assert (replayed(), replayed()) == (1, 0)
    assert owners(member) == {other.email}, "who owns it by the log, and is there"
    alone.put_back("accounts")
    assert replayed() == 0
    assert owners(member) == {member.email}, "nobody else is there"


def test_an_owner_who_left_is_gone_again_though_whom_it_made_owner_is_not_there(
    cloud: Cloud, member: Member, new_colleague: NewColleague
) -> None:
    backup = Backup(cloud)
    other = new_colleague(member)
    make(member, other, "owner")
    assert member.api.delete("/v1/me").status_code == 202
    backup.put_back(*TABLES)
    assert member.api.get("/v1/me").status_code == 200, "it did not come back: the test tests nothing"
    assert replayed() == 0
    assert member.api.get("/v1/me").json()["code"] == "no_membership"


def test_a_withdrawn_invitation_is_withdrawn_again_and_a_later_one_stays(cloud: Cloud, member: Member) -> None:
    gone, again = somebody(cloud), somebody(cloud)
    for guest in (gone, again):
        ident = invite(member, guest)
        backup = Backup(cloud)
        assert member.api.delete(f"/v1/members/{ident}").status_code == 204
    backup.put_back("accounts")
    invite(member, gone)
    assert waiting(member) == {gone.email, again.email}
    assert (replayed(), replayed()) == (1, 0)
    assert waiting(member) == {gone.email}
    assert gone.accept().status_code == 201


def test_an_invitation_that_was_sent_anew_for_less_ends_as_it_was(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    invite(member, guest, "owner")
    code = guest.code()
    backup = Backup(cloud)
    invite(member, guest, "member")
    backup.put_back("accounts")
    assert replayed() == 1
    assert guest.accept(code).json()["code"] == "invitation_not_found"


def test_an_old_link_that_works_again_as_no_new_mail_went_is_not_withdrawn(
    cloud: Cloud, member: Member, ses_at: Callable[[int], contextlib.AbstractContextManager[None]], unused_port: int
) -> None:
    guest = somebody(cloud)
    invite(member, guest)
    code = guest.code()
    with ses_at(unused_port):
        assert member.api.post("/v1/members", {"email": guest.email}).status_code == 503
    assert replayed() == 0
    assert guest.accept(code).status_code == 201


def test_an_invitation_that_was_accepted_as_it_was_withdrawn_is_not_withdrawn(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    ident = invite(member, guest)

    def claims() -> None:
        row = invitations.get(member.tenant, ident)
        claim = Claim(identity="somebody's", member=ids.new_member(), at=clock.now())
        row.reseal(row.unsealed(InvitationPayload).model_copy(update={"claim": claim}))
        rows.put_if_unchanged(row)

    with before_next("TransactWriteItems", "invitation#", claims):
        assert member.api.delete(f"/v1/members/{ident}").json()["code"] == "invitation_accepted"
    assert (replayed(), waiting(member)) == (0, {guest.email})


def test_an_acceptance_that_comes_to_nothing_leaves_an_invitation_that_works(cloud: Cloud, member: Member) -> None:
    """Somebody wanted to withdraw it meanwhile and was refused; the person founds a workspace."""
    guest = somebody(cloud)
    ident = invite(member, guest)

    def founds() -> None:
        row = invitations.get(member.tenant, ident)
        replay_log.note_withdrawal(member.tenant, ident, row.unsealed(InvitationPayload).updated_at)
        rows.put_if_unchanged(row)
        founded = guest.api().post("/v1/workspaces", {"name": "Own", "accept_terms": TERMS_VERSION})
        assert founded.status_code == 201, founded.text

    with before_next("PutItem", "identity#", founds):
        assert guest.accept().json()["code"] == "already_member"
    assert (replayed(), waiting(member)) == (0, {guest.email})
    assert invitations.get(member.tenant, ident).unsealed(InvitationPayload).claim is None


def test_who_was_removed_and_invited_again_at_once_may_come_in_after_a_replay(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    invite(member, guest)
    joined = guest.accept().json()["id"]
    assert member.api.delete(f"/v1/members/{joined}").status_code == 202
    invite(member, guest)
    settle(cloud)
    assert (replayed(), waiting(member)) == (0, {guest.email})
    assert guest.accept().status_code == 201


def test_who_left_does_not_come_in_by_the_invitation_that_came_back(cloud: Cloud, member: Member) -> None:
    guest = somebody(cloud)
    invite(member, guest)
    code = guest.code()
    backup = Backup(cloud)
    joined = guest.accept(code).json()["id"]
    assert member.api.delete(f"/v1/members/{joined}").status_code == 202
    backup.put_back(*TABLES)
    assert waiting(member) == {guest.email}, "it did not come back: the test tests nothing"
    assert (replayed(), replayed()) == (1, 0)
    assert guest.accept(code).json()["code"] == "invitation_not_found"
    invite(member, guest)
    assert guest.accept().status_code == 201


def test_a_disconnection_that_was_asked_for_just_before_the_loss_is_done(cloud: Cloud, member: Member) -> None:
    ident = consent(cloud, member, "x")["id"]
    cloud.drain()
    backup = Backup(cloud)
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 202
    backup.put_back(*TABLES)
    assert [each["id"] for each in connections(member)] == [ident]
    assert (replayed(), replayed()) == (1, 0)
    assert connections(member) == []


def test_who_wanted_no_mail_wants_none_after_a_restore(
    cloud: Cloud, connect: Callable[..., Synced], erased: Callable[..., str]
) -> None:
    hub = connect()
    quiet, gone = (f"{name}-{hub.id[-6:]}@sync.example" for name in ("quiet", "gone"))
    hub.account.put(person(2))
    hub.run()
    backup = Backup(cloud)
    hub.account.put(*(Person(a[:1], "Quin", a[:5], (a,), opted_out=True) for a in (quiet, gone)))
    hub.run()
    erased(gone)
    backup.put_back(*TABLES)
    assert opt_outs.standing(hub.member.tenant, [quiet]) == frozenset()
    assert replayed() > 0
    assert opt_outs.standing(hub.member.tenant, [quiet, gone]) == {quiet}
    assert replayed() == 0
    assert state.unpointed(cloud, hub.member.tenant) == []
    erased(quiet)
    assert hub.rows("opt_out") == [], "an erasure does not find it any more"
    hub.account.put(Person("n", "Nina", "New", (f"new-{quiet}",)))
    hub.run()
    assert len([key for key in replay_log.keys("") if key.startswith("declined/")]) == 1, "what stands is noted again"
