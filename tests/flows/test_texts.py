"""Texts that cannot be stored are refused by name where somebody types them, and cleaned where a file brings them."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member

BAD = ["jan%0A%40form.example", "jan%0D%40form.example", "jan%00%40form.example", "%E2%80%A8jan%40fo%0D%0Arm.example"]


@pytest.mark.parametrize("email", [*BAD, "a" * 400 + "%40form.example", "jan%ED%A0%80%40form.example", "%0A"])
def test_a_form_takes_one_line_for_an_address(cloud: Cloud, api: Api, email: str) -> None:
    sent = len(cloud.sent_mail())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = api("POST", "/privacy", data=f"email={email}&right=erasure&details=x", headers=form)
    assert answer.status_code == (400 if "%ED" in email else 422)  # half a pair is no UTF-8
    assert answer.headers["Content-Type"].startswith("text/html")
    cloud.drain()
    assert len(cloud.sent_mail()) == sent


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("jan\n@form.example", "line_break"),
        ("jan@form.example\r\nBcc: x@form.example", "line_break"),
        ("jan\0@form.example", "unusable_character"),
    ],
)
def test_an_invitation_takes_one_line_for_an_address(member: Member, email: str, code: str) -> None:
    answer = member.api.post("/v1/members", {"email": email})
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("email", code)]


def test_what_the_details_of_a_request_hold_is_no_reason_to_refuse_it(api: Api) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "email=asks%40form.example&right=access&details=one%0D%0Atwo%00three%E2%80%AE"
    assert api("POST", "/privacy", data=body, headers=form).status_code == 200


def test_texts_of_a_request_name_the_field_that_cannot_be_stored(member: Member) -> None:
    answer = member.api.post("/v1/contacts", {"first_name": "Jan\nKeller", "title": "Head\0", "notes": "one\ntwo"})
    assert answer.status_code == 422
    found = {(e["field"], e["code"]) for e in answer.json()["errors"]}
    assert found == {("first_name", "line_break"), ("title", "unusable_character")}
    assert member.api.post("/v1/companies", {"name": "Acme\u202eelgoog"}).status_code == 422
    made = member.api.post(
        "/v1/contacts", {"first_name": "Jan", "notes": "one\r\n\ttwo\n", "phones": ["\u202a+49 30 1234567\u202c"]}
    )
    assert (made.status_code, made.json()["notes"], made.json()["phones"]) == (
        201,
        "one\r\n\ttwo\n",
        ["+49 30 1234567"],
    )


def test_a_file_s_cells_are_cleaned_not_lost(member: Member, run_import: Callable[..., dict[str, Any]]) -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jan O&#039;Brien\r\nN:O&#039;Brien;J\u202ean;;;\r\n"
        "TEL:&#43;49 30 1234567\r\n"
        "TITLE:Head\\nof\u2066 it\u2069 &amp; more\r\nORG:A\x07cme\r\nEMAIL:jan\u200b@cells.example\r\nEND:VCARD\r\n"
    )
    answer = member.api("POST", "/v1/imports", data=card.encode(), headers={"Content-Type": "text/vcard"})
    assert answer.status_code == 202, answer.text
    run_import(member, 'First Name,Title,Company,Email\r\n"An\nna",He\x01ad,"A\r\nB &amp; C",anna@cells.example\r\n')
    stored = {c["emails"][0]: c for c in member.api.get("/v1/contacts").json()["items"]}
    jan, anna = stored["jan@cells.example"], stored["anna@cells.example"]
    assert (jan["first_name"], jan["last_name"]) == ("Jan", "O'Brien")
    assert jan["phones"] == ["+49 30 1234567"]
    assert (jan["title"], jan["company_name"]) == ("Head of it & more", "Acme")
    assert (anna["first_name"], anna["title"], anna["company_name"]) == ("An na", "Head", "A B & C")
