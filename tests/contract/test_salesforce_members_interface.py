"""Salesforce's interface for members' apps as its documentation has it: the pages are named in infra/simulators/salesforce."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from chalicelib.connectors import oauth
from infra.local.cloud import Cloud
from infra.simulators.salesforce.seed import FORBIDDEN
from infra.simulators.salesforce.simulator import Salesforce
from tests.support.salesforce_grant import VERIFIER, callback

Ask = Callable[..., requests.Response]


def authorize(
    salesforce: Salesforce, method: str = "GET", form: dict[str, str] | None = None, **other: str
) -> requests.Response:
    params = {
        "response_type": "code",
        "client_id": salesforce.login.client_id,
        "redirect_uri": callback(),
        "scope": "api refresh_token",
        "state": "a b&c",
        "code_challenge": oauth.challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **other,
    }
    url = f"{salesforce.url}/services/oauth2/authorize"
    return requests.request(method, url, params=params, data=form, allow_redirects=False, timeout=10)


def code(salesforce: Salesforce, **other: str) -> str:
    location = str(authorize(salesforce, "POST", {"answer": "allow"}, **other).headers["Location"])
    return location.partition("?code=")[2].partition("&")[0]


def token(salesforce: Salesforce, **form: str) -> requests.Response:
    login = salesforce.login
    sent = {"client_id": login.client_id, "client_secret": login.client_secret, **form}
    return requests.post(f"{salesforce.url}/services/oauth2/token", data=sent, timeout=10)


def granted(salesforce: Salesforce, **other: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "redirect_uri": callback(), "code_verifier": VERIFIER}
    answer: dict[str, Any] = token(salesforce, code=code(salesforce, **other), **form).json()
    return answer


@pytest.fixture
def ask(salesforce: Salesforce) -> Ask:
    """A query with a member's token; `queryAll` by `of`."""
    bearer = {"Authorization": f"Bearer {granted(salesforce)['access_token']}"}

    def get(q: str, of: str = "query") -> requests.Response:
        url = f"{salesforce.url}/services/data/v62.0/{of}"
        return requests.get(url, params={"q": q}, headers=bearer, timeout=10)

    return get


def ids(answer: requests.Response) -> list[str]:
    return [record["Id"] for record in answer.json()["records"]]


def test_the_consent_page_names_the_app_its_scopes_and_the_users_and_has_no_script(salesforce: Salesforce) -> None:
    page = authorize(salesforce)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script" not in page.text
    assert all(text in page.text for text in ("IKO System", "Manage user data via APIs", "Sofia Berg", "Allow", "Deny"))


@pytest.mark.parametrize(
    ("wrong", "shown", "told"),
    [
        ({"client_id": "x"}, "invalid_client_id", ""),
        ({"redirect_uri": "https://elsewhere.example/"}, "redirect_uri_mismatch", ""),
        ({"response_type": "token"}, "", "unsupported_response_type"),
        ({"scope": "api full"}, "", "invalid_scope"),
        ({"code_challenge": ""}, "", "invalid_request"),
    ],
)
def test_a_wrong_request_goes_back_only_where_it_may(
    salesforce: Salesforce, wrong: dict[str, str], shown: str, told: str
) -> None:
    answer = authorize(salesforce, "GET", None, **wrong)
    if shown:
        assert (answer.status_code, "Location" in answer.headers) == (400, False)
        assert shown in answer.text
    else:
        assert answer.headers["Location"].startswith(f"{callback()}?error={told}&")


def test_a_redirect_uri_is_the_same_to_the_letter(salesforce: Salesforce) -> None:
    for other in (f"{callback()}/", f"{callback()}?x=1", callback().upper()):
        assert authorize(salesforce, redirect_uri=other).status_code == 400
    denied = authorize(salesforce, "POST", {"answer": "deny"}).headers["Location"]
    assert denied.startswith(
        f"{callback()}?error=access_denied&error_description=end-user+denied+authorization&state=a+b%26c"
    )


def test_a_code_is_for_one_use_with_its_verifier_and_its_redirect_uri(cloud: Cloud, salesforce: Salesforce) -> None:
    body = granted(salesforce)
    assert set(body) == {
        *("access_token", "refresh_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"),
    }
    assert (body["scope"], body["instance_url"]) == ("api refresh_token", salesforce.url)
    form = {"grant_type": "authorization_code", "redirect_uri": callback(), "code_verifier": VERIFIER}
    wrong: list[tuple[dict[str, str], str]] = [
        ({"code_verifier": "w" * 43}, "invalid_request"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://elsewhere.example/"}, "redirect_uri_mismatch"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"code": "x"}, "invalid_grant"),
    ]
    for other, error in wrong:
        answer = token(salesforce, **{"code": code(salesforce), **form, **other})
        assert (answer.status_code, answer.json()["error"]) == (400, error)
    once = code(salesforce)
    assert token(salesforce, code=once, **form).status_code == 200
    assert token(salesforce, code=once, **form).json()["error_description"] == "expired authorization code"
    late = code(salesforce)
    cloud.advance(901)
    assert token(salesforce, code=late, **form).json()["error"] == "invalid_grant"
    assert "refresh_token" not in granted(salesforce, scope="api")


def test_a_refresh_token_stays_or_is_rotated_and_one_that_comes_again_ends_all(salesforce: Salesforce) -> None:
    first = granted(salesforce)["refresh_token"]
    again = token(salesforce, grant_type="refresh_token", refresh_token=first).json()
    assert "refresh_token" not in again
    requests.post(f"{salesforce.url}/_settings", json={"rotate": True}, timeout=10)
    second = token(salesforce, grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert second != first
    for spent in (first, second, ""):
        answer = token(salesforce, grant_type="refresh_token", refresh_token=spent)
        expired = {"error": "invalid_grant", "error_description": "expired access/refresh token"}
        assert (answer.status_code, answer.json()) == (400, expired)


def test_a_revoked_refresh_token_takes_its_access_tokens_with_it(salesforce: Salesforce) -> None:
    body, revoke = granted(salesforce), f"{salesforce.url}/services/oauth2/revoke"
    bearer, who = {"Authorization": f"Bearer {body['access_token']}"}, body["id"]
    assert requests.get(who, headers=bearer, timeout=10).json()["username"] == "sofia.berg@sales.example"
    answer = requests.post(revoke, data={"token": body["refresh_token"]}, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")
    refused = requests.get(who, headers=bearer, timeout=10)
    assert (refused.status_code, refused.text) == (403, "Bad_OAuth_Token")
    assert requests.post(revoke, data={"token": body["refresh_token"]}, timeout=10).json()["error"] == "invalid_token"
    assert body["refresh_token"] not in str(salesforce.log)


def test_query_leaves_out_what_is_in_the_recycle_bin_and_query_all_has_it_for_fifteen_days(
    cloud: Cloud, salesforce: Salesforce, ask: Ask
) -> None:
    here, deleted = (salesforce.crm.add("Contact", LastName=name) for name in ("Here", "Deleted"))
    salesforce.crm.delete("Contact", deleted)
    assert ids(ask("SELECT Id FROM Contact")) == [here]
    assert ids(ask("SELECT Id FROM Contact WHERE IsDeleted = TRUE", "queryAll")) == [deleted]
    counted = ask("SELECT COUNT() FROM Contact", "queryAll/").json()
    assert counted == {"totalSize": 2, "done": True, "records": []}
    cloud.advance(16 * 86_400)
    assert ids(ask("SELECT Id FROM Contact", "queryAll")) == [here]


def test_records_are_compared_and_ordered(cloud: Cloud, salesforce: Salesforce, ask: Ask) -> None:
    first, second = (salesforce.crm.add("Contact", LastName=name) for name in "ba")
    cloud.advance(60)
    salesforce.crm.change("Contact", first, Title="Later")
    stamp = salesforce.crm.all("Contact")[0]["SystemModstamp"]
    assert stamp.endswith(".000+0000"), "whole seconds"
    written = stamp.replace("+0000", "Z")

    def where(conditions: str) -> list[str]:
        return ids(ask(f"SELECT Id FROM Contact WHERE {conditions} ORDER BY SystemModstamp, Id"))  # noqa: S608 - tried as it is

    assert where(f"LastName IN ('A', 'B') AND Id > '{'0' * 15}'") == [second, first]
    assert where(f"SystemModstamp >= {written}") == [first]
    assert where(f"SystemModstamp < {written.replace('.000', '')}") == [second]
    assert where(f"Id != '{first}' AND (SystemModstamp > {written} OR Id > '{first[:15]}')") == [second]
    assert ids(ask("SELECT Id FROM Contact ORDER BY LastName ASC LIMIT 1")) == [second]


@pytest.mark.parametrize(
    ("q", "error"),
    [
        ("SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE LastName = 2026-01-01T00:00:00Z", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE IsDeleted = 'true'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE SystemModstamp > 2026-01-01T00:00:00", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE (Id > '003000000000001' AND Id < '1')", "MALFORMED_QUERY"),
        ("SELECT COUNT() FROM Contact ORDER BY Id", "MALFORMED_QUERY"),
        ("SELECT COUNT(), Id FROM Contact", "MALFORMED_QUERY"),
    ],
)
def test_a_value_of_another_type_is_a_mistake(ask: Ask, q: str, error: str) -> None:
    answer = ask(q)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, error)


def test_a_locator_leads_through_the_result_as_it_was(salesforce: Salesforce, ask: Ask) -> None:
    made = [salesforce.crm.add("Contact", LastName=str(n)) for n in range(5)]
    requests.post(f"{salesforce.url}/_settings", json={"page_size": 2}, timeout=10)
    body = ask("SELECT Id FROM Contact ORDER BY Id", "queryAll").json()
    assert (body["totalSize"], body["done"], len(body["records"])) == (5, False, 2)
    assert body["nextRecordsUrl"].startswith("/services/data/v62.0/query/01g")
    rest = ask("", body["nextRecordsUrl"].removeprefix("/services/data/v62.0/"))
    assert ids(rest) == made[2:4]
    assert ask("", "query/01g000000000000AAA-2").json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_the_orgs_of_the_operator_and_of_the_members_are_two(salesforce: Salesforce, ask: Ask) -> None:
    salesforce.add_account("ten_x", "Billed", "C-1")
    salesforce.seed()
    assert len(ids(ask("SELECT Id FROM Account"))) == 40
    assert ids(ask("SELECT Id FROM Account WHERE Name = 'Billed'")) == []
    assert FORBIDDEN in ask("SELECT Subject, TextBody FROM EmailMessage").text, (
        "what must never leak is there to be read"
    )


def test_records_can_be_changed_from_a_shell(salesforce: Salesforce, ask: Ask) -> None:
    contacts = f"{salesforce.url}/_contacts"
    ident = requests.post(contacts, json={"LastName": "Shell", "Email": "a@x.example"}, timeout=10).json()["id"]
    assert requests.patch(f"{contacts}/{ident}", json={"Title": "CTO"}, timeout=10).ok
    (found,) = requests.get(contacts, params={"Email": "a@x.example"}, timeout=10).json()
    assert (found["Id"], found["Title"]) == (ident, "CTO")
    assert requests.patch(f"{contacts}/{ident}", json={"Nonsense": 1}, timeout=10).status_code == 400
    assert requests.delete(f"{contacts}/{ident}", timeout=10).ok
    assert requests.delete(f"{contacts}/{ident}", timeout=10).status_code == 400
    account = requests.post(f"{salesforce.url}/_accounts", json={"Name": "Shell AG"}, timeout=10).json()["id"]
    assert ids(ask("SELECT Id FROM Account")) == [account]
    assert requests.post(f"{salesforce.url}/_objects/Note", json={"Body": "n"}, timeout=10).status_code == 201
