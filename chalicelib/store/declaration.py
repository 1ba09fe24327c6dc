"""What every record class declares of itself: the registry that erasure, purge, export and the lives are driven by."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel


class Holds(StrEnum):
    """Whose personal data a record holds."""

    NOBODY = "nobody"  # ids, counters, times
    MEMBER = "member"  # a member's own account data
    PERSON = "person"  # data of people who may be strangers to us


class Found(StrEnum):
    """How an erasure of one person finds the record."""

    POINTER = "pointer"  # by its pointers, one per identifier held or mentioned
    WITH_PARENT = "with_parent"  # by the record it hangs on
    EPOCH = "epoch"  # derived: unreadable once its owner's epoch is raised
    KEY = "key"  # by its own key, which the erasure knows
    NEVER = "never"  # holds nobody's data, or must outlive the erasure (say why in `because`)


@dataclass(frozen=True)
class Declaration:
    """`kind` is the first part of the sort key; `life` in plain words, `life_days` where it ends by the calendar."""

    kind: str
    holds: Holds
    found: Found
    life: str
    life_days: int | None = None
    payload: type[BaseModel] | None = None
    because: str = ""
