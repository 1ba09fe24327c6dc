"""Whether two records mean one company: the domain first, then names without legal forms, rare words above common ones."""

from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from chalicelib.domain.matching import domains, frequency, normal, phonetic, similarity, thresholds
from chalicelib.domain.matching.model import CompanyFields, Comparison, Reason, Zone
from chalicelib.domain.matching.similarity import Level

_ABBREVIATED = dict(
    pair.split("=")
    for pair in [
        "comm=communications",
        "communication=communications",
        "grp=group",
        "gruppe=group",
        "groupe=group",
        "tech=technology",
        "technologies=technology",
        "srvces=services",
        "svcs=services",
        "serv=services",
        "service=services",
        "srvs=services",
        "intl=international",
        "int=international",
        "mfg=manufacturing",
        "mgmt=management",
        "assoc=associates",
        "bros=brothers",
        "gebr=brothers",
        "natl=national",
        "univ=university",
        "dept=department",
        "ctr=center",
        "centre=center",
        "sys=systems",
        "system=systems",
        "sol=solutions",
        "solution=solutions",
        "eng=engineering",
        "dev=development",
        "ind=industries",
        "industry=industries",
        "ins=insurance",
        "fin=financial",
        "hldg=holding",
        "holdings=holding",
        "inv=investments",
        "investment=investments",
        "prop=properties",
        "co=company",
    ]
)
_FILLERS = frozenset(
    [
        "and",
        "und",
        "et",
        "en",
        "y",
        "e",
        "i",
        "the",
        "of",
        "de",
        "der",
        "die",
        "das",
        "la",
        "le",
        "les",
        "van",
        "von",
        "for",
        "fur",
    ]
)
# Words that many companies have in their names: bits of each, where any other word has as many as a rare one.
_COMMON = frozenset(
    [
        "group",
        "holding",
        "beheer",
        "advies",
        "nederland",
        "international",
        "services",
        "systems",
        "solutions",
        "technology",
        "trading",
        "consulting",
        "consultancy",
        "management",
        "investments",
        "partners",
        "associates",
        "company",
        "global",
        "deutschland",
        "france",
        "stichting",
        "sons",
        "brothers",
        "industries",
        "beleggingen",
        "beheermaatschappij",
        "maatschap",
        "vastgoed",
        "participaties",
        "exploitatie",
        "administratie",
        "bouw",
        "media",
        "design",
        "software",
        "digital",
    ]
)
_FEW_BITS, _BITS = 3.0, 11.0
_MAX_LEGAL = 6  # words
_JOINED, _CLOSE, _NEAR = 0.86, 0.7, 0.6  # shares that agree
_WEIGHTS = {Level.EXACT: 13.0, Level.CLOSE: 9.0, Level.NEAR: 2.0, Level.DIFFERENT: -7.0}
_PRIOR = -8.0


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(" ".join(word for word in row if word != "and") for row in frequency.rows("legal_forms.txt")) - {
        ""
    }


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """Return the folded words of a name without its legal form, abbreviations written out; all where nothing else is left."""
    found = _joined([word for word in normal.words(name) if word != "and"])
    kept = _stripped(found)
    words = [_ABBREVIATED.get(word, word) for word in kept if word not in _FILLERS]
    return " ".join(words or kept or found)


def _joined(words: list[str]) -> list[str]:
    """Join letters that stand alone: B.V. is bv, and J.G. is jg."""
    joined: list[str] = []
    alone = False
    for word in words:
        if len(word) == 1 and alone:
            joined[-1] += word
        else:
            joined.append(word)
        alone = len(word) == 1
    return joined


def _stripped(words: list[str]) -> list[str]:
    forms, kept = _legal_forms(), list(words)
    changed = True
    while changed and len(kept) > 1:
        changed = False
        for length in range(min(_MAX_LEGAL, len(kept) - 1), 0, -1):
            if " ".join(kept[-length:]) in forms:
                kept, changed = kept[:-length], True
                break
    return kept


def _bits(word: str) -> float:
    if word in _COMMON:
        return _FEW_BITS
    return min(_BITS, 4.0 + frequency.family_bits(word) / 2) * min(1.0, len(word) / 4 + 0.25)


@lru_cache(maxsize=60_000)
def agreement(one: str, other: str) -> float:
    """Return from 0 to 1 how well two cores agree: the share of the bits of their words that both have."""
    if not one or not other:
        return 0.0
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    fewer, more = sorted((one.split(), other.split()), key=len)
    whole, both, left = 0.0, 0.0, list(more)
    for word in sorted(fewer, key=_bits, reverse=True):
        share, best = max(((_alike(word, each), each) for each in left), key=lambda each: each[0], default=(0.0, ""))
        bits = max(_bits(word), _bits(best) if share else 0.0)
        whole += bits
        if share:
            both += share * bits
            left.remove(best)
    unmatched = sum(_bits(word) for word in left)
    joined = OSA.normalized_similarity(one.replace(" ", ""), other.replace(" ", ""))
    found = both / (whole + unmatched) if whole else 0.0
    return max(found, joined if joined >= _JOINED and not _adds(one, other) else 0.0)


def _adds(one: str, other: str) -> bool:
    """Whether one has all words of the other, and more: a subsidiary is not its parent."""
    some, others = set(one.split()), set(other.split())
    return some < others or others < some


def _alike(word: str, other: str) -> float:
    level = similarity.words(word, other)
    if level is Level.INITIAL or len(word) == 1:
        return 1.0 if word == other else 0.0
    return {Level.EXACT: 1.0, Level.VARIANT: 0.9, Level.CLOSE: 0.88, Level.NEAR: 0.6}.get(level, 0.0)


def names_level(one: str, other: str) -> Level:
    """Return how well two cores agree."""
    if not one or not other:
        return Level.ABSENT
    share = agreement(one, other)
    if share == 1.0:
        return Level.EXACT
    if share >= _CLOSE:
        return Level.CLOSE
    return Level.NEAR if share >= _NEAR else Level.DIFFERENT


def blocking_keys(fields: CompanyFields) -> frozenset[str]:
    """Return the keys of a record, of which two records of one company nearly always share one."""
    found = {f"d:{each}" for each in domains.registrable_of((), fields.domains)}
    return frozenset(found | set(keys(core(fields.name))))


def keys(name: str) -> Iterator[str]:
    """Yield the keys of a core."""
    joined = name.replace(" ", "")
    if not joined:
        return
    yield f"n:{''.join(sorted(name.split()))}"
    yield f"b:{joined[:5]}"
    yield f"z:{joined[-6:]}"
    for word in name.split():
        if len(word) > 2 and word not in _COMMON:  # noqa: PLR2004
            yield f"p:{phonetic.key(word)}"
            yield f"w:{word[:4]}"
            yield f"v:{word[-4:]}"


def compare(one: CompanyFields, other: CompanyFields) -> Comparison:
    """Return how sure it is that two records mean one company, and why."""
    reasons = []
    ours, theirs = (domains.registrable_of((), each.domains) for each in (one, other))
    same_domain = bool(ours & theirs)
    if ours and theirs:
        reasons.append(Reason("domain", Level.EXACT if same_domain else Level.DIFFERENT, 14.0 if same_domain else -3.0))
    level = names_level(core(one.name), core(other.name))
    if level is not Level.ABSENT:
        reasons.append(Reason("name", level, _WEIGHTS[level]))
    independent = 0
    for field, agrees, differs in (
        ("city", 3.0, -1.5),
        ("postcode", 5.0, -1.5),
        ("street", 6.0, -1.0),
        ("country", 1.0, -4.0),
    ):
        place = similarity.texts(*(" ".join(normal.words(getattr(each, field))) for each in (one, other)))
        if place is not Level.ABSENT:
            same = place in (Level.EXACT, Level.CLOSE)
            independent += same and field != "country"
            reasons.append(Reason(field, place, agrees if same else differs))
    weight = _PRIOR + sum(each.weight for each in reasons)
    probability = 1 / (1 + 2.0**-weight)
    agree = level in (Level.EXACT, Level.CLOSE)
    zone = thresholds.zone(
        probability,
        identified=same_domain and agree,
        named=agree,
        independent=independent,
        contradicted=level is Level.DIFFERENT,
    )
    return Comparison(weight, probability, zone if reasons else Zone.NONE, tuple(reasons))
