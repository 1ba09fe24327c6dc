"""Every mail that the backend sent through SES, read back from the simulated SES, parsed, and served at one address."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from flask import Flask

from infra.loopback import Server


class SentMail:
    """Serves the mails of a region at `url` until `stop`."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._kept: dict[int, tuple[Any, dict[str, Any]]] = {}  # what was parsed before: a sent mail never changes
        app = Flask("infra.local.sent_mail", static_folder=None)
        app.get("/sent-mail")(self.sent)
        self._server = Server(app)
        self.url = f"{self._server.url}/sent-mail"

    def sent(self) -> list[dict[str, Any]]:
        """Oldest first: {to, subject, text, html, headers}."""
        from moto.ses.models import ses_backends

        return [
            self._once(message)
            for account in list(ses_backends.values())
            for message in list(account[self._region].sent_messages)
        ]

    def _once(self, message: Any) -> dict[str, Any]:
        kept = self._kept.get(id(message))
        if kept is None or kept[0] is not message:
            kept = self._kept[id(message)] = (message, _parsed(message))
        return dict(kept[1])

    def stop(self) -> None:
        """Serve nothing any more."""
        self._server.stop()


def _parsed(message: Any) -> dict[str, Any]:
    from moto.ses.models import RawMessage

    if not isinstance(message, RawMessage):
        return {
            "to": message.destinations.get("ToAddresses", []),
            "subject": message.subject,
            "text": message.body,
            "html": "",
            "headers": {},
        }
    raw = message.raw_data  # beside it, moto counts an address twice that stands in the call and in the mail
    mail: EmailMessage = message_from_bytes(raw.encode() if isinstance(raw, str) else raw, policy=policy.default)
    return {
        "to": list(dict.fromkeys(message.destinations)) or [address.addr_spec for address in mail["To"].addresses],
        "subject": str(mail["Subject"]),
        "text": _part(mail, "plain"),
        "html": _part(mail, "html"),
        "headers": {name: str(value) for name, value in mail.items()},
    }


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
