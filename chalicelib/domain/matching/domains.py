"""The domains that a company registered: what stands below a public suffix, and is no provider's where anybody has a mailbox."""

from collections.abc import Iterable
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from chalicelib.core.identifiers.domains import OPEN_TO_ALL

# Beside the providers of OPEN_TO_ALL: theirs in former days, and networks where anybody has a page.
_ALSO_OPEN = frozenset({"googlemail", "rocketmail", "linkedin", "facebook", "twitter", "xing"})


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _open_labels() -> frozenset[str]:
    """Where anybody can have a mailbox or a page, so that sharing it says nothing: by label, whatever country follows."""
    registered = (_suffixes().privatesuffix(domain) for domain in OPEN_TO_ALL)
    return _ALSO_OPEN | {str(each).partition(".")[0] for each in registered}


@lru_cache(maxsize=20_000)
def registrable(domain: str) -> str:
    """Return the domain that somebody registered; empty where it is a public suffix, or a provider's open to all."""
    found = _suffixes().privatesuffix(domain.strip().lower().rstrip(".")) if domain.strip() else None
    return "" if not found or found.partition(".")[0] in _open_labels() else str(found)


def registrable_of(emails: Iterable[str], domains: Iterable[str]) -> frozenset[str]:
    """Return the registered domains of addresses and domains."""
    return frozenset(registrable(each.rpartition("@")[2]) for each in (*emails, *domains)) - {""}
