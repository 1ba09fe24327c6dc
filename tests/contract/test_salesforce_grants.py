"""Our connector's sign-in to a member's Salesforce: codes, tokens that rotate or end, and where a token may be sent."""

import pytest
from werkzeug import Request, Response

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.port import App, Grant, GrantEnded, NoLogin, NotPermitted, Provider, Stream
from chalicelib.connectors.salesforce import people
from chalicelib.connectors.salesforce.vendor import VENDOR, ForeignInstance
from chalicelib.core import settings
from infra.loopback import Server
from infra.simulators.replies import reply
from infra.simulators.salesforce.simulator import Salesforce
from tests.support.salesforce_grant import VERIFIER, app_of, callback, connect, consented


def test_a_refused_token_is_refreshed_once_and_a_rotated_one_is_kept(crm: Salesforce, seven: list[str]) -> None:
    member = connect(crm)
    crm.fault("expired")
    assert member.source().count() == len(seven)
    assert [grant.refresh_token for grant in member.refreshes] == [""], "not rotated: the former one stays"
    assert member.refreshes[0].base_url == member.grant.base_url == crm.url
    crm.login.rotates = True
    stolen = member.grant
    crm.fault("expired")
    assert member.source().count() == len(seven)
    assert member.grant.refresh_token not in ("", stolen.refresh_token)
    crm.fault("status", status=401, on="/services/data")
    with pytest.raises(NotPermitted, match="session_refused"):
        member.source().count()
    assert len(member.refreshes) == 3, "one fresh token, not more"
    crm.heal()
    with pytest.raises(GrantEnded):
        VENDOR.refresh(app_of(crm), stolen)
    with pytest.raises(GrantEnded):
        member.source().count()


def test_a_grant_ends_where_it_is_revoked_by_either_side(crm: Salesforce) -> None:
    member, other = connect(crm), connect(crm)
    VENDOR.revoke(app_of(crm), member.grant)
    VENDOR.revoke(app_of(crm), member.grant)
    with pytest.raises(GrantEnded):
        member.source().count()
    assert other.source().count() == 0, "another consent of the same user stands"
    crm.fault("revoked")
    with pytest.raises(GrantEnded):
        other.source().page(other.source().start())


def test_a_no_and_a_wrong_code_give_no_grant(crm: Salesforce) -> None:
    assert consented(crm, answer="deny") == {
        "error": "access_denied",
        "error_description": "end-user denied authorization",
        "state": "s-1",
    }
    code = consented(crm)["code"]
    for verifier in ("w" * 43, VERIFIER):  # the first use ends the code, right or wrong
        with pytest.raises(ProviderRefused) as refused:
            VENDOR.exchange(app_of(crm), code=code, verifier=verifier, redirect_uri=callback())
        assert (refused.value.status, refused.value.answer) == (400, None)
    grant = connect(crm, account="005000000000012AAA").grant
    assert (grant.account, grant.scopes, grant.expires_at) == (
        "00D000000000001AAA/005000000000012AAA",
        ("api", "refresh_token"),
        None,
    )


def test_a_token_for_an_instance_that_is_not_the_configured_one_is_refused(
    crm: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []

    def answer(_: Request) -> Response:
        return reply(200, {"access_token": "t", "refresh_token": "r", "instance_url": named[-1]})

    server = Server(Request.application(answer))
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", server.url)
    settings.current.cache_clear()
    grant, app = Grant("t", "r", base_url=server.url), app_of(crm)
    for instance in ("https://evil.example", crm.url, f"{server.url}.evil.example", f"{server.url}/x", ""):
        named.append(instance)
        with pytest.raises(ForeignInstance):
            VENDOR.exchange(app, code="c", verifier=VERIFIER, redirect_uri=callback())
        with pytest.raises(ForeignInstance):
            VENDOR.refresh(app, grant)
    named.append(server.url)
    assert VENDOR.refresh(app, grant).base_url == server.url
    server.stop()


def test_outside_local_mode_an_org_is_on_a_host_of_salesforce_over_tls(
    crm: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = connect(crm)
    monkeypatch.setenv("IKO_MODE", "aws")
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", "")
    settings.current.cache_clear()

    def reaches(url: str) -> str:
        source = VENDOR.source(Stream.CONTACTS, member, Grant("", base_url=url), None)
        assert isinstance(source, people.Records)
        return source.org.url

    for host in ("acme.my.salesforce.com", "acme--dev.sandbox.my.salesforce.com", "acme.force.com"):
        assert reaches(f"https://{host}") == reaches(f"https://{host}/") == f"https://{host}"
    for url in (
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "https://evilsalesforce.com",
        "https://u@acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://evil.example/.salesforce.com",
        "https://evil.example?.salesforce.com",
        "https://evil.example\\.salesforce.com",
        "https://[x.salesforce.com",
        crm.url,
        "",
    ):
        with pytest.raises(ForeignInstance):
            reaches(url)
    with pytest.raises(KeyError):
        VENDOR.source(Stream.MAIL, member, Grant("", base_url="https://acme.my.salesforce.com"), None)
    with pytest.raises(KeyError):
        VENDOR.mailbox(member, member.grant, None)


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("sandbox", "test.salesforce.com"),
        ("acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("https://Acme--Dev.sandbox.my.salesforce.com/", "acme--dev.sandbox.my.salesforce.com"),
        ("acme-dev-ed.develop.my.salesforce.com", "acme-dev-ed.develop.my.salesforce.com"),
    ],
)
def test_an_org_has_its_own_page_to_sign_in(monkeypatch: pytest.MonkeyPatch, told: str, host: str) -> None:
    monkeypatch.setenv("IKO_CONNECTORS_SALESFORCE_URL", "")
    settings.current.cache_clear()
    app = App("client", "secret", login=vendors.login(Provider.SALESFORCE, told))
    url = VENDOR.consent_url(
        app, VENDOR.tiers[0], state="s", challenge="c", redirect_uri="https://api.iko.example/back"
    )
    monkeypatch.undo()
    settings.current.cache_clear()
    assert url.startswith(f"https://{host}/services/oauth2/authorize?")
    assert "secret" not in url


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("acme.my.salesforce.mil", True),
        ("login.salesforce.mil", True),
        ("acme.my.sfcrmproducts.cn", True),
        ("acme.sfcrmapps.cn", True),
        ("evil.example", False),
        ("acme.my.salesforce.com.evil.example", False),
        ("evilmy.salesforce.com", False),
        ("evil.example/.my.salesforce.com", False),
        ("u@acme.my.salesforce.com", False),
        ("acme.my.salesforce.com:8443", False),
        ("acme.my.salesforce.com/x", False),
        ("http://acme.my.salesforce.com", False),
        (".my.salesforce.com", False),
        ("evilsalesforce.mil", False),
        ("", False),
    ],
)
def test_nobody_is_sent_to_sign_in_elsewhere(told: str, *, known: bool) -> None:
    with pytest.raises(NoLogin) as refused:
        vendors.login(Provider.SALESFORCE, told)
    assert refused.value.known is known


def test_other_providers_have_one_page_for_everybody() -> None:
    with pytest.raises(NoLogin):
        vendors.login(Provider.GOOGLE, "sandbox")
