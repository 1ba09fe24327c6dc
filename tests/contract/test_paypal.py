"""The simulated PayPal against PayPal's documented shapes, and our connector against both."""

import base64
import json
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from werkzeug import Request, Response

from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.paypal import model
from chalicelib.connectors.paypal.client import PayPal, PayPalRefused
from chalicelib.connectors.paypal.model import Payment, Refund, Status, Subscription, Unreadable
from chalicelib.connectors.paypal.webhooks import Transmission
from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.paypal.simulator import PayPal as PayPalSimulator

BACK = "https://app.iko.example/back?a=1"


@pytest.fixture(autouse=True)
def _local(cloud: Cloud) -> None:
    """The settings of one machine, which let a credential go over plain HTTP."""


@pytest.fixture
def there() -> Iterator[PayPalSimulator]:
    made = PayPalSimulator(timers=False)
    yield made
    made.stop()


@pytest.fixture
def client(there: PayPalSimulator) -> PayPal:
    return PayPal(there.url, lambda _: there.credential())


@pytest.fixture
def raw(there: PayPalSimulator) -> Callable[..., requests.Response]:
    """A request with a token, without our connector."""
    pair = (there.rest.client_id, there.rest.client_secret)
    answer = requests.post(
        f"{there.url}/v1/oauth2/token", auth=pair, data={"grant_type": "client_credentials"}, timeout=10
    )
    # https://developer.paypal.com/api/rest/authentication/
    assert set(answer.json()) == {"scope", "access_token", "token_type", "app_id", "expires_in", "nonce"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 32400)
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def ask(method: str, path: str, **more: Any) -> requests.Response:
        return requests.request(
            method, there.url + path, headers={**headers, **more.pop("headers", {})}, timeout=10, **more
        )

    return ask


def order(there: PayPalSimulator) -> dict[str, Any]:
    context = {"return_url": BACK, "cancel_url": BACK}
    return {"plan_id": there.rest.plan_id, "custom_id": "ten_x", "application_context": context}


def test_creating_answers_as_documented(there: PayPalSimulator, raw: Callable[..., requests.Response]) -> None:
    """https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_create"""
    made = raw("POST", "/v1/billing/subscriptions", json=order(there), headers={"PayPal-Request-Id": "r1"})
    assert made.status_code == 201
    assert set(made.json()) == {"status", "id", "create_time", "links"}
    assert made.json()["status"] == "APPROVAL_PENDING"
    assert {link["rel"]: link["method"] for link in made.json()["links"]} == {
        "approve": "GET",
        "self": "GET",
        "edit": "PATCH",
    }
    again = raw("POST", "/v1/billing/subscriptions", json=order(there), headers={"PayPal-Request-Id": "r1"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    other = raw("POST", "/v1/billing/subscriptions", json={**order(there), "plan_id": "P-UNKNOWN"})
    assert (other.status_code, other.json()["name"]) == (404, "RESOURCE_NOT_FOUND")
    assert {"name", "message", "debug_id", "details", "links"} == set(other.json())


def test_showing_and_cancelling_answer_as_documented(
    there: PayPalSimulator, raw: Callable[..., requests.Response]
) -> None:
    """https://developer.paypal.com/docs/api/subscriptions/v1/#subscriptions_get and #subscriptions_cancel"""
    ident = raw("POST", "/v1/billing/subscriptions", json=order(there)).json()["id"]
    path = f"/v1/billing/subscriptions/{ident}"
    early = raw("POST", f"{path}/cancel", json={"reason": "x"})
    assert (early.status_code, early.json()["details"][0]["issue"]) == (422, "SUBSCRIPTION_STATUS_INVALID")
    subscribed = there.subscriptions.get(ident)
    assert subscribed
    there.approval_page.approve(subscribed)
    shown = raw("GET", path).json()
    assert {"id", "status", "status_update_time", "plan_id", "custom_id", "subscriber", "billing_info"} <= set(shown)
    assert {"outstanding_balance", "cycle_executions", "last_payment", "next_billing_time"} <= set(
        shown["billing_info"]
    )
    assert {"email_address", "payer_id", "name", "shipping_address"} <= set(shown["subscriber"])
    assert raw("POST", f"{path}/cancel", json={}).status_code == 400, "a reason is required"
    done = raw("POST", f"{path}/cancel", json={"reason": "x"})
    assert (done.status_code, done.content) == (204, b"")
    assert "next_billing_time" not in raw("GET", path).json()["billing_info"]
    assert raw("POST", f"{path}/cancel", json={"reason": "x"}).status_code == 422
    assert raw("GET", "/v1/billing/subscriptions/I-NOBODYS").status_code == 404
    assert requests.get(there.url + path, timeout=10).status_code == 401


def test_events_are_signed_as_documented(there: PayPalSimulator) -> None:
    """https://developer.paypal.com/api/rest/webhooks/rest/: checked here without the simulator's own code."""
    arrived: list[tuple[dict[str, str], bytes]] = []
    endpoint = Server(Request.application(lambda _: Response()))
    there.listen(endpoint.url)
    subscribed, _ = there.subscriptions.add(there.rest.plan_id, "ten_x", (BACK, BACK), "")
    there.approval_page.approve(subscribed)
    assert there.deliver() == 2
    endpoint.stop()
    arrived = there.webhooks.sent
    for headers, body in arrived:
        event = json.loads(body)
        assert {
            "id",
            "event_version",
            "create_time",
            "resource_type",
            "event_type",
            "summary",
            "resource",
            "links",
        } <= set(event)
        path = headers["PAYPAL-CERT-URL"]
        certificate = x509.load_pem_x509_certificate(requests.get(path, timeout=10).content)
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        parts = (headers["PAYPAL-TRANSMISSION-ID"], headers["PAYPAL-TRANSMISSION-TIME"], there.webhooks.webhook_id)
        message = "|".join((*parts, str(zlib.crc32(body))))
        signature = base64.b64decode(headers["PAYPAL-TRANSMISSION-SIG"])
        key.verify(signature, message.encode(), padding.PKCS1v15(), hashes.SHA256())
    sale = json.loads(arrived[1][1])
    assert (sale["event_type"], sale["resource"]["billing_agreement_id"]) == ("PAYMENT.SALE.COMPLETED", subscribed.id)


def test_what_is_not_taken_is_sent_again(there: PayPalSimulator) -> None:
    answers = iter([503, 404, 200])
    endpoint = Server(Request.application(lambda _: Response(status=next(answers))))
    there.listen(endpoint.url)
    subscribed, _ = there.subscriptions.add(there.rest.plan_id, "ten_x", (BACK, BACK), "")
    there.webhooks.tell("BILLING.SUBSCRIPTION.CREATED", subscribed)
    assert [there.deliver(), there.deliver(), there.deliver(), there.deliver()] == [0, 0, 1, 0]
    endpoint.stop()


def test_the_verification_looks_at_the_very_bytes(there: PayPalSimulator, client: PayPal) -> None:
    body = b'{ "b": 1,\t"a": "\\u00e9\xc3\xa9", "c": [1.0, 1e2] }'
    headers = {name.lower().removeprefix("paypal-"): value for name, value in there.webhooks.headers(body).items()}
    transmission = Transmission(**{field.name: headers[field.name.replace("_", "-")] for field in fields(Transmission)})
    assert client.verified(transmission, there.webhooks.webhook_id, body)
    assert not client.verified(transmission, there.webhooks.webhook_id, body.replace(b"\t", b" "))
    assert not client.verified(transmission, there.webhooks.webhook_id, json.dumps(json.loads(body)).encode())
    assert not client.verified(transmission, "ANOTHERWEBHOOK", body)
    there.fault("status", on="verify")
    with pytest.raises(ProviderDown):
        client.verified(transmission, there.webhooks.webhook_id, body)


def test_our_connector_from_creation_to_cancellation(there: PayPalSimulator, client: PayPal) -> None:
    made = client.create(there.rest.plan_id, "ten_x", back=BACK, declined=BACK, request_id="r1")
    assert made.status is Status.APPROVAL_PENDING
    assert requests.get(made.approve_url, timeout=10).status_code == 200
    assert client.create(there.rest.plan_id, "ten_x", back=BACK, declined=BACK, request_id="r1").id == made.id
    pending = client.cancel(made.id)
    assert pending, "an approval that waits cannot be taken back"
    assert pending.status is Status.APPROVAL_PENDING
    subscribed = there.subscriptions.get(made.id)
    assert subscribed
    there.approval_page.approve(subscribed)
    shown = client.show(made.id)
    assert shown
    assert (shown.status, shown.plan, shown.custom_id) == (Status.ACTIVE, there.rest.plan_id, "ten_x")
    assert shown.next_billing_at
    assert shown.approve_url == ""
    for _ in range(2):
        ended = client.cancel(made.id)
        assert ended
        assert ended.status is Status.CANCELLED
    assert client.show("I-NOBODYS") is None
    assert client.cancel("I-NOBODYS") is None
    with pytest.raises(ValueError, match="PayPal"):
        client.show("../plans")


def test_payments_are_listed_and_given_back_once(there: PayPalSimulator, client: PayPal) -> None:
    made = client.create(there.rest.plan_id, "ten_x", back=BACK, declined=BACK, request_id="r1")
    span = (clock.now() - timedelta(days=1), clock.now() + timedelta(minutes=1))
    assert client.payments(made.id, *span) == []
    subscribed = there.subscriptions.get(made.id)
    assert subscribed
    there.approval_page.approve(subscribed)
    (payment,) = client.payments(made.id, *span)
    assert payment == Payment(subscribed.payments[0].id, None)
    assert [client.refund(payment.id, "note") for _ in range(2)] == [Refund.RETURNED] * 2, "the same request again"
    subscribed.payments[0].refund = "another request"
    assert client.refund(payment.id, "note") is Refund.RETURNED, "by whomever it was returned"
    assert client.payments(made.id, *span) == [Payment(payment.id, Refund.RETURNED)]
    subscribed.payments[0].status = "PENDING"
    assert client.payments(made.id, *span) == [Payment(payment.id, Refund.LATER)]
    assert client.refund(payment.id, "note") is Refund.LATER
    subscribed.payments[0].status = "DECLINED"
    assert client.payments(made.id, *span) == []
    assert client.refund("NOBODYS0000000000", "note") is Refund.REFUSED
    assert client.payments("I-NOBODYS", *span) == []
    there.fault("status", on="refund", status=409)
    with pytest.raises(PayPalRefused):
        client.refund(payment.id, "note")


@pytest.mark.parametrize(
    "document", [None, [], {"transactions": 1}, {"transactions": [{}]}, {"transactions": [{"id": "a b"}]}]
)
def test_a_list_of_payments_of_another_form_is_not_guessed_at(document: object) -> None:
    with pytest.raises(Unreadable):
        model.payments(document)


def test_what_paypal_refuses_has_a_name(there: PayPalSimulator, client: PayPal) -> None:
    for status in (400, 409, 422):
        there.fault("status", on="show", status=status, times=1)
        with pytest.raises(PayPalRefused):
            client.show("I-1234")
    for status in (400, 404, 409, 422):
        there.fault("status", on="create", status=status, times=1)
        with pytest.raises(PayPalRefused):
            client.create(there.rest.plan_id, "ten_x", back=BACK, declined=BACK, request_id="r")


def test_a_wrong_credential_is_as_if_paypal_were_down_and_is_asked_for_afresh(there: PayPalSimulator) -> None:
    asked: list[bool] = []

    def rotated(fresh: bool) -> dict[str, str]:
        asked.append(fresh)
        return there.credential() if fresh else {"client_id": "old", "client_secret": "old"}

    with pytest.raises(ProviderDown):
        PayPal(there.url, lambda _: {"client_id": "old", "client_secret": "old"}).show("I-1234")
    assert PayPal(there.url, rotated).show("I-1234") is None
    assert asked == [False, True]


def test_many_threads_fetch_one_token(there: PayPalSimulator, client: PayPal) -> None:
    threads = [threading.Thread(target=client.show, args=("I-1234",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(entry["operation"] == "token" for entry in there.log) == 1
    assert sum(entry["operation"] == "show" for entry in there.log) == 8


def test_nothing_but_ids_status_and_times_leaves_the_connector(there: PayPalSimulator) -> None:
    assert {field.name for field in fields(Subscription)} == {
        "id",
        "status",
        "plan",
        "custom_id",
        "status_at",
        "next_billing_at",
        "approve_url",
    }
    assert {field.name for field in fields(model.Notice)} == {"id", "type", "subscription", "status", "at"}


@pytest.mark.parametrize(
    "event", [None, [], {}, {"id": "x"}, {"id": "WH-1", "event_type": 3}, {"id": "a b", "event_type": "X"}]
)
def test_an_event_without_id_or_type_is_unreadable(event: object) -> None:
    with pytest.raises(Unreadable):
        model.notice(event)


@pytest.mark.parametrize("ident", ["I-1234\n", "\nI-1234", "I-12\n34", "I-", "I" * 65, "I-1234\u0661", "", None, 7])
def test_an_id_is_matched_whole(ident: object) -> None:
    assert model.is_id("I-1234")
    assert not model.is_id(ident)


def test_an_odd_event_is_reduced_all_the_same() -> None:
    odd = {"id": "WH-1", "event_type": "paula@payer.example", "resource": {"id": "a/b", "status": "VISA"}}
    got = model.notice({**odd, "create_time": "yesterday"})
    assert (got.type, got.subscription, got.status, got.at) == ("", "", "", None)
