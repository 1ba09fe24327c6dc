"""Comparing two persons by rules that are seldom wrong: an identifier of their own and the same name, or the same name alone.

The weights are stated, not learnt: what an address or a profile page, a full name, a company in common are worth at least.
"""

import math

from chalicelib.core.identifiers import EmailAddress, profile_url
from chalicelib.domain.ingest.identity import agree, name_of, own_marks
from chalicelib.domain.matching.model import Comparison, PersonFields, Reason, Zone
from chalicelib.domain.redaction.folding import fold
from chalicelib.domain.suppression.model import Mark
from chalicelib.vault.tags import Identifier

_PRIOR = -12.0  # log2 odds that two contacts of one block are one person, before anything is compared
_OWN, _SAME_NAME, _NEAR_NAME, _SAME_COMPANY = 14.0, 11.0, 5.0, 5.0
_OTHER_NAME, _OTHER_COMPANY = -20.0, -4.0
_WORDS_OF_A_FULL_NAME = 2
_FIELDS = {Identifier.EMAIL: "emails", Identifier.URL: "profile_urls"}


def blocking_keys(person: PersonFields) -> frozenset[str]:
    """Return the keys of which two persons must have one in common to be compared."""
    name = sorted(name_of(person.first_name, person.last_name))
    keys = {f"{mark.kind}\0{mark.exact}" for mark in _own(person)}
    return frozenset(keys | ({"name\0" + " ".join(name)} if len(name) >= _WORDS_OF_A_FULL_NAME else set()))


def compare(one: PersonFields, other: PersonFields) -> Comparison:
    """Return what the two persons' fields say together.

    A match has an identifier of one person in common and the very words of a full name. One of both, where the other does not
    speak against it, is left to a member.
    """
    shared = [_FIELDS[mark.kind] for mark in _own(one) if mark in set(_own(other))]
    reasons = [Reason(field, "same", _OWN) for field in dict.fromkeys(shared)]
    name = _name(one, other)
    company = _company(one, other)
    reasons += [each for each in (name, company) if each is not None]
    level = name.level if name is not None else "missing"
    zone = Zone.NONE
    if shared and level == "same":
        zone = Zone.MATCH
    elif (shared and level != "different") or (level == "same" and (company is None or company.level == "same")):
        zone = Zone.REVIEW
    weight = _PRIOR + sum(each.weight for each in reasons)
    return Comparison(weight, 1 / (1 + math.pow(2, -weight)), zone, tuple(reasons))


def _name(one: PersonFields, other: PersonFields) -> Reason | None:
    ours, theirs = (name_of(each.first_name, each.last_name) for each in (one, other))
    if not ours or not theirs:
        return None
    if not agree([ours], [theirs]):
        return Reason("name", "different", _OTHER_NAME)
    if len(ours) >= _WORDS_OF_A_FULL_NAME and sorted(ours) == sorted(theirs):
        return Reason("name", "same", _SAME_NAME)
    return Reason("name", "similar", _NEAR_NAME)


def _company(one: PersonFields, other: PersonFields) -> Reason | None:
    ours, theirs = (fold(each.company).split() for each in (one, other))
    if not ours or not theirs:
        return None
    return (
        Reason("company", "same", _SAME_COMPANY) if ours == theirs else Reason("company", "different", _OTHER_COMPANY)
    )


def _own(person: PersonFields) -> tuple[Mark, ...]:
    return own_marks(map(EmailAddress.parse, person.emails), map(profile_url, person.profile_urls))
