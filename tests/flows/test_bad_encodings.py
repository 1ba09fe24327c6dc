"""A body that is no UTF-8 is a 400, whichever route it comes to, and nothing of it is kept."""

from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member

NO_UTF8 = {
    "latin-1": "Zoë".encode("latin-1"),
    "shift_jis": "山田太郎".encode("shift_jis"),
    "utf-16": "Zoë".encode("utf-16"),
    "cut within a character": "Zoë".encode()[:-1],
    "overlong": b"\xc0\xaf",
    "a surrogate": b"\xed\xa0\x80",
    "one byte": b"\xff",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=iso-8859-1", None])
@pytest.mark.parametrize("name", NO_UTF8)
def test_json(member: Member, name: str, kind: str | None) -> None:
    body = b'{"first_name": "' + NO_UTF8[name] + b'"}'
    answer = member.api("POST", "/v1/contacts", data=body, headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")
    assert member.api.get("/v1/contacts").json()["items"] == []


def test_json_that_is_utf8_arrives_as_it_was_sent(member: Member) -> None:
    for name in ("Zoë", "山田太郎", "\N{REPLACEMENT CHARACTER}", "👩‍🔬"):
        body = f'{{"first_name": "{name}"}}'.encode()
        answer = member.api("POST", "/v1/contacts", data=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json"), answer.text


def test_a_change(member: Member) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "Zoe"}).json()
    kind = {"Content-Type": "application/merge-patch+json"}
    answer = member.api("PATCH", f"/v1/contacts/{made['id']}", data=b'{"first_name": "Zo\xeb"}', headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")
    assert member.api.get(f"/v1/contacts/{made['id']}").json()["first_name"] == "Zoe"


@pytest.mark.parametrize("details", [*NO_UTF8.values(), b"%FF", b"%C3", b"%ED%A0%80", b"Zo%EB"])
def test_forms(api: Api, cloud: Cloud, details: bytes) -> None:
    before = len(cloud.sent_mail())
    answer = api("POST", "/privacy", data=b"right=access&email=a%40people.example&details=" + details, headers=FORM)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (400, "text/html")
    assert "could not read this form" in answer.text
    assert len(cloud.sent_mail()) == before


def test_the_form_of_a_link(api: Api) -> None:
    answer = api("POST", "/privacy/confirm/req_x.y?lang=fr", data=b"other_email=\xe9@people.example", headers=FORM)
    assert answer.status_code == 400
    assert "lire ce formulaire" in answer.text


def test_a_form_that_is_too_long_is_not_read_in_part(api: Api) -> None:
    body = b"email=a%40people.example&right=erasure&details=" + b"x" * 70_000
    assert api("POST", "/privacy", data=body, headers=FORM).status_code == 413


@pytest.mark.parametrize("body", NO_UTF8.values())
def test_paypals_webhook(api: Api, body: bytes) -> None:
    names = ("auth-algo", "transmission-id", "transmission-sig", "transmission-time")
    headers: dict[str, Any] = {f"paypal-{name}": "x" for name in names}
    headers |= {
        "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/x",
        "Content-Type": "application/json",
    }
    answer = api("POST", "/webhooks/paypal", data=b'{"id": "' + body + b'"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("version", ["²", "9" * 4_400, '"1"x', "-1", "abc"])
def test_a_version_that_was_never_ours_is_another_one(member: Member, version: str) -> None:
    made = member.api.post("/v1/contacts", {"first_name": "Zoe"}).json()
    answer = member.api.patch(
        f"/v1/contacts/{made['id']}", {"title": "CEO"}, headers={"If-Match": version.encode("latin-1")}
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
