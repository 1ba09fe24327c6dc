"""P16: all data stay in the one configured region, as the templates say; sub-processors are listed."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.connectors.mail import sending
from chalicelib.core import settings
from chalicelib.domain.accounts.processors import processors
from chalicelib.vault import aws
from infra.local.cloud import Cloud
from infra.local.provision import TEMPLATE
from infra.local.template import load
from tests.conftest import Member

ROOT = Path(__file__).resolve().parents[2]
WIRING = TEMPLATE.with_name("wiring.yaml")
A_REGION = re.compile(r"\b(us|eu|ap|sa|ca|me|af|il|mx|cn)(-gov|-iso[a-z]?)?-(north|south|east|west|central)[a-z]*-\d\b")
# What copies data to another region, serves it from everywhere, or hands it to another account.
ELSEWHERE_TYPES = {
    "AWS::DynamoDB::GlobalTable",
    "AWS::KMS::ReplicaKey",
    "AWS::S3::MultiRegionAccessPoint",
    "AWS::CloudFront::Distribution",
    "AWS::Backup::BackupPlan",
}
ELSEWHERE_PROPERTIES = {
    "AccelerateConfiguration",
    "CopyActions",
    "KinesisStreamSpecification",
    "MultiRegion",
    "Region",
    "ReplicaRegions",
    "ReplicaSpecification",
    "Replicas",
    "ReplicationConfiguration",
    "ResourcePolicy",
    "StreamSpecification",
}
OURS = ("iko.example", "*.iko.example")  # placeholders of the operator's own hosts


def nodes(value: Any) -> Iterator[Any]:
    """Every mapping of a document."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(child)


@pytest.mark.parametrize("template", [TEMPLATE, WIRING], ids=lambda path: path.name)
def test_no_resource_is_or_copies_anywhere_else(template: Path) -> None:
    assert not A_REGION.search(template.read_text()), "the region is where the stack is, and is named nowhere"
    document = load(template)
    types = {resource.get("Type") for resource in document["Resources"].values()}
    assert not types & ELSEWHERE_TYPES
    for node in nodes(document):
        assert not set(node) & ELSEWHERE_PROPERTIES, node


def test_each_arn_that_names_a_region_names_the_stacks_own() -> None:
    arns = re.findall(r"arn:[^\"'\s]+", (TEMPLATE.read_text() + WIRING.read_text()).replace("AWS::", ""))
    assert arns
    for arn in arns:
        assert arn.split(":")[3] in ("", "${Region}"), arn  # IAM and S3 name none


def test_functions_are_deployed_to_that_region_alone_and_say_so_nowhere_else() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    assert config["api_gateway_endpoint_type"] == "REGIONAL", "an edge endpoint is served from everywhere"
    for path in sorted((ROOT / ".chalice").glob("*.json")):
        assert not A_REGION.search(path.read_text()), path
    for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]:
        assert not A_REGION.search(path.read_text()), path


def test_every_client_calls_the_configured_region(cloud: Cloud) -> None:
    here = settings.current().region
    clients = [aws.client("dynamodb", signer) for signer in ("platform", "tenant")]
    clients += [aws.client(service) for service in ("kms", "s3", "sqs", "sts", "secretsmanager")]
    assert {client.meta.region_name for client in [*clients, sending._client()]} == {here}
    for bucket in cloud.client("s3").list_buckets()["Buckets"]:
        assert cloud.client("s3").get_bucket_location(Bucket=bucket["Name"])["LocationConstraint"] == here
    for table in cloud.client("dynamodb").list_tables()["TableNames"]:
        described = cloud.client("dynamodb").describe_table(TableName=table)["Table"]
        assert here in described["TableArn"]
        assert not described.get("Replicas")


def test_whom_we_call_is_on_the_list_that_members_are_served(member: Member) -> None:
    served = member.api.get("/v1/workspace/privacy").json()
    table = [{"name": p.name, "purpose": p.purpose, "data": p.data, "region": p.region} for p in processors()]
    assert served["sub_processors"] == table
    assert all(all(each.values()) for each in table)
    assert served["region"] == settings.current().region
    hosts = (*OURS, *(host for processor in processors() for host in processor.hosts))
    for text in re.findall(r"https://[^\"'\s,}\\<]+", TEMPLATE.read_text() + WIRING.read_text()):
        host = urlsplit(text).hostname or ""
        assert any(fnmatchcase(host, known) for known in hosts), f"{host} is called by no listed processor"
    for client in (aws.client("kms"), aws.client("dynamodb")):
        host = f"{client.meta.service_model.endpoint_prefix}.{client.meta.region_name}.amazonaws.com"
        assert any(fnmatchcase(host, known) for known in hosts)
