"""Mails to the privacy address, as SES notifies them: a message id and where the raw mail is."""

import json
from datetime import datetime
from typing import Any

from chalicelib.core import clock, log
from chalicelib.domain.privacy import intake, limits, mails
from chalicelib.domain.privacy.parsing.mail import READ_AT_MOST, Drop, Verdicts, read
from chalicelib.jobs.messages import Poison, each
from chalicelib.store import objects
from chalicelib.texts.catalogues import answering


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Open a request for every mail that a person wrote; silence, counted, for the rest."""
    return each(event, "inbound_mail", _one)


def _one(body: dict[str, Any]) -> None:
    notification = json.loads(body["Message"]) if "Message" in body and "TopicArn" in body else body
    try:
        message_id = str(notification["mail"]["messageId"])
        receipt, action = notification["receipt"], notification["receipt"]["action"]
        bucket, key = str(action["bucketName"]), str(action["objectKey"])
    except (KeyError, TypeError) as error:
        raise Poison from error
    raw = objects.get_raw(bucket, key, READ_AT_MOST + 1)  # one more tells that there is more
    if raw is None:
        return  # delivered twice: the first delivery has finished it
    verdicts = Verdicts.from_receipt(receipt)
    found = read(raw, verdicts, mails.ours())
    if isinstance(found, Drop):
        log.event("inbound_dropped", reason=str(found))
    else:
        asked = intake.Asked(
            rights=found.rights,
            certain=found.certain,
            language=answering(found.language),
            text=found.text,
            message_id=found.message_id,
            written_in=found.language,
            unread=found.unread,
            raw=raw,
            received_at=_time_of(notification["mail"]),
            marks=found.marks,
            addressed=found.addressed,
            answers=found.answers,
        )
        origin = limits.origin_of_mail(found.sender, proven=verdicts.dmarc == "PASS")
        intake.open_request(found.sender, asked, origin, intake.id_of_mail(message_id))
    # Last: until here a kill leaves the mail, and the next delivery goes on with the same request.
    objects.delete(bucket, key)


def _time_of(mail: dict[str, Any]) -> datetime | None:
    """When SES had the mail, from which the month to answer in counts; None where it does not say that as it does."""
    try:
        return clock.parse_rfc3339(str(mail.get("timestamp", "")))
    except ValueError:
        return None
