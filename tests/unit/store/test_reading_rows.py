"""A row is read as PynamoDB would read it."""

from typing import Any

import pytest
from pynamodb.models import Model

from chalicelib.domain import kinds
from chalicelib.store.records import SealedRecord

_VALUES: dict[str, Any] = {"S": "text", "N": "12", "B": b"sealed", "BOOL": True}


@pytest.mark.parametrize("record", kinds.RECORDS, ids=lambda each: str(each.declared.kind))
def test_every_kind_is_read_with_all_its_attributes_and_defaults(record: type[SealedRecord]) -> None:
    stored = {
        each.attr_name: {each.attr_type: _VALUES[each.attr_type]}
        for each in record.get_attributes().values()
        if each.attr_type in _VALUES
    }
    for item in (stored, {}, {name: {"NULL": True} for name in stored}):
        theirs: Any = Model.from_raw_data.__func__(record, item)  # type: ignore[attr-defined]
        read = record.from_raw_data(item)
        assert type(read) is type(theirs) is record
        assert read.attribute_values == theirs.attribute_values
