"""GET /v1/billing/invoices: the owner's own, live, and a clear answer where Salesforce gives none."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.core import ids
from infra.local.cloud import Cloud
from infra.local.functions import Limits
from infra.simulators.salesforce.simulator import Salesforce
from tests.conftest import Member

ROUTE = "/v1/billing/invoices"
INVOICE = {"number": "INV-1", "date": "2026-01-31", "amount": 178.8, "currency": "EUR", "status": "Posted"}


@pytest.fixture
def salesforce(cloud: Cloud) -> Iterator[Salesforce]:
    """The operator's Salesforce, whole again afterwards."""
    credential, limits = dict(cloud.salesforce.credential), dict(cloud.invocations.limits)
    cloud.salesforce.log.clear()
    yield cloud.salesforce
    cloud.salesforce.heal()
    cloud.salesforce.credential, cloud.salesforce.objects.hidden = credential, set()
    cloud.invocations.limits.update(limits)


def test_an_owner_sees_the_invoices_as_they_are_now(salesforce: Salesforce, member: Member) -> None:
    salesforce.add_account(member.tenant, "Nordlicht GmbH", "C-1", [INVOICE])
    answer = member.api.get(ROUTE)
    assert answer.status_code == 200
    shown = {"number": "INV-1", "date": "2026-01-31", "amount": "178.80", "currency": "EUR", "status": "posted"}
    account = {"name": "Nordlicht GmbH", "number": "C-1"}
    assert answer.json() == {"account": account, "items": [shown], "next_cursor": None}
    assert answer.headers["Cache-Control"] == "no-store"
    for record in salesforce.objects._records["Invoice"]:
        record["Status"] = "Voided"
    assert member.api.get(ROUTE).json()["items"] == [{**shown, "status": "voided"}]


def test_an_org_with_one_currency_shows_its_invoices_without_it(salesforce: Salesforce, member: Member) -> None:
    """It has no such field at all."""
    salesforce.add_account(member.tenant, "Nord", "C-1", [INVOICE])
    salesforce.objects.hidden = {"Invoice.CurrencyIsoCode"}
    (shown,) = member.api.get(ROUTE).json()["items"]
    assert (shown["date"], shown["amount"], shown["currency"]) == ("2026-01-31", "178.80", None)
    salesforce.objects.hidden = {"Invoice.InvoiceNumber"}  # which the operator has forgotten to allow
    assert member.api.get(ROUTE).status_code == 503


def test_only_an_owner_may_and_sees_its_own_workspace_only(
    salesforce: Salesforce,
    member: Member,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
) -> None:
    stranger, colleague = new_workspace(), new_colleague(member)
    salesforce.add_account(member.tenant, "Nord", "", [INVOICE])
    salesforce.add_account(stranger.tenant, "Sud", "", [{**INVOICE, "number": "INV-2"}])
    refused = colleague.api.get(ROUTE)
    assert (refused.status_code, refused.json()["code"]) == (403, "owner_only")
    assert salesforce.log == [], "nothing is asked for those who may not know"
    assert [item["number"] for item in member.api.get(ROUTE).json()["items"]] == ["INV-1"]
    assert [item["number"] for item in stranger.api.get(ROUTE).json()["items"]] == ["INV-2"]


def test_a_workspace_without_an_account_has_no_invoices(salesforce: Salesforce, member: Member) -> None:
    answer = member.api.get(ROUTE)
    assert (answer.status_code, answer.json()) == (200, {"account": None, "items": [], "next_cursor": None})


def test_an_odd_invoice_hides_no_other(salesforce: Salesforce, member: Member) -> None:
    odd = {"number": "INV-2", "date": None, "amount": 17880, "currency": "JPY", "status": "Posted"}
    dated = {
        "number": "INV-3",
        "date": "2026-02-01T09:00:00.000+0000",
        "amount": 1,
        "currency": "Euro",
        "status": "Posted",
    }
    salesforce.add_account(member.tenant, "Nord", "", [INVOICE, odd, dated])
    answer = member.api.get(ROUTE)
    assert answer.status_code == 200, answer.text
    assert [(each["number"], each["date"], each["amount"], each["currency"]) for each in answer.json()["items"]] == [
        ("INV-3", "2026-02-01", "1.00", None),
        ("INV-1", "2026-01-31", "178.80", "EUR"),
        ("INV-2", None, "17880", "JPY"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "down"},
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 500, "on": "/services/data"},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 403},
        {"kind": "status", "status": 401, "on": "/services/data"},
        {"kind": "slow", "seconds": 30},
    ],
)
def test_while_salesforce_gives_no_answer_it_is_said_and_later_it_is_right(
    cloud: Cloud, salesforce: Salesforce, member: Member, fault: dict[str, Any]
) -> None:
    salesforce.add_account(member.tenant, "Nord", "", [INVOICE])
    if fault["kind"] == "slow":
        cloud.invocations.limits["billing"] = Limits(1.3, 256)  # seconds of the function, not of the test
    salesforce.fault(**fault)
    answer = member.api.get(ROUTE)
    assert (answer.status_code, answer.json()["code"]) == (503, "billing_unavailable")
    assert answer.json()["title"] == "Billing information cannot be read right now"
    assert answer.headers["Retry-After"]
    salesforce.heal()
    assert [item["number"] for item in member.api.get(ROUTE).json()["items"]] == ["INV-1"]


def test_an_expired_token_is_not_noticed(salesforce: Salesforce, member: Member) -> None:
    assert member.api.get(ROUTE).status_code == 200
    salesforce.fault("expired")
    assert member.api.get(ROUTE).status_code == 200


def test_a_credential_that_salesforce_refuses_is_unavailable_until_it_is_replaced(
    cloud: Cloud, salesforce: Salesforce, member: Member
) -> None:
    old = dict(salesforce.credential)
    salesforce.credential = {**old, "client_secret": "rotated"}
    salesforce.fault("expired")
    assert member.api.get(ROUTE).json()["code"] == "billing_unavailable"
    secret, client = cloud.outputs["BillingSecretArn"], cloud.client("secretsmanager")
    client.put_secret_value(SecretId=secret, SecretString=json.dumps(salesforce.credential))
    assert member.api.get(ROUTE).status_code == 200
    client.put_secret_value(SecretId=secret, SecretString=json.dumps(old))


def test_the_function_that_fails_or_runs_out_of_time_is_unavailable(
    cloud: Cloud, salesforce: Salesforce, member: Member
) -> None:
    cloud.invocations.limits["billing"] = Limits(0.0, 256)
    answer = member.api.get(ROUTE)
    assert (answer.status_code, answer.json()["code"]) == (503, "billing_unavailable")


@pytest.mark.parametrize(
    "event",
    [{}, [], {"tenant": None}, {"tenant": "x' OR Name != '"}, {"tenant": f"{ids.new('ten')}' OR Name != 'x"}, "text"],
)
def test_the_function_asks_salesforce_for_nothing_but_a_tenant(
    cloud: Cloud, salesforce: Salesforce, member: Member, event: Any
) -> None:
    from chalicelib.jobs import billing

    salesforce.add_account(member.tenant, "Nord", "", [INVOICE])
    assert billing.handle(event, None) == {"error": "unavailable"}
    assert salesforce.log == []
