"""What a person's copy holds, whom we asked for theirs, and the task of whom we asked."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from chalicelib.core.models import LINE, PROSE, Model
from chalicelib.core.told import Told
from chalicelib.domain.privacy.states import COPIES, RightKind

KIND = "task"
PREFIX = "tsk"


class TaskAnswer(StrEnum):
    """What a member answers. COPY: gives what its record says, without its notes. CORRECTED: puts it into its record.
    RESTRICTED, OBJECTION_KEPT: uses the record no more in that way, here and wherever it has it. REFUSED: with a reason."""

    COPY = "copy"
    CORRECTED = "corrected"
    RESTRICTED = "restricted"
    OBJECTION_KEPT = "objection_kept"
    REFUSED = "refused"


ANSWERS: dict[RightKind, frozenset[TaskAnswer]] = {
    **dict.fromkeys(COPIES, frozenset({TaskAnswer.COPY, TaskAnswer.REFUSED})),
    RightKind.RECTIFICATION: frozenset({TaskAnswer.CORRECTED, TaskAnswer.REFUSED}),
    RightKind.RESTRICTION: frozenset({TaskAnswer.RESTRICTED, TaskAnswer.REFUSED}),
    RightKind.OBJECTION: frozenset({TaskAnswer.OBJECTION_KEPT, TaskAnswer.REFUSED}),
}


class OwnPart(Model):
    """A part of what the platform itself holds of the person. Of the first: for which addresses (exact forms) it was looked up,
    and when."""

    addresses: list[str] = []
    made_at: datetime | None = None
    values: list[Told] = []


class AskedPayload(Model):
    """That a member was asked about records of the person, and what came of it. `gone`: it has left, or its workspace ends;
    `mails`: what became of ours to it. `values`: what it gave."""

    right: RightKind
    task: str
    due_at: datetime
    answer: TaskAnswer | None = None
    reason: str = ""
    gone: bool = False
    values: list[Told] = []
    mails: dict[str, str] = {}

    @property
    def open(self) -> bool:
        """Whether an answer may still come."""
        return self.answer is None and not self.gone


class TaskPayload(Model):
    """What a person asked of records that this member holds: by which address, which `records` (sort keys), and, where something
    is to be corrected, what is right, by field."""

    request: str
    right: RightKind
    address: str
    records: list[str]
    changes: Annotated[dict[str, str], LINE] = {}
    answer: TaskAnswer | None = None
    reason: Annotated[str, PROSE] = ""
    created_at: datetime
    due_at: datetime
    answered_at: datetime | None = None


class Customers(Model):
    """Whether customers were asked, whether answers are still to come, which kinds of answers came, and what was given: no
    number and no name."""

    asked: bool
    waiting: bool
    answers: list[TaskAnswer]
    values: list[Told]


class Copy(Model):
    """`kept_without_copy`: marks by which erased addresses are refused, which are keyed hashes."""

    request: str
    made_at: str
    addresses: list[str]
    ours: list[Told]
    customers: Customers
    kept_without_copy: str = "blocking marks of erased addresses, as keyed hashes"
