"""URLs of profiles in their one exact form, and which of them are one person's page.

Only a closed list of networks whose hosts and path forms are known tells a person by its page. Any other page may be
shared by many (a company's, a CRM's, a search): it is a link, and says nothing of who somebody is.
"""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from chalicelib.core.identifiers.characters import AS_HYPHEN, visible
from chalicelib.core.identifiers.errors import InvalidIdentifier

_AROUND, _BEHIND = "<>\"'`«»“”„‘’", ".,;:!?…*~|#"
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_LAST_OF_NAMES = {"github.com": _HYPHENS, "x.com": "_", "instagram.com": "_"}  # where names may end in such a sign
_CLOSING = ")]}"  # behind a URL, where it holds no opening one
_OPENING = "([{"
_NO_LAST_OF_NAMES = _BEHIND + _AROUND + _CLOSING + _HYPHENS + "_ "
# No name that a network gives holds one of these: a torn query, a session's id, an apostrophe of the sentence around it.
_BEHIND_NAME = re.compile("[?#&;,=|!*'’‘\"“”<>«»…]")
_PREFIXES = re.compile(r"\A(?:www|m|mobile|touch|web|mbasic)\.")
_COUNTRY = re.compile(r"\A[a-z]{2}(?:-[a-z]{2})?\.(?=(?:xing|viadeo|facebook)\.com\Z)")
_LINKEDIN = re.compile(r"\A(?:[a-z0-9-]+\.)*linkedin\.(?:com|cn)\Z")
_OTHER_HOSTS = {"twitter.com": "x.com", "fb.com": "facebook.com", "instagr.am": "instagram.com"}
_NETWORKS = frozenset(
    ["linkedin.com", "xing.com", "x.com", "facebook.com", "viadeo.com", "github.com", "instagram.com", "bsky.app"]
)
_ENCODED = re.compile(r"(?:%[0-9a-f]{2})+|%", re.IGNORECASE)
_SIGNS = frozenset(":/?#[]@!$&'()*+,;=%")  # RFC 3986, 2.2: encoded they mean themselves, else they part a URL
_DECODED_AT_MOST = 3  # a link may be encoded again each time that it is passed on
# Ways to a page of LinkedIn that lead to the same profile: the mobile site, mails, the site in China.
_DETOURS = re.compile(r"\A(?:/(?:mwlite|comm|m|incareer|injobs|public-profile|profile(?=/in/)))+(?=/)")
_NOBODY = frozenset(
    [
        "about",
        "business",
        "compose",
        "direct",
        "explore",
        "friends",
        "gaming",
        "help",
        "home.php",
        "homephp",
        "jobs",
        "legal",
        "login.php",
        "loginphp",
        "marketplace",
        "media",
        "messages",
        "policies",
        "pricing",
        "privacy",
        "reel",
        "security",
        "share",
        "tos",
        "unavailable",
        "dir",
        "me",
        "self",
        "edit",
        "view",
        "login",
        "signup",
        "search",
        "feed",
        "home",
        "profile",
        "settings",
        # What programs and forms write where they know of none:
        "-",
        "0",
        "anonymous",
        "deleted",
        "example",
        "false",
        "hidden",
        "linkedin-member",
        "linkedinmember",
        "n",
        "n-a",
        "na",
        "nan",
        "nil",
        "none",
        "null",
        "private",
        "profile-name",
        "profilename",
        "true",
        "undefined",
        "unknown",
        "user",
        "user-name",
        "username",
        "your-name",
        "your-profile",
        "yourname",
        "yourprofile",
        "xxx",
    ]
)
# Per network the forms of a person's path; what follows in the path is a view of the same profile.
_PERSONS = {
    "linkedin.com": (
        r"/in/[^/]+",
        r"/pub/(?!dir/)[^/]+/[0-9a-z]+/[0-9a-z]+/[0-9a-z]+",
        r"/profile/view\?id=[\w-]+",
        r"/sales/(?:lead|people)/[^/,]+",
        r"/talent/profile/[^/]+",
    ),
    "xing.com": (r"/profile/[^/]+", r"/people/[^/]+"),
    "x.com": (r"/(?!(?:home|i|intent|share|search|hashtag|explore|messages|notifications)(?:/|\Z))@?[^/]+\Z",),
    "facebook.com": (
        r"/people/[^/]+/[^/]+",
        r"/profile\.php\?id=\d+",
        r"/(?!(?:profile\.php|pages?|groups|events|sharer|people|watch|public|p|photo|story\.php)(?:/|\?|\Z))[^/?]+\Z",
    ),
    "instagram.com": (r"/(?!(?:p|reel|reels|explore|stories|tv|accounts)(?:/|\Z))[^/]+\Z",),
    "github.com": (r"/(?!(?:orgs|topics|features|about|marketplace|sponsors|apps|enterprise)(?:/|\Z))[^/]+\Z",),
    "viadeo.com": (r"/p/[^/]+", r"/(?:[a-z]{2}/)?profile/[^/]+"),
    "bsky.app": (r"/profile/[^/]+",),
}
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    host: re.compile(r"\A(?:" + "|".join(forms) + ")") for host, forms in _PERSONS.items()
}


def profile_url(raw: str) -> str:
    """Return the one form of a page's URL: https, lower-case host without www, m or a country, path without a slash at its
    end. InvalidIdentifier where it is none.

    Of a network's pages the same person's are equal, whatever site, view, language, encoding or case they were copied in. Of a
    page elsewhere path, query and fragment may each say which page it is: one of them must, and two URLs are equal where what
    they have encoded is the same, signs that part a URL being others encoded than not.
    """
    text = _plain(visible(raw))
    text = (text.strip("_") if text.startswith("_") else text).strip(_AROUND + " ").rstrip(_BEHIND + _AROUND + " ")
    if text.startswith(tuple(_OPENING)):
        text = text.lstrip(_OPENING).strip(_AROUND + " ")
    text = _trimmed(text)
    text = text if "://" in text else "https://" + text.lstrip("/")
    try:
        parts = urlsplit(text)
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise InvalidIdentifier("profile_url") from error
    if parts.scheme.lower() not in ("http", "https") or "." not in host or " " in host:
        raise InvalidIdentifier("profile_url")
    if host in _NETWORKS:
        path = unicodedata.normalize("NFKC", _path(parts.path).casefold())
        place = _person(host, path, parse_qs(parts.query).get("id", [""])[0])
    else:
        place = _place(parts)
    if not place:
        raise InvalidIdentifier("profile_url")
    return f"https://{host}{place}"


def is_person_page(url: str) -> bool:
    """Return whether a URL made by `profile_url` is a person's page at a network of the closed list."""
    host, slash, path = url.removeprefix("https://").partition("/")
    pattern = _PATTERNS.get(host)
    match = pattern.match(slash + path) if pattern else None
    return match is not None and match.end() == len(slash + path) and path.rsplit("/", 1)[-1] not in _NOBODY


def is_network(url: str) -> bool:
    """Return whether a URL made by `profile_url` is at a network of the closed list, a person's page or not."""
    return url.removeprefix("https://").partition("/")[0] in _NETWORKS


def _plain(text: str) -> str:
    """The text without what is encoded and needs not be; what means something else encoded, or cannot be read, stays so."""
    return unicodedata.normalize("NFC", _ENCODED.sub(_as_read, text)) if "%" in text else text


def _as_read(run: re.Match[str]) -> str:
    text = unquote(run.group(), errors="surrogateescape")
    return "".join(
        c if c not in _SIGNS and visible(c) == c else quote(c, safe="", errors="surrogateescape") for c in text
    )


def _trimmed(text: str, also: str = "") -> str:
    """The text without what a sentence has behind a URL."""
    closing = "" if any(c in text for c in _OPENING) else _CLOSING
    return text.rstrip(_BEHIND + _AROUND + " " + closing + also)


def _place(parts: SplitResult) -> str:
    """Path, query and fragment of a page, empty where none of them says which page it is."""
    behind = (parts.query and f"?{parts.query}") + (parts.fragment and f"#{parts.fragment}")
    path = re.sub(r"/{2,}", "/", parts.path)
    path = path.rstrip("/ ") if behind else _trimmed(path, "/")
    return (path or "/") + behind if path or behind else ""


def _host(name: str) -> str:
    host = name.rstrip(".").lower()
    if not host.isascii():
        import idna  # few hosts need it, and cold starts count  # noqa: PLC0415

        host = idna.encode(host, uts46=True, transitional=False).decode()
    if _LINKEDIN.match(host):
        return "linkedin.com"
    host = _COUNTRY.sub("", _PREFIXES.sub("", host))
    return _OTHER_HOSTS.get(host, host)


def _path(path: str) -> str:
    """The path at a network decoded, however often it was encoded, with single slashes and no more than names somebody."""
    for _ in range(_DECODED_AT_MOST):
        decoded = unquote(path)
        if decoded == path:
            break
        path = decoded
    path = _trimmed(_BEHIND_NAME.split(visible(path))[0].translate(AS_HYPHEN), "/")
    return re.sub(r"/{2,}", "/", path)


def _person(host: str, path: str, ident: str) -> str:
    """The part of a network's path that names whose page it is; the whole path where it names nobody."""
    if host == "linkedin.com":
        path = _DETOURS.sub("", path)
    asked = f"{path}?id={ident}"
    match = _PATTERNS[host].match(asked if path in ("/profile.php", "/profile/view") else path)
    if path == "/profile.php" and (host != "facebook.com" or not match):
        raise InvalidIdentifier("profile_url")  # without its id all such profiles would be one
    found = match.group() if match else path
    if any(map(str.isspace, found)):
        raise InvalidIdentifier("profile_url")  # more than a URL stands there
    # Of a sentence or a torn link.
    found = found.rstrip("".join(c for c in _NO_LAST_OF_NAMES if c not in _LAST_OF_NAMES.get(host, "")))
    if found.endswith(("/", "=")):
        raise InvalidIdentifier("profile_url")
    if host == "facebook.com" and found.count("/") == 1 and "?" not in found:
        found = found.replace(".", "")  # anna.keller and annakeller are the same account there
    return found.replace("/@", "/", 1) if host == "x.com" else found
