"""What tells one company from another: the features from which fit is learned, of what the reader may see alone."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.ranking import titles
from chalicelib.domain.redaction.folding import words


class Feature(StrEnum):
    """INDUSTRY, COUNTRY: as they are said. SIZE: a band. DOMAIN: how the domain ends, where that is not its country's. TITLES:
    what its people do."""

    INDUSTRY = "industry"
    SIZE = "size"
    COUNTRY = "country"
    DOMAIN = "domain"
    TITLES = "titles"


Profile = Mapping[Feature, Mapping[str, float]]  # the values of each known feature, with shares that sum to one
BANDS = ("1-10", "11-50", "51-200", "201-1000", "1001-5000", "5001+")
_ENDS = (10, 50, 200, 1000, 5000)
_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f]*")
_SEPARATORS = re.compile(r"[.,' \u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as fit sees it. `mine`: the reader's own; another one is a colleague's who shares it."""

    id: str
    name: str
    mine: bool
    is_client: bool
    profile: Profile


def profile(company: CompanyPayload, people: Iterable[str]) -> Profile:
    """Return what is known of the company, with the titles of its people."""
    said = {
        Feature.INDUSTRY: " ".join(words(company.industry.value)) if company.industry else "",
        Feature.SIZE: band(company.size.value) if company.size else "",
        Feature.COUNTRY: company.country.value.upper() if company.country else "",
        Feature.DOMAIN: _ending(company),
    }
    found: dict[Feature, Mapping[str, float]] = {name: {value: 1.0} for name, value in said.items() if value}
    if mixed := titles.mix(people):
        found[Feature.TITLES] = mixed
    return found


def band(size: int | str) -> str:
    """Return the band of a size: a number of people, or a class such as 51-200 or 500+; empty where it says no number."""
    if isinstance(size, int):
        return BANDS[bisect_left(_ENDS, size)]
    numbers = [int(_SEPARATORS.sub("", each)) for each in _NUMBER.findall(size)][:2]
    if not numbers:
        return ""
    middle = sum(numbers) / 2 if len(numbers) == 2 else numbers[0] + ("+" in size)  # noqa: PLR2004 - from and to
    return BANDS[bisect_left(_ENDS, middle)]


def _ending(company: CompanyPayload) -> str:
    """The last label of the domain; empty where the country says the same."""
    label = company.domain.value.rpartition(".")[2].lower() if company.domain else ""
    country = company.country.value.lower() if company.country else ""
    return "" if label == {"gb": "uk"}.get(country, country) else label
