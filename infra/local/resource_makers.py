"""One maker for each resource type of infra/resources.yaml, through boto3.

A maker takes out of the properties what it makes. What it leaves behind stops the start with the property's name, so that no
setting of the template is dropped without anybody noticing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Client = Callable[[str], Any]
Properties = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """What Ref and Fn::GetAtt give for a resource."""

    ref: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Differences:
    """Where the cloud on one machine differs from the template on purpose."""

    queue_visibility_s: int | None = None  # in the template it fits functions of minutes; here they run for seconds
    table_properties: tuple[str, ...] = ()  # of tables: what the DynamoDB at hand does not offer
    plain_http: bool = True  # there is no TLS on a loopback port: "TLS only" would refuse everything
    prefix: str = "iko-local-"  # of names that CloudFormation would make up


Maker = Callable[[Client, str, Properties, Differences], Made]


def key(client: Client, name: str, p: Properties, _: Differences) -> Made:
    kms = client("kms")
    made = kms.create_key(
        Description=p.pop("Description"),
        KeySpec=p.pop("KeySpec", "SYMMETRIC_DEFAULT"),
        KeyUsage=p.pop("KeyUsage", "ENCRYPT_DECRYPT"),
        Policy=json.dumps(p.pop("KeyPolicy")),
    )["KeyMetadata"]
    if p.pop("EnableKeyRotation", False):
        kms.enable_key_rotation(KeyId=made["KeyId"])
    p.pop("PendingWindowInDays", None)  # how long a deletion waits: nothing here outlives the process
    return Made(made["KeyId"], {"Arn": made["Arn"]})


def table(client: Client, name: str, p: Properties, here: Differences) -> Made:
    ddb, full_name = client("dynamodb"), here.prefix + name
    for missing in here.table_properties:
        p.pop(missing, None)
    ttl, recovery = p.pop("TimeToLiveSpecification", None), p.pop("PointInTimeRecoverySpecification", None)
    encryption = p.pop("SSESpecification", None)
    if encryption:
        p["SSESpecification"] = {"Enabled": encryption.pop("SSEEnabled"), **encryption}
    arn = ddb.create_table(TableName=full_name, **p)["TableDescription"]["TableArn"]
    p.clear()  # boto3 refuses what CreateTable does not know
    ddb.get_waiter("table_exists").wait(TableName=full_name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    if ttl:
        ddb.update_time_to_live(TableName=full_name, TimeToLiveSpecification=ttl)
    if recovery:
        ddb.update_continuous_backups(TableName=full_name, PointInTimeRecoverySpecification=recovery)
    return Made(full_name, {"Arn": arn})


def queue(client: Client, name: str, p: Properties, here: Differences) -> Made:
    sqs, queue_name = client("sqs"), p.pop("QueueName")
    if here.queue_visibility_s is not None and "VisibilityTimeout" in p:
        p["VisibilityTimeout"] = here.queue_visibility_s
    attributes = {k: json.dumps(v) if isinstance(v, dict) else str(v) for k, v in p.items()}
    p.clear()  # CloudFormation's names are SQS's; moto refuses what it does not know
    url = sqs.create_queue(QueueName=queue_name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return Made(url, {"Arn": arn, "QueueName": queue_name, "QueueUrl": url})


def queue_policy(client: Client, name: str, p: Properties, _: Differences) -> Made:
    policy = json.dumps(p.pop("PolicyDocument"))
    for url in p.pop("Queues"):
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return Made(name)


def bucket(client: Client, name: str, p: Properties, here: Differences) -> Made:
    s3, bucket_name = client("s3"), f"{here.prefix}{name}".lower()
    s3.create_bucket(Bucket=bucket_name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    encryption = [
        {"ApplyServerSideEncryptionByDefault": rule.pop("ServerSideEncryptionByDefault"), **rule}
        for rule in p.pop("BucketEncryption")["ServerSideEncryptionConfiguration"]
    ]
    s3.put_bucket_encryption(Bucket=bucket_name, ServerSideEncryptionConfiguration={"Rules": encryption})
    block = p.pop("PublicAccessBlockConfiguration")
    s3.put_public_access_block(Bucket=bucket_name, PublicAccessBlockConfiguration=block)
    s3.put_bucket_ownership_controls(Bucket=bucket_name, OwnershipControls=p.pop("OwnershipControls"))
    rules = [
        {
            "ID": rule.pop("Id"),
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": rule.pop("ExpirationInDays")},
            **rule,
        }
        for rule in p.pop("LifecycleConfiguration")["Rules"]
    ]
    if cors := p.pop("CorsConfiguration", None):
        allowed = [{"MaxAgeSeconds": rule.pop("MaxAge"), **rule} for rule in cors["CorsRules"]]
        s3.put_bucket_cors(Bucket=bucket_name, CORSConfiguration={"CORSRules": allowed})
    s3.put_bucket_lifecycle_configuration(Bucket=bucket_name, LifecycleConfiguration={"Rules": rules})
    return Made(bucket_name, {"Arn": f"arn:aws:s3:::{bucket_name}"})


def bucket_policy(client: Client, name: str, p: Properties, _: Differences) -> Made:
    document = p.pop("PolicyDocument")
    # moto applies statements without reading their conditions, so the one that refuses plain HTTP would refuse all.
    document["Statement"] = [each for each in document["Statement"] if each["Effect"] != "Deny"]
    bucket = p.pop("Bucket")
    if document["Statement"]:
        client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    return Made(name)


def topic(client: Client, name: str, p: Properties, here: Differences) -> Made:
    attributes = {"KmsMasterKeyId": p.pop("KmsMasterKeyId")}
    return Made(client("sns").create_topic(Name=here.prefix + name, Attributes=attributes)["TopicArn"])


def topic_policy(client: Client, name: str, p: Properties, _: Differences) -> Made:
    policy = json.dumps(p.pop("PolicyDocument"))
    for arn in p.pop("Topics"):
        client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return Made(name)


def subscription(client: Client, name: str, p: Properties, _: Differences) -> Made:
    made = client("sns").subscribe(
        TopicArn=p.pop("TopicArn"),
        Protocol=p.pop("Protocol"),
        Endpoint=p.pop("Endpoint"),
        Attributes={"RawMessageDelivery": str(p.pop("RawMessageDelivery")).lower()},
        ReturnSubscriptionArn=True,
    )
    return Made(made["SubscriptionArn"])


def rule_set(client: Client, name: str, p: Properties, _: Differences) -> Made:
    ses, set_name = client("ses"), p.pop("RuleSetName")
    ses.create_receipt_rule_set(RuleSetName=set_name)
    ses.set_active_receipt_rule_set(RuleSetName=set_name)  # a step by hand in AWS: CloudFormation has no such resource
    return Made(set_name)


def rule(client: Client, name: str, p: Properties, _: Differences) -> Made:
    described = p.pop("Rule")
    client("ses").create_receipt_rule(RuleSetName=p.pop("RuleSetName"), Rule=described)
    return Made(described["Name"])


def mail_identity(client: Client, name: str, p: Properties, _: Differences) -> Made:
    identity = p.pop("EmailIdentity")
    client("sesv2").create_email_identity(EmailIdentity=identity)
    p.pop("DkimAttributes", None)  # DNS records: there is no DNS here
    return Made(identity)


def alarm(client: Client, name: str, p: Properties, here: Differences) -> Made:
    client("cloudwatch").put_metric_alarm(AlarmName=here.prefix + name, **p)
    p.clear()  # boto3 refuses what PutMetricAlarm does not know
    return Made(here.prefix + name)


def role(client: Client, name: str, p: Properties, here: Differences) -> Made:
    iam, role_name = client("iam"), here.prefix + name
    trust, description = json.dumps(p.pop("AssumeRolePolicyDocument")), p.pop("Description", "")
    longest = p.pop("MaxSessionDuration", 3600)
    made = iam.create_role(
        RoleName=role_name, AssumeRolePolicyDocument=trust, Description=description, MaxSessionDuration=longest
    )
    for policy in p.pop("Policies"):
        document = json.dumps(policy["PolicyDocument"])
        iam.put_role_policy(RoleName=role_name, PolicyName=policy["PolicyName"], PolicyDocument=document)
    return Made(role_name, {"Arn": made["Role"]["Arn"]})


def secret(client: Client, name: str, p: Properties, here: Differences) -> Made:
    made = client("secretsmanager").create_secret(
        Name=here.prefix + name,
        Description=p.pop("Description"),
        KmsKeyId=p.pop("KmsKeyId"),
        SecretString=p.pop("SecretString"),
    )
    return Made(made["ARN"])


MAKERS: dict[str, Maker] = {
    "AWS::KMS::Key": key,
    "AWS::DynamoDB::Table": table,
    "AWS::SQS::Queue": queue,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SNS::Subscription": subscription,
    "AWS::SES::ReceiptRuleSet": rule_set,
    "AWS::SES::ReceiptRule": rule,
    "AWS::SES::EmailIdentity": mail_identity,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::IAM::Role": role,
    "AWS::SecretsManager::Secret": secret,
}
