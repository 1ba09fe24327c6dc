"""Our own mail, through Amazon SES v2: raw MIME, so that replies thread and machines know it for automatic."""

import functools
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from typing import Any

from chalicelib.core import settings
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier


class SendFailed(Exception):
    """SES did not take the mail, or that is unknown. Names no address.

    `retryable`: it surely was not taken and may be later. Else it never will be, or may have been: not to be repeated.
    """

    def __init__(self, *, retryable: bool) -> None:
        super().__init__("mail not accepted")
        self.retryable = retryable


@dataclass(frozen=True)
class Outgoing:
    """One mail to one person. `in_reply_to` is the Message-ID of what it answers; answers go to `reply_to`, or else to
    the privacy address. `about` is a Message-ID of ours that names what it is about: answers carry it among their references."""

    to: str
    subject: str
    text: str
    html: str
    in_reply_to: str = ""
    reply_to: str = ""
    about: str = ""


# Refusals for now (SES API v2, errors of SendEmail). A 5xx is not among them: the mail may have been taken.
_BUSY = {"TooManyRequestsException", "ThrottlingException", "LimitExceededException", "SendingPausedException"}


@functools.cache
def _client() -> Any:  # botocore's clients are made at run time
    import botocore.session  # noqa: PLC0415 - cold start
    from botocore.config import Config  # noqa: PLC0415

    here = settings.current()
    # One attempt: a request that timed out may have been taken, and nobody is to be mailed twice.
    config = Config(
        connect_timeout=here.aws_connect_timeout, read_timeout=here.aws_read_timeout, retries={"total_max_attempts": 1}
    )
    return botocore.session.get_session().create_client("sesv2", region_name=here.region, config=config)


def reset() -> None:
    """Forget the client. For tests that change the cloud."""
    _client.cache_clear()


def send(mail: Outgoing) -> None:
    """Hand the mail to SES. SendFailed if SES did not accept it, or if that is unknown."""
    from botocore.exceptions import (  # noqa: PLC0415 - cold start
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        EndpointConnectionError,
    )

    try:
        _client().send_email(
            FromEmailAddress=settings.current().sender_address,
            Destination={"ToAddresses": [_deliverable(mail.to)]},
            Content={"Raw": {"Data": _mime(mail).as_bytes()}},
        )
    except ClientError as error:
        raise SendFailed(retryable=error.response["Error"]["Code"] in _BUSY) from None
    except (EndpointConnectionError, ConnectTimeoutError):
        raise SendFailed(retryable=True) from None
    except BotoCoreError:
        raise SendFailed(retryable=False) from None


def _deliverable(address: str) -> str:
    """The address as SES takes it."""
    try:
        return EmailAddress.parse(address, historic=True).deliverable
    except InvalidIdentifier:
        return address  # SES decides


def _mime(mail: Outgoing) -> EmailMessage:
    here = settings.current()
    message = EmailMessage()
    message["From"] = formataddr(parseaddr(here.sender_address))
    message["To"] = _deliverable(mail.to)
    message["Reply-To"] = _deliverable(mail.reply_to) if mail.reply_to else here.privacy_address
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834: other machines must not answer
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
    if references := " ".join(each for each in (mail.in_reply_to, mail.about) if each):
        message["References"] = references
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
