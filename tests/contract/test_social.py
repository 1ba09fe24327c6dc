"""LinkedIn and X, simulated, against what they document, and our connectors against both. Sources: the simulators' docstrings."""

import pytest
import requests

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import (
    App,
    Grant,
    GrantEnded,
    NotPermitted,
    OverQuota,
    Page,
    Person,
    Position,
    Source,
    Stream,
)
from chalicelib.connectors.social.linkedin import VENDOR as LINKEDIN
from chalicelib.connectors.social.x import VENDOR as X
from infra.simulators.social import linkedin
from infra.simulators.social.simulator import Social
from tests.support.oauth_grants import BACK, VERIFIER, consented, granted
from tests.support.social_network import get, source


def whole(there: Source) -> list[Page]:
    """Every page of a pass."""
    pages, position, done = [], there.start(), False
    while not done:
        pages.append(there.page(position))
        position, done = pages[-1].position, pages[-1].done
    return pages


def read(there: Source) -> list[Person]:
    return [person for page in whole(there) for person in page.people]


CONNECTIONS = {"q": "criteria", "domain": "CONNECTIONS"}


def test_the_snapshot_answers_as_documented(social: Social, at_linkedin: App, network: list[Person]) -> None:
    token = granted(LINKEDIN, at_linkedin).access_token
    first = get(social, "/rest/memberSnapshotData", token, params=CONNECTIONS).json()
    assert set(first) == {"paging", "elements"}
    assert set(first["paging"]) == {"start", "count", "links", "total"}
    assert [link["rel"] for link in first["paging"]["links"]] == ["next"]
    (element,) = first["elements"]
    assert element["snapshotDomain"] == "CONNECTIONS"
    assert len(element["snapshotData"]) == 5
    assert set(element["snapshotData"][0]) == {
        *("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
    }
    last = get(social, "/rest/memberSnapshotData", token, params={**CONNECTIONS, "start": "2"}).json()
    assert [link["rel"] for link in last["paging"]["links"]] == ["prev"]
    beyond = get(social, "/rest/memberSnapshotData", token, params={**CONNECTIONS, "start": "3"})
    assert (beyond.status_code, beyond.json()["message"]) == (404, "No data found for this memberId")
    known = get(social, "/rest/memberAuthorizations", token, params={"q": "memberAndApplication"}).json()
    assert set(known["elements"][0]) == {"memberComplianceAuthorizationKey", "regulatedAt", "memberComplianceScopes"}


def test_linkedin_refuses_as_documented(social: Social, at_linkedin: App) -> None:
    token = granted(LINKEDIN, at_linkedin).access_token
    nobody = get(social, "/rest/memberSnapshotData", "", params=CONNECTIONS)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "INVALID_ACCESS_TOKEN")
    newer = get(social, "/rest/memberSnapshotData", token, params=CONNECTIONS, headers={"LinkedIn-Version": "202601"})
    assert (newer.status_code, newer.json()["code"]) == (426, "NONEXISTENT_VERSION")
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "client_id": at_linkedin.client_id}
    form["client_secret"] = at_linkedin.client_secret
    spent = {**form, "code": consented(LINKEDIN, at_linkedin)["code"]}
    url = f"{social.url}/oauth/v2/accessToken"
    proven = requests.post(url, data={**spent, "code_verifier": VERIFIER}, timeout=10)
    assert (proven.status_code, proven.json()["error"]) == (401, "invalid_client")
    given = requests.post(url, data=spent, timeout=10)
    assert given.status_code == 200
    assert (given.json()["expires_in"], given.json()["scope"]) == (5184000, "r_dma_portability_3rd_party")
    assert "refresh_token" not in given.json()
    assert requests.post(url, data=spent, timeout=10).json()["error"] == "invalid_request", "a code is good for once"


def test_x_answers_as_documented(social: Social, at_x: App) -> None:
    grant = granted(X, at_x)
    who = get(social, "/2/users/me", grant.access_token)
    assert who.json() == {"data": {"id": "2244994945", "name": "Ada", "username": "ada_demo"}}
    nobody = get(social, "/2/users/me", "other")
    assert (nobody.status_code, nobody.json()["title"]) == (401, "Unauthorized")
    form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    url, pair = f"{social.url}/2/oauth2/token", (at_x.client_id, at_x.client_secret)
    unknown = requests.post(url, data={**form, "client_id": at_x.client_id}, timeout=10)
    assert (unknown.status_code, unknown.json()["error"]) == (401, "unauthorized_client")
    fresh = requests.post(url, data=form, auth=pair, timeout=10)
    assert set(fresh.json()) == {"token_type", "expires_in", "access_token", "scope", "refresh_token"}
    assert (fresh.json()["token_type"], fresh.json()["expires_in"]) == ("bearer", 7200)
    again = requests.post(url, data=form, auth=pair, timeout=10)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request"), "a refresh token is good for once"
    ended = requests.post(f"{social.url}/2/oauth2/revoke", data={"token": grant.access_token}, auth=pair, timeout=10)
    assert (ended.status_code, ended.json()) == (200, {"revoked": True})
    assert get(social, "/2/users/me", grant.access_token).status_code == 401


def test_a_pass_brings_every_connection_once_and_the_next_is_a_whole_one_too(
    social: Social, at_linkedin: App, network: list[Person]
) -> None:
    grant = granted(LINKEDIN, at_linkedin)
    assert (grant.account, grant.address, grant.refresh_token) == (linkedin.ADA, "", "")
    assert grant.scopes == ("r_dma_portability_3rd_party",)
    there = source(at_linkedin, grant)
    pages = whole(there)
    assert [person for page in pages for person in page.people] == network
    assert [len(page.people) for page in pages] == [5, 5, 2, 0]
    assert all(page.position.full and not page.gone for page in pages)
    assert pages[-1].position == there.start()
    assert there.count() is None


def test_rows_as_linkedin_writes_them_become_people_with_ids_that_stay(social: Social, at_linkedin: App) -> None:
    put = social.linkedin.put
    put(linkedin.ADA, {"First Name": "Zoë", "URL": "https://www.linkedin.com/in/zo%C3%AB-l-1", "Company": "Alt"})
    put(linkedin.ADA, {"First Name": "Ann", "Last Name": "Doe", "Connected On": "01 Feb 2025", "Position": "Buyer"})
    put(linkedin.ADA, {"Connected On": "03 Mar 2024"})
    before = read(source(at_linkedin))
    social.linkedin.rows[linkedin.ADA] = []
    put(linkedin.ADA, {"First Name": "Zoë", "URL": "https://www.linkedin.com/in/zoë-L-1/", "Company": "Neu"})
    put(linkedin.ADA, {"First Name": "Ann", "Last Name": "Doe", "Connected On": "01 Feb 2025", "Position": "CEO"})
    after = read(source(at_linkedin))
    assert [person.external_id for person in before] == [person.external_id for person in after]
    assert len({person.external_id for person in after}) == 2, "a row that names nobody is nobody"
    assert not any(":" in person.external_id for person in after)
    assert (after[0].company_name, after[1].title) == ("Neu", "CEO")


def test_looking_reads_anew_and_an_empty_snapshot_proves_nothing(
    social: Social, at_linkedin: App, network: list[Person]
) -> None:
    here, gone = network[7], network[0]
    social.linkedin.drop(linkedin.ADA, gone.profile_urls[0])
    there = source(at_linkedin)
    seen = there.look([here.external_id, gone.external_id])
    assert (seen.people, seen.gone) == ((here,), (gone.external_id,))
    social.linkedin.rows[linkedin.ADA] = []
    assert read(source(at_linkedin)) == []
    with pytest.raises(ProviderDown):
        source(at_linkedin).look([here.external_id])


def test_a_page_that_repeats_is_no_page_and_the_right_one_follows(
    social: Social, at_linkedin: App, network: list[Person]
) -> None:
    there = source(at_linkedin)
    first = there.page(there.start())
    social.fault("repeat", times=1)
    with pytest.raises(ProviderDown):
        there.page(first.position)
    assert there.page(first.position).people == tuple(network[5:10])
    with pytest.raises(ProviderDown):
        there.page(Position(True, {"start": "1000"}))


def test_what_a_vanishing_record_hides_between_two_pages_is_found_by_looking(
    social: Social, at_linkedin: App, network: list[Person]
) -> None:
    social.fault("vanish", times=1)
    there = source(at_linkedin)
    seen = {person.external_id for person in read(there)}
    missed = [person.external_id for person in network if person.external_id not in seen]
    assert missed == [network[5].external_id], "it moved up onto the page that had been read"
    assert there.look(missed).gone == ()
    assert there.look([network[0].external_id]).gone == (network[0].external_id,)


def test_faults_end_in_their_named_failures(social: Social, at_linkedin: App, network: list[Person]) -> None:
    there = source(at_linkedin)
    social.fault("throttled", seconds=30, on="/rest/")
    with pytest.raises(OverQuota) as busy:
        there.page(there.start())
    assert busy.value.retry_after == 30
    social.heal()
    for kind, more in (("down", {}), ("status", {"status": 500})):
        social.fault(kind, on="/rest/", **more)
        with pytest.raises(ProviderDown):
            there.page(there.start())
        social.heal()
    social.fault("status", status=503, times=1, on="/rest/")
    assert len(there.page(there.start()).people) == 5, "once is waited for"
    social.fault("closed")
    with pytest.raises(NotPermitted) as refused:
        there.page(there.start())
    assert refused.value.reason == "not_open_to_this_member"
    social.heal()
    social.fault("expired")
    with pytest.raises(GrantEnded):
        there.page(there.start())


def test_a_token_of_this_moment_that_is_refused_is_no_end_of_a_consent(social: Social, at_linkedin: App) -> None:
    """As LinkedIn gives some apps refresh tokens."""

    class Renewed:
        def token(self, *, until: float | None = None, instead_of: str = "") -> str:  # noqa: ARG002 - the port's
            return f"{instead_of}a token"

    there = LINKEDIN.source(Stream.CONTACTS, Renewed(), Grant(""), None)
    social.fault("status", status=401, on="/rest/")
    with pytest.raises(NotPermitted, match="session_refused"):
        there.page(there.start())
    assert social.log[-1]["status"] == 401


def test_connections_are_added_changed_and_ended_from_a_shell(social: Social, at_linkedin: App) -> None:
    url, address = f"{social.url}/_connections", "https://www.linkedin.com/in/new-one"
    body = {"first_name": "New", "last_name": "One", "url": address, "company": "Alt"}
    assert requests.post(url, json=body, timeout=10).status_code == 201
    assert [person.company_name for person in read(source(at_linkedin))] == ["Alt"]
    assert requests.post(url, json={**body, "company": "Neu"}, timeout=10).status_code == 201
    assert [person.company_name for person in read(source(at_linkedin))] == ["Neu"]
    assert requests.get(url, timeout=10).json()[0]["URL"] == address
    assert requests.delete(url, json={"url": address}, timeout=10).json() == {"ended": 1}
    assert read(source(at_linkedin)) == []
    assert requests.post(url, json={"unknown": 1}, timeout=10).status_code == 400
