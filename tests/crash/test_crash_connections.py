"""Connecting, refreshing and disconnecting killed anywhere: one connection or none, its tokens with it, nothing left behind."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import GrantEnded
from chalicelib.core import settings
from chalicelib.core.ids import TenantId
from chalicelib.domain.connections import credentials
from chalicelib.domain.connections.tokens import CLAIM_S, ConnectionTokens
from chalicelib.jobs import sync
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.crash.conftest import CRASHED, KILLS, Crasher, given, points
from tests.support.consent_flow import answered, begin, connect, listed, query_of
from tests.support.queues import sqs_event, take_off

pytestmark = pytest.mark.crash
CALLBACK = "tests.crash.http:get"
Say = Callable[[str, int, int], None]


def rows_of(cloud: Cloud, tenant: TenantId) -> list[str]:
    """Sort keys of the tenant's connections and credentials."""
    tables = settings.current().tables
    found = [
        item["sk"]["S"]
        for table in (tables.tenant_data, tables.credentials)
        for item in state.partition(cloud, table, "tenant", tenant)
    ]
    return sorted(sk for sk in found if sk.startswith(("connection#", "credential#")))


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Any]:
    yield cloud.connectors.social
    cloud.connectors.social.heal()


def test_a_callback_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, say: Say
) -> None:
    def arguments(member: Member) -> list[Any]:
        query = {name: values[0] for name, values in query_of(answered(begin(member, "x"))).items()}
        return ["/oauth/{provider}/callback", {"provider": "x"}, query]

    def check(member: Member) -> None:
        """All of a connection or none; the member consents again, and has one that works."""
        assert len(rows_of(cloud, member.tenant)) in (0, 2)
        ident = connect(cloud, member, "x")["id"]
        assert [each["id"] for each in listed(member)] == [ident]
        assert len(rows_of(cloud, member.tenant)) == 2
        assert state.due("sync", f"{member.tenant}.{ident}")
        tokens = ConnectionTokens(member.tenant, ident)
        assert tokens.token(instead_of=tokens.token())

    member = new_workspace()
    alive = crasher.run(CALLBACK, arguments(member))
    assert (alive["code"], alive["answer"]) == (0, "200"), alive
    check(member)
    kills = 0
    for call, when in points(alive["calls"], 4):
        member = new_workspace()
        killed = crasher.run(CALLBACK, arguments(member), call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        check(member)
    say("connect", alive["calls"], kills)


def assert_refreshed(
    cloud: Cloud, provider: str, tenant: TenantId, ident: str, refused: str, *, traded: bool = False
) -> None:
    """A token is there that is not the refused one; or the grant is over, where that can be."""
    cloud.advance(CLAIM_S + 1)
    got = ""
    for _ in range(2):
        try:
            got = ConnectionTokens(tenant, ident).token(instead_of=refused)
        except (ProviderDown, GrantEnded) as failure:
            got = type(failure).__name__
    row = credentials.read(tenant, ident)
    assert row
    assert not row.refreshing
    lost = provider == "x" and traded and got == "GrantEnded"
    assert lost or got == credentials.opened(row).access_token
    assert got != refused


@pytest.mark.parametrize("provider", ["salesforce", "x"])
def test_a_refresh_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, say: Say, provider: str
) -> None:
    """Where a refresh token is good for one use, and what came for it was lost with its worker, the grant is over, and
    that is said, once the claim has ended and not before."""

    def start() -> tuple[TenantId, str, str]:
        member = new_workspace()
        ident = connect(cloud, member, provider)["id"]
        row = credentials.read(member.tenant, ident)
        assert row
        return member.tenant, ident, credentials.opened(row).access_token

    simulator = cloud.connectors.social if provider == "x" else cloud.salesforce

    first = start()
    alive = crasher.run("tests.crash.acting:refresh", [*first])
    assert alive["code"] == 0, alive
    assert_refreshed(cloud, provider, *first)
    kills = 0
    for call, when in points(alive["calls"], 0 if provider == "x" else 1, kills=6):
        place = start()
        begun = len(simulator.log)
        assert crasher.run("tests.crash.acting:refresh", [*place], call, when)["code"] == CRASHED
        kills += 1
        assert_refreshed(cloud, provider, *place, traded=given(simulator, begun))
    say(f"refresh at {provider}", alive["calls"], kills)


def disconnecting(cloud: Cloud, member: Member, social: Any, step: str) -> tuple[Member, str, str, list[Any]]:
    """A connection, and the job that asks for its end, or that carries it out."""
    ident = connect(cloud, member, "x")["id"]
    take_off(cloud, "sync")
    social.log.clear()
    if step == "ask":
        return member, ident, "tests.crash.acting:disconnect", [member.tenant, member.id, ident]
    assert member.api.delete(f"/v1/connections/{ident}").status_code == 202
    take_off(cloud, "sync")
    message = {"kind": "disconnect", "id": f"{member.tenant}.{ident}"}
    return member, ident, "chalicelib.jobs.sync:handle", [sqs_event(message), None]


def assert_ended(cloud: Cloud, social: Any, member: Member, ident: str) -> None:
    """Asked once more, nothing of it is left, and each token was ended once."""
    member.api.token = cloud.issuer.token(member.email)
    again = member.api.delete(f"/v1/connections/{ident}")
    assert again.status_code in (202, 404)
    work = f"{member.tenant}.{ident}"
    for _ in range(4):  # as long as a due row brings it back
        if state.due("disconnect", work):
            cloud.advance(400)
            sync.handle(sqs_event({"kind": "disconnect", "id": work}), None)
    member.api.token = cloud.issuer.token(member.email)
    assert rows_of(cloud, member.tenant) == []
    assert not any(state.due(kind, work) for kind in ("sync", "disconnect"))
    jobs = member.api.get("/v1/jobs").json()["items"]
    assert [(each["type"], each["state"]) for each in jobs] == [("disconnect", "done")]
    assert jobs[0]["result"]["revocation_unconfirmed"] is False
    said = [each["status"] for each in social.log if each["path"] == "/2/oauth2/revoke"]
    assert said.count(200) == 2  # the refresh token and the access token, each ended once


@pytest.mark.parametrize("step", ["ask", "run"])
def test_a_disconnection_killed_at_any_call(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    crasher: Crasher,
    say: Say,
    social: Any,
    step: str,
) -> None:
    member, ident, job, arguments = disconnecting(cloud, new_workspace(), social, step)
    alive = crasher.run(job, arguments)
    assert alive["code"] == 0, alive
    assert_ended(cloud, social, member, ident)
    kills = 0
    for call, when in points(alive["calls"], 3, kills=4 if step == "ask" else KILLS):
        member, ident, job, arguments = disconnecting(cloud, new_workspace(), social, step)
        assert crasher.run(job, arguments, call, when)["code"] == CRASHED, (call, when)
        kills += 1
        assert_ended(cloud, social, member, ident)
    say(f"disconnect, {step}", alive["calls"], kills)
