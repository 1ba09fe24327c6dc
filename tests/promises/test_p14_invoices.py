"""P14: billing information comes from Salesforce, live, and is stored nowhere."""

from collections.abc import Callable

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog


def test_what_salesforce_holds_is_shown_and_kept_nowhere(
    cloud: Cloud, member: Member, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    invoice = {"date": "2026-01-31", "amount": 1234567.89, "currency": "EUR", "status": "Posted"}
    more = {"number": mark("number"), "Description": mark("text")}
    cloud.salesforce.add_account(member.tenant, mark("name"), mark("customer"), [{**invoice, **more}])
    shown = member.api.get("/v1/billing/invoices").text
    for field in ("number", "name", "customer"):
        assert mark(field) in shown, "a scan for what was never read proves nothing"
    assert mark("text") not in shown
    cloud.salesforce.fault("status", status=500, times=3)
    assert member.api.get("/v1/billing/invoices").status_code == 503
    cloud.drain()
    found = [*places.raw(cloud, captured), *places.unsealed(cloud)]
    assert any("billing_read" in line for line in captured.lines)
    for wanted in (*map(mark, ("number", "name", "customer", "text")), "1234567.89"):
        assert places.holding(wanted, found) == [], wanted
    assert places.holding(cloud.salesforce.credential["client_secret"], found) == []
