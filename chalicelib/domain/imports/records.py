"""The rows of imports: a member's column mappings, and files still to come."""

from chalicelib.domain.imports.model import DUE_KIND, UPLOAD_LIFE_DAYS, MappingPayload, UploadPayload
from chalicelib.domain.work.model import ID_PREFIX
from chalicelib.store.declaration import Declaration, Exported, Found, Holds, OwnedWork
from chalicelib.store.handlers import Because
from chalicelib.store.records import TenantRecord


class MappingRecord(TenantRecord):
    """SK `mapping#owner code#id`."""

    declared = Declaration(
        kind="mapping",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="as long as its member's account",
        payload=MappingPayload,
        because="names of columns, chosen by the member",
        export=Exported("import-mappings", "MappingsOut", about="which columns of your files you read as what"),
    )


class UploadRecord(TenantRecord):
    """SK `upload#owner code#local`; the import's job has the same local id."""

    declared = Declaration(
        kind="upload",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="1 day",
        life_days=UPLOAD_LIFE_DAYS,
        payload=UploadPayload,
        because="a format, a size, and names of columns, chosen by the member",
        export=Because("a format and a size, for a day: how a file was announced that is read or was never sent"),
        work=(OwnedWork(ID_PREFIX, (DUE_KIND,), objects=True),),
    )
