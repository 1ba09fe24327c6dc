"""What sources write in a contact's fields, made fit to keep: invisible characters, addresses within names, pages of nobody."""

import re
import unicodedata

# Control characters but white space, soft hyphen, zero-width and direction marks, byte order mark.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_WORD = re.compile(r"[^\s<>()\[\],;:\"]+")
# Where a profile is known by its path alone: pages of companies, groups and posts are nobody's profile.
_PERSON = re.compile(
    r"^https://(?:linkedin\.com/(?:in|pub)/[^/]+"
    r"|xing\.com/(?:profile|people)/[^/]+"
    r"|x\.com/(?!(?:home|i|intent|share|search|hashtag|explore|login)(?:/|$))[^/]+"
    r"|facebook\.com/people/[^/]+/[^/]+"
    r"|facebook\.com/(?!(?:profile\.php|pages|groups|events|sharer|people|watch|public)(?:/|$))[^/]+"
    r"|instagram\.com/(?!(?:p|reel|explore|stories)(?:/|$))[^/]+"
    r"|github\.com/(?!(?:orgs|topics|features|about)(?:/|$))[^/]+"
    r"|viadeo\.com/(?:p|(?:[a-z]{2}/)?profile)/[^/]+"
    r"|bsky\.app/profile/[^/]+)$"
)
_NETWORKS = re.compile(r"^https://(?:linkedin|xing|x|facebook|instagram|github|viadeo)\.com/|^https://bsky\.app/")


def clean(text: str) -> str:
    """NFC, without control and invisible characters, white space as single blanks, none at the ends."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def without_addresses(text: str) -> tuple[str, list[str]]:
    """The cleaned text without the e-mail addresses in it, and those addresses: an address must never hide where no
    look-up by address finds it."""
    if "@" not in text:
        return clean(text), []
    found = [word for word in _WORD.findall(text) if _is_address(word)]
    rest = _WORD.sub(lambda match: "" if _is_address(match.group()) else match.group(), text)
    rest = re.sub(r"<\s*>|\(\s*\)|\[\s*\]|mailto:", " ", rest)
    return clean(rest).strip("<>,;:-/| "), found


def _is_address(word: str) -> bool:
    local, _, domain = word.rpartition("@")
    return bool(local) and "." in domain.strip(".")


def names_person(url: str) -> bool:
    """Whether the URL, in the form of identifiers.profile_url, is a person's page at a network that has such."""
    return _PERSON.match(url) is not None


def of_network(url: str) -> bool:
    """Whether the URL, in that form, is of such a network, be it a person's page or not."""
    return _NETWORKS.match(url) is not None
