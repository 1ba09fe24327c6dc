"""What a person is known by: e-mail address, profile URL, phone number, each in its one exact form.

Exact form of an address (design of the subject tags): NFKC, trimmed, local part case-folded, domain as IDNA A-label; at
Gmail dots and plus suffix dropped, for there they are the same mailbox.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
# RFC 5321 4.5.3.1: 64 octets of local part, 255 of domain; 254 in all (RFC 3696 erratum 1690).
_MAX_LOCAL, _MAX_ADDRESS = 64, 254
_LOCAL = re.compile(r"^[^\s@<>()\[\],;:\\\"\x00-\x1f]+$")
# Mailboxes that stand for a function, not a person (RFC 2142 and common usage): they are never stored as a contact.
ROLE_LOCALS = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "billing",
        "compliance",
        "contact",
        "dpo",
        "hello",
        "help",
        "helpdesk",
        "hostmaster",
        "hr",
        "info",
        "infos",
        "jobs",
        "legal",
        "mail",
        "mailer-daemon",
        "marketing",
        "newsletter",
        "no-reply",
        "noc",
        "noreply",
        "office",
        "postmaster",
        "press",
        "privacy",
        "root",
        "sales",
        "security",
        "spam",
        "support",
        "team",
        "webmaster",
    ]
)


class InvalidIdentifier(ValueError):
    """The text is no address, URL or number of the kind asked for. Does not carry the text."""


@dataclass(frozen=True)
class EmailAddress:
    """A valid address: `text` as somebody wrote it (NFKC, trimmed), `exact` as it is compared and hashed."""

    text: str
    exact: str

    @classmethod
    def parse(cls, raw: str) -> "EmailAddress":
        """The address in `raw`, with or without angle brackets. InvalidIdentifier where it is none."""
        text = unicodedata.normalize("NFKC", raw).strip().strip("<>").strip()
        local, at, domain = text.rpartition("@")
        if local.startswith('"') and local.endswith('"') and len(local) > 2:  # noqa: PLR2004 - quotes and a character
            local = local[1:-1].replace("\\", "")
        if not at or not local or not domain or not _LOCAL.match(local) or len(local.encode()) > _MAX_LOCAL:
            raise InvalidIdentifier("email")
        if local.startswith(".") or local.endswith(".") or ".." in local:
            raise InvalidIdentifier("email")
        label = _a_label(domain)
        folded = unicodedata.normalize("NFC", local.casefold())
        if len(folded.encode()) + len(label) + 1 > _MAX_ADDRESS:
            raise InvalidIdentifier("email")
        if label in _GMAIL:
            folded, label = folded.split("+", 1)[0].replace(".", ""), "gmail.com"
            if not folded:
                raise InvalidIdentifier("email")
        return cls(text=f"{local}@{domain}", exact=f"{folded}@{label}")

    @property
    def base(self) -> str:
        """The exact form without a plus suffix; the same as `exact` where there is none."""
        local, _, domain = self.exact.rpartition("@")
        return f"{local.split('+', 1)[0] or local}@{domain}"

    @property
    def domain(self) -> str:
        return self.exact.rpartition("@")[2]

    @property
    def is_role(self) -> bool:
        """Whether the mailbox is a function's, not a person's."""
        return self.base.rpartition("@")[0] in ROLE_LOCALS


def _a_label(domain: str) -> str:
    text = domain.rstrip(".").lower()
    if re.fullmatch(r"[a-z0-9.-]+", text):
        label = text
    else:
        import idna  # here, for most domains are ASCII and cold starts count  # noqa: PLC0415

        try:
            label = idna.encode(text, uts46=True, transitional=False).decode().lower()
        except idna.IDNAError as error:
            raise InvalidIdentifier("email") from error
    parts = label.split(".")
    if len(parts) < 2 or any(not p or len(p) > 63 or p[0] == "-" or p[-1] == "-" for p in parts):  # noqa: PLR2004
        raise InvalidIdentifier("email")
    if parts[-1].isdigit():
        raise InvalidIdentifier("email")
    return label


def profile_url(raw: str) -> str:
    """The one form of a profile's URL: lower-case host without www, m or a country, decoded path, no slash at its end,
    no query. Case of the path is folded for networks where it does not count. InvalidIdentifier where it is none."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise InvalidIdentifier("profile_url") from error
    if parts.scheme not in ("http", "https") or "." not in host or " " in host:
        raise InvalidIdentifier("profile_url")
    host = re.sub(r"^(www|m|mobile|touch)\.", "", host)
    host = re.sub(r"^[a-z]{2}(-[a-z]{2})?\.(linkedin\.com|xing\.com|viadeo\.com|facebook\.com)$", r"\2", host)
    host = "x.com" if host == "twitter.com" else host
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
    path = re.sub(r"/{2,}", "/", path)
    if not path:
        raise InvalidIdentifier("profile_url")
    if host == "linkedin.com":
        # /in/anna/fr and /in/anna/details/… are views of /in/anna
        match = re.match(r"^(/(?:in|pub)/[^/]+)", path, re.IGNORECASE)
        path = match.group(1) if match else path
    if host in ("linkedin.com", "xing.com", "x.com", "facebook.com", "viadeo.com", "github.com", "instagram.com"):
        path = unicodedata.normalize("NFC", path.casefold())
    if host == "facebook.com" and path == "/profile.php":
        # There the person stands in the query; without it all such profiles would be one.
        ident = parse_qs(parts.query).get("id", [""])[0]
        if not ident.isdigit():
            raise InvalidIdentifier("profile_url")
        path = f"{path}?id={ident}"
    return f"https://{host}{path}"


def phone(raw: str, country: str | None = None) -> str:
    """E.164 where the number and its country are clear, else its digits. InvalidIdentifier below five digits, and for what
    holds an @: an address must not hide as a number, where no look-up by address finds it."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if "@" in text:
        raise InvalidIdentifier("phone")
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    if not 5 <= len(digits) <= 20:  # noqa: PLR2004 - a number shorter than an extension or longer than any plan
        raise InvalidIdentifier("phone")
    if text.startswith(("+", "00")) or country:
        import phonenumbers  # 40 ms to import, and few requests need it  # noqa: PLC0415

        written = "+" + text[2:] if text.startswith("00") else text
        try:
            number = phonenumbers.parse(written, country)
        except phonenumbers.NumberParseException:
            return digits
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return digits
