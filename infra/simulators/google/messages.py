"""One mail as Gmail keeps it, and as the Gmail API shows it.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages (Message, MessagePart; Format: minimal is ids
and labels, metadata the headers too, full the parsed body, raw the whole message in base64url).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses
from functools import cached_property
from html import escape
from typing import Any, cast

_SNIPPET = 200


@dataclass
class Mail:
    """`raw` is the message as it was sent or arrived; `history` the mailbox's id of its last change."""

    id: str
    thread: str
    raw: bytes
    at: datetime
    labels: list[str]
    history: int = 0
    bcc: str = ""  # of what the account sent: shown to it alone

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """As they read, without parsing the rest: most mails are asked for these only."""
        read = BytesHeaderParser(policy=compat32).parsebytes(self.raw)
        return [(name, _plain(str(value))) for name, value in read.items()]

    @cached_property
    def text(self) -> str:
        """Its first text, in one line; of a part that is nothing but HTML with its tags."""
        for part in message_from_bytes(self.raw).walk():
            if part.get_content_maintype() == "text":
                content = part.get_payload(decode=True)
                return " ".join(content.decode(errors="replace").split()) if isinstance(content, bytes) else ""
        return ""

    @property
    def order(self) -> tuple[int, str]:
        """Lists go down by this: the time in milliseconds, then the id."""
        return int(self.at.timestamp() * 1000), self.id

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    def addresses(self, *names: str) -> list[str]:
        """The bare addresses in these headers, in lower case."""
        kept = {name.lower() for name in names}
        found = getaddresses([value for name, value in self.headers if name.lower() in kept])
        return [address.lower() for _, address in found]

    def short(self) -> dict[str, Any]:
        """As lists and history show it."""
        return {"id": self.id, "threadId": self.thread}

    def shown(self, form: str, headers: Sequence[str] = ()) -> dict[str, Any]:
        """The Message in one of the formats; with `headers` only those of the format metadata."""
        body: dict[str, Any] = {
            **self.short(),
            "labelIds": list(self.labels),
            "snippet": escape(self.text[:_SNIPPET], quote=True),
            "historyId": str(self.history),
            "internalDate": str(self.order[0]),
            "sizeEstimate": len(self.raw),
        }
        if form == "metadata":
            kept = {name.lower() for name in headers}
            every = [*self.headers, *([("Bcc", self.bcc)] if self.bcc else [])]
            shown = [{"name": name, "value": value} for name, value in every if not kept or name.lower() in kept]
            kind = self.header("Content-Type").partition(";")[0] or "text/plain"
            body["payload"] = {"mimeType": kind, "headers": shown}
        elif form == "full":
            body["payload"] = _part(self.message, "", self.bcc)
        elif form == "raw":
            body["raw"] = base64.urlsafe_b64encode(self.raw).decode()
        return body


def _headers(message: EmailMessage, bcc: str = "") -> list[dict[str, str]]:
    every = [*message.items(), *([("Bcc", bcc)] if bcc else [])]
    return [{"name": name, "value": str(value)} for name, value in every]


def _part(part: EmailMessage, ident: str, bcc: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = {
        "partId": ident,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": _headers(part, bcc),
    }
    if part.is_multipart():
        within = cast("list[EmailMessage]", part.get_payload())
        parts = [_part(each, f"{ident}.{at}".lstrip("."), "") for at, each in enumerate(within)]
        return {**shown, "body": {"size": 0}, "parts": parts}
    content = cast("bytes | None", part.get_payload(decode=True)) or b""
    if shown["filename"]:
        return {**shown, "body": {"attachmentId": f"ANGjdJ{ident}", "size": len(content)}}
    return {**shown, "body": {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}}


def written(  # noqa: PLR0913 - what a mail has, all by keyword
    *,
    sender: str,
    to: Sequence[str],
    subject: str,
    text: str,
    at: datetime,
    message_id: str,
    cc: Sequence[str] = (),
    html: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A message on its way, as bytes. The one part of plain text is put together by hand: ten thousand are made in no time."""
    further = {"From": sender, "To": ", ".join(to), "Cc": ", ".join(cc), "Subject": subject}
    told = {**further, "Date": format_datetime(at), "Message-ID": message_id, **(headers or {})}
    lines = [f"{name}: {_encoded(value)}" for name, value in told.items() if value]
    if html:
        message = EmailMessage(policy=policy.SMTP)
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        return "\r\n".join([*lines, ""]).encode() + message.as_bytes()
    kind = ["MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*lines, *kind, "", *text.splitlines(), ""]).encode()


def _encoded(value: str) -> str:
    """RFC 2047 for the words that need it; addresses stay readable."""
    words = (word if word.isascii() else Header(word, "utf-8").encode(maxlinelen=0) for word in value.split(" "))
    return " ".join(words)


def _plain(value: str) -> str:
    unfolded = value.replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(unfolded))) if "=?" in unfolded else unfolded
