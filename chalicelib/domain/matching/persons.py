"""Whether two records mean one person: what they are found by, and how their fields are weighed."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.core.identifiers.email import ROLE_LOCALS
from chalicelib.domain.matching import (
    companies,
    domains,
    frequency,
    names,
    normal,
    phonetic,
    similarity,
    thresholds,
    weights,
)
from chalicelib.domain.matching.model import Comparison, PersonFields, Reason
from chalicelib.domain.matching.names import Name
from chalicelib.domain.matching.similarity import Level

_PHONE = 8  # last digits, whatever stands before
_AGREES = (Level.EXACT, Level.VARIANT, Level.CLOSE)
_NAMED = (*_AGREES, Level.PART)


@dataclass(frozen=True, slots=True)
class Person:
    """A record in its normal forms."""

    name: Name
    emails: frozenset[str]
    phones: frozenset[str]
    profiles: frozenset[str]
    company: str
    street: str
    city: str
    postcode: str
    region: str


def prepare(fields: PersonFields) -> Person:
    """Return the normal forms of a record's fields."""
    return Person(
        name=names.parse(fields.first_name, fields.last_name),
        emails=frozenset(each.strip().lower() for each in fields.emails if "@" in each),
        phones=frozenset(d[-_PHONE:] for each in fields.phones if len(d := normal.digits(each)) >= _PHONE - 2),
        profiles=frozenset(each.strip().lower().rstrip("/") for each in fields.profile_urls if each.strip()),
        company=companies.core(fields.company),
        street=" ".join(normal.words(fields.street)),
        city="".join(normal.words(fields.city)),
        postcode="".join(normal.words(fields.postcode)),
        region="".join(normal.words(fields.region)),
    )


def blocking_keys(fields: PersonFields) -> frozenset[str]:
    """Return the keys of a record, of which two records of one person nearly always share one."""
    return frozenset(keys(prepare(fields), domains.registrable_of(fields.emails, fields.domains)))


def keys(person: Person, owned: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the keys of a prepared record; `owned` are the domains of its company."""
    given, family = person.name.given, person.name.family
    for sign, values in (("e", person.emails), ("t", person.phones), ("u", person.profiles)):
        for value in values:
            yield f"{sign}:{value}"
    for email in person.emails:
        local = email.partition("@")[0]
        if local not in ROLE_LOCALS:
            yield f"l:{local}"
    words = sorted(frequency.formal(word) for word in person.name.words)
    if len(words) > 1:
        yield f"n:{' '.join(words)}"
        yield f"x:{' '.join(sorted(word[:4] for word in words))}"
    sounds = sorted({phonetic.key(word) for word in person.name.words if len(word) > 1})
    if len(sounds) > 1:
        yield f"p:{' '.join(sounds)}"
    for place in filter(None, (person.postcode, person.company.replace(" ", ""), *owned)):
        yield from (f"s:{sound} {place}" for sound in sounds)
    for place in filter(None, (person.city, person.street.replace(" ", "")[:8])):
        yield from (f"c:{sound} {place}" for sound in sounds)
    if person.street and (person.postcode or person.city):
        yield f"a:{person.street.replace(' ', '')[:6]} {person.postcode or person.city}"
        yield f"b:{''.join(sorted(person.street.replace(' ', '')))} {(given or family)[:1]}"


def compare(one: PersonFields, other: PersonFields) -> Comparison:
    """Return how sure it is that two records mean one person, and why."""
    return weigh(prepare(one), prepare(other))


def weigh(one: Person, other: Person) -> Comparison:
    """Return what the fields of two prepared records say together."""
    agreement = names.compare(one.name, other.name)
    reasons = list(_of_names(one.name, other.name, agreement))
    identified, independent = _identifiers(one, other, contradicted=agreement.contradicts, reasons=reasons)
    home = [_add(reasons, "street", similarity.texts(one.street, other.street))]
    home += [_add(reasons, "city", similarity.texts(one.city, other.city))]
    home += [_add(reasons, "postcode", similarity.codes(one.postcode, other.postcode))]
    _add(reasons, "region", similarity.texts(one.region, other.region))
    at_work = _add(reasons, "company", companies.names_level(one.company, other.company)) in _AGREES
    independent += at_work + (home[0] in _AGREES) + (home[1] in _AGREES or home[2] in _AGREES)
    weight = round(weights.constant("prior") + sum(reason.weight for reason in reasons), 6)
    probability = 1 / (1 + 2.0 ** -max(-60.0, min(60.0, weight)))
    named = agreement.given in _NAMED and agreement.family in _NAMED
    other_profile = any(reason.field == "profile" and reason.level == Level.DIFFERENT for reason in reasons)
    placed = thresholds.zone(
        probability,
        identified=identified and (named or agreement.family in _NAMED or agreement.given in _NAMED),
        named=named,
        independent=independent,
        contradicted=agreement.contradicts or other_profile,
    )
    return Comparison(weight, probability, placed, tuple(reasons))


def _of_names(one: Name, other: Name, agreement: names.Agreement) -> Iterator[Reason]:
    theirs = (other.family, other.given) if agreement.swapped else (other.given, other.family)
    for field, level, ours, their, bits in (
        ("given", agreement.given, one.given, theirs[0], frequency.given_bits),
        ("family", agreement.family, one.family, theirs[1], frequency.family_bits),
    ):
        if level is not Level.ABSENT:
            rarity = min(bits(ours), bits(their)) if not agreement.swapped else min(_bits(ours), _bits(their))
            yield Reason(
                "first_name" if field == "given" else "last_name", level, weights.of_name(field, level, rarity)
            )
    if agreement.swapped:
        yield Reason("name_order", "swapped", weights.constant("swapped"))
    if agreement.suffix is not Level.ABSENT:
        yield Reason("name_suffix", agreement.suffix, weights.of("suffix", agreement.suffix))


def _bits(word: str) -> float:
    return min(frequency.given_bits(word), frequency.family_bits(word))


def _identifiers(one: Person, other: Person, *, contradicted: bool, reasons: list[Reason]) -> tuple[bool, int]:
    """Add what identifiers say. Return whether one's own agrees, and how many weak ones do."""
    email = _add(reasons, "email", _emails(one.emails, other.emails, contradicted=contradicted))
    phone = _add(reasons, "phone", _sets(one.phones, other.phones))
    profile = _add(reasons, "profile", _sets(one.profiles, other.profiles, site=True))
    identified = Level.EXACT in (email, profile)
    return identified, (phone is Level.EXACT) + (email is Level.NEAR)


def _add(reasons: list[Reason], field: str, level: Level) -> Level:
    if level is not Level.ABSENT:
        reasons.append(Reason(field, level, weights.of(field, level)))
    return level


def _emails(some: frozenset[str], others: frozenset[str], *, contradicted: bool) -> Level:
    """A mailbox of a function says little, and so does one that people of other names share."""
    if not some or not others:
        return Level.ABSENT
    both = some & others
    if both:
        own = any(each.partition("@")[0] not in ROLE_LOCALS for each in both)
        return Level.EXACT if own and not contradicted else Level.SHARED
    locals_ = {each.partition("@")[0] for each in some} & {each.partition("@")[0] for each in others}
    return (
        Level.NEAR if any(each not in ROLE_LOCALS and len(each) > _PHONE - 2 for each in locals_) else Level.DIFFERENT
    )


def _sets(some: frozenset[str], others: frozenset[str], *, site: bool = False) -> Level:
    if not some or not others:
        return Level.ABSENT
    if some & others:
        return Level.EXACT
    if site and not {_site(each) for each in some} & {_site(each) for each in others}:
        return Level.ABSENT
    return Level.DIFFERENT


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")
