"""Entries of the replay log that tell which connections read no mailbox any more, since their members wanted it so."""

from datetime import datetime

from chalicelib.core import log, settings
from chalicelib.core.errors import Unavailable
from chalicelib.core.ids import TenantId
from chalicelib.core.models import Model
from chalicelib.store import objects
from chalicelib.vault.keys import PLATFORM


class Narrowing(Model):
    """From `at` on, when its member consented to `tier`, the connection reads no mailbox. One that is consented to later may."""

    tenant: TenantId
    connection: str
    tier: str
    at: datetime


def note(entry: Narrowing) -> None:
    """Write down that a member wants its mail read no more: before the connection says so."""
    key = _key(entry.tenant, entry.connection)
    objects.put_sealed(settings.current().buckets.replay, key, PLATFORM, entry.model_dump_json().encode())


def forget(tenant: TenantId, connection_id: str) -> None:
    """Forget it, since the member consented to having its mail read. Where that fails the more private of both holds."""
    try:
        objects.delete(settings.current().buckets.replay, _key(tenant, connection_id))
    except Unavailable as error:
        log.failure("narrowing_not_forgotten", error, tenant=tenant)


def _key(tenant: TenantId, connection_id: str) -> str:
    return f"narrowing/{tenant}.{connection_id}"
