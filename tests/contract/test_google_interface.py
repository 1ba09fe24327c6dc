"""Google's OAuth and People API as their documentation has them: the pages are named in infra/simulators/google."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from joserfc import jwk, jwt

from chalicelib.core import clock
from infra.simulators.google.contacts import described
from infra.simulators.google.simulator import Google
from tests.support.google_app import AUTH, CALLBACK, CONTACTS, METADATA, READONLY, App
from tests.support.oauth_grants import brought, pkce

ADA, BEN = "ada@nordlicht.example", "ben@nordlicht.example"
LIST = "/v1/people/me/connections"


@pytest.fixture
def app() -> Iterator[App]:
    """A Google of this test's own with two accounts; ada knows five people."""
    google = Google()
    google.register(CALLBACK)
    ada = google.accounts.add(ADA, "Ada Nordlicht")
    google.accounts.add(BEN, "Ben Nordlicht")
    for number in range(5):
        ada.contacts.add(
            described(first_name=f"P{number}", last_name="Q", emails=[f"p{number}@a.example"], note="secret")
        )
    yield App(google)
    google.stop()


def listed(app: App, token: str, **query: Any) -> requests.Response:
    return app.call(token, LIST, params={"personFields": "metadata,names,emailAddresses", **query})


def names(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["names"][0]["givenName"] for each in answer.json().get("connections", [])]


def test_the_consent_page_asks_in_plain_words_and_works_without_script(app: App) -> None:
    page = requests.get(app.url("openid", "email", CONTACTS, READONLY), timeout=10)
    assert page.status_code == 200
    for shown in (
        "See and download your contacts",
        "View your email messages",
        ADA,
        BEN,
        'value="allow"',
        'value="deny"',
    ):
        assert shown in page.text
    assert "<script" not in page.text
    assert page.text.count('type="checkbox"') == 2  # the sign-in scopes can't be refused one by one


def test_a_yes_brings_code_scope_and_state_a_no_brings_the_error(app: App) -> None:
    url = app.url("openid", "email", CONTACTS, READONLY)
    yes = brought(app.google.agree(url, ADA, scopes=(CONTACTS,)))
    assert yes["state"] == "s1"
    assert yes["scope"].split() == ["openid", AUTH + "userinfo.email", CONTACTS]  # what was unticked is missing
    assert app.exchange(yes["code"]).json()["scope"] == yes["scope"]
    no = requests.post(url, data={"answer": "deny", "account": ADA}, timeout=10, allow_redirects=False)
    assert brought(no.headers["Location"]) == {"error": "access_denied", "state": "s1"}
    assert "state" not in brought(app.google.agree(app.url(CONTACTS, state=""), ADA))


@pytest.mark.parametrize(
    ("wrong", "status", "word"),
    [
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"response_type": ""}, 400, "invalid_request"),
        ({"scope": AUTH + "nothing"}, 400, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_shown_to_the_person_and_never_sent_back(
    app: App, wrong: dict[str, str], status: int, word: str
) -> None:
    answer = requests.get(app.url(CONTACTS, **wrong), timeout=10, allow_redirects=False)
    assert (answer.status_code, word in answer.text, "Location" in answer.headers) == (status, True, False)


def test_a_code_is_good_once_for_its_verifier_and_its_callback(app: App) -> None:
    verifier, told = pkce()
    code = app.code(ADA, "openid", "email", CONTACTS, prompt="consent", **told)
    refused = [app.exchange(code), app.exchange(code, code_verifier="x" * 43)]
    refused += [app.exchange(code, code_verifier=verifier, redirect_uri="http://127.0.0.1:2/")]
    refused += [app.exchange("4/0Aother", code_verifier=verifier), app.exchange(code, client_secret="x")]
    got = app.exchange(code, code_verifier=verifier)
    refused += [app.exchange(code, code_verifier=verifier)]
    assert [(each.status_code, each.json()["error"]) for each in refused] == [
        (400, "invalid_grant"),
        (400, "invalid_grant"),
        (400, "redirect_uri_mismatch"),
        (400, "invalid_grant"),
        (401, "invalid_client"),
        (400, "invalid_grant"),
    ]
    assert (got.json()["expires_in"], got.json()["token_type"]) == (3599, "Bearer")
    discovery = requests.get(f"{app.google.url}/.well-known/openid-configuration", timeout=10).json()
    keys = jwk.KeySet.import_key_set(requests.get(discovery["jwks_uri"], timeout=10).json())
    claims = jwt.decode(got.json()["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["email"]) == (discovery["issuer"], app.google.oauth.client_id, ADA)
    assert claims["email_verified"] is True
    assert claims["sub"].isdigit()
    shown = str(app.google.log)
    assert code not in shown.replace("4/0Aother", "")
    assert app.google.oauth.client_secret not in shown


def test_a_refresh_token_comes_with_the_first_consent_or_with_a_prompt_for_it(app: App) -> None:
    first = app.exchange(app.code(ADA, CONTACTS)).json()
    again = app.exchange(app.code(ADA, CONTACTS)).json()
    prompted = app.exchange(app.code(ADA, CONTACTS, prompt="consent")).json()
    online = app.exchange(app.code(BEN, CONTACTS, access_type="online")).json()
    assert ["refresh_token" in each for each in (first, again, prompted, online)] == [True, False, True, False]
    fresh = app.refresh(first["refresh_token"]).json()
    assert fresh["access_token"] != first["access_token"]
    assert (fresh["scope"], "refresh_token" in fresh) == (CONTACTS, False)


def test_revoking_one_token_ends_all_that_the_account_gave(app: App) -> None:
    tokens = [app.exchange(app.code(ADA, CONTACTS, prompt="consent")).json() for _ in range(2)]
    bens = app.exchange(app.code(BEN, CONTACTS)).json()
    revoke = f"{app.google.url}/revoke"
    assert requests.post(revoke, data={"token": tokens[0]["refresh_token"]}, timeout=10).status_code == 200
    twice = requests.post(revoke, data={"token": tokens[0]["refresh_token"]}, timeout=10)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_token")
    for each in tokens:
        answer = app.refresh(each["refresh_token"])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert answer.json()["error_description"] == "Token has been expired or revoked."
        assert listed(app, each["access_token"]).status_code == 401
    assert app.refresh(bens["refresh_token"]).status_code == 200


def test_an_access_token_lives_3599_seconds_and_reaches_as_far_as_its_scopes(app: App) -> None:
    token, mail = app.access(ADA, CONTACTS), app.access(ADA, METADATA)
    refused = listed(app, mail)
    assert refused.status_code == 403
    error = refused.json()["error"]
    assert (error["status"], error["details"][0]["reason"]) == ("PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert listed(app, token).status_code == 200
    clock.advance(3600)
    over = listed(app, token)
    assert (over.status_code, over.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert over.json()["error"]["errors"][0]["reason"] == "authError"


def test_people_come_in_pages_with_the_fields_that_were_asked_for(app: App) -> None:
    token = app.access(ADA, CONTACTS)
    seen, pages = list[str](), 0
    page: str | None = ""
    while page is not None:
        answer = listed(app, token, pageSize=2, **({"pageToken": page} if page else {}))
        seen += names(answer)
        page, pages = answer.json().get("nextPageToken"), pages + 1
        assert (answer.json()["totalItems"], answer.json()["totalPeople"]) == (5, 5)
        assert "nextSyncToken" not in answer.json()
        for each in answer.json()["connections"]:
            assert set(each) == {"resourceName", "etag", "metadata", "names", "emailAddresses"}
    assert (seen, pages) == (["P0", "P1", "P2", "P3", "P4"], 3)
    partly = listed(app, token, fields="connections(names/givenName),totalItems", pageSize=1).json()
    assert partly == {"connections": [{"names": [{"givenName": "P0"}]}], "totalItems": 5}
    first = listed(app, token, pageSize=2).json()["nextPageToken"]
    wrong = [listed(app, token, personFields=""), listed(app, token, personFields="names,secrets")]
    wrong += [listed(app, token, pageSize=1001), listed(app, token, pageToken=first, pageSize=3)]
    wrong += [listed(app, token, pageToken="x")]
    assert {(each.status_code, each.json()["error"]["status"]) for each in wrong} == {(400, "INVALID_ARGUMENT")}


def test_a_sync_token_tells_what_changed_since_its_listing_began(app: App) -> None:
    token, contacts = app.access(ADA, CONTACTS), app.google.accounts.known(ADA).contacts
    first = listed(app, token, pageSize=3, requestSyncToken="true").json()
    assert "nextSyncToken" not in first  # of the last page only
    contacts.change(first["connections"][0]["resourceName"], described(first_name="Meanwhile", last_name="Q"))
    last = listed(app, token, pageSize=3, requestSyncToken="true", pageToken=first["nextPageToken"])
    assert names(last) == ["P3", "P4", "Meanwhile"]
    gone, renamed = (first["connections"][at]["resourceName"] for at in (1, 2))
    contacts.delete(gone)
    contacts.rename(renamed)
    contacts.add(described(first_name="New", emails=["new@a.example"]))
    changes = listed(app, token, pageSize=3, syncToken=last.json()["nextSyncToken"])
    more = changes.json()["nextPageToken"]
    rest = listed(app, token, pageSize=3, syncToken=last.json()["nextSyncToken"], pageToken=more)
    rows = changes.json()["connections"] + rest.json()["connections"]
    assert [each.get("names", [{}])[0].get("givenName") for each in rows] == ["Meanwhile", None, "P2", "New"]
    assert (rows[1]["resourceName"], rows[1]["metadata"]["deleted"]) == (gone, True)
    assert rows[2]["metadata"]["previousResourceNames"] == [renamed]
    nothing = listed(app, token, pageSize=3, syncToken=rest.json()["nextSyncToken"]).json()
    assert set(nothing) == {"nextSyncToken", "totalItems", "totalPeople"}
    mismatch = listed(app, token, pageSize=3, personFields="names", syncToken=nothing["nextSyncToken"])
    assert (mismatch.status_code, mismatch.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_sync_token_expires_seven_days_after_the_full_listing(app: App) -> None:
    token = app.access(ADA, CONTACTS)
    sync = listed(app, token, requestSyncToken="true").json()["nextSyncToken"]
    app.google.fault("sync_expired")
    early = listed(app, token, syncToken=sync)
    sync = listed(app, token, requestSyncToken="true").json()["nextSyncToken"]
    clock.advance(7 * 86400)
    for refused in (early, listed(app, app.access(ADA, CONTACTS), syncToken=sync)):
        error = refused.json()["error"]
        assert (refused.status_code, error["status"]) == (400, "FAILED_PRECONDITION")
        assert error["details"][0] == {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "EXPIRED_SYNC_TOKEN",
            "domain": "people.googleapis.com",
        }


def test_several_people_are_asked_for_by_name_each_with_a_status(app: App) -> None:
    token = app.access(ADA, CONTACTS)
    known = listed(app, token).json()["connections"][0]["resourceName"]
    asked = {"personFields": "names", "resourceNames": [known, "people/c1", "people/me"]}
    rows = app.call(token, "/v1/people:batchGet", params=asked).json()["responses"]
    assert [(each["requestedResourceName"], each["httpStatusCode"]) for each in rows] == [
        (known, 200),
        ("people/c1", 404),
        ("people/me", 200),
    ]
    assert (rows[1]["status"]["code"], rows[0]["status"]) == (5, {})
    assert set(rows[0]["person"]) == {"resourceName", "etag", "names"}
    many = {"personFields": "names", "resourceNames": [f"people/c{number}" for number in range(201)]}
    assert app.call(token, "/v1/people:batchGet", params=many).status_code == 400
    assert app.call(token, "/v1/people/c1", params={"personFields": "names"}).status_code == 404


def test_a_shell_can_add_change_and_delete_a_contact(app: App) -> None:
    base = f"{app.google.url}/_accounts/{ADA}/people"
    added = requests.post(
        base, json={"first_name": "Zoë", "emails": ["zoe@a.example"], "company": "Z"}, timeout=10
    ).json()
    own = f"{base}/{added['resourceName'].removeprefix('people/')}"
    assert requests.patch(own, json={"title": "CEO"}, timeout=10).status_code == 200
    token = app.access(ADA, CONTACTS)
    last = listed(app, token, personFields="names,organizations").json()["connections"][-1]
    assert (last["names"][0]["givenName"], last["organizations"][0]["title"]) == ("Zoë", "CEO")
    assert requests.delete(own, timeout=10).status_code == 200
    assert requests.delete(own, timeout=10).status_code == 404
    assert len(requests.get(base, timeout=10).json()) == 5
    assert [each["people"] for each in requests.get(f"{app.google.url}/_accounts", timeout=10).json()] == [5, 0]


def test_pages_may_repeat_and_people_change_or_vanish_between_them(app: App) -> None:
    token = app.access(ADA, CONTACTS)
    second = listed(app, token, pageSize=2).json()["nextPageToken"]
    app.google.fault("repeat")
    again = listed(app, token, pageSize=2, pageToken=second)
    assert (names(again), again.json()["nextPageToken"]) == (["P0", "P1"], second)
    assert names(listed(app, token, pageSize=2, pageToken=second)) == ["P2", "P3"]
    app.google.fault("change")
    app.google.fault("vanish")
    assert names(listed(app, token, pageSize=3, pageToken=listed(app, token, pageSize=3).json()["nextPageToken"])) == [
        "P3",
        "P0",
    ]


def test_limits_and_ends_are_said_as_google_says_them(app: App) -> None:
    google, tokens = app.google, app.exchange(app.code(ADA, CONTACTS)).json()
    requests.post(f"{google.url}/_faults", json={"kind": "limit", "seconds": 7, "times": 1}, timeout=10)
    slow = listed(app, tokens["access_token"])
    assert (slow.status_code, slow.headers["Retry-After"], slow.json()["error"]["status"]) == (
        429,
        "7",
        "RESOURCE_EXHAUSTED",
    )
    for reason in ("rateLimitExceeded", "userRateLimitExceeded", "domainPolicy"):
        google.fault("refuse", reason=reason, times=1, on="/v1/people")
        refused = listed(app, tokens["access_token"])
        assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, reason)
    google.fault("status", status=503, times=1)
    assert listed(app, tokens["access_token"]).json()["error"]["status"] == "UNAVAILABLE"
    google.fault("expired")
    assert listed(app, tokens["access_token"]).status_code == 401
    fresh = app.refresh(tokens["refresh_token"]).json()["access_token"]
    assert listed(app, fresh).status_code == 200
    assert (google.log[-1]["account"], google.log[-1]["scopes"]) == (ADA, [CONTACTS])
    google.fault("revoked", on=ADA)
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
