"""Entries of the replay log that tell what persons said of the use of their data: one for each address, with all that stands."""

from datetime import datetime

from chalicelib.core import settings
from chalicelib.core.models import Model
from chalicelib.store import objects
from chalicelib.vault.keys import PLATFORM


class Wished(Model):
    """What the owner of an address said of the use of their data, all that stands: since when and by what, by wish. `base` and
    `exact` are suppression tags, of the address without plus suffix and as it is; `sought` index tags by which records of whom it
    restricts, or did, are found."""

    base: str
    exact: str
    said: dict[str, tuple[datetime, str]]
    sought: list[str] = []


def find(base: str, exact: str) -> Wished | None:
    """Return what the log has of an address, by its tags."""
    bucket, key = settings.current().buckets.replay, _key(base, exact)
    # Who may list these keys only is not told by S3 that one is missing, unless it asks the list.
    content = objects.find_sealed(bucket, key, PLATFORM) if objects.is_there(bucket, key) else None
    return None if content is None else Wished.model_validate_json(content)


def note(entry: Wished) -> None:
    """Write down all wishes of an address that stand: a new one before its row, after it that one was lifted."""
    key = _key(entry.base, entry.exact)
    objects.put_sealed(settings.current().buckets.replay, key, PLATFORM, entry.model_dump_json().encode())


def forget(base: str, exact: str) -> None:
    """Forget what was noted of an address whose owner is erased. Safe to repeat."""
    objects.delete(settings.current().buckets.replay, _key(base, exact))


def _key(base: str, exact: str) -> str:
    return f"wished/{base}.{exact}"
