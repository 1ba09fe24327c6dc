"""What a job is: its state, how far it is, and what came of every row."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, get_args

from pydantic import Field

from chalicelib.core.models import Model

ID_PREFIX = "job"
LIFE_DAYS = 30
REJECTIONS_KEPT = 20_000  # row numbers a job can name: a record has 400 KB; all are counted
DROPS_KEPT = 5_000


class JobType(StrEnum):
    IMPORT = "import"
    LEAVING = "leaving"
    EXPORT = "export"
    DISCONNECT = "disconnect"
    SYNC = "sync"


class JobState(StrEnum):
    """QUEUED and RUNNING go on by themselves; the others are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


class Upload(StrEnum):
    """Whether an import's file was uploaded, and whether it was read into parts."""

    NONE = ""
    UNREAD = "unread"
    READ = "read"


Outcome = Literal["created", "updated", "unchanged", "merged"]  # of a row that was taken


class Tally(Model):
    """What became of rows. Each row counts once; `rejected` holds their numbers by code.

    `dropped` tells of cells that were not taken while their rows were: the rows by column, then by code.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: dict[str, list[int]] = {}
    rejected_total: int = 0
    dropped: dict[str, dict[str, list[int]]] = {}
    dropped_total: int = 0

    @property
    def rows(self) -> int:
        """How many rows this tells of."""
        return self.created + self.updated + self.unchanged + self.merged + self.rejected_total

    def count(self, outcome: Outcome) -> None:
        """Count a row that was taken."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def reject(self, row: int, code: str) -> None:
        """Count a row that was not taken, and name it while there is room."""
        if self.rejected_total < REJECTIONS_KEPT:
            self.rejected.setdefault(code, []).append(row)
        self.rejected_total += 1

    def drop(self, row: int, column: str, code: str) -> None:
        """Count a cell that was not taken, and name it while there is room."""
        if self.dropped_total < DROPS_KEPT:
            self.dropped.setdefault(column, {}).setdefault(code, []).append(row)
        self.dropped_total += 1

    def plus(self, other: "Tally") -> "Tally":
        """Return the sum of both; neither is changed."""
        total = self.model_copy(deep=True)
        for name in get_args(Outcome):
            setattr(total, name, getattr(self, name) + getattr(other, name))
        for code, rows in other.rejected.items():
            for row in rows:
                total.reject(row, code)
        total.rejected_total += other.rejected_total - sum(len(rows) for rows in other.rejected.values())
        named = [
            (row, column, code) for column, by in other.dropped.items() for code, rows in by.items() for row in rows
        ]
        for row, column, code in named:
            total.drop(row, column, code)
        total.dropped_total += other.dropped_total - len(named)
        return total


class FileRead(Model):
    """How an import's file was read. `source` is that of its values; `columns` are each name with the field it gives, None where
    it is not read; of a vCard the properties. `passed_over` are an archive's files that were not read, while there is room."""

    source: str = ""
    format: str = ""
    charset: str = ""
    columns: list[tuple[str, str | None]] = []
    passed_over: list[str] = []
    passed_over_total: int = 0


class JobPayload(Model):
    """`parts` is how many pieces the work has, `parts_done` the checkpoint: pieces before it are finished.

    `file` is what is known of an import's file, once it was read. `starts` counts the attempts since the last finished piece.
    `dry_run`: it stores nothing but this. While `upload` is unread, neither `total` nor `parts` is known.
    `revocation_unconfirmed`: a provider did not say that a grant has ended.
    """

    type: JobType
    state: JobState = JobState.QUEUED
    total: int = 0
    tally: Tally = Field(default_factory=Tally)
    parts: int = 0
    parts_done: int = 0
    starts: int = 0
    file: FileRead | None = None
    dry_run: bool = False
    upload: Upload = Upload.NONE
    failure: str = ""
    revocation_unconfirmed: bool = False
    created_at: datetime
    updated_at: datetime
