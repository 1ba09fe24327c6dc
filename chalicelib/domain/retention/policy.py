"""The table of lives: what ends each kind of record. A kind that nothing ends fails a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.accounts.model import WorkspaceSettings
from chalicelib.store.records import SealedRecord

Registry = Sequence[type[SealedRecord]]


class Ended(StrEnum):
    """By what a kind of record ends, in the words of the privacy page."""

    TTL = "its written end: hidden at once, deleted from the table within days, within one for a workspace's own rows"
    PASS = "the daily pass over the workspace; hidden at once"  # noqa: S105 - no password
    WORK = "the work that it belongs to, which is taken up again until it has ended"
    RECORD = "the end of the record that it points to"
    VERB = "whom it belongs to, or the end of the workspace"
    PURGE = "leaving or the end of the workspace"
    NEVER = "nothing"


# Where it is neither a written end (`life_days`) nor, for a tenant's rows, the purge at the latest.
_OWN: dict[str, Ended] = {
    "certificate": Ended.NEVER,
    "checkpoint": Ended.WORK,
    "company": Ended.PASS,
    "connection": Ended.VERB,
    "contact": Ended.PASS,
    "copy": Ended.RECORD,
    "credential": Ended.RECORD,
    "due": Ended.WORK,
    "erasure": Ended.WORK,
    "exchange": Ended.RECORD,
    "identity": Ended.PURGE,
    "importing": Ended.WORK,
    "leaving": Ended.WORK,
    "paypal": Ended.PURGE,
    "purge": Ended.WORK,
    "subscription": Ended.PURGE,
    "jwks": Ended.NEVER,
    "lives": Ended.WORK,
    "mailbox": Ended.RECORD,
    "member": Ended.PURGE,
    "opt_out": Ended.VERB,
    "request": Ended.WORK,
    "subject": Ended.RECORD,
    "tenant": Ended.PURGE,
    "tombstone": Ended.VERB,
}
# Kinds whose days a workspace sets, with the setting's name.
_SET: dict[str, str] = {"contact": "contact_life_days", "audit": "audit_days"}


@dataclass(frozen=True)
class Life:
    """One kind's life."""

    kind: str
    life: str
    life_days: int | None
    ended_by: str


def ended_by(record: type[SealedRecord]) -> Ended:
    """What ends records of that class. KeyError where nobody has thought of it."""
    kind = record.declared.kind
    if kind in _OWN:
        return _OWN[kind]
    if record.declared.life_days is not None:
        return Ended.TTL
    if record.tenant_scoped:
        return Ended.PURGE
    raise KeyError(kind)


def table(registry: Registry, chosen: WorkspaceSettings) -> list[Life]:
    """Every kind's life in a workspace with these settings, by kind."""
    lives = []
    for record in sorted(registry, key=lambda each: each.declared.kind):
        said = record.declared
        days = getattr(chosen, _SET[said.kind]) if said.kind in _SET else said.life_days
        lives.append(Life(said.kind, said.life, days, str(ended_by(record))))
    return lives
