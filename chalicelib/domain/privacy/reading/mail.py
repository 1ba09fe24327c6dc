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
from email.utils import getaddresses
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.privacy.reading.language import language
from chalicelib.domain.privacy.reading.rights import Right, plain, read_wish

_READ_AT_MOST = 2_000_000  # bytes
_TEXT_AT_MOST = 20_000  # characters
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:re:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:response|reply)|out of (?:the )?office|reponse automatique|"
    r"absence du bureau|abwesenheits\w*|automatische antwort|respuesta automatica|risposta automatica)",
)
_QUOTE_STARTS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|message d'origine|ursprungliche nachricht)|on .{5,120} wrote:\s*$|le .{5,120} a ecrit\s*:\s*$|"
    r"am .{5,120} schrieb .{0,80}:\s*$|el .{5,120} escribio:\s*$|il .{5,120} ha scritto:\s*$|_{10,})"
)


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
        """From the `receipt` of SES's notification."""
        return cls(
            *(str((receipt.get(f"{name}Verdict") or {}).get("status", "")) for name in ("spam", "virus", "dmarc"))
        )


@dataclass(frozen=True)
class Reading:
    """A person's mail. `text` is what the person newly wrote, the subject first."""

    sender: EmailAddress
    language: str
    rights: tuple[Right, ...]
    certain: bool
    text: str
    message_id: str


def read(raw: bytes, verdicts: Verdicts, ours: Collection[EmailAddress]) -> Reading | Drop:
    """The reading of a raw RFC 5322 mail, or why it is dropped. Never raises for what a sender can send."""
    refused = _by_verdict(verdicts)
    if refused:
        return refused
    message = message_from_bytes(raw[:_READ_AT_MOST])
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
    wish = read_wish(subject, body)
    return Reading(
        sender=sender,
        language=language(plain(f"{subject} {body}")),
        rights=wish.rights,
        certain=wish.certain and wish.rights[:1] == (Right.ERASURE,),
        text=f"{subject}\n\n{body}".strip()[:_TEXT_AT_MOST],
        message_id=_message_id(message),
    )


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
    found = [address for _, address in getaddresses(headers) if address]
    if not found:
        return Drop.NO_SENDER
    if len(found) > 1 or len(headers) > 1:
        return Drop.SEVERAL_SENDERS
    try:
        return EmailAddress.parse(found[0])
    except InvalidIdentifier:
        return Drop.NO_SENDER


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name) or "")
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return " ".join(raw.split())


def _message_id(message: Message) -> str:
    found = re.search(r"<[^<>\s]{1,250}>", str(message.get("Message-ID") or ""))
    return found[0] if found else ""


def _body(message: Message) -> str:
    html = ""
    for part in message.walk():
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
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


class _Text(HTMLParser):
    """Visible text; blocks end lines, quoted mails are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "head", "title", "blockquote"):
            self._hidden += 1
        elif tag in ("p", "div", "br", "tr", "li", "h1", "h2", "h3"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head", "title", "blockquote"):
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def _newly_written(text: str) -> str:
    lines = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _QUOTE_STARTS.match(plain(line)) if line.strip() else False:
            if line.lstrip().startswith(">"):
                continue  # answers may stand between quoted lines
            break
        lines.append(line)
    kept = "\n".join(lines).strip()
    return kept or text.strip()
