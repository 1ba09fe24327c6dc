"""The issuer, the box of sent mails, and the port that all of it is found by."""

import types
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
import requests
from chalice import Chalice, Rate
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.local import functions
from infra.local.cloud import Cloud
from infra.local.oidc import LocalIssuer


def asked(cloud: Cloud, document: Any) -> requests.Response:
    return requests.post(cloud.issuer.token_url, json=document, timeout=10)


def test_a_token_comes_for_an_address_and_verifies_by_the_published_key(cloud: Cloud) -> None:
    found = requests.get(f"{cloud.issuer.url}/.well-known/openid-configuration", timeout=10).json()
    assert found["issuer"] == cloud.issuer.url
    keys = KeySet.import_key_set(requests.get(found["jwks_uri"], timeout=10).json())
    token = asked(cloud, {"email": "Zoë@team.example"}).json()["token"]
    claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
    assert claims["iss"] == cloud.issuer.url
    assert (claims["aud"], claims["email"], claims["email_verified"]) == ("iko-api", "Zoë@team.example", True)
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert claims["auth_time"] == claims["iat"]
    assert claims["sub"] == LocalIssuer.subject(" zoë@TEAM.example")
    assert "@" not in claims["sub"]
    other = asked(cloud, {"email": "zoe@team.example", "audience": "iko-officer"}).json()["token"]
    assert jwt.decode(other, keys, algorithms=["RS256"]).claims["aud"] == "iko-officer"


@pytest.mark.parametrize(
    "document", [None, [], {}, {"email": 1}, {"email": "nobody"}, {"email": "a@b.example", "audience": 1}]
)
def test_a_bad_question_is_answered_400(cloud: Cloud, document: Any) -> None:
    assert asked(cloud, document).status_code == 400


def test_no_private_key_is_ever_published(cloud: Cloud) -> None:
    for key in requests.get(cloud.issuer.jwks_url, timeout=10).json()["keys"]:
        assert set(key) <= {"kty", "kid", "use", "alg", "n", "e"}


def test_keys_rotate_and_old_ones_stay() -> None:
    issuer = LocalIssuer("test")
    try:
        before = issuer.token("a@b.example")
        issuer.rotate()
        keys = KeySet.import_key_set(requests.get(issuer.jwks_url, timeout=10).json())
        assert {key.kid for key in keys.keys} == {"local-1", "local-2"}
        for token in (before, issuer.token("a@b.example")):
            jwt.decode(token, keys, algorithms=["RS256"])
    finally:
        issuer.stop()


def test_a_sent_mail_can_be_read_with_its_texts(cloud: Cloud) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@iko.example", "zoe@person.example", "Réponse à votre demande"
    mail.set_content("Bonjour Zoë,\n\nhttps://l.example/a\n")
    mail.add_alternative("<p>Bonjour Zoë</p>", subtype="html")
    cloud.client("sesv2").send_email(
        FromEmailAddress="IKO Privacy <no-reply@iko.example>",
        Destination={"ToAddresses": ["zoe@person.example"]},
        Content={"Raw": {"Data": mail.as_bytes()}},
    )
    served = requests.get(cloud.sent_mail_url, timeout=10).json()[-1]
    assert served == cloud.sent_mail()[-1]
    assert served["to"] == ["zoe@person.example"]
    assert served["subject"] == "Réponse à votre demande"
    assert served["text"] == "Bonjour Zoë,\n\nhttps://l.example/a\n"
    assert served["html"].strip() == "<p>Bonjour Zoë</p>"


def test_mail_from_a_domain_that_is_not_ours_is_refused_as_ses_does(cloud: Cloud) -> None:
    ses = cloud.client("sesv2")
    with pytest.raises(ses.exceptions.MessageRejected):
        ses.send_email(
            FromEmailAddress="x@other.example",
            Destination={"ToAddresses": ["zoe@person.example"]},
            Content={"Raw": {"Data": b"Subject: x\r\n\r\nx"}},
        )


def scheduled(minutes: int, ran: list[str], *, hurried: bool) -> Callable[[], None]:
    """A function of that rate, which fails."""
    module = types.ModuleType("scheduled")
    app = Chalice(app_name="scheduled")

    @app.schedule(Rate(minutes, unit=Rate.MINUTES), name="now_and_then")
    def now_and_then(event: Any) -> None:
        ran.append(event.detail_type)
        raise ValueError("canary-9310")

    vars(module).update(app=app, now_and_then=now_and_then)
    return functions.schedules(module, "eu-west-1", 15, hurried=hurried)["now_and_then"]


@pytest.mark.parametrize(("minutes", "hurried"), [(5, True), (1, False)])
def test_a_schedule_that_fails_runs_again_at_its_next_time(minutes: int, hurried: bool) -> None:
    ran: list[str] = []
    run = scheduled(minutes, ran, hurried=hurried)
    run()
    run()
    assert ran == ["Scheduled Event"] * 2


def test_one_of_some_minutes_waits_for_its_time_where_nobody_is_in_a_hurry(cloud: Cloud) -> None:
    ran: list[str] = []
    run = scheduled(5, ran, hurried=False)
    for seconds in (0, 299, 1, 10):
        cloud.advance(seconds)
        run()
    assert len(ran) == 2


def test_a_transaction_that_fails_undoes_what_it_did_and_nothing_else(cloud: Cloud) -> None:
    client, name = cloud.client("dynamodb"), cloud.outputs["JobsTableName"]
    place = {"pk": {"S": f"tx-{uuid.uuid4().hex}"}}

    def put(sk: str, value: str, **condition: Any) -> dict[str, Any]:
        return {"Put": {"TableName": name, "Item": {**place, "sk": {"S": sk}, "x": {"S": value}}, **condition}}

    client.put_item(TableName=name, Item={**place, "sk": {"S": "old"}, "x": {"S": "before"}})
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(
            TransactItems=[
                put("old", "after"),
                put("new", "after"),
                put("never", "x", ConditionExpression="attribute_exists(sk)"),
            ]
        )
    found = client.query(
        TableName=name, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": place["pk"]}
    )["Items"]
    assert [(row["sk"]["S"], row["x"]["S"]) for row in found] == [("old", "before")]
    client.transact_write_items(TransactItems=[put("old", "after"), put("new", "after")])
    assert client.get_item(TableName=name, Key={**place, "sk": {"S": "new"}})["Item"]["x"]["S"] == "after"
