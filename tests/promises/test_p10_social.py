"""P10: publishing is impossible (no such call exists, no such scope is asked), and the member connects each network itself."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib import connectors
from chalicelib.connectors import port, vendors
from chalicelib.connectors.port import App, Provider, Stream
from infra.local.cloud import Cloud
from infra.simulators.people import people
from infra.simulators.social.linkedin import ADA
from infra.simulators.social.simulator import Social
from tests.conftest import Member
from tests.support.colleague_views import OwnGoogle, Twins
from tests.support.consent_flow import connect, listed
from tests.support.oauth_grants import Tokens, granted
from tests.support.paired_crms import disconnect, sync

SOCIAL = Path(connectors.__file__).parent / "social"
# All that is asked of social networks, by whichever method.
SCOPES = {"linkedin": {"r_dma_portability_3rd_party"}, "x": {"users.read", "tweet.read", "offline.access"}}
HOSTS = {"https://www.linkedin.com", "https://api.linkedin.com", "https://x.com", "https://api.x.com"}
PATHS = {
    *("/oauth/v2/authorization", "/oauth/v2/accessToken", "/rest/"),
    *("/i/oauth2/authorize", "/2/oauth2/token", "/2/oauth2/revoke", "/2/users/me"),
}
ASKED = {  # what a social network is asked in the whole life of a connection, the member's browser included
    *(("GET", "/oauth/v2/authorization"), ("POST", "/oauth/v2/authorization"), ("POST", "/oauth/v2/accessToken")),
    *(("GET", "/rest/memberSnapshotData"), ("GET", "/rest/memberAuthorizations")),
    *(("GET", "/i/oauth2/authorize"), ("POST", "/i/oauth2/authorize")),
    *(("POST", "/2/oauth2/token"), ("POST", "/2/oauth2/revoke"), ("GET", "/2/users/me")),
}
RESOURCES = {"memberSnapshotData", "memberAuthorizations"}  # under /rest/
CALLS = {
    "oauth": {
        *("code_request", "consent_url", "code_form", "refresh_form", "client_form"),
        *("token", "grant_of", "revoke", "invalid_grant", "secure"),
        *("FINAL", "Final", "words"),  # which refusals of a token are final
    },
    "http": {"call"},
}
WRITES = re.compile(r"write|^w_|^rw_|publish|manage|social|post|share|dm\.", re.IGNORECASE)
SAYS_PUBLISH = re.compile(r"publish|tweet|timeline|wall|share|feed|status_update", re.IGNORECASE)


def walked() -> Iterator[Any]:
    """Every module of the connectors."""
    for found in pkgutil.walk_packages(connectors.__path__, "chalicelib.connectors."):
        yield importlib.import_module(found.name)


def parsed() -> Iterator[tuple[Path, ast.Module]]:
    """The modules that speak to social networks: all but the table of what they permit, which cites pages and calls nothing."""
    for path in sorted(SOCIAL.glob("*.py")):
        if path.name not in ("__init__.py", "port.py"):
            yield path, ast.parse(path.read_text())


def texts(tree: ast.Module) -> Iterator[str]:
    """Every text that is no docstring, the pieces of formatted ones too."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_scope_publishes() -> None:
    found = {str(module.VENDOR.provider): module.VENDOR for module in walked() if hasattr(module, "VENDOR")}
    assert set(found) >= set(SCOPES)
    for provider, vendor in found.items():
        for tier in vendor.tiers:
            if provider in SCOPES:
                assert set(tier.scopes) == SCOPES[provider], f"{provider} asks for more, or for less"
            assert not [scope for scope in tier.scopes if WRITES.search(scope)], provider


def test_every_address_in_the_social_connectors_is_one_that_reads() -> None:
    seen: set[str] = set()
    for path, tree in parsed():
        addresses = {text for text in texts(tree) if text.startswith(("http", "/")) and len(text) > 1}
        assert addresses <= HOSTS | PATHS, path
        seen |= addresses
    assert seen == HOSTS | PATHS, "the list is what is there, and no more"


def test_the_social_connectors_send_nothing_but_consents_tokens_and_reads() -> None:
    for path, tree in parsed():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            module, _, called = name.partition(".")
            if module in CALLS:
                assert called in CALLS[module], f"{path}: {name}"
            if name == "http.call":
                assert ast.unparse(node.args[1]) == "'GET'", path
            if name == "_read":
                assert isinstance(node.args[0], ast.Constant), path
                assert node.args[0].value in RESOURCES, path
        imported = {
            name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        }
        assert not imported & {"urllib", "urllib3", "requests", "socket", "httplib2"}, path


def test_the_port_has_no_operation_that_publishes() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_") and callable(getattr(kind, name))}

    assert public(port.Vendor) == {"consent_url", "exchange", "refresh", "revoke", "source", "mailbox"}
    assert public(port.Source) == {"start", "page", "look", "count"}
    assert public(port.Mailbox) == {"start", "page", "watch"}
    for provider in (Provider.LINKEDIN, Provider.X):
        assert public(type(vendors.of(provider))) == public(port.Vendor)
    for module in walked():
        named = [name for name, value in vars(module).items() if callable(value) and SAYS_PUBLISH.search(name)]
        assert not named, module.__name__


@pytest.fixture
def social(cloud: Cloud) -> Iterator[Social]:
    """The cloud's own, with a few connections of Ada's at LinkedIn."""
    there: Social = cloud.connectors.social
    for somebody in people(12):
        there.linkedin.know(somebody, "01 Feb 2025")
    there.linkedin.page_size = 5
    there.log.clear()
    yield there
    there.linkedin.rows = {account: [] for account in there.linkedin.rows}
    there.linkedin.page_size = 50


def test_a_whole_life_of_both_connections_only_reads(social: Social) -> None:
    fields = social.registrations()
    for name in ("linkedin", "x"):
        vendor, app = vendors.of(Provider(name)), App(fields[f"{name}_client_id"], fields[f"{name}_client_secret"])
        grant = granted(vendor, app)
        tokens, read = Tokens(vendor, app, grant), 0
        for stream in vendor.tiers[0].streams:
            source = vendor.source(Stream(stream), tokens, grant, None)
            page = source.page(source.start())
            while not page.done:
                read += len(page.people)
                page = source.page(page.position)
            assert len(source.look(["nobody"]).gone) == 1
        assert read == (12 if name == "linkedin" else 0)
        if grant.refresh_token:
            grant = vendor.refresh(app, grant)
            vendor.revoke(app, grant)
    asked = {(each["method"], each["path"]) for each in social.log}
    pages = {("GET", "/oauth/v2/authorization"), ("GET", "/i/oauth2/authorize")}
    assert asked == ASKED - pages, "each of them, and nothing else"
    domains = {each["query"].get("domain") for each in social.log if each["path"] == "/rest/memberSnapshotData"}
    assert domains == {"CONNECTIONS"}, "neither posts nor messages, which the same scope would give"


def test_connecting_syncing_and_disconnecting_ask_for_nothing_else(
    cloud: Cloud, social: Social, member: Member
) -> None:
    assert not [each for each in social.log if each["path"].startswith(("/rest/", "/2/"))], "nothing without the member"
    connections = [connect(cloud, member, name) for name in ("linkedin", "x")]
    cloud.drain()
    for each in connections:
        assert member.api.delete(f"/v1/connections/{each['id']}").status_code == 202
    cloud.drain()
    assert listed(member) == []
    asked = {(each["method"], each["path"]) for each in social.log}
    assert asked <= ASKED
    assert asked >= {("POST", "/oauth/v2/accessToken"), ("POST", "/2/oauth2/token"), ("POST", "/2/oauth2/revoke")}


def test_what_linkedin_says_feeds_no_other_member(
    cloud: Cloud,
    social: Social,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
) -> None:
    """To a colleague a workspace with a LinkedIn connection looks as one without: what else is known is shared all the same."""
    twins, google = Twins(cloud, new_workspace, new_colleague, (mark(""),)), OwnGoogle(cloud)
    member, ada = twins.first, social.linkedin.rows[ADA]
    ada[:] = [
        {"First Name": first, "Last Name": mark(last), "URL": f"https://www.linkedin.com/in/{mark(last)}"}
        | {"Email Address": f"{mark(last)}@people.example", "Company": mark("employer"), "Position": mark("position")}
        for first, last in (("Ann", "ann"), ("Only", "only"), ("Gone", "gone"))
    ]

    def linkedin_is_connected() -> None:
        connect(cloud, member, "linkedin")
        cloud.drain()
        own = str(member.api.get("/v1/contacts").json())
        assert all(mark(word) in own for word in ("ann", "only", "gone", "employer", "position"))

    def linkedin_changes() -> None:
        ada[1]["Position"], ada[2:] = mark("promoted"), []
        sync(cloud, member)
        own = str(member.api.get("/v1/contacts").json())
        assert (mark("promoted") in own, mark("gone") in own) == (True, False)

    twins.alone(linkedin_is_connected)
    known = {"first_name": "Ann", "last_name": mark("ann").upper(), "emails": [f"{mark('ann')}@people.example"]}
    shown = twins.both(lambda each: google.connect(each, {**known, "title": "Buyer"}))
    assert [(item["title"], item["profile_urls"]) for page in shown["contacts"] for item in page] == [("Buyer", [])]
    assert not re.search("linkedin|cxn_", str(shown).lower())
    twins.alone(linkedin_changes)
    twins.alone(lambda: disconnect(cloud, member, "linkedin"))
    assert mark("only") not in str(member.api.get("/v1/contacts").json())


def test_the_tokens_that_we_ask_for_could_not_publish(social: Social) -> None:
    """At the network itself, as it is simulated: what has no scope is refused there too."""
    fields = social.registrations()
    vendor, app = vendors.of(Provider.X), App(fields["x_client_id"], fields["x_client_secret"])
    grant = granted(vendor, app)
    assert "tweet.write" not in grant.scopes
    headers = {"Authorization": f"Bearer {grant.access_token}"}
    sent = requests.post(f"{social.url}/2/tweets", json={"text": "x"}, headers=headers, timeout=10)
    assert sent.status_code == 403
