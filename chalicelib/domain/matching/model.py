"""What is compared, and what a comparison says.

Weights are log2 odds, as Fellegi and Sunter add them up: +1 doubles the odds that two records mean the same, -1 halves them.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PersonFields:
    """The fields of a person that are compared, each in plain text; what is unknown is empty and says nothing."""

    first_name: str = ""
    last_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    company: str = ""
    title: str = ""
    domains: tuple[str, ...] = ()
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFields:
    """The fields of a company that are compared, each in plain text; what is unknown is empty and says nothing."""

    name: str = ""
    domains: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    phones: tuple[str, ...] = ()
    street: str = ""
    postcode: str = ""


class Zone(StrEnum):
    """What is done with a pair: merged by itself, shown to a member to decide, or left alone."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: how well its values agree, and its weight in log2 odds."""

    field: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all fields say together: the weight in log2 odds, prior included; the probability of a match; and the zone."""

    weight: float
    probability: float
    zone: Zone
    reasons: tuple[Reason, ...]
