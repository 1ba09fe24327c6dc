"""A stranger writes to the privacy address, confirms, is erased everywhere, gets a certificate, and stays forgotten."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.markup import first_form
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail


def person() -> str:
    return f"anna.{uuid.uuid4().hex[:10]}@people.example"


def test_the_person_is_erased_in_every_tenant_and_does_not_come_back(
    new_workspace: Callable[..., Member], erased: Callable[..., str]
) -> None:
    first, second, address = new_workspace(), new_workspace(), person()
    for team in (first, second):
        made = team.api.post("/v1/contacts", {"first_name": "Anna", "last_name": "Muster", "emails": [address]})
        assert made.status_code == 201, made.text
        assert (
            team.api.post("/v1/contacts", {"first_name": "Bob", "last_name": "Stays", "emails": [person()]}).status_code
            == 201
        )
    erased(address)
    for team in (first, second):
        items = team.api.get("/v1/contacts").json()["items"]
        assert [item["first_name"] for item in items] == ["Bob"]
        again = team.api.post("/v1/contacts", {"first_name": "Anna", "emails": [address.upper()]})
        assert (again.status_code, again.json()["code"]) == (409, "address_not_storable")
        role = team.api.post("/v1/contacts", {"first_name": "Info", "emails": ["info@people.example"]})
        assert role.json() == again.json()


def test_the_certificate_verifies_offline_with_another_library(
    api: Api, cloud: Cloud, member: Member, erased: Callable[..., str]
) -> None:
    from jwcrypto import jwk, jws

    address = person()
    member.api.post("/v1/contacts", {"first_name": "Anna", "emails": [address]})
    text = erased(address)
    certificate = re.search(r"^https?://\S+/certificates/(\S+)$", text, re.MULTILINE)
    assert certificate
    answer = api.get(f"/certificates/{certificate[1]}")
    assert answer.headers["Content-Type"] == "application/jose"
    keys = jwk.JWKSet.from_json(api.get("/.well-known/jwks.json").text)
    token = jws.JWS()
    token.deserialize(answer.text)
    token.verify(keys.get_key(token.jose_header["kid"]))
    statement = json.loads(token.payload)
    salts = [line for line in text.splitlines() if re.fullmatch(r"[0-9a-z]{26}", line)]
    assert statement["scope"] == [{"sha256": hashlib.sha256((salts[0] + address).encode()).hexdigest()}]
    assert statement["deleted"]["contact"] == 1
    assert statement["backups_expire_at"] > statement["live_deleted_at"]
    assert address not in answer.text


def test_looking_at_the_link_changes_nothing_and_using_it_twice_does_no_harm(
    api: Api,
    cloud: Cloud,
    member: Member,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    address = person()
    member.api.post("/v1/contacts", {"first_name": "Anna", "emails": [address]})
    drop_mail(mail(address, "Bonjour, merci de supprimer toutes mes données personnelles.\r\n"))
    cloud.drain()
    first = sent_to(address)[-1]
    assert first["subject"].startswith("Merci de confirmer")
    path = link_in(first["text"]).removeprefix(cloud.url)
    shown = api.get(path)
    assert shown.status_code == 200
    assert '<form action="" method="post">' in shown.text
    cloud.drain()
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1
    for blind in (None, {"confirm": "yes"}, {"confirm": first_form(api.get("/privacy").text).get("confirm", "")}):
        refused = api.post(path, data=blind)
        assert refused.status_code == 422, "a scanner that presses what it has not read"
        assert first_form(refused.text) == first_form(shown.text), "the page is there for who meant it"
    cloud.drain()
    assert len(member.api.get("/v1/contacts").json()["items"]) == 1
    for _ in range(2):
        assert api.post(path, data=first_form(shown.text)).status_code == 200
    cloud.drain()
    assert member.api.get("/v1/contacts").json()["items"] == []
    status = api.get(path.replace("/confirm/", "/requests/"))
    assert status.status_code == 200


def test_the_page_of_a_request_tells_of_each_right(
    api: Api, cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Please delete all my personal data. I also object to the processing of my data.\r\n"))
    cloud.drain()
    path = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)

    def told() -> list[tuple[str, str]]:
        page = api.get(path.replace("/confirm/", "/requests/")).text
        return re.findall(r"<dt>([^<]+ my data)</dt><dd>([^<]+)</dd>", page)

    erasure, objection = "Delete my data", "Object to the use of my data"
    waiting, begun = "Waiting for your confirmation", "Confirmed, about to begin"
    assert told() == [(erasure, waiting), (objection, waiting)]
    assert api.press(path).status_code == 200
    assert told() == [(erasure, begun), (objection, begun)]
    for _ in range(2):
        cloud.drain()
        cloud.advance(4000)
    cloud.drain()
    assert told() == [
        (erasure, "Done"),
        (objection, "Ended: done by the deletion, or answered together with another request of yours"),
    ]


@pytest.mark.parametrize(
    ("headers", "verdicts"),
    [
        ({"List_Id": "<news.example>"}, {}),
        ({"Auto_Submitted": "auto-replied"}, {}),
        ({"Return_Path": "<>"}, {}),
        ({}, {"dmarc": "FAIL"}),
        ({}, {"spam": "FAIL"}),
        ({}, {"virus": "FAIL"}),
    ],
)
def test_silence_for_machines_and_forgers(
    cloud: Cloud,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    headers: dict[str, str],
    verdicts: dict[str, str],
) -> None:
    address = person()
    key = drop_mail(mail(address, "Please delete my data.\r\n", **headers), **verdicts)
    cloud.drain()
    assert sent_to(address) == []
    stored = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["InboundBucketName"], Prefix=key)
    assert stored["KeyCount"] == 0


def test_several_senders_or_none_get_silence(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    one, two = person(), person()
    drop_mail(mail(f"{one}, {two}", "Please delete my data.\r\n"))
    drop_mail(b"To: privacy@iko.example\r\n\r\nPlease delete my data.")
    cloud.drain()
    assert sent_to(one) == []
    assert sent_to(two) == []


def test_one_mail_delivered_twice_is_answered_once(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Please delete my data.\r\n"), times=2)
    cloud.drain()
    assert len(sent_to(address)) == 1


def test_a_mail_of_thirty_megabytes_is_answered(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Please delete my data.\r\n" + "x" * 76 + "\r\n") + b"A" * (30 * 1024 * 1024))
    cloud.drain()
    assert len(sent_to(address)) == 1


def test_a_right_without_steps_goes_to_the_officer_and_is_answered_with_the_form(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Hello, please do not make automated decisions about me.\r\n"))
    cloud.drain()
    assert f"{cloud.url}/privacy?lang=en" in sent_to(address)[-1]["text"].splitlines()


def test_a_wrong_link_is_a_page_and_many_wrong_ones_are_slowed_while_the_true_one_works(
    api: Api, cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Please delete my data.\r\n"))
    cloud.drain()
    path = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    ident = path.rsplit("/", 1)[1].split(".")[0]
    seen = {api.get(f"/privacy/confirm/{ident}.{number:052}").status_code for number in range(40)}
    assert seen == {404, 429}
    assert api.get(path).status_code == 200
    assert api.press(path).status_code == 200


def test_unconfirmed_one_reminder_then_lapsed(
    api: Api, cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = person()
    drop_mail(mail(address, "Please delete my data.\r\n"))
    cloud.drain()
    old = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    cloud.advance(5 * 86_400 + 200)
    cloud.drain()
    assert len(sent_to(address)) == 2
    fresh = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    assert fresh != old
    assert api.get(old).status_code == 200
    cloud.advance(8 * 86_400)
    cloud.drain()
    assert len(sent_to(address)) == 3
    assert api.press(fresh).status_code == 410


def test_the_form_answers_the_same_for_everybody_and_refuses_what_is_no_address(api: Api, cloud: Cloud) -> None:
    known, unknown = (api.post("/privacy", data={"email": person(), "right": "erasure"}) for _ in range(2))
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    bad = api.post("/privacy", data={"email": "nobody", "right": "erasure"})
    assert bad.status_code == 422
    assert 'role="alert"' in bad.text


@pytest.mark.parametrize(
    "form",
    [
        "{}..bbb.cc@docomo.example",
        "{}.@docomo.example",
        ".{}@docomo.example",
        '"{} doe"@people.example',
        "{}/b=c?@ezweb.example",
        "{}__@mail_1.people.example",
    ],
)
def test_who_writes_from_a_historic_address_is_answered_and_erased(
    cloud: Cloud,
    api: Api,
    member: Member,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    form: str,
) -> None:
    unique = uuid.uuid4().hex[:10]
    address = form.format(unique)
    noted = member.api.post("/v1/contacts", {"first_name": "Jan", "notes": f"Ask <{address}> too"}).json()["id"]
    drop_mail(mail(f"Hanako <{address}>", "Hello, please delete all my personal data. Thank you\r\n"))
    cloud.drain()
    (asked,) = sent_to(unique)
    assert api.press(link_in(asked["text"]).removeprefix(cloud.url)).status_code == 200
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    assert "/certificates/" in sent_to(unique)[-1]["text"]
    assert member.api.get(f"/v1/contacts/{noted}").json()["notes"] == "Ask <[…]> too"
