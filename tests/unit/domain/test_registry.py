"""The registry: every record class of the product, and how each ends."""

import pytest

from chalicelib.domain import kinds
from chalicelib.domain.purge import registry
from chalicelib.domain.purge.registry import Ends
from chalicelib.store.records import SealedRecord


@pytest.mark.parametrize("record", kinds.RECORDS, ids=lambda record: record.__name__)
def test_somebody_has_thought_of_how_a_kind_ends_with_its_tenant(record: type[SealedRecord]) -> None:
    end = registry.ends(record)
    if end in (Ends.ELSEWHERE, Ends.OUTLIVES):
        assert registry.OF_PLATFORM[record.declared.kind][1], "say how it is found, or why it stays"


def test_no_end_is_kept_for_a_kind_that_is_gone() -> None:
    assert set(registry.OF_PLATFORM) <= {record.declared.kind for record in kinds.RECORDS}
