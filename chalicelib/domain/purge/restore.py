"""Doing purges and leavings again, from the replay log, on tables that were restored from a backup."""

from chalicelib.domain.certificates.replay_log import Leaving as LeavingEntry
from chalicelib.domain.certificates.replay_log import Logged
from chalicelib.domain.certificates.replay_log import Purge as PurgeEntry
from chalicelib.domain.purge.deletion import Deleted, Registry
from chalicelib.domain.purge.offboarding import Leaving
from chalicelib.domain.purge.tenant_purge import Purging
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime

_THE_REST = "rest"  # what went is not met again: no place is needed to go on


def purge(logged: Logged[PurgeEntry], registry: Registry, _within: str, has_time: HasTime) -> Replayed:
    """Purge the tenant again. Return how many rows and objects had come back."""
    entry = logged.entry
    return _replayed(Purging(registry).again(entry.tenant, entry.certificate, has_time))


def leaving(logged: Logged[LeavingEntry], registry: Registry, _within: str, has_time: HasTime) -> Replayed:
    """Delete again what the member brought; how many rows and objects had come back."""
    return _replayed(Leaving(registry).again(logged.entry, has_time))


def _replayed(gone: Deleted) -> Replayed:
    return Replayed(gone.count, "" if gone.complete else _THE_REST)
