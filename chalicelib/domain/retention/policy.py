"""The table of lives, as a workspace may read it: how long each kind of record lives, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.accounts.model import WorkspaceSettings
from chalicelib.store.declaration import ended_by
from chalicelib.store.records import SealedRecord

Registry = Sequence[type[SealedRecord]]


@dataclass(frozen=True)
class Life:
    """One kind's life."""

    kind: str
    life: str
    life_days: int | None
    ended_by: str


def table(registry: Registry, chosen: WorkspaceSettings) -> list[Life]:
    """Return every kind's life in a workspace with these settings, by kind."""
    lives = []
    for record in sorted(registry, key=lambda each: each.declared.kind):
        said = record.declared
        days = getattr(chosen, said.life_setting) if said.life_setting else said.life_days
        lives.append(Life(said.kind, said.life, days, str(ended_by(said))))
    return lives
