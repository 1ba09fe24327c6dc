"""Person accounts, as Salesforce's documentation has them, and what our connector makes of them: a person, never a company.

https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_guidelines_personaccounts.htm
"""

import pytest
import requests

from chalicelib.connectors.port import Stream
from infra.local.cloud import Cloud
from infra.simulators.salesforce.fields import PERSON_ACCOUNTS
from infra.simulators.salesforce.simulator import Salesforce
from tests.contract.test_salesforce_members_interface import granted
from tests.support.salesforce_grant import connect, walk


def test_a_person_account_is_an_account_and_a_contact_of_its_own(salesforce: Salesforce) -> None:
    account, contact = salesforce.crm.add_person("Ana", "Muster", "ana@x.example")
    bearer = {"Authorization": f"Bearer {granted(salesforce)['access_token']}"}

    def ask(q: str, of: str = "query") -> requests.Response:
        url = f"{salesforce.url}/services/data/v62.0/{of}"
        return requests.get(url, params={"q": q}, headers=bearer, timeout=10)

    (found,) = ask("SELECT Id, Name, PersonContactId, PersonEmail FROM Account WHERE IsPersonAccount = TRUE").json()[
        "records"
    ]
    assert (found["Id"], found["Name"], found["PersonContactId"]) == (account, "Ana Muster", contact)
    (person,) = ask("SELECT Id, AccountId, Email FROM Contact WHERE IsPersonAccount = TRUE").json()["records"]
    assert (person["Id"], person["AccountId"], person["Email"]) == (contact, account, found["PersonEmail"])
    salesforce.crm.delete("Account", account)
    gone = ask("SELECT Id FROM Contact WHERE IsDeleted = TRUE", "queryAll").json()["records"]
    assert [each["Id"] for each in gone] == [contact]
    salesforce.crm.hidden |= PERSON_ACCOUNTS
    refused = ask("SELECT Id FROM Account WHERE IsPersonAccount = FALSE")
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_a_person_account_is_read_as_a_person_alone(cloud: Cloud, crm: Salesforce) -> None:
    firm = crm.crm.add("Account", Name="Nord AG", Website="nord.example")
    account, contact = crm.crm.add_person("Ana", "Muster", "ana@x.example")
    member = connect(crm)
    pages, _ = walk(member.source(Stream.COMPANIES))
    assert [each.external_id for page in pages for each in page.organizations] == [firm]
    assert [gone for page in pages for gone in page.gone] == [account]
    assert member.source(Stream.COMPANIES).count() == 1
    people, _ = walk(member.source())
    (person,) = (each for page in people for each in page.people)
    assert (person.external_id, person.first_name, person.last_name) == (contact, "Ana", "Muster")
    assert (person.emails, person.company_external_id) == (("ana@x.example",), account)
    looked = member.source(Stream.COMPANIES).look([firm, account])
    assert ([each.external_id for each in looked.organizations], looked.gone) == ([firm], (account,))


def test_an_account_that_becomes_a_person_s_is_gone(cloud: Cloud, crm: Salesforce) -> None:
    account = crm.crm.add("Account", Name="Ana Muster")
    source = connect(crm).source(Stream.COMPANIES)
    pages, position = walk(source)
    assert [each.external_id for page in pages for each in page.organizations] == [account]
    cloud.advance(3600)
    crm.crm.change("Account", account, IsPersonAccount=True)
    changed, _ = walk(source, position)
    assert [gone for page in changed for gone in page.gone] == [account]


@pytest.mark.parametrize("first", ["page", "count"])
def test_an_org_without_person_accounts_is_read_as_before(crm: Salesforce, first: str) -> None:
    crm.crm.hidden |= PERSON_ACCOUNTS
    firm = crm.crm.add("Account", Name="Nord AG")
    source = connect(crm).source(Stream.COMPANIES)
    if first == "count":
        assert source.count() == 1
    pages, _ = walk(source)
    assert [each.external_id for page in pages for each in page.organizations] == [firm]
    assert source.count() == 1
    assert [entry["status"] for entry in crm.log if "q" in entry["query"]].count(400) == 1, "asked for once"
