"""Gmail's message resource, as the field mask lets it through, to port.Header."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from chalicelib.connectors.port import Header
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier

# Drafts and chats are no mail; of spam and trash nothing is read.
_SKIPPED = frozenset({"DRAFT", "CHAT", "SPAM", "TRASH"})
_OUTGOING = "SENT"
_NOBODY_WROTE = frozenset({"bulk", "list", "junk", "auto_reply"})  # of Precedence (RFC 3834 2 and common usage)
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})  # who sends bounces (RFC 3464, RFC 5321 4.5.1)


def read(messages: Sequence[dict[str, Any]]) -> list[Header]:
    """Return the headers of the messages that have a sender and a time, from people or from machines."""
    return [header for header in map(_header, messages) if header is not None]


def moment(message: dict[str, Any]) -> datetime | None:
    """Return the time when Gmail received the message, or its own Date if that is missing.

    None if the text is no time: of imported mail, both were written by somebody else.
    """
    millis = str(message.get("internalDate") or "")
    try:
        if millis.isdecimal():
            return datetime.fromtimestamp(int(millis) / 1000, UTC)
        said = parsedate_to_datetime(next(_values(message, "date"), ""))
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _header(message: dict[str, Any]) -> Header | None:
    labels, when = message.get("labelIds") or (), moment(message)
    senders = _addresses(_values(message, "from"))
    if _SKIPPED.intersection(labels) or when is None or not senders or not message.get("id"):
        return None
    recipients = _addresses([*_values(message, "to"), *_values(message, "cc")])
    return Header(
        str(message["id"]), when, _OUTGOING in labels, senders[0], recipients, _automatic(message, senders[0])
    )


def _automatic(message: dict[str, Any], sender: str) -> bool:
    submitted = next(_values(message, "auto-submitted"), "no").strip().lower()
    precedence = next(_values(message, "precedence"), "").strip().lower()
    return (
        submitted != "no"  # RFC 3834 5: auto-generated, auto-replied
        or next(_values(message, "list-id"), None) is not None
        or precedence in _NOBODY_WROTE
        or sender.partition("@")[0].lower() in _DAEMONS
    )


def _values(message: dict[str, Any], name: str) -> Iterator[str]:
    payload = message.get("payload")
    headers = payload.get("headers") if isinstance(payload, dict) else None
    for header in headers if isinstance(headers, list) else ():
        if isinstance(header, dict) and str(header.get("name", "")).lower() == name:
            yield str(header.get("value", ""))


def _addresses(values: Any) -> tuple[str, ...]:
    """The bare addresses in those headers, each once. Gmail decodes names, so that an unquoted comma may stand in one: what is
    no address is left out."""
    found: dict[str, str] = {}
    for _, text in getaddresses(list(values)):
        try:
            address = EmailAddress.parse(text)
        except InvalidIdentifier:
            continue
        found.setdefault(address.exact, address.text)
    return tuple(found.values())
