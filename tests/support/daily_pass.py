"""The daily pass over one workspace, as its queue brings it."""

import json
import os

from infra.local.cloud import Cloud
from tests.conftest import Member


def run_pass(cloud: Cloud, tenant: str) -> None:
    """By its message, to its end, with whatever else is due."""
    body = json.dumps({"kind": "lives", "id": tenant})
    cloud.client("sqs").send_message(QueueUrl=os.environ["IKO_QUEUE_WORK"], MessageBody=body)
    cloud.drain()


def days_pass(cloud: Cloud, days: float, *members: Member) -> None:
    """Days go by with the daily pass, a minute more, so that what was told once is not told again; and members sign in again."""
    cloud.advance(days * 86_400)
    run_pass(cloud, members[0].tenant)
    cloud.advance(61)
    for member in members:
        member.api.token = cloud.issuer.token(member.email)
