"""Bad input: a clear error with a stable code, and nothing lost."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwk, jwt

from infra.local.cloud import Cloud
from tests.conftest import Api, Member


def b64(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def hs256(header: dict[str, Any], body: dict[str, Any], secret: bytes) -> str:
    """Made by hand, for libraries rightly refuse to."""
    signed = f"{b64(header)}.{b64(body)}"
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def claims(cloud: Cloud, email: str) -> dict[str, Any]:
    now = int(time.time())
    subject = cloud.issuer.subject(email)
    return {"iss": cloud.issuer.url, "sub": subject, "aud": "iko-api", "email": email, "iat": now, "exp": now + 10**8}


def test_tokens_that_prove_nothing(cloud: Cloud, member: Member, api: Api) -> None:
    good = claims(cloud, member.email)
    kid = cloud.issuer.keys[-1].kid
    public = cloud.issuer.keys[-1].as_pem(private=False)
    assert kid
    stranger = jwk.RSAKey.generate_key(2048, {"kid": kid})
    bad = {
        "expired": cloud.issuer.token(member.email, exp=int(time.time()) - 3600),
        "of another audience": cloud.issuer.token(member.email, aud="somebody-else"),
        "of another issuer": cloud.issuer.token(member.email, iss="https://elsewhere.example"),
        "alg none": f"{b64({'alg': 'none', 'typ': 'JWT'})}.{b64(good)}.",
        "HS256 with the public key": hs256({"alg": "HS256", "kid": kid}, good, public),
        "another's key under our kid": jwt.encode({"alg": "RS256", "kid": kid}, good, stranger),
        "no token": "x",
        "empty": "",
    }
    for what, token in bad.items():
        answer = api.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), what
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert member.api.get("/v1/me").status_code == 200


def test_a_new_signing_key_is_met_by_a_warm_process(cloud: Cloud, member: Member, api: Api) -> None:
    assert member.api.get("/v1/me").status_code == 200
    cloud.issuer.rotate()
    cloud.advance(31)
    assert api.get("/v1/me", token=cloud.issuer.token(member.email)).status_code == 200
    assert member.api.get("/v1/me").status_code == 200


@pytest.mark.parametrize("cursor", ["x", "0" * 80, "🙂", "' OR 1=1", ""])
def test_a_forged_cursor(member: Member, cursor: str) -> None:
    answer = member.api.get("/v1/contacts", params={"cursor": cursor})
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_cursor_of_another_member_or_list(member: Member, new_workspace: Any) -> None:
    for n in range(3):
        member.api.post("/v1/contacts", {"first_name": f"N{n}"})
    cursor = member.api.get("/v1/contacts?limit=1").json()["next_cursor"]
    assert cursor
    for client, path in ((new_workspace().api, "/v1/contacts"), (member.api, "/v1/companies")):
        answer = client.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b"\xff\xfe", "application/json", 400, "invalid_json"),
        (b"[" * 100_000, "application/json", 400, "invalid_json"),
        (b'{"first_name": NaN}', "application/json", 400, "invalid_json"),
        (b"first_name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"[]", "application/json", 422, "invalid"),
        (b'{"unknown": 1}', "application/json", 422, "invalid"),
        (b'{"first_name": "' + b"x" * 300_000 + b'"}', "application/json", 413, "too_large"),
        (b"x" * (11 * 1024 * 1024), "application/json", 413, "too_large"),
    ],
    ids=["cut", "no utf-8", "deep", "nan", "form", "list", "unknown field", "long", "11 MB"],
)
def test_bodies_that_cannot_stand(member: Member, raw: bytes, kind: str, status: int, code: str) -> None:
    answer = member.api("POST", "/v1/contacts", data=raw, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "not_a_table"),
        (b"Colour,Size\r\nred,1\r\n", "unknown_columns"),
        ((",".join(f"c{n}" for n in range(10_000)) + "\r\n").encode(), "too_many_columns"),
        (b"", "empty_file"),
    ],
    ids=["pdf", "no known column", "10,000 columns", "empty"],
)
def test_files_that_are_no_contacts(member: Member, body: bytes, code: str) -> None:
    answer = member.api("POST", "/v1/imports", data=body, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


def test_a_file_that_ends_in_the_middle_of_a_row_keeps_the_rows_before(member: Member, cloud: Cloud) -> None:
    body = b'First Name,Email\r\nAnn,ann@cut.example\r\n"Bo'
    job = member.api("POST", "/v1/imports", data=body, headers={"Content-Type": "text/csv"}).json()["job"]["id"]
    cloud.drain()
    result = member.api.get(f"/v1/jobs/{job}").json()["result"]
    assert result["created"] == 1
    assert result["rejected"] == [{"row": 2, "code": "row_incomplete"}]


def test_unknown_routes_and_wrong_methods(api: Api, member: Member) -> None:
    for client in (api, member.api):
        answer = client.get("/v1/nothing")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = member.api.delete("/v1/contacts")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_the_document_is_valid_openapi(api: Api) -> None:
    from openapi_spec_validator import validate

    document = api.get("/openapi.json").json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    page = api.get("/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script" not in page.text
    assert 'src="http' not in page.text


def test_health_robots_and_preflight(api: Api) -> None:
    assert api.get("/health").json() == {"status": "ok"}
    assert "Disallow: /" in api.get("/robots.txt").text
    preflight = api("OPTIONS", "/v1/contacts", headers={"Origin": "https://app.example"})
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Idempotency-Key" in preflight.headers["Access-Control-Allow-Headers"]


def test_an_idempotency_key_does_its_work_once(member: Member) -> None:
    key = {"Idempotency-Key": "k1"}
    first = member.api.post("/v1/companies", {"name": "Once"}, headers=key)
    again = member.api.post("/v1/companies", {"name": "Once"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = member.api.post("/v1/companies", {"name": "Other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(member.api.get("/v1/companies").json()["items"]) == 1
    member.api.delete(f"/v1/companies/{first.json()['id']}")
    assert member.api.post("/v1/companies", {"name": "Once"}, headers=key).status_code == 410
