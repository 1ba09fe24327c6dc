"""Consents that come to nothing: denied, refused, not kept, or of an account that the provider does not say."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from chalicelib.core import settings
from chalicelib.domain.connections import repository, suspension
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.consent_flow import answered, begin, connect, listed, returned

WHO = {"linkedin": "/rest/memberAuthorizations", "x": "/2/users/me"}


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Any]:
    cloud.connectors.social.log.clear()
    yield cloud.connectors.social
    cloud.connectors.social.heal()


@pytest.fixture
def sealing_fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """From its call on, no token can be sealed."""

    def begin() -> None:
        monkeypatch.setenv("IKO_KEY_CREDENTIALS", "alias/nobody")
        settings.current.cache_clear()

    yield begin
    monkeypatch.undo()
    settings.current.cache_clear()


def ended(social: Any) -> int:
    """How many tokens X has ended."""
    return sum(each["path"] == "/2/oauth2/revoke" and each["status"] == 200 for each in social.log)


def test_a_consent_that_is_denied_or_refused_connects_nothing(cloud: Cloud, member: Member, social: Any) -> None:
    denied = returned(cloud, answered(begin(member, "x"), answer="deny"))
    assert denied.status_code == 403
    assert "You did not agree" in denied.text
    forged = answered(begin(member, "x")).replace("code=", "code=x")
    assert returned(cloud, forged).status_code == 400
    social.fault("status", status=503, on="/2/oauth2/token")
    assert returned(cloud, answered(begin(member, "x"))).status_code == 503
    assert listed(member) == []
    log = requests.get(f"{social.url}/_log", timeout=10).json()
    assert not any("code_verifier" in str((each["path"], each["query"])) for each in log)
    assert any("code_verifier" in each["form"] for each in log), "it was sent, in the form"


def test_a_grant_that_could_not_be_kept_is_ended(
    cloud: Cloud, member: Member, social: Any, sealing_fails: Callable[[], None]
) -> None:
    connect(cloud, member, "x")
    sealing_fails()
    assert returned(cloud, answered(begin(member, "x"))).status_code == 503
    assert ended(social) == 0, "the account's connection stands, whose grant could end with it"
    assert returned(cloud, answered(begin(member, "x"), account=1)).status_code == 503
    assert ended(social) == 2  # the refresh token and the access token
    assert len(listed(member)) == 1


@pytest.mark.parametrize("provider", WHO)
def test_an_account_that_is_not_said_for_once_is_not_connected_twice(
    cloud: Cloud, member: Member, social: Any, provider: str
) -> None:
    social.fault("status", status=503, on=WHO[provider])
    first = connect(cloud, member, provider)
    assert first["account"] is None
    social.heal()
    known = connect(cloud, member, provider)
    assert (known["id"], bool(known["account"])) == (first["id"], True)
    record = repository.find(member.tenant, known["id"])
    assert record
    suspension.needs_consent(record)
    social.fault("status", status=503, on=WHO[provider])
    again = connect(cloud, member, provider)
    assert (again["id"], again["state"], again["account"]) == (known["id"], "active", known["account"])
    social.heal()
    other = connect(cloud, member, provider, account=1)
    assert other["id"] != known["id"]
    assert connect(cloud, member, provider)["id"] == known["id"]


def test_an_account_that_is_not_said_takes_the_place_of_no_other(cloud: Cloud, member: Member, social: Any) -> None:
    for number in (0, 1):
        connect(cloud, member, "x", account=number)
        before = listed(member)
        social.fault("status", status=503, on=WHO["x"])
        page = returned(cloud, answered(begin(member, "x"), account=1 - number))
        social.heal()
        assert (page.status_code, "could not tell whether" in page.text) == (503, True)
        assert listed(member) == before
        assert ended(social) == 2 * (number + 1)
