"""Where a pass over a tenant has come to, kept only while one is not finished."""

from chalicelib.core.ids import SortKey
from chalicelib.core.models import Model
from chalicelib.store.declaration import Declaration, Ended, Found, Holds, TenantEnd
from chalicelib.store.handlers import Handler
from chalicelib.store.records import PlatformRecord

SK = "lives"


class LivesPayload(Model):
    """`table` and `after`: behind which row to go on. `ending`: sort keys of contacts that were about to be deleted or cut,
    whose pointers a killed pass may have left behind."""

    table: str = ""
    after: str = ""
    ending: list[SortKey] = []


class LivesRecord(PlatformRecord):
    """PK `lives#tenant`, SK `lives`."""

    table = "Jobs"
    declared = Declaration(
        kind="lives",
        holds=Holds.NOBODY,
        found=Found.NEVER,
        life="while a pass over the workspace is not finished",
        ended=Ended.WORK,
        payload=LivesPayload,
        tenant_end=TenantEnd.HANDLER,
        purge=Handler("chalicelib.domain.retention.sweep:forget_tenant"),
        because="ids only",
    )
