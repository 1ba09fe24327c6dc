"""Salesforce's interface as its documentation has it: the pages are named in infra/simulators/salesforce."""

import pytest
import requests

from chalicelib.connectors.salesforce import rest
from infra.simulators.salesforce.simulator import Salesforce


def token(salesforce: Salesforce, **other: str) -> requests.Response:
    form = {"grant_type": "client_credentials", **salesforce.credential, **other}
    return requests.post(f"{salesforce.url}/services/oauth2/token", data=form, timeout=10)


def ask(salesforce: Salesforce, q: str, version: str = "v62.0") -> requests.Response:
    bearer = {"Authorization": f"Bearer {token(salesforce).json()['access_token']}"}
    return requests.get(f"{salesforce.url}/services/data/{version}/query", params={"q": q}, headers=bearer, timeout=10)


def test_a_token_is_answered_for_the_credential(salesforce: Salesforce) -> None:
    answer = token(salesforce)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"}
    assert (body["token_type"], body["instance_url"]) == ("Bearer", salesforce.url)
    basic = requests.post(
        f"{salesforce.url}/services/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(salesforce.credential["client_id"], salesforce.credential["client_secret"]),
        timeout=10,
    )
    assert basic.json()["access_token"] != body["access_token"]
    assert salesforce.credential["client_secret"] not in str(salesforce.log)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_id": "x"}, "invalid_client_id"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_credential_is_refused(salesforce: Salesforce, wrong: dict[str, str], code: str) -> None:
    answer = token(salesforce, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert answer.json()["error_description"]


def test_the_versions_are_listed_without_a_token(salesforce: Salesforce) -> None:
    versions = requests.get(f"{salesforce.url}/services/data", timeout=10).json()
    assert f"/services/data/{rest.VERSION}" in [version["url"] for version in versions]
    assert all(set(version) == {"label", "url", "version"} for version in versions)


def test_a_query_answers_the_fields_that_it_names_and_no_other(salesforce: Salesforce) -> None:
    ident = salesforce.add_account("ten_x", "Nord & Söhne", "C-1")
    body = ask(salesforce, "select Id, name from Account where iko_tenant__c = 'TEN_X' limit 1").json()
    attributes = {"type": "Account", "url": f"/services/data/v62.0/sobjects/Account/{ident}"}
    record = {"attributes": attributes, "Id": ident, "Name": "Nord & Söhne"}
    assert body == {"totalSize": 1, "done": True, "records": [record]}
    assert len(ident) == 18


@pytest.mark.parametrize(
    ("q", "status", "code"),
    [
        ("SELECT Id, Secret FROM Account", 400, "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Secret__c = 'x'", 400, "INVALID_FIELD"),
        ("SELECT Id FROM Opportunities", 400, "INVALID_TYPE"),
        ("", 400, "MALFORMED_QUERY"),
        ("SELECT FROM Account", 400, "MALFORMED_QUERY"),
        ("SELECT * FROM Account", 400, "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a' OR Name = 'b'", 400, "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'it's'", 400, "MALFORMED_QUERY"),
        (r"SELECT Id FROM Account WHERE Name = 'a\x'", 400, "MALFORMED_QUERY"),
        ("SELECT Id FROM Account LIMIT many", 400, "MALFORMED_QUERY"),
    ],
)
def test_a_mistake_is_an_array_of_message_and_code(salesforce: Salesforce, q: str, status: int, code: str) -> None:
    answer = ask(salesforce, q)
    assert answer.status_code == status
    (error,) = answer.json()
    assert (set(error), error["errorCode"]) == ({"message", "errorCode"}, code)


def test_without_a_valid_token_or_version_nothing_is_read(salesforce: Salesforce) -> None:
    url = f"{salesforce.url}/services/data/v62.0/query"
    for headers in ({}, {"Authorization": "Bearer 00Dx!wrong"}):
        answer = requests.get(url, params={"q": "SELECT Id FROM Account"}, headers=headers, timeout=10)
        assert answer.status_code == 401
        assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    assert ask(salesforce, "SELECT Id FROM Account", "v99.0").status_code == 404


def test_tests_can_seed_break_and_watch_it(salesforce: Salesforce) -> None:
    url = salesforce.url
    invoice = {"date": "2026-01-31", "amount": 178.8, "currency": "EUR", "status": "Posted"}
    assert requests.post(f"{url}/_accounts", json={"tenant": "t", "name": "N", "invoices": [invoice]}, timeout=10).ok
    assert len(ask(salesforce, "SELECT Id FROM Invoice").json()["records"]) == 1
    assert requests.post(f"{url}/_faults", json={"kind": "status", "times": 1}, timeout=10).status_code == 201
    assert token(salesforce).status_code == 503
    assert token(salesforce).status_code == 200
    requests.post(f"{url}/_faults", json={"kind": "down"}, timeout=10)
    with pytest.raises(requests.ConnectionError):
        token(salesforce)
    requests.delete(f"{url}/_faults", timeout=10)
    assert token(salesforce).status_code == 200
    assert requests.post(f"{url}/_faults", json={"kind": "quake"}, timeout=10).status_code == 400
    seen = requests.get(f"{url}/_log", timeout=10).json()
    assert [entry["status"] for entry in seen] == [200, 200, 503, 200, 0, 200]
    requests.delete(f"{url}/_log", timeout=10)
    assert requests.get(f"{url}/_log", timeout=10).json() == []
