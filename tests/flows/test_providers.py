"""GET /v1/providers: what each provider permits, and what it does not and why."""

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import Api, Member

ROOT = Path(__file__).resolve().parents[2]


def test_every_provider_says_what_it_permits_and_why_it_does_not(member: Member, api: Api) -> None:
    assert api.get("/v1/providers").status_code == 401
    answer = member.api.get("/v1/providers")
    assert answer.status_code == 200
    assert answer.json()["next_cursor"] is None
    items = {item["provider"]: item for item in answer.json()["items"]}
    assert list(items) == ["google", "salesforce", "hubspot", "linkedin", "x", "facebook", "xing", "viadeo"]
    for item in items.values():
        assert set(item) == {"provider", "connectable", "tiers", "permits", "forbids", "fields"}
        assert item["connectable"] == bool(item["tiers"])
        assert item["connectable"] == ("connect" in [each["capability"] for each in item["permits"]])
        assert all(each["why"] and each["source"].startswith("https://") for each in item["forbids"])
        reads = {stream for tier in item["tiers"] for stream in tier["streams"]}
        assert ("contacts" in reads) == ("contacts" in [each["capability"] for each in item["permits"]])
    assert [tier["name"] for tier in items["google"]["tiers"]] == ["contacts", "headers"]
    assert items["linkedin"]["tiers"][0]["scopes"] == ["r_dma_portability_3rd_party"]
    assert items["x"]["tiers"][0]["streams"] == []
    for crm in ("salesforce", "hubspot"):
        assert items[crm]["fields"]
        assert all(field["name"] and field["purpose"] for field in items[crm]["fields"])
        assert "sales_data" in [each["capability"] for each in items[crm]["forbids"]]
    for closed in ("facebook", "xing", "viadeo"):
        assert {"connect", "contacts", "messages", "publish"} == {
            each["capability"] for each in items[closed]["forbids"]
        }


def test_it_comes_in_pages(member: Member) -> None:
    shown, cursor = [], None
    for size in (5, 3):
        page = member.api.get("/v1/providers", params={"limit": 5, "cursor": cursor} if cursor else {"limit": 5}).json()
        assert len(page["items"]) == size
        shown += [item["provider"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert shown == [item["provider"] for item in member.api.get("/v1/providers").json()["items"]]
    assert member.api.get("/v1/providers?limit=101").status_code == 422


def test_the_document_describes_it(api: Api) -> None:
    document = api.get("/openapi.json").json()
    got = document["paths"]["/v1/providers"]["get"]
    assert got["security"] == [{"bearer": []}]
    assert "ProvidersOut" in json.dumps(got)
    assert set(document["components"]["schemas"]["ProviderOut"]["required"]) >= {"provider", "tiers", "forbids"}


def test_asking_loads_no_vendors_library() -> None:
    program = (
        "import sys; from chalicelib.connectors import vendors as v; [v.of(p).tiers for p in v.CONNECTABLE];"
        "[v.fields(p) for p in v.CONNECTABLE];"
        "print([m for m in ('googleapiclient', 'boto3', 'urllib3', 'joserfc', 'pynamodb') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
