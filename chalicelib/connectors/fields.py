"""A provider's fields as its tables state them: what each is read for (P7), and what it means where an account hides it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.core.stream_codes import Absent


@dataclass(frozen=True)
class Field:
    """One field that is read. `absent`: what follows where the account does not show it; NOT_READ where it is required, None
    where an account may lack it. `tells`: the attribute of a port.Person or port.Organization which says nothing then."""

    purpose: str
    absent: Absent | None = Absent.NOT_READ
    tells: str = ""


@dataclass(frozen=True)
class Hidden:
    """A field that the account does not show, by the provider's name for it."""

    field: str
    means: Absent


def hidden(table: Mapping[str, Field], names: Iterable[str]) -> tuple[Hidden, ...]:
    """Return those of the fields whose absence means something, in the order of their table."""
    missing = {*names}
    return tuple(Hidden(name, each.absent) for name, each in table.items() if name in missing and each.absent)


def untold(table: Mapping[str, Field], names: Iterable[str]) -> frozenset[str]:
    """Return the attributes of a person or organization that nothing is known of where these fields are hidden."""
    return frozenset(table[name].tells for name in names if table[name].tells)
