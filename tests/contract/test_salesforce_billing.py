"""What our connector makes of Salesforce: the fields it asks for, every page, tokens and faults, answers of no known form."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.oauth import PlainHttp
from chalicelib.connectors.salesforce import billing, rest, soql
from chalicelib.connectors.salesforce.oauth import ClientCredentials, Unreadable
from chalicelib.core import clock, ids, settings
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.replies import reply
from infra.simulators.salesforce.simulator import Salesforce

FIELD = "IKO_Tenant__c"
INVOICE = {"number": "INV-1", "date": "2026-01-31", "amount": 178.8, "currency": "EUR", "status": "Posted"}


def asked(salesforce: Salesforce) -> list[str]:
    """What kind of requests came, in order."""
    return ["token" if "oauth2" in entry["path"] else "query" for entry in salesforce.log]


def test_an_account_is_read_with_its_invoices_newest_first_without_drafts(
    salesforce: Salesforce, org: rest.Org
) -> None:
    tenant, other = ids.new("ten"), ids.new("ten")
    salesforce.add_account(other, "Other", "C-2", [{**INVOICE, "number": "INV-OTHER"}])
    older = {"date": "2025-12-31", "amount": -1250, "currency": "JPY", "status": "Void In Progress"}
    drafts = [{**INVOICE, "status": status} for status in ("Draft", "Draft In Progress", "Error", "Pending")]
    salesforce.add_account(tenant, "Nord", "", [older, *drafts, INVOICE, {**INVOICE, "status": "Canceled"}])
    account, invoices = billing.read(org, FIELD, tenant)
    assert account == billing.Account("Nord", None)
    assert [(i.date, i.amount, i.currency, i.status) for i in invoices] == [
        ("2026-01-31", "178.80", "EUR", "posted"),
        ("2026-01-31", "178.80", "EUR", "canceled"),
        ("2025-12-31", "-1250", "JPY", "voided"),
    ]
    assert invoices[0].number == "INV-1"
    assert str(invoices[2].number).startswith("DOC-"), "an invoice without a number of its own has a document number"


def test_only_the_fields_of_the_tables_are_asked_for(salesforce: Salesforce, org: rest.Org) -> None:
    tenant = ids.new("ten")
    salesforce.add_account(tenant, "Nord", "C-1", [{**INVOICE, "Description": "private", "Balance": 3}])
    billing.read(org, FIELD, tenant)
    queries = [soql_of(entry) for entry in salesforce.log if "q" in entry["query"]]
    assert [set(fields) for fields, _ in queries] == [set(billing.ACCOUNT_FIELDS), set(billing.INVOICE_FIELDS)]
    assert all(purpose for table in (billing.ACCOUNT_FIELDS, billing.INVOICE_FIELDS) for purpose in table.values())


def soql_of(entry: dict[str, Any]) -> tuple[list[str], str]:
    selected, _, rest_of_it = entry["query"]["q"].removeprefix("SELECT ").partition(" FROM ")
    return selected.split(", "), rest_of_it


def test_a_tenant_without_an_account_has_none(salesforce: Salesforce, org: rest.Org) -> None:
    assert billing.read(org, FIELD, ids.new("ten")) == (None, [])
    assert asked(salesforce) == ["token", "query"]


def test_every_page_is_read(salesforce: Salesforce, org: rest.Org) -> None:
    tenant = ids.new("ten")
    salesforce.add_account(tenant, "Nord", "", [{**INVOICE, "number": f"INV-{n}"} for n in range(7)])
    salesforce.page_size = 2
    _, invoices = billing.read(org, FIELD, tenant)
    assert sorted(str(invoice.number) for invoice in invoices) == [f"INV-{n}" for n in range(7)]
    assert asked(salesforce) == ["token", *["query"] * 5]


def test_a_token_is_kept_until_it_is_refused_and_then_asked_for_once(salesforce: Salesforce, org: rest.Org) -> None:
    for _ in range(2):
        billing.read(org, FIELD, ids.new("ten"))
    assert asked(salesforce) == ["token", "query", "query"]
    salesforce.fault("expired")
    billing.read(org, FIELD, ids.new("ten"))
    assert asked(salesforce)[3:] == ["query", "token", "query"]
    salesforce.fault("status", status=401, on="/services/data")
    with pytest.raises(ProviderRefused) as refused:
        billing.read(org, FIELD, ids.new("ten"))
    assert asked(salesforce)[6:] == ["query", "token", "query"], "one new token, once"
    assert (refused.value.status, rest.error_code(refused.value)) == (401, "INVALID_SESSION_ID")


def test_a_rotated_credential_is_read_anew_once(salesforce: Salesforce) -> None:
    old = {**salesforce.credential, "client_secret": "old"}
    tokens = ClientCredentials(salesforce.url, lambda fresh: salesforce.credential if fresh else old)
    billing.read(rest.Org(salesforce.url, tokens), FIELD, ids.new("ten"))
    assert asked(salesforce) == ["token", "token", "query"]
    tokens = ClientCredentials(salesforce.url, lambda _fresh: old)
    with pytest.raises(ProviderRefused) as refused:
        tokens.token()
    assert rest.error_code(refused.value) == "invalid_client"
    assert len(salesforce.log) == 4, "the same credential is not tried twice"


def test_a_short_fault_is_outlasted_and_a_long_one_is_named(salesforce: Salesforce, org: rest.Org) -> None:
    salesforce.fault("status", status=503, times=2)
    assert billing.read(org, FIELD, ids.new("ten")) == (None, [])
    salesforce.fault("status", status=503)
    with pytest.raises(ProviderDown):
        billing.read(org, FIELD, ids.new("ten"))


def test_a_slow_answer_is_not_waited_for_beyond_the_callers_time(salesforce: Salesforce, org: rest.Org) -> None:
    salesforce.fault("slow", seconds=30)
    hurried = rest.Org(org.url, org.tokens, clock.monotonic() + 0.3)
    with pytest.raises(ProviderDown):
        billing.read(hurried, FIELD, ids.new("ten"))
    sent = len(salesforce.log)
    with pytest.raises(ProviderDown):
        billing.read(rest.Org(org.url, org.tokens, clock.monotonic() - 1), FIELD, ids.new("ten"))
    assert len(salesforce.log) == sent, "without time nothing is sent"


@pytest.mark.parametrize("bad", ["", "ten_", "x' OR Name != '", "ten_01m87hnd19pcvcm55tcf9r37v2' OR Name = 'a", "%"])
def test_what_is_no_tenants_id_is_never_sent(salesforce: Salesforce, org: rest.Org, bad: str) -> None:
    with pytest.raises(ValueError, match="no tenant's id"):
        billing.read(org, FIELD, bad)
    assert salesforce.log == []


def test_a_value_cannot_leave_its_quotes(salesforce: Salesforce, org: rest.Org) -> None:
    hostile = "x' OR Name = 'y\\' \\ \n\t\"%_é"
    ident = salesforce.add_account("t", hostile)
    (found,) = org.query(soql.select(["Id"], "Account", {"Name": hostile}, limit=9))
    assert found["Id"] == ident
    for name in ("Name FROM Account", "A' ", "", "1st", "x" * 81):
        with pytest.raises(ValueError, match="no name"):
            soql.select([name], "Account", {"Name": "x"}, limit=1)


def test_two_accounts_of_one_tenant_belong_to_nobody(salesforce: Salesforce, org: rest.Org) -> None:
    tenant = ids.new("ten")
    for _ in range(2):
        salesforce.add_account(tenant, "Nord")
    with pytest.raises(Unreadable):
        billing.read(org, FIELD, tenant)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.00"),
        (0.1, "0.10"),
        (1e5, "100000.00"),
        (12345678901.23, "12345678901.23"),
        (-0.01, "-0.01"),
        (None, None),
    ],
)
def test_an_amount_is_the_decimal_that_salesforce_holds(
    salesforce: Salesforce, org: rest.Org, amount: float | None, text: str | None
) -> None:
    tenant = ids.new("ten")
    salesforce.add_account(tenant, "Nord", "", [{**INVOICE, "amount": amount}])
    _, (invoice,) = billing.read(org, FIELD, tenant)
    assert invoice.amount == text


@pytest.fixture
def strange() -> Iterator[Callable[..., rest.Org]]:
    """An org that answers every query with those documents, one after the other."""
    servers: list[Server] = []

    def make(*documents: Any) -> rest.Org:
        left = list(documents)

        def answer(asked: Request) -> Response:
            return reply(200, {"access_token": "t"} if asked.method == "POST" else left.pop(0))

        servers.append(Server(Request.application(answer)))
        url = servers[-1].url
        return rest.Org(url, ClientCredentials(url, lambda _fresh: {"client_id": "a", "client_secret": "b"}))

    yield make
    for server in servers:
        server.stop()


def page(*records: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"totalSize": len(records), "done": True, "records": list(records), **more}


ACCOUNT = {"Id": "001", "Name": "Nord", "AccountNumber": None}
GOOD = {
    "InvoiceNumber": "1",
    "DocumentNumber": "2",
    "InvoiceDate": "2026-01-01",
    "TotalAmountWithTax": 1,
    "CurrencyIsoCode": None,
    "Status": "Posted",
}


@pytest.mark.parametrize(
    "documents",
    [
        ([],),
        ({},),
        ({"records": ["x"], "done": True},),
        (page(done=False, nextRecordsUrl="https://elsewhere.example/services/data/x"),),
        (page(done=False, nextRecordsUrl="//elsewhere.example/services/data/x"),),
        (page(done=False),),
        ({"done": False, "records": [], "nextRecordsUrl": "/services/data/v62.0/query/01g-1"},) * 30,
        (page({"Id": "001"}),),
    ],
)
def test_an_answer_that_salesforce_does_not_document_is_not_guessed_at(
    cloud: Cloud, strange: Callable[..., rest.Org], documents: tuple[Any, ...]
) -> None:
    with pytest.raises(Unreadable):
        billing.read(strange(*documents), FIELD, ids.new("ten"))


ODD = [
    ({"InvoiceDate": None}, {"date": None}),
    ({"InvoiceDate": "yesterday"}, {"date": None}),
    ({"InvoiceDate": "2026-02-31"}, {"date": None}),
    ({"InvoiceDate": "2026-01-31T23:30:00.000+0000"}, {"date": "2026-01-31"}),
    ({"CurrencyIsoCode": "euro"}, {"currency": None}),
    ({"CurrencyIsoCode": "EUR\n"}, {"currency": None}),
    ({"CurrencyIsoCode": 978}, {"currency": None}),
    ({"TotalAmountWithTax": "12"}, {"amount": None}),
    ({"TotalAmountWithTax": True}, {"amount": None}),
    ({"TotalAmountWithTax": float("nan")}, {"amount": None}),
    ({"TotalAmountWithTax": 1e300}, {"amount": None}),
    ({"Status": "In Klärung"}, {"status": None}),
    ({"InvoiceNumber": None}, {"number": "2"}),
    ({"InvoiceNumber": None, "DocumentNumber": None}, {"number": None}),
]


@pytest.mark.parametrize(("odd", "shown"), ODD)
def test_an_odd_invoice_is_shown_as_far_as_it_can_be_and_spoils_no_list(
    cloud: Cloud, strange: Callable[..., rest.Org], odd: dict[str, Any], shown: dict[str, Any]
) -> None:
    whole = {"number": "1", "date": "2026-01-01", "amount": "1.00", "currency": None, "status": "posted"}
    org = strange(page({**ACCOUNT, "AccountNumber": 7}), page({**GOOD, **odd}, {**GOOD, "InvoiceNumber": "9"}))
    account, invoices = billing.read(org, FIELD, ids.new("ten"))
    assert account == billing.Account("Nord", None)
    expected = [billing.Invoice(**{**whole, **shown}), billing.Invoice(**{**whole, "number": "9"})]
    assert sorted(invoices, key=lambda each: each.number == "9") == expected


@pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [
        ("JPY", 17880, "17880"),
        ("KRW", 1e7, "10000000"),
        ("BHD", 1.5, "1.500"),
        ("KWD", 1.234, "1.234"),
        ("CLF", 2, "2.0000"),
        ("EUR", 2, "2.00"),
        ("JPY", 178.8, "178.8"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_and_is_never_rounded(
    salesforce: Salesforce, org: rest.Org, currency: str, amount: float, text: str
) -> None:
    tenant = ids.new("ten")
    salesforce.add_account(tenant, "Nord", "", [{**INVOICE, "amount": amount, "currency": currency}])
    _, (invoice,) = billing.read(org, FIELD, tenant)
    assert (invoice.amount, invoice.currency) == (text, currency)


def test_a_credential_goes_over_plain_http_in_local_mode_only(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKO_MODE", "aws")
    settings.current.cache_clear()
    try:
        with pytest.raises(PlainHttp):
            ClientCredentials("http://salesforce.example", lambda _fresh: {})
        ClientCredentials("https://salesforce.example", lambda _fresh: {})
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_the_word_for_a_refusal_is_a_word_and_never_a_sentence() -> None:
    for answer, code in (
        ([{"message": "No such column 'X'", "errorCode": "INVALID_FIELD"}], "INVALID_FIELD"),
        ({"error": "invalid_client", "error_description": "d"}, "invalid_client"),
        ([{"errorCode": f"a b {uuid.uuid4()}"}], ""),
        ([], ""),
        (None, ""),
        ("text", ""),
        ([["x"]], ""),
    ):
        assert rest.error_code(ProviderRefused("salesforce", 400, answer)) == code
