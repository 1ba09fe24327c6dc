"""P1 over the whole life of connections, and all that goes wrong in it: tokens sealed and nowhere else, nothing personal open."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Response

from chalicelib.core import clock
from chalicelib.store import due
from infra.local.cloud import Cloud
from infra.simulators.faults import Fault
from infra.simulators.replies import reply
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog, Found
from tests.support.consent_flow import answered, begin, connect, listed, returned
from tests.support.paired_crms import Crms, disconnect, own_crms, sync
from tests.support.provider_traffic import PROVIDERS, Life, Wire, laid, simulators

APIS = {"google": "/v1/people", "salesforce": "/services/data", "hubspot": "/crm/", "social": "/rest/"}
TOKENS = ("/token", "/services/oauth2/token", "/oauth/2026-03/token", "/oauth/v2/accessToken", "/2/oauth2/token")
REVOKE = ("/revoke", "/services/oauth2/revoke", "/oauth/2026-03/token/revoke", "/2/oauth2/revoke")
OPEN = ("google", "x")  # whose consents are begun once more
CREDENTIALS = "table Credentials credential"
STORED = {"table TenantData contact", "table TenantData company"}


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


@pytest.fixture
def wire(cloud: Cloud) -> Iterator[Wire]:
    with laid(cloud) as made:
        yield made


@pytest.fixture
def sentence(cloud: Cloud, mark: Callable[[str], str]) -> Iterator[str]:
    """What every provider says from here on where it refuses, in each place where it could say something: personal words."""
    text = f"{mark('said')} {mark('said')}@people.example may not"

    def speaks(fault: Fault) -> Response:
        entry = {"message": text, "reason": text, "errorCode": text, "fields": [text]}
        said: dict[str, Any] = {"message": text, "code": text, "category": text, "title": text, "detail": text}
        said |= {"errors": [entry], "error": {**entry, "code": fault.status, "errors": [entry], "status": text}}
        if fault.on in (*TOKENS, *REVOKE):
            said |= {"error": text, "error_description": text}
        said["correlationId"] = str(uuid.uuid4())  # HubSpot's errors always have one
        return reply(fault.status, [entry] if fault.on.startswith("/services/data") else said, {"X-Reason": text})

    for each in simulators(cloud).values():
        each.fault_answer = speaks  # type: ignore[method-assign]  # a provider that talks
    yield mark("said")
    for each in simulators(cloud).values():
        each.heal()
        del each.__dict__["fault_answer"]


def refuse(cloud: Cloud, paths: tuple[str, ...], status: int) -> None:
    for each in simulators(cloud).values():
        for path in paths:
            each.fault("status", status=status, on=path)


def heal(cloud: Cloud) -> None:
    for each in simulators(cloud).values():
        each.heal()


def test_tokens_stand_sealed_in_one_place_and_nothing_personal_stands_open(
    cloud: Cloud,
    crms: Crms,
    wire: Wire,
    sentence: str,
    member: Member,
    captured: CapturedLog,
    mark: Callable[[str], str],
) -> None:
    life = Life(cloud, member, crms, mark)
    life.fill()
    try:
        life.connect()
        told = [*refused_consents(cloud, member, sentence), *everything_fails(cloud, member)]
        life.change()
        connect(cloud, member, "linkedin")  # which gives no refresh token
        sync(cloud, member)
        cloud.advance(130)  # one that is due in two minutes after its failures was left to that
        cloud.drain()
        assert {each["state"] for each in listed(member)} == {"active"}
        assert member.api.post("/v1/exports").status_code == 202
        cloud.drain()
        stored, opened = places.merged(places.raw(cloud, captured)), places.merged(places.unsealed(cloud))
        refuse(cloud, REVOKE, 400)
        disconnect(cloud, member)
        heal(cloud)
        cloud.advance(130)
        cloud.drain()
    finally:
        life.empty()
    assert listed(member) == []
    assert not [text for text in told if sentence in text], "a provider's sentence was passed on"
    assert sum("sync_failed" in line for line in captured.lines) >= 5, "nothing failed"

    assert_nothing_stands_open(cloud, mark, sentence, stored, opened)
    assert_sealed(wire, stored, opened)
    after = [*places.merged(places.raw(cloud, captured)), *places.merged(places.unsealed(cloud))]
    for _, secret in secrets_of(wire):
        assert places.holding(secret, after) == [], "after the connections are gone"
    assert set(places.holding(mark(""), after)) <= {f"bucket {cloud.outputs['ExportsBucketName']}"}


def assert_nothing_stands_open(
    cloud: Cloud, mark: Callable[[str], str], sentence: str, stored: list[Found], opened: list[Found]
) -> None:
    """Of what the providers said: under a seal what we take from there, and of nothing else a word."""
    for word in (mark(""), sentence):
        assert places.holding(word, stored) == []
    assert places.holding(sentence, opened) == []
    for word in ("annlast", "crmtitle", "crmdomain", "googlemail", "linkedinlast", "employer", "crmnew"):
        found = set(places.holding(mark(word), opened)) - {f"bucket {cloud.outputs['ExportsBucketName']}"}
        assert found, f"{word}: the scan is blind"
        assert found <= STORED, word
    for word in ("subject", "body", "note"):
        assert places.holding(mark(word), opened) == [], word
    exports = f"bucket {cloud.outputs['ExportsBucketName']}"
    assert set(places.holding(mark("box"), opened)) == {"table TenantData connection", exports}


def refused_consents(cloud: Cloud, member: Member, sentence: str) -> Iterator[str]:
    """The pages of consents that do not come about, and what an open consent shows: nothing."""
    refuse(cloud, TOKENS, 401)
    for provider in PROVIDERS[1:]:
        page = returned(cloud, answered(begin(member, provider)))
        assert page.status_code == 400
        yield page.text
    heal(cloud)
    for provider in OPEN:
        state = re.search(r"[?&]state=([^&]+)", begin(member, provider))
        assert state
        back = f"/oauth/{provider}/callback?error=server_error&error_description={sentence}&state={state[1]}"
        yield returned(cloud, f"{cloud.url}{back}").text
        begin(member, provider)  # one that stays open


def everything_fails(cloud: Cloud, member: Member) -> Iterator[str]:
    """Each kind of refusal, at the APIs and where tokens are refreshed; what the member is told of it."""
    read = [each for each in listed(member) if each["provider"] != "x"]
    for paths, statuses in ((tuple(APIS.values()), (401, 403)), (TOKENS, (400, 500))):
        for status in statuses:
            refuse(cloud, paths, status)
            for simulator in simulators(cloud).values():
                if paths is TOKENS:
                    simulator.fault("expired")
            for each in read:
                due.schedule(due.Due("sync", f"{member.tenant}.{each['id']}"), clock.now())
            cloud.drain()
            yield member.api.get("/v1/connections").text
            heal(cloud)
    for each in read:
        runs = member.api.get(f"/v1/connections/{each['id']}/runs")
        assert {run["outcome"] for run in runs.json()["items"]} - {"complete"}, each["provider"]
        yield runs.text


def secrets_of(wire: Wire) -> set[tuple[str, str]]:
    """Every code, token, verifier, state and client secret that crossed the wire, with its kind."""
    return {(kind, each) for provider in PROVIDERS for kind, found in wire.secrets(provider).items() for each in found}


def assert_sealed(wire: Wire, stored: list[Found], opened: list[Found]) -> None:
    """Nothing of what crossed the wire stands open. Under a seal tokens alone are found, and they in one place."""
    known = secrets_of(wire)
    assert {kind for kind, _ in known} >= {
        "access_token",
        "refresh_token",
        "code",
        "code_verifier",
        "client_secret",
        "state",
    }
    kept = set()
    for kind, secret in known:
        assert places.holding(secret, stored) == [], kind
        if found := places.holding(secret, opened):
            assert found == [CREDENTIALS], kind
            kept.add(kind)
    # Of the tokens only: a revocation sends either as `token`.
    assert {"access_token", "refresh_token"} <= kept <= {"access_token", "refresh_token", "token"}, "the scan is blind"
    consents = [piece.content for piece in opened if piece.place == "table Accounts consent"]
    verifiers = re.findall(rb'"verifier":"([^"]+)"', b"".join(consents))
    assert len(verifiers) >= len(OPEN), "those of the consents that are open"
    for verifier in verifiers:
        assert places.holding(verifier.decode(), stored) == []
        assert places.holding(verifier.decode(), opened) == ["table Accounts consent"]


def test_a_token_moved_to_another_connection_opens_nowhere(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    """Bound to its item: of the same tenant's other connection, and of another tenant's."""
    from chalicelib.core.errors import SealBroken
    from chalicelib.domain.connections import credentials

    one, other = new_workspace(), new_workspace()
    ids = [connect(cloud, one, "x")["id"], connect(cloud, one, "x", account=1)["id"]]
    rows = [credentials.read(one.tenant, each) for each in ids]
    rows.append(credentials.read(other.tenant, connect(cloud, other, "x")["id"]))
    first = rows[0]
    assert first
    assert json.loads(credentials.opened(first).model_dump_json())["access_token"]
    for row in rows[1:]:
        assert row
        row.tokens = first.tokens
        with pytest.raises(SealBroken):
            credentials.opened(row)
