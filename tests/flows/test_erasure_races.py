"""An erasure beside writes and clicks that are under way: what arrives late is found by the second pass, or waits for it."""

import json
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.contacts.records import ContactRecord
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.store import rows
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail


@pytest.fixture
def confirm_link(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> Callable[[str], str]:
    """The path of the link that a person got who asked to be erased."""

    def make(address: str) -> str:
        drop_mail(mail(address, "Please delete all my personal data.\r\n"))
        cloud.drain()
        return link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)

    return make


def late_write(member: Member, contact: dict[str, Any]) -> Callable[[], None]:
    """Puts a contact back to where a killed or slow write stands between its pointers and its record; ends that write."""
    body = contact["id"].split("_", 1)[1]
    row = rows.get(ContactRecord, member.tenant, f"contact#{body[:10]}#{body[10:]}")
    assert row is not None
    rows.delete_if_unchanged(row)

    def finish() -> None:
        rows.put_new(row)

    return finish


def address() -> str:
    return f"nora.{uuid.uuid4().hex[:10]}@people.example"


def finish_erasure(cloud: Cloud) -> None:
    for _ in range(4):
        cloud.advance(SECOND_PASS_S)
        cloud.drain()


@pytest.mark.parametrize("role", ["holds", "mentions"])
def test_a_write_under_way_at_the_first_pass_does_not_outlive_the_second(
    cloud: Cloud, api: Api, member: Member, confirm_link: Callable[[str], str], role: str
) -> None:
    person = address()
    fields = {"emails": [person]} if role == "holds" else {"notes": f"Call Nora <{person}> first"}
    made = member.api.post("/v1/contacts", {"first_name": "Nora", **fields}).json()
    finish = late_write(member, made)
    assert api.press(confirm_link(person)).status_code == 200
    cloud.drain()
    finish()
    finish_erasure(cloud)
    left = member.api.get("/v1/contacts").json()["items"]
    assert person not in json.dumps(left)
    assert len(left) == (0 if role == "holds" else 1)


def test_an_address_added_while_the_erasure_runs_gets_both_passes_and_stands_in_the_certificate(
    cloud: Cloud,
    api: Api,
    member: Member,
    confirm_link: Callable[[str], str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    person, second = address(), address()
    path = confirm_link(person)
    made = member.api.post("/v1/contacts", {"first_name": "Nora", "emails": [second]}).json()
    assert api.press(path).status_code == 200
    cloud.drain()
    assert api.post(path, data={"other_email": second}).status_code == 200
    other = link_in(sent_to(second)[-1]["text"]).removeprefix(cloud.url)
    finish = late_write(member, made)
    cloud.advance(SECOND_PASS_S - 1)
    assert api.press(other).status_code == 200
    cloud.advance(2)  # the first address's second pass would be due; the second address has had no first one yet
    cloud.drain()
    finish()
    finish_erasure(cloud)
    assert member.api.get("/v1/contacts").json()["items"] == []
    closing = sent_to(person)[-1]["text"]
    link = next(line for line in closing.splitlines() if "/certificates/" in line)
    statement = api.get(link.removeprefix(cloud.url)).text.split(".")[1]
    assert len(json.loads(urlsafe_b64decode(statement + "=="))["scope"]) == 2


def test_an_address_confirmed_after_the_last_pass_is_not_certified_unerased(
    cloud: Cloud,
    api: Api,
    confirm_link: Callable[[str], str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    person, second = address(), address()
    path = confirm_link(person)
    assert api.post(path, data={"other_email": second}).status_code == 200
    other = link_in(sent_to(second)[-1]["text"]).removeprefix(cloud.url)
    assert api.press(path).status_code == 200
    cloud.drain()
    ident = path.rsplit("/", 1)[1].split(".")[0]
    request = rows.get(RequestRecord, f"request#{ident}", "request")
    assert request is not None
    # Where a kill between the last pass and the certificate leaves it.
    payload = request.unsealed(Request)
    assert payload.erasure
    payload.erasure.erasing.certificate_id = "0" * 26
    request.reseal(payload)
    rows.put_if_unchanged(request)
    assert api.press(other).status_code == 410
    finish_erasure(cloud)
    statement = api.get(f"/certificates/{'0' * 26}").text.split(".")[1]
    assert len(json.loads(urlsafe_b64decode(statement + "=="))["scope"]) == 1
