"""One mail as Gmail keeps it, and as the Gmail API shows it.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages (Message, MessagePart; Format: minimal is ids
and labels, metadata the headers too, full the parsed body, raw the whole message in base64url).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
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
    def text(self) -> str:
        """Its first plain text, in one line."""
        part = self.message.get_body(("plain", "html"))
        return " ".join(part.get_content().split()) if part is not None else ""

    @property
    def order(self) -> tuple[int, str]:
        """Lists go down by this: the time in milliseconds, then the id."""
        return int(self.at.timestamp() * 1000), self.id

    def header(self, name: str) -> str:
        """Empty where there is none."""
        return str(self.message.get(name, ""))

    def addresses(self, *names: str) -> list[str]:
        """The bare addresses in these headers, in lower case."""
        found = getaddresses([str(value) for name in names for value in self.message.get_all(name, [])])
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
            every = _headers(self.message, self.bcc)
            shown = [each for each in every if not kept or each["name"].lower() in kept]
            body["payload"] = {"mimeType": self.message.get_content_type(), "headers": shown}
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
    """A message on its way, as bytes."""
    message = EmailMessage(policy=policy.SMTP)
    further = {"From": sender, "To": ", ".join(to), "Cc": ", ".join(cc), "Subject": subject}
    told = {**further, "Date": format_datetime(at), "Message-ID": message_id, **(headers or {})}
    for name, value in told.items():
        if value:
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()
