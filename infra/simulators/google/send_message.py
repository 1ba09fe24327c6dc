"""messages.send: https://developers.google.com/workspace/gmail/api/guides/sending and …/guides/threads

Gmail writes the account's own address into From, a Message-ID of its own instead of ours (ours stays in
X-Google-Original-Message-ID), and takes Bcc out of what it sends. A mail joins the thread that is named when its Subject is the
thread's and it answers a mail of it.
"""

import base64
import binascii
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, parseaddr

from flask import Response, request

from chalicelib.core import clock
from infra.simulators.google import errors
from infra.simulators.google.accounts import Account, Accounts
from infra.simulators.google.mailbox import Mailbox
from infra.simulators.replies import reply

ORIGINAL = "X-Google-Original-Message-ID"


def send(account: Account, accounts: Accounts) -> Response:
    """Into the sender's SENT, and into the inbox of each recipient who has an account here."""
    body = request.get_json(force=True, silent=True) or {}
    try:
        raw = base64.urlsafe_b64decode(body["raw"] + "=" * (-len(body["raw"]) % 4))
    except (KeyError, TypeError, binascii.Error, ValueError):
        return _bad("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    message = message_from_bytes(raw, policy=policy.SMTP)
    to = [value for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    recipients = [address.lower() for _, address in getaddresses([str(value) for value in to]) if "@" in address]
    if not recipients:
        return _bad("Recipient address required")
    thread = str(body.get("threadId") or "")
    if thread and not any(mail.thread == thread for mail in account.mailbox.all()):
        return errors.say(404)
    bcc = _rewrite(message, account, account.mailbox)
    sent = message.as_bytes()
    mailbox, now = account.mailbox, clock.now()
    kept = mailbox.put(sent, now, ["SENT"], thread=thread if _fits(message, mailbox, thread) else "", bcc=bcc)
    for address in dict.fromkeys(recipients):
        other = accounts.get(address)
        if other is not None:
            other.mailbox.put(sent, now, ["INBOX", "UNREAD"])
    return reply(200, {**kept.short(), "labelIds": list(kept.labels)})


def _rewrite(message: EmailMessage, account: Account, mailbox: Mailbox) -> str:
    """What Gmail changes; the Bcc that it took out."""
    name, address = parseaddr(str(message.get("From", "")))
    if address.lower() != account.address:
        del message["From"]
        message["From"] = f"{name or account.name} <{account.address}>"
    original = str(message.get("Message-ID", ""))
    del message["Message-ID"]
    message["Message-ID"] = f"<CA{mailbox.history + 1:x}{clock.epoch():x}@mail.gmail.com>"
    if original:
        message[ORIGINAL] = original
    if "Date" not in message:
        message["Date"] = format_datetime(clock.now())
    bcc = str(message.get("Bcc", ""))
    del message["Bcc"]
    return bcc


def _fits(message: EmailMessage, mailbox: Mailbox, thread: str) -> bool:
    within = [mail for mail in mailbox.all() if mail.thread == thread]
    named = {*str(message.get("In-Reply-To", "")).split(), *str(message.get("References", "")).split()}
    answers = any(mail.header("Message-ID") in named for mail in within)
    subject = _plain(str(message.get("Subject", "")))
    return answers and any(_plain(mail.header("Subject")) == subject for mail in within)


def _plain(subject: str) -> str:
    return subject.lower().removeprefix("re:").strip()


def _bad(message: str) -> Response:
    return errors.say(400, message, reason="invalidArgument")
