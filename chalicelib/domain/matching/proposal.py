"""A pair of one member's contacts or companies that may be the same, and what became of it."""

from enum import StrEnum

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.ids import OwnerCode, SortKey, TenantId
from chalicelib.core.models import Model
from chalicelib.domain.contacts.correspondence import ExchangePayload
from chalicelib.domain.contacts.model import ContactPayload
from chalicelib.vault import tags

KIND = "match"
PREFIX = "mat"
UNDO_DAYS = 90


class State(StrEnum):
    """PROPOSED: waits for its member. DIFFERENT: its member said so, or undid the merge: never proposed again. MERGED: one record
    by now, for UNDO_DAYS with what undoes it."""

    PROPOSED = "proposed"
    DIFFERENT = "different"
    MERGED = "merged"


class Decision(StrEnum):
    """What a member says of a pair."""

    SAME = "same"
    DIFFERENT = "different"


class Evidence(Model):
    """One field's part in the comparison: how well it agrees, in a stable word, and its weight in bits (log2 of the odds). No
    value of the field."""

    field: str
    level: str
    weight: float


class Before(Model):
    """The two records as they were, and when they were merged (RFC 3339): what undoes it. `exchanges` are the mail counts of
    each, `chained` the last parts of the ids of earlier merges that the one which went had in it."""

    contacts: list[ContactPayload] = Field(default_factory=list)
    exchanges: list[ExchangePayload | None] = Field(default_factory=list)
    chained: list[str] = Field(default_factory=list)
    at: str = ""


class MatchPayload(Model):
    """`first` and `second` are sort keys of records of the kind `of`; of a merge `first` is the one that stays, until
    it is merged `into` another. `automatic`: no
    member decided. `kept`: what undoes a merge. `apart`: keys of the rows by which the pair is known for two when it is brought
    in anew, `tags` the pointers that lead to it, each with its role before. Times are RFC 3339."""

    of: str
    first: SortKey
    second: SortKey
    into: SortKey = SortKey("")
    state: State = State.PROPOSED
    automatic: bool = False
    probability: float = 0.0
    reasons: list[Evidence] = Field(default_factory=list)
    created_at: str = ""
    updated_at: str = ""
    decided_at: str = ""
    kept: Before | None = None
    apart: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)


def holder(match: MatchPayload) -> SortKey:
    """Return the sort key of the record that has both in it by now."""
    return match.into or match.first


def record_sk(owner: OwnerCode, local: str) -> SortKey:
    """Return the sort key of a pair's row."""
    return ids.sort_key(KIND, owner, local)


def local_of(tenant: TenantId, one: SortKey, other: SortKey) -> str:
    """Return the last part of the id of the pair of these records, in whichever order they are given."""
    return tags.drawn_id(tenant, KIND, "\0".join(sorted((one, other))))
