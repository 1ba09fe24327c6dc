"""Deletions that a connection holds back, since its source suddenly shows much less than it did: its health says so, and its
member is told once."""

from chalicelib.connectors.mail.sending import Outgoing
from chalicelib.connectors.port import Stream
from chalicelib.core import ids, log
from chalicelib.core.errors import VersionConflict
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections import repository
from chalicelib.domain.connections.model import PREFIX, ConnectionPayload, ConnectionState, Held
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.texts import render

_MAIL = "deletions_held"


def say(record: ConnectionRecord, stream: Stream, held: Held | None) -> None:
    """Write what the stream holds back, None for nothing, where the connection does not say so yet.

    VersionConflict where the connection is gone, or on its way out.
    """

    def write(current: ConnectionRecord) -> bool:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.ENDING:
            return False
        said = payload.health.held
        payload.health.held = [*(each for each in said if each.stream != stream), *([held] if held else [])]
        if payload.health.held != said:
            if not payload.health.held:
                payload.mails.pop(_MAIL, None)  # of the next time its member is told anew
            repository.save(current, payload)
            log.event("deletions_held" if held else "deletions_released", tenant=record.tenant)
        return True

    if not rows.settle(record, write):
        raise VersionConflict


def tell(record: ConnectionRecord) -> None:
    """Mail to the member what the connection holds back, unless that was done. Unavailable where the mail is not taken now."""

    def write(current: ConnectionRecord) -> None:
        payload = current.unsealed(ConnectionPayload).model_copy(deep=True)
        if payload.state is ConnectionState.ENDING or not payload.health.held or _MAIL in payload.mails:
            return
        mail = _letter(current, payload)
        if mail is not None:
            mails.once(payload.mails, _MAIL, mail, lambda: repository.save(current, payload))

    rows.settle(record, write)


def _letter(record: ConnectionRecord, payload: ConnectionPayload) -> Outgoing | None:
    found = member_lookup.readable(record.tenant, ids.owned_of(PREFIX, record.sk).owner)
    if found is None:
        return None
    to = found.own.unsealed(MemberPayload)
    name = render.provider(payload.provider, to.settings.language)
    goes = {each.stream: str(each.would_delete) for each in payload.health.held}
    text = render.mail(
        _MAIL,
        to.settings.language,
        provider=name,
        account=payload.address or payload.account or name,
        contacts=goes.get(Stream.CONTACTS, "0"),
        companies=goes.get(Stream.COMPANIES, "0"),
    )
    return Outgoing(to=to.email, subject=text.subject, text=text.text, html=text.html)
