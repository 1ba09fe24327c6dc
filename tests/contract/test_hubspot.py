"""HubSpot's OAuth and CRM objects as their documentation has them, raw; the pages are named in infra/simulators/hubspot."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from chalicelib.core import clock
from infra.simulators.hubspot.seed import CANARY, FORBIDDEN
from infra.simulators.hubspot.simulator import HUB, HubSpot
from infra.simulators.people import KNOWN
from tests.support.hubspot_app import ALL, CALLBACK, COMPANIES, CONTACTS, CRM, App
from tests.support.oauth_grants import brought, pkce

ADDRESS = "ada@nordlicht.example"


@pytest.fixture
def app() -> Iterator[App]:
    """A HubSpot of this test's own, empty."""
    hubspot = HubSpot()
    hubspot.register(CALLBACK)
    yield App(hubspot)
    hubspot.stop()


def people(app: App, count: int) -> list[str]:
    """So many contacts; their ids."""
    return [
        app.hubspot.objects.add("contacts", {"firstname": f"P{n}", "email": f"p{n}@a.example", "phone": "1"})
        for n in range(count)
    ]


def search(app: App, token: str, of: str = "contacts", **question: Any) -> requests.Response:
    return app.call(token, f"{CRM}/{of}/search", "POST", json=question)


def changed_since(moment: int, **more: Any) -> dict[str, Any]:
    filtered = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(moment)}
    order = {"propertyName": "lastmodifieddate", "direction": "ASCENDING"}
    return {"filterGroups": [{"filters": [filtered]}], "sorts": [order], "limit": 200, **more}


def test_the_consent_page_names_scopes_and_accounts_and_works_without_script(app: App) -> None:
    page = requests.get(app.url(), timeout=10)
    assert page.status_code == 200
    for shown in ("See the contacts of your CRM", "See the companies of your CRM", ADDRESS, str(HUB), 'value="deny"'):
        assert shown in page.text
    assert "<script" not in page.text
    no = requests.post(app.url(), data={"answer": "deny", "account": str(HUB)}, timeout=10, allow_redirects=False)
    assert brought(no.headers["Location"]) == {
        "error": "access_denied",
        "error_description": "The user denied access",
        "state": "s1",
    }


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "other"}, {"redirect_uri": CALLBACK + "/"}, {"scope": "crm.everything"}, {"code_challenge": "x"}],
)
def test_a_wrong_request_is_shown_to_the_person_and_never_sent_back(app: App, wrong: dict[str, str]) -> None:
    answer = requests.post(
        app.url(**wrong), data={"answer": "allow", "account": str(HUB)}, timeout=10, allow_redirects=False
    )
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_a_code_is_good_once_in_time_from_its_address_and_with_its_verifier(app: App) -> None:
    def code(**told: str) -> str:
        return brought(app.hubspot.agree(app.url(**told)))["code"]

    verifier, challenge = pkce()
    first = code(**challenge)
    got = app.exchange(first, code_verifier=verifier).json()
    assert (got["token_type"], got["expires_in"], got["hub_id"], got["scopes"]) == ("bearer", 1800, HUB, list(ALL))
    refused = [app.exchange(first, code_verifier=verifier), app.exchange(code(**challenge), code_verifier="x" * 43)]
    refused += [app.exchange(code(**challenge)), app.exchange(code(), redirect_uri=CALLBACK + "x")]
    refused += [app.exchange(code(), client_secret="x")]
    late = code()
    clock.advance(601)
    refused += [app.exchange(late)]
    said = [answer.json()["error"] for answer in refused]
    assert said == ["invalid_grant"] * 4 + ["invalid_client", "invalid_grant"]
    assert {answer.status_code for answer in refused} == {400}


def test_tokens_tell_whose_they_are_end_and_can_be_revoked(app: App) -> None:
    got = app.exchange(brought(app.hubspot.agree(app.url()))["code"]).json()
    access, refresh = got["access_token"], got["refresh_token"]
    told = app.post("token/introspect", token=access).json()
    assert (told["active"], told["token_use"], told["hub_id"], told["user"]) == (True, "access_token", HUB, ADDRESS)
    assert app.call(access, f"{CRM}/contacts").status_code == 200
    clock.advance(1801)
    over = app.call(access, f"{CRM}/contacts")
    assert (over.status_code, over.json()["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert app.post("token/introspect", token=access).json() == {"active": False}
    again = app.post("token", grant_type="refresh_token", refresh_token=refresh).json()
    assert (again["refresh_token"], app.call(again["access_token"], f"{CRM}/contacts").status_code) == (refresh, 200)
    assert app.post("token/revoke", token=refresh, token_type_hint="refresh_token").status_code == 200
    ended = app.post("token", grant_type="refresh_token", refresh_token=refresh)
    assert (ended.status_code, ended.json()["error"], ended.json()["status"]) == (
        400,
        "invalid_grant",
        "BAD_REFRESH_TOKEN",
    )
    assert app.call("no-token", f"{CRM}/contacts").json()["category"] == "INVALID_AUTHENTICATION"
    secret = {access, refresh, app.hubspot.oauth.client_secret}
    assert not [entry for entry in app.hubspot.log if any(each in str(entry) for each in secret)], "the log keeps none"


def test_lists_go_by_id_and_show_what_is_asked_for(app: App) -> None:
    idents, token = people(app, 25), app.access()
    first = app.call(token, f"{CRM}/contacts").json()
    assert [each["id"] for each in first["results"]] == idents[:10], "ten, where no limit is said"
    shown = first["results"][0]
    assert set(shown["properties"]) == {
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    }
    assert (shown["archived"], shown["properties"]["lastname"]) == (False, None)
    asked = {"limit": "20", "after": first["paging"]["next"]["after"], "properties": "jobtitle,phone"}
    rest = app.call(token, f"{CRM}/contacts", params=asked).json()
    assert [each["id"] for each in rest["results"]] == idents[10:]
    assert "paging" not in rest
    assert rest["results"][0]["properties"].keys() >= {"jobtitle", "phone"}
    assert "email" not in rest["results"][0]["properties"]
    assert app.call(token, f"{CRM}/contacts?limit=101").json()["category"] == "VALIDATION_ERROR"
    assert app.call(token, "/crm/v3/objects/contacts?limit=1").json()["results"][0]["id"] == idents[0]


def test_archived_records_are_listed_apart_and_merged_ones_answer_as_another(app: App) -> None:
    idents, token, objects = people(app, 4), app.access(), app.hubspot.objects
    objects.archive("contacts", idents[0])
    merged = objects.merge("contacts", idents[1], idents[2])
    there = app.call(token, f"{CRM}/contacts?properties=hs_merged_object_ids").json()["results"]
    assert [each["id"] for each in there] == [idents[3], merged], "a merge makes a new record"
    assert there[1]["properties"]["hs_merged_object_ids"] == f"{idents[2]};{idents[1]}"
    gone = app.call(token, f"{CRM}/contacts?archived=true").json()["results"]
    assert [(each["id"], each["archived"], "archivedAt" in each) for each in gone] == [
        (each, True, True) for each in idents[:3]
    ]
    question = {"properties": ["email"], "inputs": [{"id": each} for each in (*idents, "999")]}
    batch = app.call(token, f"{CRM}/contacts/batch/read", "POST", json=question)
    assert (batch.status_code, [each["id"] for each in batch.json()["results"]]) == (207, [merged, idents[3]])
    error = batch.json()["errors"][0]
    assert (error["category"], error["context"]["ids"]) == ("OBJECT_NOT_FOUND", [idents[0], "999"])
    assert app.call(token, f"{CRM}/contacts/{idents[1]}").json()["id"] == merged
    assert search(app, token, limit=1).json()["total"] == 2, "searches find neither"


def test_a_merge_as_it_was_once_leaves_the_primary_record_where_it_is(app: App) -> None:
    (one, other), token, objects = people(app, 2), app.access(), app.hubspot.objects
    firms = [objects.add("companies", {"name": name}) for name in ("Nord", "Nord AG")]
    objects.change("contacts", one, {"associatedcompanyid": firms[0]})
    objects.merge("companies", firms[0], firms[1])
    assert objects.merge("contacts", other, one, anew=False) == one
    (there,) = app.call(token, f"{CRM}/contacts?properties=hs_merged_object_ids,associatedcompanyid").json()["results"]
    assert (there["id"], there["properties"]["hs_merged_object_ids"]) == (one, other)
    assert there["properties"]["associatedcompanyid"] == app.call(token, f"{CRM}/companies").json()["results"][0]["id"]


def test_searches_have_their_limits(app: App) -> None:
    people(app, 30)
    token, app.hubspot.crm.cap = app.access(), 20
    found = search(app, token, **changed_since(0, limit=15, properties=["email"])).json()
    assert (found["total"], len(found["results"]), found["paging"]["next"]["after"]) == (30, 15, "15")
    beyond = search(app, token, **changed_since(0, limit=15, after="15"))
    assert (beyond.status_code, beyond.json()["category"]) == (400, "VALIDATION_ERROR")
    assert search(app, token, **changed_since(0, limit=5, after="15")).status_code == 200
    assert search(app, token, limit=201).status_code == 400
    two = [{"propertyName": "email"}, {"propertyName": "firstname"}]
    assert search(app, token, sorts=two).status_code == 400
    assert search(app, token, filterGroups=[{"filters": [{"propertyName": "email"}]}]).status_code == 400


def test_searches_see_a_change_some_moments_late(app: App) -> None:
    ident, token = people(app, 1)[0], app.access()
    app.hubspot.objects.lag_s = 30
    before = int(clock.now().timestamp() * 1000)
    app.hubspot.objects.change("contacts", ident, {"firstname": "New"})
    assert search(app, token, **changed_since(before)).json()["total"] == 0
    assert app.call(token, f"{CRM}/contacts/{ident}").json()["properties"]["firstname"] == "New"
    clock.advance(31)
    assert search(app, token, **changed_since(before)).json()["results"][0]["properties"]["firstname"] == "New"


def test_a_scope_that_was_not_given_and_a_limit_are_said_as_hubspot_says_them(app: App) -> None:
    refused = app.call(app.access("oauth", CONTACTS), f"{CRM}/companies")
    assert (refused.status_code, refused.json()["category"]) == (403, "MISSING_SCOPES")
    assert refused.json()["errors"][0]["context"] == {"requiredGranularScopes": [COMPANIES]}
    token = app.access()
    assert app.call(token, f"{CRM}/contacts").headers["X-HubSpot-RateLimit-Max"] == "110"
    assert "X-HubSpot-RateLimit-Max" not in search(app, token).headers
    app.hubspot.fault("limit", seconds=7, times=1, reason="DAILY")
    limited = app.call(token, f"{CRM}/contacts")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    assert (limited.json()["errorType"], limited.json()["policyName"]) == ("RATE_LIMIT", "DAILY")


def test_the_account_has_what_must_never_be_asked_for(app: App) -> None:
    app.hubspot.seed()
    token = app.access()
    assert search(app, token, limit=1).json()["total"] == len(KNOWN["hubspot"])
    note = app.call(token, f"{CRM}/notes?properties=hs_note_body").json()
    assert CANARY in str(note), "the scope of contacts reaches notes: what keeps them out is that nobody asks"
    assert app.call(token, f"{CRM}/deals").status_code == 403
    assert all(app.hubspot.objects.listed(of) for of in FORBIDDEN)


def test_the_source_can_be_changed_from_a_shell(app: App) -> None:
    def do(method: str, path: str, **more: Any) -> Any:
        return requests.request(method, app.hubspot.url + path, timeout=10, **more)

    company = do("POST", "/_companies", json={"name": "Nord", "domain": "nord.example"}).json()["id"]
    told = {"firstname": "Ada", "email": ADDRESS, "associatedcompanyid": company}
    ident = do("POST", "/_contacts", json=told).json()["id"]
    assert do("GET", f"/_contacts?email={ADDRESS}").json()[0]["id"] == ident
    assert do("PATCH", f"/_contacts/{ident}", json={"jobtitle": "CEO"}).status_code == 200
    path = f"{CRM}/contacts/{ident}?properties=jobtitle,associatedcompanyid"
    shown = app.call(app.access(), path).json()["properties"]
    assert (shown["jobtitle"], shown["associatedcompanyid"]) == ("CEO", company)
    assert do("DELETE", f"/_contacts/{ident}").status_code == 200
    assert do("PATCH", f"/_contacts/{ident}", json={"jobtitle": "CFO"}).status_code == 404
    assert do("POST", f"/_contacts/{ident}/restore").status_code == 200
    other = do("POST", "/_contacts", json={"firstname": "Eve"}).json()["id"]
    merged = do("POST", f"/_contacts/{other}/merge", json={"into": ident}).json()["id"]
    assert do("POST", f"/_contacts/{other}/restore").status_code == 404
    assert [each["id"] for each in do("GET", "/_contacts").json()] == [merged]
    ident = merged
    assert do("DELETE", f"/_contacts/{ident}?forever=1").status_code == 200
    assert do("POST", "/_contacts", json={"firstname": 3}).status_code == 400
