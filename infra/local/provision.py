"""Makes every resource of infra/resources.yaml through boto3, one maker a type, and fails on a type that nobody makes.

Not through moto's CloudFormation: it reports CREATE_COMPLETE for types that it skips, and drops TTL, recovery, encryption and
lifecycle (measured on moto 5.2).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from infra.local.template import ACCOUNT, Resolver, Unresolved, load

TEMPLATE = Path(__file__).resolve().parents[1] / "resources.yaml"
# What AWS's DynamoDB Local does not offer; everything else of a table is made there too.
_NOT_IN_DYNAMODB_LOCAL = ("PointInTimeRecoverySpecification", "SSESpecification")


class NobodyMakes(RuntimeError):
    """The template names a resource type that the local cloud does not make."""


class Provisioner:
    """Makes the template's resources in the account that boto3 reaches."""

    def __init__(self, region: str, *, real_dynamodb: bool = False, template: Path = TEMPLATE) -> None:
        self._document = load(template)
        parameters = {name: p.get("Default", "") for name, p in self._document.get("Parameters", {}).items()}
        self.known = Resolver(region, parameters)
        self._region, self._real_dynamodb = region, real_dynamodb
        self._makers: dict[str, Callable[[str, dict[str, Any]], None]] = {
            "AWS::KMS::Key": self._key,
            "AWS::DynamoDB::Table": self._table,
            "AWS::SQS::Queue": self._queue,
            "AWS::SQS::QueuePolicy": self._queue_policy,
            "AWS::S3::Bucket": self._bucket,
            "AWS::S3::BucketPolicy": self._bucket_policy,
            "AWS::SNS::Topic": self._topic,
            "AWS::SNS::TopicPolicy": self._topic_policy,
            "AWS::SNS::Subscription": self._subscription,
            "AWS::SES::ReceiptRuleSet": self._rule_set,
            "AWS::SES::ReceiptRule": self._rule,
            "AWS::CloudWatch::Alarm": self._alarm,
        }

    def make(self) -> dict[str, str]:
        """Make all, in the order that their references ask for; the template's outputs."""
        left = dict(self._document["Resources"])
        unknown = sorted({r["Type"] for r in left.values()} - set(self._makers))
        if unknown:
            raise NobodyMakes(f"infra/local/provision.py makes no {', '.join(unknown)}: add a maker for it")
        while left:
            made = [name for name, resource in left.items() if self._try(name, resource)]
            if not made:
                raise NobodyMakes(f"references in a circle: {', '.join(left)}")
            for name in made:
                del left[name]
        return {name: self.known.resolve(output["Value"]) for name, output in self._document["Outputs"].items()}

    def _try(self, name: str, resource: dict[str, Any]) -> bool:
        try:
            properties = self.known.resolve(resource.get("Properties", {}))
        except Unresolved:
            return False
        self._makers[resource["Type"]](name, properties)
        return True

    def _client(self, service: str) -> Any:
        return boto3.client(service, region_name=self._region)

    def _key(self, name: str, properties: dict[str, Any]) -> None:
        kms = self._client("kms")
        made = kms.create_key(
            Description=properties["Description"],
            KeySpec=properties.get("KeySpec", "SYMMETRIC_DEFAULT"),
            KeyUsage=properties.get("KeyUsage", "ENCRYPT_DECRYPT"),
            Policy=json.dumps(properties["KeyPolicy"]),
        )["KeyMetadata"]
        if properties.get("EnableKeyRotation"):
            kms.enable_key_rotation(KeyId=made["KeyId"])
        self.known.refs[name] = made["KeyId"]
        self.known.attributes[name, "Arn"] = made["Arn"]

    def _table(self, name: str, properties: dict[str, Any]) -> None:
        ddb, table = self._client("dynamodb"), f"iko-local-{name}"
        create = dict(properties)
        ttl, recovery = create.pop("TimeToLiveSpecification", None), create.pop("PointInTimeRecoverySpecification", None)
        encryption = create.pop("SSESpecification", None)
        if encryption and not self._real_dynamodb:
            create["SSESpecification"] = {
                "Enabled": encryption["SSEEnabled"],
                "SSEType": encryption["SSEType"],
                "KMSMasterKeyId": encryption["KMSMasterKeyId"],
            }
        ddb.create_table(TableName=table, **create)
        ddb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        if ttl:
            ddb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
        if recovery and not self._real_dynamodb:
            ddb.update_continuous_backups(
                TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        self.known.refs[name] = table
        self.known.attributes[name, "Arn"] = f"arn:aws:dynamodb:{self._region}:{ACCOUNT}:table/{table}"

    def _queue(self, name: str, properties: dict[str, Any]) -> None:
        attributes = {
            key: json.dumps(value) if isinstance(value, dict) else str(value)
            for key, value in properties.items()
            if key != "QueueName"
        }
        sqs = self._client("sqs")
        url = sqs.create_queue(QueueName=properties["QueueName"], Attributes=attributes)["QueueUrl"]
        self.known.refs[name] = url
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.known.attributes[name, "Arn"] = arn
        self.known.attributes[name, "QueueName"] = properties["QueueName"]

    def _queue_policy(self, name: str, properties: dict[str, Any]) -> None:
        for url in properties["Queues"]:
            policy = json.dumps(properties["PolicyDocument"])
            self._client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        self.known.refs[name] = name

    def _bucket(self, name: str, properties: dict[str, Any]) -> None:
        s3, bucket = self._client("s3"), f"iko-local-{name.lower()}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": self._region})
        rules = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        encryption = [
            {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"], "BucketKeyEnabled": True}
            for rule in rules
        ]
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": encryption})
        s3.put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"]
        )
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=properties["OwnershipControls"])
        lifecycle = [
            {
                "ID": rule["Id"],
                "Status": rule["Status"],
                "Filter": {"Prefix": ""},
                "Expiration": {"Days": rule["ExpirationInDays"]},
                "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
            }
            for rule in properties["LifecycleConfiguration"]["Rules"]
        ]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": lifecycle})
        self.known.refs[name] = bucket
        self.known.attributes[name, "Arn"] = f"arn:aws:s3:::{bucket}"

    def _bucket_policy(self, name: str, properties: dict[str, Any]) -> None:
        policy = json.dumps(properties["PolicyDocument"])
        self._client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
        self.known.refs[name] = name

    def _topic(self, name: str, properties: dict[str, Any]) -> None:
        attributes = {"KmsMasterKeyId": properties["KmsMasterKeyId"]}
        self.known.refs[name] = self._client("sns").create_topic(Name=f"iko-local-{name}", Attributes=attributes)["TopicArn"]

    def _topic_policy(self, name: str, properties: dict[str, Any]) -> None:
        for arn in properties["Topics"]:
            self._client("sns").set_topic_attributes(
                TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
            )
        self.known.refs[name] = name

    def _subscription(self, name: str, properties: dict[str, Any]) -> None:
        raw = {"RawMessageDelivery": str(properties["RawMessageDelivery"]).lower()}
        self.known.refs[name] = self._client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes=raw,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def _rule_set(self, name: str, properties: dict[str, Any]) -> None:
        self._client("ses").create_receipt_rule_set(RuleSetName=properties["RuleSetName"])
        self.known.refs[name] = properties["RuleSetName"]

    def _rule(self, name: str, properties: dict[str, Any]) -> None:
        self._client("ses").create_receipt_rule(RuleSetName=properties["RuleSetName"], Rule=properties["Rule"])
        self.known.refs[name] = properties["Rule"]["Name"]

    def _alarm(self, name: str, properties: dict[str, Any]) -> None:
        self._client("cloudwatch").put_metric_alarm(AlarmName=f"iko-local-{name}", **properties)
        self.known.refs[name] = f"iko-local-{name}"


def environment(outputs: dict[str, str]) -> dict[str, str]:
    """The IKO_* variables that the functions read, from the template's outputs."""
    tables = ("TenantData", "TenantKeys", "Credentials", "Accounts", "Directory", "Privacy", "Ledger", "Jobs")
    found = {f"IKO_TABLE_{_snake(name)}": outputs[f"{name}TableName"] for name in tables}
    for name in ("Tenant", "Credentials", "Platform", "Subject", "Signing"):
        found[f"IKO_KEY_{name.upper()}"] = outputs[f"{name}KeyArn"]
    for name in ("Inbound", "Deletions", "Work"):
        found[f"IKO_QUEUE_{name.upper()}"] = outputs[f"{name}QueueUrl"]
    for name in ("Inbound", "Imports", "Exports"):
        found[f"IKO_BUCKET_{name.upper()}"] = outputs[f"{name}BucketName"]
    return found


def _snake(name: str) -> str:
    return "".join("_" + c if c.isupper() and i else c for i, c in enumerate(name)).upper()
