"""The rows of exports: each export, and which one of a member is being made."""

from chalicelib.domain.exports.model import DUE_KIND, ID_PREFIX, RECORD_DAYS, ExportingPayload, ExportPayload
from chalicelib.store.declaration import Declaration, Found, Holds, OwnedWork
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import TenantRecord


class ExportRecord(TenantRecord):
    """SK `export#owner code#id`. The zip itself stands in a bucket, for a day."""

    declared = Declaration(
        kind="export",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="30 days; the file that it tells of, 24 hours",
        life_days=RECORD_DAYS,
        payload=ExportPayload,
        because="state, size and times only; the file is deleted by every erasure of somebody whom its member held",
        after_erasure=Handler("chalicelib.domain.exports.invalidate:drop_of_owner"),
        export=Because("tells of copies like this one; nothing of it is left after a month"),
        work=(OwnedWork(ID_PREFIX, (DUE_KIND,), objects=True),),
    )


class ExportingRecord(TenantRecord):
    """SK `exporting#owner code#turn`: the one unfinished export of that member."""

    declared = Declaration(
        kind="exporting",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="while the export is made",
        payload=ExportingPayload,
        because="an id",
        export=Because("an id: which export is being made"),
    )
