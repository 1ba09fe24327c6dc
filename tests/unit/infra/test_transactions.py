"""The local DynamoDB's transactions: all or nothing, and nothing of another thread's is lost."""

import threading
from typing import Any

import pytest

from infra.local.cloud import Cloud


def put(cloud: Cloud, sk: str, condition: str = "attribute_not_exists(sk)") -> dict[str, Any]:
    item = {"tenant": {"S": "ten_transactions"}, "sk": {"S": sk}}
    return {"Put": {"TableName": cloud.outputs["TenantDataTableName"], "Item": item, "ConditionExpression": condition}}


def standing(cloud: Cloud) -> set[str]:
    answer = cloud.client("dynamodb").query(
        TableName=cloud.outputs["TenantDataTableName"],
        KeyConditionExpression="tenant = :t",
        ExpressionAttributeValues={":t": {"S": "ten_transactions"}},
        ConsistentRead=True,
    )
    return {item["sk"]["S"] for item in answer["Items"]}


def test_all_or_nothing_while_others_write(cloud: Cloud) -> None:
    client = cloud.client("dynamodb")
    client.transact_write_items(TransactItems=[put(cloud, "first"), put(cloud, "second")])
    refused: list[list[str]] = []

    def fail() -> None:
        for number in range(40):
            with pytest.raises(client.exceptions.TransactionCanceledException) as raised:
                client.transact_write_items(TransactItems=[put(cloud, f"never{number}"), put(cloud, "first")])
            refused.append([reason["Code"] for reason in raised.value.response["CancellationReasons"]])

    def write(name: str) -> None:
        for number in range(40):
            client.put_item(**put(cloud, f"{name}{number}")["Put"])

    threads = [threading.Thread(target=fail), *(threading.Thread(target=write, args=(name,)) for name in "ab")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [["None", "ConditionalCheckFailed"]] * 40
    assert standing(cloud) == {"first", "second", *(f"{name}{number}" for name in "ab" for number in range(40))}


def test_one_item_twice_is_refused(cloud: Cloud) -> None:
    client = cloud.client("dynamodb")
    with pytest.raises(client.exceptions.ClientError):
        client.transact_write_items(TransactItems=[put(cloud, "twice"), put(cloud, "twice")])
    assert "twice" not in standing(cloud)
