"""Every mail that the backend sent through SES, read back from the simulated SES and parsed."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


def sent(region: str) -> list[dict[str, Any]]:
    """Oldest first: {to, subject, text, html, headers}."""
    from moto.ses.models import RawMessage, ses_backends

    found: list[dict[str, Any]] = []
    for account in list(ses_backends.values()):
        for message in list(account[region].sent_messages):
            if isinstance(message, RawMessage):
                found.append(_parsed(message))
            else:
                to = message.destinations.get("ToAddresses", [])
                found.append({"to": to, "subject": message.subject, "text": message.body, "html": "", "headers": {}})
    return found


def _parsed(message: Any) -> dict[str, Any]:
    raw = message.raw_data
    parsed = message_from_bytes(raw.encode() if isinstance(raw, str) else raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 - what the default policy makes
    to = list(message.destinations) or [address.addr_spec for address in parsed["To"].addresses]
    return {
        "to": to,
        "subject": str(parsed["Subject"]),
        "text": _part(parsed, "plain"),
        "html": _part(parsed, "html"),
        "headers": {name: str(value) for name, value in parsed.items()},
    }


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
