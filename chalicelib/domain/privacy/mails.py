"""Mails of a request: each at most once, whatever is killed and run again (domain/work/mails.py).

A lost first mail is made good by the reminder, a lost last one by the status page, which then shows the salt.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.core import log, settings
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.privacy.model import Link, PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.texts import render
from chalicelib.vault import signing


def link_for(
    request: RequestRecord, payload: Request, address: int, expires_at: datetime, page: str = "confirm"
) -> str:
    """Return a new link to that page. Its hash is added to the payload, which the caller writes."""
    secret, hashed = signing.new_secret()
    payload.links.append(Link(secret_hash=hashed, expires_at=expires_at, address=address))
    return f"{settings.current().public_url}/privacy/{page}/{request_id(request)}.{secret}"


def request_id(request: RequestRecord) -> str:
    return str(request.pk).removeprefix("request#")


def once(
    request: RequestRecord,
    payload: Request,
    person: PersonPayload,
    *,
    name: str,
    template: str,
    address: int = 0,
    values: Mapping[str, str],
) -> bool:
    """Claim, send and record the mail, and return whether it was sent now.

    VersionConflict where another worker claims at the same moment; Unavailable where SES takes nothing now.
    """
    if name in payload.mails:
        return False
    mail = mails.written(
        person.addresses[address].text, template, payload.language, **_ours(payload.language), **values
    )
    reply_to = _reply_address(request_id(request))
    mail = replace(mail, reply_to=reply_to, about=f"<{reply_to}>")
    if address == 0:
        mail = replace(mail, in_reply_to=person.message_id)

    def save() -> None:
        request.reseal(payload)
        rows.put_if_unchanged(request)

    return mails.once(payload.mails, name, mail, save)


def _reply_address(ident: str) -> str:
    """The privacy address with the request's id, by which an answer finds it. Who writes there has to be its person as well."""
    local, _, domain = settings.current().privacy_address.rpartition("<")[2].strip("> ").rpartition("@")
    return f"{local}+{ident}@{domain}"


def _ours(language: str) -> dict[str, str]:
    """What every mail to a person may say: who we are, and where to complain of us."""
    here = settings.current()
    return {
        "controller": f"{here.controller_name}, {here.controller_address}",
        "privacy_address": here.privacy_address,
        "complaint": render.sentence("complaint", language),
    }


def ours() -> list[EmailAddress]:
    """Return the addresses that we write from or are written to. A mail from one of them is a loop."""
    here = settings.current()
    found = []
    for raw in (here.privacy_address, here.sender_address):
        try:
            found.append(EmailAddress.parse(raw.rpartition("<")[2].strip(">")))
        except InvalidIdentifier:
            log.event("own_address_invalid")
    return found
