"""What the policies of .chalice/ and the functions' settings say by themselves: no wildcard, nothing that nobody needs."""

import json
import re
from typing import Any

import pytest

from infra.local.provision import TEMPLATE
from infra.local.template import load
from tests.support.call_recorder import LOGICAL
from tests.support.iam_policies import FUNCTIONS, RESOURCES, ROOT, of_function, resources

WIRING = load(TEMPLATE.with_name("wiring.yaml"))["Resources"]
PARAMETERS = set(load(TEMPLATE.with_name("wiring.yaml"))["Parameters"])
_NOT_TOLD = ("OwnLog", "ConsumeItsQueue", "SendOurMail", "OpenThatSecret", "OpenPayPalSecret", "OpenOurRegistrations")


def test_nobody_has_a_wildcard_or_reads_a_table_whole() -> None:
    for function in FUNCTIONS:
        for statement in of_function(function):
            assert statement["Effect"] == "Allow"
            for action in statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]:
                assert "*" not in action
                assert "Scan" not in action
            assert "*" not in resources(statement)


def test_the_http_function_can_seal_credentials_and_never_open_them() -> None:
    may = {"api": {"kms:Encrypt"}, "sync": {"kms:Encrypt", "kms:Decrypt"}, "deletions": {"kms:Decrypt"}}
    for function in FUNCTIONS:
        actions = {
            action
            for statement in of_function(function)
            if "CredentialsKey" in resources(statement)
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert actions == may.get(function, set()), function


def test_only_an_erasure_finds_a_person_across_tenants() -> None:
    may = [f for f in FUNCTIONS if any("TenantDataTable/index/by_subject" in resources(s) for s in of_function(f))]
    assert may == ["deletions", "replay"]
    for function in FUNCTIONS:
        for statement in of_function(function):
            assert not resources(statement) & {"TenantDataTable", "CredentialsTable"}, "only as one tenant, by its role"


def test_only_the_billing_function_opens_the_credential_for_salesforce_and_it_reaches_nothing_else() -> None:
    everyone = [path.stem.removeprefix("policy-") for path in (ROOT / ".chalice").glob("policy-*.json")]
    for function in everyone:
        named = {each for statement in of_function(function) for each in resources(statement)}
        if function == "billing":
            assert {each for each in named if not each.startswith("arn:")} == {"BillingSecret", "BillingKey"}
        else:
            assert not named & {"BillingSecret", "BillingKey"}, function
    assert RESOURCES["BillingSecret"]["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["BillingKey", "Arn"]}
    may_ask = [f for f in everyone if any("Billing" in resources(statement) for statement in of_function(f))]
    assert may_ask == ["api"]


@pytest.mark.parametrize("function", LOGICAL)
def test_a_function_is_told_what_it_may_use_and_nothing_else(function: str) -> None:
    told = WIRING[LOGICAL[function]]["Properties"]["Environment"]["Variables"]
    named = {_target(value) for value in told.values()} - PARAMETERS
    used = {re.split("[/]", each)[0] for statement in of_function(function) for each in _told_of(statement)}
    if "TenantRole" in used:
        used |= {"TenantDataTable", "TenantKeysTable", "CredentialsTable"}
    assert named == used, json.dumps(sorted(named ^ used))


def _target(value: dict[str, Any]) -> str:
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


def _told_of(statement: dict[str, Any]) -> set[str]:
    """Resources that a function must know the name of: not its log, its own queue, the identity that mail is sent from, or
    the key of a secret."""
    return set() if statement["Sid"] in _NOT_TOLD else resources(statement)
