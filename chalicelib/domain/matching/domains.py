"""The domains that a company registered: what stands below a public suffix, and is no provider's where anybody has a mailbox."""

from collections.abc import Iterable
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

# Where anybody can have a mailbox or a page: sharing one says nothing. By label, whatever country follows.
_OPEN_LABELS = frozenset(
    [
        "gmail",
        "googlemail",
        "outlook",
        "hotmail",
        "live",
        "msn",
        "icloud",
        "me",
        "mac",
        "aol",
        "yahoo",
        "ymail",
        "rocketmail",
        "proton",
        "protonmail",
        "pm",
        "fastmail",
        "zoho",
        "gmx",
        "mail",
        "tutanota",
        "web",
        "t-online",
        "freenet",
        "posteo",
        "bluewin",
        "orange",
        "wanadoo",
        "free",
        "sfr",
        "laposte",
        "bbox",
        "neuf",
        "skynet",
        "telenet",
        "libero",
        "virgilio",
        "tiscali",
        "alice",
        "telefonica",
        "sapo",
        "ziggo",
        "kpnmail",
        "yandex",
        "ya",
        "wp",
        "o2",
        "onet",
        "seznam",
        "centrum",
        "abv",
        "ukr",
        "btinternet",
        "sky",
        "comcast",
        "verizon",
        "att",
        "cox",
        "bigpond",
        "rogers",
        "qq",
        "163",
        "126",
        "sina",
        "naver",
        "daum",
        "hanmail",
        "docomo",
        "ezweb",
        "softbank",
        "rediffmail",
        "uol",
        "bol",
        "terra",
        "linkedin",
        "facebook",
        "twitter",
        "xing",
    ]
)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def registrable(domain: str) -> str:
    """Return the domain that somebody registered; empty where it is a public suffix, or a provider's open to all."""
    found = _suffixes().privatesuffix(domain.strip().lower().rstrip(".")) if domain.strip() else None
    return "" if not found or found.partition(".")[0] in _OPEN_LABELS else str(found)


def registrable_of(emails: Iterable[str], domains: Iterable[str]) -> frozenset[str]:
    """Return the registered domains of addresses and domains."""
    return frozenset(registrable(each.rpartition("@")[2]) for each in (*emails, *domains)) - {""}
