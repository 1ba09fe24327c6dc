"""P7: of a CRM the strict minimum is asked for, each field with its purpose; never deals, amounts, notes, documents."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from infra.local.cloud import Cloud
from infra.simulators.hubspot.simulator import HubSpot
from infra.simulators.salesforce import soql
from infra.simulators.salesforce.simulator import Salesforce
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.paired_crms import Crms, own_crms, sync

# Stated here once more: whoever wants another field of a CRM has to change this promise's own test.
CONTACT = "Id FirstName LastName Email Title AccountId HasOptedOutOfEmail MasterRecordId SystemModstamp IsDeleted"
ACCOUNT = "Id Name Website MasterRecordId IsPersonAccount SystemModstamp IsDeleted"
CONTACTS = "firstname lastname email jobtitle associatedcompanyid hs_email_optout lastmodifieddate hs_merged_object_ids"
COMPANIES = "name domain hs_lastmodifieddate hs_merged_object_ids"
FIELDS = {
    "salesforce": {"Contact": set(CONTACT.split()), "Account": set(ACCOUNT.split())},
    "hubspot": {"contacts": set(CONTACTS.split()), "companies": set(COMPANIES.split())},
}
SIGN_IN = "/services/oauth2/"
CRM = "/crm/objects/2026-03/"
SCOPES = {
    "salesforce": {"api", "refresh_token"},
    "hubspot": {"oauth", "crm.objects.contacts.read", "crm.objects.companies.read"},
}
Asked = dict[str, set[str]]  # by object: every field that was named to it


@pytest.fixture
def crms(cloud: Cloud) -> Iterator[Crms]:
    yield from own_crms(cloud)


def asked_of_salesforce(salesforce: Salesforce) -> tuple[Asked, set[str]]:
    """What was selected of which object, and what else was named: conditions and orders."""
    selected, named = Asked(), set[str]()
    for entry in salesforce.log:
        if entry["path"].startswith((SIGN_IN, "/id/")):
            continue
        assert (entry["method"], entry["path"].split("/")[4]) in {("GET", "query"), ("GET", "queryAll")}, entry
        assert set(entry["query"]) == {"q"}, entry
        query = soql.parse(entry["query"]["q"])
        selected.setdefault(query.of, set()).update(query.fields)
        named |= {condition.field for group in query.conditions for condition in group}
        named |= {name for name, _ in query.order}
    return selected, named


def asked_of_hubspot(hubspot: HubSpot) -> tuple[Asked, set[str]]:
    """The same."""
    selected, named = Asked(), set[str]()
    for entry in hubspot.log:
        if entry["path"].startswith("/oauth/"):
            continue
        assert entry["path"].startswith(CRM), entry
        of, body = entry["path"].removeprefix(CRM).split("/")[0], dict(entry["body"] or {})
        asked = body["properties"] if entry["method"] == "POST" else entry["query"]["properties"].split(",")
        assert asked, "without a choice HubSpot shows more"
        assert set(entry["query"]) <= {"limit", "properties", "after", "archived"}, entry
        assert body.pop("propertiesWithHistory", []) == [], "what a property was before is nobody's business"
        assert set(body) <= {"properties", "inputs", "filterGroups", "sorts", "limit", "after"}, entry
        selected.setdefault(of, set()).update(asked)
        named |= {each["propertyName"] for group in body.get("filterGroups", ()) for each in group["filters"]}
        named |= {each["propertyName"] for each in body.get("sorts", ())}
    return selected, named


def test_only_contacts_and_companies_are_asked_for_and_of_these_only_what_is_listed(
    cloud: Cloud, crms: Crms, member: Member, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    crms = replace(crms, forbidden=lambda word: mark(f"forbidden{word}"))
    assert crms.other_objects() > 100
    works = crms.company(name=mark("works"), domain=f"{mark('works')}.example")
    told = {"email": f"{mark('mail')}@people.example", "title": mark("title")}
    stays = crms.person(works, first=mark("first"), last=mark("last"), **told)
    goes = crms.person(works, first="Goes", last=mark("gone"))
    crms.connect(member)
    cloud.drain()
    crms.change(stays, title=mark("promoted"), opted_out="true")
    crms.delete(goes)
    crms.person(None, first="Comes", last=mark("new"))
    cloud.advance(60)
    sync(cloud, member)
    own = {each["last_name"]: each for each in member.api.get("/v1/contacts").json()["items"]}
    assert (own[mark("last")]["title"], own[mark("last")]["opted_out"]) == (mark("promoted"), True), "nothing was read"
    assert set(own) == {mark("last"), mark("new")}

    for provider, asked in (("salesforce", asked_of_salesforce), ("hubspot", asked_of_hubspot)):
        selected, named = asked(getattr(crms, provider))
        assert selected == FIELDS[provider], f"{provider} is asked for more, or the list names what is not read"
        consents = [entry["query"] for entry in getattr(crms, provider).log if entry["path"].endswith("/authorize")]
        assert consents
        assert all(set(query["scope"].split()) == SCOPES[provider] for query in consents)
        assert named <= set().union(*FIELDS[provider].values()) | {"hs_object_id"}, provider
    assert_stated(member)

    stored, opened = list(places.raw(cloud, captured)), list(places.unsealed(cloud))
    assert places.holding(mark("forbidden"), opened) == []
    assert places.holding(mark(""), stored) == [], "nothing of a CRM stands open, allowed or not"
    for word in ("first", "last", "mail", "promoted", "new"):
        assert places.holding(mark(word), opened) == ["table TenantData contact"], f"{word}: the scan is blind"
    assert "table TenantData company" in places.holding(mark("works"), opened)
    assert places.holding(mark("gone"), opened) == [], "what was deleted there is gone"


def assert_stated(member: Member) -> None:
    """GET /v1/providers says the same, with a purpose for each field, and how little the scopes reach."""
    items: list[dict[str, Any]] = member.api.get("/v1/providers").json()["items"]
    stated = {item["provider"]: item for item in items}
    for provider, tables in FIELDS.items():
        fields = {each["name"]: each["purpose"] for each in stated[provider]["fields"]}
        assert set(fields) == {f"{of}.{name}" for of, names in tables.items() for name in names}
        assert all(len(purpose) > 10 for purpose in fields.values())
        (tier,) = stated[provider]["tiers"]
        assert set(tier["scopes"]) == SCOPES[provider]
        assert set(tier["streams"]) == {"companies", "contacts"}
