"""The PynamoDB records fit the tables of resources.yaml: keys, indices, attribute types, the TTL attribute."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pynamodb.models import Model

import chalicelib
from infra.local.provision import TEMPLATE
from infra.local.template import load

RESOURCES: dict[str, dict[str, Any]] = load(TEMPLATE)["Resources"]
for _module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(_module.name)


def below(model: type[Model]) -> Iterator[type[Model]]:
    for child in model.__subclasses__():
        yield child
        yield from below(child)


# A class of PynamoDB that stands for a table has keys; ours name theirs by `table`.
RECORDS: list[Any] = [
    record
    for record in below(Model)
    if record.__module__.startswith("chalicelib.") and record._hash_keyname and getattr(record, "table", None)
]


def table_of(record: Any) -> dict[str, Any]:
    properties: dict[str, Any] = RESOURCES[f"{record.table}Table"]["Properties"]
    return properties


def keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in schema}


def indices(properties: dict[str, Any]) -> list[dict[str, Any]]:
    return [*properties.get("GlobalSecondaryIndexes", []), *properties.get("LocalSecondaryIndexes", [])]


def test_there_are_records_for_each_table_in_use() -> None:
    assert {record.table for record in RECORDS} >= {"TenantData", "Accounts", "Privacy", "Jobs"}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_keys_are_the_tables(record: Any) -> None:
    table = table_of(record)
    assert keys(table["KeySchema"]) == {"HASH": record._hash_keyname, "RANGE": record._range_keyname}
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    for name, attribute in record.get_attributes().items():
        assert types.get(attribute.attr_name, attribute.attr_type) == attribute.attr_type, name


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_indices_are_the_tables(record: Any) -> None:
    declared = {index["IndexName"]: index for index in indices(table_of(record))}
    for name, index in record._indexes.items():
        schema = index._get_schema()
        assert keys(declared[name]["KeySchema"]) == keys(schema["key_schema"])
        assert declared[name]["Projection"]["ProjectionType"] == schema["projection"]["ProjectionType"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_end_of_life_is_the_attribute_that_the_table_expires_by(record: Any) -> None:
    assert record._ttl_attribute() is not None
    assert table_of(record)["TimeToLiveSpecification"] == {
        "AttributeName": record._ttl_attribute().attr_name,
        "Enabled": True,
    }


def test_every_index_is_used_by_a_record() -> None:
    used = {(record.table, name) for record in RECORDS for name in record._indexes}
    declared = {
        (name.removesuffix("Table"), index["IndexName"])
        for name, resource in RESOURCES.items()
        if resource["Type"] == "AWS::DynamoDB::Table"
        for index in indices(resource["Properties"])
    }
    assert used == declared
