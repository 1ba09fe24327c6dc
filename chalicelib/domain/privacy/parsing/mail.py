"""A raw mail -> who wrote it and what it asks, or the reason for silence.

Only SES's verdicts are trusted; every header inside the mail is the sender's own claim. The first two megabytes are read:
a person's words come before what is attached.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from enum import StrEnum
from html import unescape
from itertools import islice
from typing import Any

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.privacy.parsing.intent import plain, read_wish
from chalicelib.domain.privacy.parsing.language import language
from chalicelib.domain.privacy.states import RightKind

_READ_AT_MOST = 2_000_000  # bytes
_TEXT_AT_MOST = 20_000  # characters
_HTML_AT_MOST = 500_000  # characters
_PARTS_AT_MOST = 200
_BOUNDARIES_AT_MOST = 2_000
_HEADER_AT_MOST = 2_000  # characters
_MULTIPARTS_AT_MOST = 40  # a mail with more containers is built to break its reader: only its head is parsed then
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:re:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:response|reply)|out of (?:the )?office|reponse automatique|"
    r"absence du bureau|abwesenheits\w*|automatische antwort|respuesta automatica|risposta automatica)",
)
_QUOTE_STARTS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|message d'origine|ursprungliche nachricht)|on .{5,120} wrote:\s*$|le .{5,120} a ecrit\s*:\s*$|"
    r"am .{5,120} schrieb .{0,80}:\s*$|el .{5,120} escribio:\s*$|il .{5,120} ha scritto:\s*$|_{10,})"
)


_REPLY = re.compile(r"^\s*(?:re|aw|sv|rv|rif|ref|rep|r)\s*(?:\[\d+\])?\s*:")
_BLOCK_FROM = re.compile(r"^\s*\*?(?:from|de|von|da)\s*:")
_BLOCK_SENT = re.compile(r"^\s*\*?(?:sent|date|envoye|gesendet|datum|enviado|fecha|inviato|data)\s*:")
_WRAPPED = re.compile(r"^\s*(?:on|le|am|el|il)\b.{5,200}$")
_WROTE = re.compile(r"(?:wrote|a ecrit|schrieb|escribio|ha scritto)\b.{0,80}:\s*$")


class Drop(StrEnum):
    """Why a mail is met with silence. Counted, never answered."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    MAILING_LIST = "mailing_list"
    DMARC_FAIL = "dmarc_fail"
    SPAM = "spam"
    VIRUS = "virus"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    OWN_LOOP = "own_loop"


@dataclass(frozen=True)
class Verdicts:
    """SES's verdicts: PASS, FAIL, GRAY, PROCESSING_FAILED or DISABLED."""

    spam: str = ""
    virus: str = ""
    dmarc: str = ""

    @classmethod
    def from_receipt(cls, receipt: Mapping[str, Any]) -> "Verdicts":
        """Return the verdicts in the `receipt` of SES's notification."""
        return cls(
            *(str((receipt.get(f"{name}Verdict") or {}).get("status", "")) for name in ("spam", "virus", "dmarc"))
        )


@dataclass(frozen=True)
class Reading:
    """A person's mail. `text` is what the person newly wrote, the subject first."""

    sender: EmailAddress
    language: str
    rights: tuple[RightKind, ...]
    certain: bool
    text: str
    message_id: str


def read(raw: bytes, verdicts: Verdicts, ours: Collection[EmailAddress]) -> Reading | Drop:
    """Return the reading of a raw RFC 5322 mail, or the reason to drop it.

    Never raises, whatever a sender sends.
    """
    refused = _by_verdict(verdicts)
    if refused:
        return refused
    message = _parsed(raw[:_READ_AT_MOST])
    subject = _header(message, "Subject")
    automatic = _by_header(message, plain(subject))
    if automatic:
        return automatic
    sender = _sender(message)
    if isinstance(sender, Drop):
        return sender
    if sender.exact in {address.exact for address in ours}:
        return Drop.OWN_LOOP
    if sender.exact.rpartition("@")[0] in ("mailer-daemon", "postmaster"):
        return Drop.BOUNCE
    body = _newly_written(_body(message))[:_TEXT_AT_MOST]
    # The subject of a reply is ours, not the person's.
    wish = read_wish("" if _REPLY.match(plain(subject)) else subject, body)
    return Reading(
        sender=sender,
        language=language(plain(f"{subject} {body}")),
        rights=wish.rights,
        certain=wish.certain,
        text=f"{subject}\n\n{body}".strip()[:_TEXT_AT_MOST],
        message_id=_message_id(message),
    )


def _parsed(raw: bytes) -> Message:
    if raw.lower().count(b"multipart/") <= _MULTIPARTS_AT_MOST and raw.count(b"\n--") <= _BOUNDARIES_AT_MOST:
        return message_from_bytes(raw)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    message = BytesHeaderParser().parsebytes(head)
    del message["Content-Type"], message["Content-Transfer-Encoding"]
    message["Content-Type"] = "text/plain; charset=utf-8"
    message.set_payload(body[:_TEXT_AT_MOST].decode("utf-8", "replace"))
    return message


def _by_verdict(verdicts: Verdicts) -> Drop | None:
    if verdicts.virus == "FAIL":
        return Drop.VIRUS
    if verdicts.spam == "FAIL":
        return Drop.SPAM
    return Drop.DMARC_FAIL if verdicts.dmarc == "FAIL" else None


def _by_header(message: Message, subject: str) -> Drop | None:
    def value(name: str) -> str:
        return str(message.get(name) or "").strip().lower()

    if value("Return-Path") == "<>" or message.get_content_type() == "multipart/report":
        return Drop.BOUNCE
    if value("Auto-Submitted") not in ("", "no") or message.get("X-Autoreply") or message.get("X-Autorespond"):
        return Drop.AUTO_REPLY
    if value("Precedence") == "auto_reply" or _AUTOMATIC_SUBJECT.match(subject):
        return Drop.AUTO_REPLY
    if message.get("List-Id") or message.get("List-Unsubscribe") or value("Precedence") in ("bulk", "list", "junk"):
        return Drop.MAILING_LIST
    return None


def _sender(message: Message) -> EmailAddress | Drop:
    headers = [str(value) for value in message.get_all("From") or []]
    if any(len(header) > _HEADER_AT_MOST for header in headers):
        return Drop.SEVERAL_SENDERS
    # A name with a comma and without quotes splits into words that hold no address.
    found = [address for _, address in getaddresses(headers) if "@" in address]
    if not found:
        return Drop.NO_SENDER
    if len(found) > 1 or len(headers) > 1:
        return Drop.SEVERAL_SENDERS
    try:
        return EmailAddress.parse(found[0])
    except InvalidIdentifier:
        return Drop.NO_SENDER


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name) or "")[:_HEADER_AT_MOST]
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return " ".join(raw.split())


def _message_id(message: Message) -> str:
    found = re.search(r"<[^<>\s]{1,250}>", str(message.get("Message-ID") or ""))
    return found[0] if found else ""


def _body(message: Message) -> str:
    html = ""
    for part in islice(message.walk(), _PARTS_AT_MOST):
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain":
            text = _decoded(part)
            if text.strip():
                return text
        elif part.get_content_type() == "text/html" and not html:
            html = _decoded(part)
    return _text_of(html)


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else str(payload or "").encode("utf-8", "replace")
    try:
        return raw.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        # Mails that lie about their charset are mostly Windows-1252, which every byte string can be read as.
        return raw.decode("utf-8") if _is_utf8(raw) else raw.decode("cp1252", "replace")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_HIDDEN = frozenset(["style", "script", "head", "title", "blockquote"])
_BREAKING = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3"])
_TAG = re.compile(r"(/?)([a-z][a-z0-9]*)", re.IGNORECASE)


def _text_of(html: str) -> str:
    """Visible text; blocks end lines, quoted mails are left out. One pass over the text, whatever it holds: the parser of the
    standard library takes quadratic time on what a sender may well send."""
    parts: list[str] = []
    hidden = 0
    first, *pieces = html[:_HTML_AT_MOST].split("<")
    parts.append(first)
    for piece in pieces:
        tag, closed, text = piece.partition(">")
        found = _TAG.match(tag)
        if not closed and found is None:
            text = "<" + piece  # a lone sign, not a tag
        name = found[2].lower() if found else ""
        if name in _HIDDEN:
            hidden = max(0, hidden - 1) if found and found[1] else hidden + 1
        elif name == "body":
            hidden = 0
        elif name in _BREAKING:
            parts.append("\n")
        if not hidden:
            parts.append(text)
    return unescape("".join(parts))


def _newly_written(text: str) -> str:
    """What stands before and between the quoted lines of an earlier mail; all of it where nothing else does."""
    given = text.replace("\r\n", "\n").replace("\r", "\n")[: 4 * _TEXT_AT_MOST].split("\n")
    bare = [plain(line) for line in given]
    lines = []
    for number, line in enumerate(bare):
        if line.startswith(">"):
            continue  # answers may stand between quoted lines
        if line.strip() and (_QUOTE_STARTS.match(line) or _starts_block(bare, number)):
            break
        lines.append(given[number])
    kept = "\n".join(lines).strip()
    return kept or text.strip()


def _starts_block(lines: list[str], number: int) -> bool:
    """Whether an earlier mail begins here: Outlook's head lines, or an attribution that was wrapped over two lines."""
    line, after = lines[number], lines[number + 1 : number + 4]
    if _BLOCK_FROM.match(line) and any(_BLOCK_SENT.match(later) for later in after):
        return True
    return bool(_WRAPPED.match(line) and after and _WROTE.search(after[0]))
