"""Rows of the sync: where each stream of a connection is, what a pass has seen, what each run did."""

from datetime import datetime

from pydantic import Field

from chalicelib.core.models import Model
from chalicelib.domain.connections.model import Held, HiddenField
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord

RUN_DAYS = 30


class CheckpointPayload(Model):
    """Where one stream is. `at` and `full` are its position (connectors.port.Position); `began_at` when this pass began, None
    between two; `page` counts its pages, `first` is the one that it began with (again), `mark` where it began if it is one of
    changes. Every write of it is over the version that was read: a worker whose lease another has taken over fails here, and
    stops.

    `seen` = `stored` + the sum of `skipped`: in a full pass so far, else as they were after the last one and have changed since.
    `unknown`: of what this pass of changes showed and can't be stored, by reason, that of which nothing is kept, so that it may
    be new or not.
    `unsure`: since the last complete pass a worker was killed, or failed, between what it stored and its next write of this row;
    so the `stored` of a pass of changes may be wrong, and is counted anew at its end.
    The last complete pass was so at `complete_at`, and had begun at `complete_from`: what changed there before that is here.
    `draw`: what the ids of contacts and companies that this pass makes are drawn from; another one for each pass.
    `shown`: of the records that the last complete pass showed, or that had not gone until then, those which are known here.
    `held`: what is not deleted yet, because much less than that was shown. `braked`: this pass ends without a deletion.
    `hidden`: fields that the account did not show at the last page.
    `recount`: this full pass is there because the provider's own count was another. `differs`: it still is after that.
    """

    full: bool = True
    at: dict[str, str] | None = None  # None: not begun
    mark: dict[str, str] | None = None
    began_at: datetime | None = None
    page: int = 0
    first: int = 0
    restarts: int = 0
    draw: str = ""
    recount: bool = False
    differs: bool = False
    seen: int = 0
    stored: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    unknown: dict[str, int] = Field(default_factory=dict)
    hidden: list[HiddenField] = Field(default_factory=list)
    unsure: bool = False
    shown: int = 0
    held: Held | None = None
    braked: bool = False
    sweeping: bool = False  # the pages are read; deletions are being mirrored
    complete_at: datetime | None = None
    complete_from: datetime | None = None
    full_at: datetime | None = None
    units: float = 0  # of the mailbox's quota that were used, as of `units_at`
    units_at: datetime | None = None


class CheckpointRecord(TenantRecord):
    """SK `checkpoint#owner code#connection's local id#stream`."""

    declared = Declaration(
        kind="checkpoint",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="as long as its connection",
        payload=CheckpointPayload,
        ended=Ended.WORK,
        because="positions at a provider and counts",
        export=Because("where the sync is at a provider"),
    )


class PassPayload(Model):
    """Keys of the external ids that one page of a pass showed, those which the source said are gone, and those of what is
    there and can't be stored any more. `position`: a digest of where the page said to go on, so that a circle is noticed.
    `settled`: keys that a run had looked at, and mirrored where they were gone, when its time ended. `merged`: of those which
    the source has made a part of another that is here."""

    seen: list[str] = Field(default_factory=list)
    gone: list[str] = Field(default_factory=list)
    unfit: list[str] = Field(default_factory=list)
    position: str = ""
    settled: list[str] = Field(default_factory=list)
    merged: list[str] = Field(default_factory=list)


class PassRecord(TenantRecord):
    """SK `pass#owner code#connection's local id#stream#page`: until the pass is complete and its deletions are mirrored."""

    declared = Declaration(
        kind="pass",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="until its pass is complete, a week at most",
        life_days=7,
        payload=PassPayload,
        because="keyed hashes of ids at a provider",
        export=Because("keyed hashes, until a pass is complete"),
    )


class RunPayload(Model):
    """What one run did. `outcome` is a stable word."""

    began_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""
    pages: int = 0
    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)


class RunRecord(TenantRecord):
    """SK `run#owner code#connection's local id#ULID`, newest last."""

    declared = Declaration(
        kind="run",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="30 days",
        life_days=RUN_DAYS,
        payload=RunPayload,
        because="times, counts and codes",
        export=Exported("runs", "RunsOut", about="what each sync of a connection did"),
    )
