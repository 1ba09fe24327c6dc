"""What resources.yaml says is made, all of it, and what nobody makes stops the start."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import Cloud
from infra.local.provision import TEMPLATE, NobodyMakes, Provisioner, environment
from infra.local.resource_makers import Differences
from infra.local.template import Resolver, Unresolved, load

RESOURCES: dict[str, dict[str, Any]] = load(TEMPLATE)["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in RESOURCES.items() if r["Type"] == kind}


def test_references_are_resolved_wherever_they_stand() -> None:
    known = Resolver("eu-west-1", {"Word": "w"})
    known.refs["Bucket"], known.attributes["Bucket", "Arn"] = "b", "arn:b"
    value = {
        "a": [{"Ref": "Bucket"}, {"Fn::GetAtt": ["Bucket", "Arn"]}],
        "b": {"Fn::Sub": "${Word}/${Bucket.Arn}/${AWS::Region}"},
    }
    assert known.resolve(value) == {"a": ["b", "arn:b"], "b": "w/arn:b/eu-west-1"}
    for missing in ({"Ref": "No"}, {"Fn::GetAtt": ["Bucket", "Name"]}, {"Fn::Sub": "${No}"}):
        with pytest.raises(Unresolved):
            known.resolve(missing)


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ("X: {Type: 'AWS::Cognito::UserPool'}", "AWS::Cognito::UserPool"),
        ("X: {Type: 'AWS::SQS::Queue', Condition: Sometimes, Properties: {QueueName: q}}", "Condition"),
        (
            "X: {Type: 'AWS::SNS::Topic', Properties: {KmsMasterKeyId: k, DisplayName: d}}",
            "AWS::SNS::Topic.DisplayName",
        ),
        ("X: {Type: 'AWS::SQS::QueuePolicy', Properties: {Queues: [!Ref X], PolicyDocument: {}}}", "circle"),
        ("X: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Nothing}}", "to nothing"),
    ],
)
def test_what_nobody_makes_stops_the_start_by_its_name(cloud: Cloud, tmp_path: Path, resources: str, said: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(f"Resources:\n  {resources}\nOutputs: {{}}\n")
    with pytest.raises(NobodyMakes, match=said):
        Provisioner(cloud.client, "eu-west-1", Differences(prefix="test-"), path).make()


def test_an_unknown_property_of_a_table_is_refused_by_the_service(cloud: Cloud, tmp_path: Path) -> None:
    from botocore.exceptions import ParamValidationError

    path = tmp_path / "template.yaml"
    path.write_text("Resources:\n  X: {Type: 'AWS::DynamoDB::Table', Properties: {Surprise: 1}}\nOutputs: {}\n")
    with pytest.raises(ParamValidationError):
        Provisioner(cloud.client, "eu-west-1", Differences(prefix="test-"), path).make()


@pytest.mark.parametrize("name", of_type("AWS::DynamoDB::Table"))
def test_tables_are_as_the_template_says(cloud: Cloud, name: str) -> None:
    wanted, ddb, table = RESOURCES[name]["Properties"], cloud.client("dynamodb"), cloud.outputs[f"{name}Name"]
    made = ddb.describe_table(TableName=table)["Table"]
    assert made["KeySchema"] == wanted["KeySchema"]
    assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    indices = {i["IndexName"]: (i["KeySchema"], i["Projection"]) for i in made.get("GlobalSecondaryIndexes", [])}
    assert indices == {
        i["IndexName"]: (i["KeySchema"], i["Projection"]) for i in wanted.get("GlobalSecondaryIndexes", [])
    }
    ttl = ddb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert ttl.get("AttributeName") == wanted.get("TimeToLiveSpecification", {}).get("AttributeName")
    if not cloud.real_dynamodb:
        assert made["DeletionProtectionEnabled"]
        assert made["SSEDescription"]["KMSMasterKeyArn"] == cloud.outputs["PlatformKeyArn"]
        backups = ddb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        days = backups["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"]
        assert days == wanted["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"]


def test_the_lives_of_backups_are_those_that_certificates_state() -> None:
    days = {
        name: table["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"]
        for name, table in of_type("AWS::DynamoDB::Table").items()
    }
    assert days["TenantKeysTable"] == 1, "a shredded key must not come back"
    assert days["TenantDataTable"] == 7
    assert max(days.values()) == 7
    assert "TimeToLiveSpecification" not in RESOURCES["TenantKeysTable"]["Properties"], "a key never expires by itself"


@pytest.mark.parametrize("name", of_type("AWS::SQS::Queue"))
def test_queues_are_as_the_template_says(cloud: Cloud, name: str) -> None:
    wanted = RESOURCES[name]["Properties"]
    made = cloud.client("sqs").get_queue_attributes(QueueUrl=cloud.outputs[f"{name}Url"], AttributeNames=["All"])
    attributes = made["Attributes"]
    assert attributes["QueueArn"].endswith(":" + wanted["QueueName"])
    assert attributes["MessageRetentionPeriod"] == str(wanted["MessageRetentionPeriod"])
    assert "key/" in attributes["KmsMasterKeyId"]
    if "RedrivePolicy" in wanted:
        redrive = json.loads(attributes["RedrivePolicy"])
        assert redrive["deadLetterTargetArn"].endswith(f":{wanted['QueueName']}-dead")
        assert int(redrive["maxReceiveCount"]) == 5


def test_every_queue_has_dead_letters_and_every_queue_an_alarm(cloud: Cloud) -> None:
    queues = {p["QueueName"] for p in of_type("AWS::SQS::Queue").values()}
    dead = {name for name in queues if name.endswith("-dead")}
    assert {f"{name}-dead" for name in queues - dead} == dead
    alarms = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    watched = {(alarm["MetricName"], alarm["Dimensions"][0]["Value"]) for alarm in alarms}
    assert watched == {
        *(("ApproximateNumberOfMessagesVisible", name) for name in dead),
        *(("ApproximateAgeOfOldestMessage", name) for name in queues - dead),
        ("StaleConnections", "sync"),
        ("BrokenTokens", "sync"),
        ("Misconfigured", "sync"),
        ("UnhandledKinds", "privacy"),
        ("OverdueRequests", "privacy"),
        ("UnreadFeeds", "directory"),
        ("StuckWork", "work"),
        ("UnsettledPayments", "subscription"),
    }


@pytest.mark.parametrize("name", of_type("AWS::S3::Bucket"))
def test_buckets_are_closed_encrypted_and_forgetful(cloud: Cloud, name: str) -> None:
    s3, bucket = cloud.client("s3"), cloud.outputs[f"{name}Name"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    (life,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    # The replay log outlives every backup that could bring back what it deletes.
    assert (life["Status"], life["Expiration"]["Days"]) == ("Enabled", 40 if name == "ReplayBucket" else 1)
    policies = [p["PolicyDocument"] for p in of_type("AWS::S3::BucketPolicy").values() if p["Bucket"] == {"Ref": name}]
    assert [s["Sid"] for policy in policies for s in policy["Statement"]].count("TlsOnly") == 1


def test_keys_have_their_use(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    for name in of_type("AWS::KMS::Key"):
        key = kms.describe_key(KeyId=cloud.outputs[f"{name}Arn"])["KeyMetadata"]
        assert (key["KeySpec"], key["KeyUsage"]) == (
            ("ECC_NIST_P256", "SIGN_VERIFY") if name == "SigningKey" else ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        )
        assert RESOURCES[name]["DeletionPolicy"] == "Retain"


def test_inbound_mail_goes_from_ses_through_the_topic_to_the_queue(cloud: Cloud) -> None:
    ses = cloud.client("ses")
    (rule,) = ses.describe_active_receipt_rule_set()["Rules"]
    assert rule["Recipients"] == ["privacy@iko.example"]
    assert (rule["Enabled"], rule["ScanEnabled"]) == (True, True)
    bucket, topic = cloud.outputs["InboundBucketName"], cloud.outputs["InboundTopicArn"]
    assert rule["Actions"] == [{"S3Action": {"BucketName": bucket, "TopicArn": topic}}]
    (subscription,) = cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    arn = subscription["SubscriptionArn"]
    attributes = cloud.client("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (attributes["Protocol"], attributes["RawMessageDelivery"]) == ("sqs", "true")
    queue = cloud.client("sqs").get_queue_attributes(
        QueueUrl=cloud.outputs["InboundQueueUrl"], AttributeNames=["QueueArn", "Policy"]
    )["Attributes"]
    assert attributes["Endpoint"] == queue["QueueArn"]
    (statement,) = json.loads(queue["Policy"])["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": topic}}


def test_a_tenant_session_reaches_rows_of_its_tenant_only(cloud: Cloud) -> None:
    role = cloud.outputs["TenantRoleArn"].rsplit("/", 1)[1]
    policy = cloud.client("iam").get_role_policy(RoleName=role, PolicyName="rows-of-one-tenant")["PolicyDocument"]
    for statement in policy["Statement"]:
        assert statement["Condition"] == {
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
            "Null": {"dynamodb:LeadingKeys": "false", "aws:PrincipalTag/tenant": "false"},
        }
        assert not any("Scan" in action or "*" in action for action in statement["Action"])


def test_the_functions_are_told_every_resource(cloud: Cloud) -> None:
    from chalicelib.core import settings

    here = settings.current()
    for group in (here.tables, here.keys, here.queues, here.buckets):
        assert all(vars(group).values()), group
    assert here.paypal.secret
    assert here.billing.secret
    assert here.connectors.secret
    assert len(environment(cloud.outputs)) == 8 + 5 + 4 + 5 + 3
