"""What an erasure writes down of how far it is, and of what it found."""

from enum import StrEnum

from chalicelib.core.models import Model


class Trace(StrEnum):
    """What an entry of an erasure's checkpoint tells. The two texts that follow it: first and last name; kind and exact form of
    a mark; sort key of a record that is erased, and when it was made; owner code of a member whose record is redacted; sort key
    of a record that was; kind and id of a record that was found by its own key."""

    NAME = "name"
    MARK = "mark"
    ERASED = "erased"
    OWNER = "owner"
    REDACTED = "redacted"
    ERASED_AT = "erased_at"


Entry = tuple[Trace, str, str]


class TracesPayload(Model):
    """A part of what an erasure found in one tenant, written down before any of it goes: a pass after a kill still follows it,
    and counts it once. Names and marks of erased records are followed, and redacted, in every pass. `found`: by pass, how many
    records it found."""

    entries: list[Entry] = []
    found: dict[str, int] = {}


class ErasurePayload(Model):
    """How far a pass is whose time ended. `of` names the pass; `after` is the tenant up to which it has come; `unhandled` are
    kinds that pointers led to, and that nothing erases or redacts."""

    of: str = ""
    after: str = ""
    unhandled: list[str] = []
