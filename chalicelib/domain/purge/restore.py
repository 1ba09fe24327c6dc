"""Doing purges and leavings again, from the replay log, on tables that were restored from a backup."""

from collections.abc import Callable

from chalicelib.domain.certificates.replay_log import Leaving as LeavingEntry
from chalicelib.domain.certificates.replay_log import Logged
from chalicelib.domain.certificates.replay_log import Purge as PurgeEntry
from chalicelib.domain.purge.deletion import Registry
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.store.handlers import Replayed


def purge(logged: Logged[PurgeEntry], registry: Registry, _within: str, _has_time: Callable[[], bool]) -> Replayed:
    """Purge the tenant again; how many rows and objects had come back."""
    return Replayed(Purging(registry).again(logged.entry.tenant))


def leaving(logged: Logged[LeavingEntry], registry: Registry, _within: str, _has_time: Callable[[], bool]) -> Replayed:
    """Delete again what the member brought; how many rows and objects had come back."""
    return Replayed(Leaving(registry).again(logged.entry.tenant, logged.entry.owner, logged.entry.member))
