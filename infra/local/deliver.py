"""Deliver a raw mail to the privacy address of a running local cloud, as SES does: object first, then the notification. Or put a
file of people from public sources into the bucket of feeds, as the operator does.

Use: python -m infra.local.deliver request.eml, or people.jsonl, or people.csv
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

from chalicelib.core import clock

_VERDICTS = ("spam", "virus", "spf", "dkim", "dmarc")


def notification(message_id: str, bucket: str, topic: str, recipient: str, **verdicts: str) -> dict[str, Any]:
    """What SES publishes for a received mail (its developer guide, "contents of notifications"); verdicts PASS by default."""
    received_at = clock.rfc3339(clock.now())
    receipt = {
        "timestamp": received_at,
        "processingTimeMillis": 100,
        "recipients": [recipient],
        **{f"{name}Verdict": {"status": verdicts.get(name, "PASS")} for name in _VERDICTS},
        "action": {
            "type": "S3",
            "topicArn": topic,
            "bucketName": bucket,
            "objectKeyPrefix": "",
            "objectKey": message_id,
        },
    }
    mail = {
        "timestamp": received_at,
        "messageId": message_id,
        "source": "bounce@sender.example",
        "destination": [recipient],
        "headersTruncated": False,
        "headers": [],
        "commonHeaders": {},
    }
    return {"notificationType": "Received", "mail": mail, "receipt": receipt}


def deliver(cloud: dict[str, Any], raw: bytes) -> str:
    """Deliver a raw mail to a running local cloud, as .local/cloud.json describes it; the message's id."""
    inbound, message_id = cloud["inbound_mail"], uuid.uuid4().hex
    key = inbound["prefix"] + message_id
    _client(cloud, "s3").put_object(Bucket=inbound["bucket"], Key=key, Body=raw)
    told = notification(key, inbound["bucket"], inbound["topic_arn"], cloud["privacy_address"])
    _client(cloud, "sns").publish(TopicArn=inbound["topic_arn"], Message=json.dumps(told))
    return message_id


def feed(cloud: dict[str, Any], name: str, content: bytes) -> str:
    """Put a file of people from public sources where the directory reads it; the object's key."""
    into = cloud["directory_feed"]
    key = f"{into['prefix']}{name}"
    _client(cloud, "s3").put_object(Bucket=into["bucket"], Key=key, Body=content)
    return key


def _client(cloud: dict[str, Any], service: str) -> Any:
    import boto3

    session = boto3.session.Session(
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - any value is accepted
        region_name=cloud["region"],
    )
    return session.client(service, endpoint_url=cloud["aws"])


def main() -> int:
    """Deliver the file named on the command line, a mail or one of people; 1 with a sentence where that cannot be."""
    where = Path(".local/cloud.json")
    if len(sys.argv) != 2 or not where.exists():  # noqa: PLR2004 - one argument
        print("use: python -m infra.local.deliver FILE.eml|.jsonl|.csv, while `make run` is up in this checkout")
        return 1
    cloud, file = json.loads(where.read_text()), Path(sys.argv[1])
    people = file.suffix in (".jsonl", ".csv")
    print(f"delivered as {feed(cloud, file.name, file.read_bytes()) if people else deliver(cloud, file.read_bytes())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
