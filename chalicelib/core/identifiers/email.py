"""E-mail addresses in their one exact form.

What nobody sees is cut, then NFKC, trimmed, local part case-folded, domain as IDNA A-label; at Gmail dots and plus suffix
dropped, for there they are the same mailbox. Hosts may have an underscore; and Japanese carriers gave away local parts with dots
at their end or side by side, which RFC 5321 has not, but mail comes from them and is delivered to them.
"""

import re
import unicodedata
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from chalicelib.core.identifiers.characters import AS_HYPHEN, visible
from chalicelib.core.identifiers.errors import InvalidIdentifier

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
# RFC 5321 4.5.3.1: 64 octets of local part, 255 of domain; 254 in all (RFC 3696 erratum 1690).
_MAX_LOCAL, _MAX_ADDRESS = 64, 254
# U+FFFD stands for what could not be read, and what private characters mean is agreed upon elsewhere.
_LOCAL = re.compile('[^\\s@<>()\\[\\],;:\\\\"\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]+')
_QUOTED = re.compile(r"\"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+)\"")
_PAIR = re.compile(r"\\(.)")
_ATOMS = re.compile(r"[^\s@<>()\[\],;:\\\".]+(?:\.[^\s@<>()\[\],;:\\\".]+)*")
_ALONE = "'’‘`*"  # before an address even where nothing closes it
_WRAPPING = _ALONE + '"“”„«»()[]{}'
_SCHEME = re.compile(r"\A(?:mailto|smtp):/*", re.IGNORECASE)
_ROUTING = re.compile(r"/o=", re.IGNORECASE)  # how an Exchange server names somebody within itself: no address
_NUMBERED = re.compile(r"&#(?:\d{1,7}|x[0-9a-f]{1,6});?", re.IGNORECASE)  # a character of a page
_DECODED_AT_MOST = 3  # a link may be encoded again each time that it is passed on
# As nearly all are written: ASCII, dots where they may stand. What does not fit may be an address all the same.
_PLAIN = re.compile(
    r"(?P<local>[a-z0-9!#$&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$&'*+/=?^_`{|}~-]{1,64})*)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})",
    re.IGNORECASE | re.ASCII,
)
_USUAL = re.compile(r"[a-z0-9](?:[\w+'-]|\.(?!\.))*(?<![_.+'-])", re.ASCII)
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # full stops that IDNA takes for a dot
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


class EmailAddress(NamedTuple):
    """A valid address: `text` as somebody wrote it (NFKC, trimmed), `exact` as it is compared and hashed."""

    text: str
    exact: str

    @classmethod
    def parse(cls, raw: str, *, historic: bool = False) -> "EmailAddress":
        """Return the address in `raw`, with or without angle brackets or mailto:. InvalidIdentifier where it is none.

        `historic`: dots may stand anywhere in the local part, as in addresses that some providers gave out and still serve.
        In a list such a dot is a slip.
        """
        plain = _PLAIN.fullmatch(raw) if len(raw) <= _MAX_ADDRESS and raw[:1] not in _WRAPPING else None
        plain = None if plain and ("&#" in raw or raw[0] == "/") else plain
        if plain and len(plain["local"]) <= _MAX_LOCAL and "xn--" not in (label := plain["domain"].lower()):
            return cls._of(raw, plain["local"].lower(), label)
        text = _SCHEME.sub("", _unwrapped(visible(raw).translate(AS_HYPHEN)))
        if "%" in text or "&#" in text:
            text = _decoded(text)
        local, at, domain = text.rpartition("@")
        local = _unquoted(local)
        if _ROUTING.match(local):
            raise InvalidIdentifier("email")
        if not at or not domain or not local.strip(".") or len(local.encode()) > _MAX_LOCAL:
            raise InvalidIdentifier("email")
        if not historic and not local.startswith('"') and (local[0] == "." or local[-1] == "." or ".." in local):
            raise InvalidIdentifier("email")
        label = _a_label(domain)
        folded = unicodedata.normalize("NFKC", local.casefold())
        if len(folded.encode()) + len(label) + 1 > _MAX_ADDRESS:
            raise InvalidIdentifier("email")
        return cls._of(f"{local}@{domain}", folded, label)

    @classmethod
    def _of(cls, text: str, folded: str, label: str) -> "EmailAddress":
        if label in _GMAIL:
            folded, label = folded.split("+", 1)[0].replace(".", ""), "gmail.com"
            if not folded:
                raise InvalidIdentifier("email")
        return cls(text=text, exact=f"{folded}@{label}")

    @property
    def base(self) -> str:
        """The exact form without a plus suffix; the same as `exact` where there is none."""
        if "+" not in self.exact:
            return self.exact
        local, _, domain = self.exact.rpartition("@")
        if local.startswith('"'):
            return self.exact
        return f"{local.split('+', 1)[0] or local}@{domain}"

    @property
    def deliverable(self) -> str:
        """The address as SMTP takes it: a local part that is no atoms between single dots in quotes, the domain as A-label."""
        local, _, domain = self.text.rpartition("@")
        quoted = local if local.startswith('"') or _ATOMS.fullmatch(local) else f'"{local}"'
        return f"{quoted}@{domain if domain.isascii() else _a_label(domain)}"

    @property
    def domain(self) -> str:
        return self.exact.rpartition("@")[2]

    @property
    def is_usual(self) -> bool:
        """Whether it has but the signs that nearly all have, and where these have them: it means nobody else."""
        return _USUAL.fullmatch(self.exact.rpartition("@")[0]) is not None

    @property
    def is_role(self) -> bool:
        """Whether the mailbox is a function's, not a person's."""
        return self.base.rpartition("@")[0] in ROLE_LOCALS


def _unwrapped(text: str) -> str:
    """The text without what programs and people put around an address: brackets, quotes, a spreadsheet's apostrophe."""
    text = text.strip("<>").strip()
    while text[:1] and text[0] in _WRAPPING and (text[0] in _ALONE or text[-1] in _WRAPPING):
        text = (text[1:-1] if text[-1] in _WRAPPING else text[1:]).strip()
    return text


def _decoded(text: str) -> str:
    """The text as links and pages carry it, decoded as often as it was encoded, and nothing unseen in it; what is no encoding of
    a text stays."""
    for _ in range(_DECODED_AT_MOST):
        plain = visible(_NUMBERED.sub(lambda match: unescape(match.group()), unquote(text)))
        if plain == text or "\ufffd" in plain:
            break
        text = plain
    return text


def _unquoted(local: str) -> str:
    """The local part without quotes that it does not need; InvalidIdentifier where it is none."""
    quoted = _QUOTED.fullmatch(local)
    plain = _PAIR.sub(r"\1", quoted.group(1)) if quoted else local
    if _LOCAL.fullmatch(plain) and (plain.isascii() or "Cn" not in map(unicodedata.category, plain)):
        return plain
    if quoted is None or not plain.strip():
        raise InvalidIdentifier("email")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _a_label(domain: str) -> str:
    text = _DOTS.sub(".", domain).rstrip(".").lower()
    if re.fullmatch(r"[a-z0-9._-]+", text) and "xn--" not in text:
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
