"""A person who is an account of Salesforce becomes a contact and no company, and is erased like anybody else."""

import json
import re
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from infra.simulators.salesforce.fields import PERSON_ACCOUNTS
from tests.conftest import Api, Member
from tests.support.provider_connection import Followed


def statement(api: Api, closing: str) -> dict[str, Any]:
    """What the certificate says that a closing mail names."""
    (path,) = re.findall(r"/certificates/[\w-]+", closing)
    told: dict[str, Any] = json.loads(urlsafe_b64decode(api.get(path).text.split(".")[1] + "=="))
    return told


def test_a_person_account_is_a_contact_and_no_company(
    cloud: Cloud, member: Member, org: Followed, erased: Callable[..., str]
) -> None:
    address = f"ana.{uuid.uuid4().hex[:10]}@people.example"
    crm: Any = cloud.salesforce.crm
    account, _ = crm.add_person("Ana", "Muster", address)
    later = crm.add("Account", Name="Ben Muster")
    org.settle()
    companies = {each["name"] for each in org.api.get("/v1/companies").json()["items"]}
    assert "Ana Muster" not in companies
    assert "Ben Muster" in companies
    (ana,) = org.api.get("/v1/contacts").json()["items"]
    assert (ana["first_name"], ana["last_name"], ana["emails"]) == ("Ana", "Muster", [address])
    assert (ana["company_id"], ana["company_name"]) == (None, None)
    crm.change("Account", later, IsPersonAccount=True)
    cloud.advance(3600)
    org.settle()
    assert "Ben Muster" not in {each["name"] for each in org.api.get("/v1/companies").json()["items"]}
    erased(address)
    crm.change("Account", account, Name="Ana Muster-Berg")
    cloud.advance(3600)
    org.settle()
    assert org.api.get("/v1/contacts").json()["items"] == []
    assert "Ana" not in org.api.get("/v1/companies").text


def test_an_account_that_is_an_erased_person_comes_back_by_no_pass(
    cloud: Cloud, org: Followed, erased: Callable[..., str]
) -> None:
    """In an org that does not tell persons from companies."""
    address = f"ana.{uuid.uuid4().hex[:10]}@people.example"
    crm: Any = cloud.salesforce.crm
    crm.hidden |= PERSON_ACCOUNTS
    account = crm.add("Account", Name="Ana Muster")
    crm.add("Contact", FirstName="Ana", LastName="Muster", Email=address, AccountId=account)
    other = crm.add("Account", Name="Ana Muster")
    org.settle()
    names = [each["name"] for each in org.api.get("/v1/companies").json()["items"]]
    assert names.count("Ana Muster") == 2
    closing = erased(address)
    told = statement(org.api, closing)
    assert "companies that are you: 1" in closing
    assert (told["deleted"]["contact"], told["deleted"]["company"]) == (1, 1)
    crm.change("Account", account, Website="ana.example")
    crm.change("Account", other, Website="other.example")
    cloud.advance(3600)
    org.settle()
    left = [each for each in org.api.get("/v1/companies").json()["items"] if each["name"] == "Ana Muster"]
    assert [each["domain"] for each in left] == ["other.example"]
    assert org.items() == []
