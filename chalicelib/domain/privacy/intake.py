"""Opening a request, by mail or by the form. The answer is the same whether or not we know the person."""

import calendar
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import limits, mails
from chalicelib.domain.privacy.model import DUE_KIND, Address, PersonPayload, Request, Right
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.states import Intake, RightKind, RightState, may_move
from chalicelib.store import rows
from chalicelib.store.due import Due, schedule
from chalicelib.vault import tags
from chalicelib.vault.keys import ring

_RAW_AT_MOST = 100_000  # bytes: with the text it fits into a row
_FOR_OFFICER_DAYS = 90  # a month to answer, two more if extended (GDPR art. 12(3))


def id_of_mail(ses_message_id: str) -> str:
    """Return the id of the request that a mail opens.

    It is the same for the same mail, however often that is delivered.
    """
    return "req_" + tags.platform_digest("inbound-mail", ses_message_id)[:26]


@dataclass(frozen=True)
class Asked:
    """What somebody wrote. `rights` as they were read, the clearest first, none where that is not plain; `certain` where the
    first can be acted on without a person reading it. `unread` names what was not read of the mail `raw`: our officer gets its
    beginning as it came."""

    rights: Sequence[RightKind]
    certain: bool
    language: str
    text: str
    message_id: str = ""
    unread: Sequence[str] = ()
    raw: bytes = b""

    @property
    def settled(self) -> bool:
        """Whether the first right has steps that can begin once the address is confirmed."""
        first = self.rights[0] if self.rights else None
        return (
            self.certain
            and first is not None
            and may_move(first, RightState.FOR_OFFICER, RightState.AWAITING_CONFIRMATION)
        )


def open_request(address: EmailAddress, asked: Asked, ident: str = "") -> None:
    """Record the request and answer by mail; with `ident` safe to repeat. Silently nothing where a limit is reached."""
    ident = ident or ids.new("req")
    pk = f"request#{ident}"
    request = rows.get(RequestRecord, pk, "request")
    if request is None:
        if not limits.mail_allowed(address.exact):
            log.event("request_limited")
            return
        request = _record(pk, address, asked)
    if request.unsealed(Request).intake in (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION):
        _answer(request)


def _record(pk: str, address: EmailAddress, asked: Asked) -> RequestRecord:
    now = clock.now()
    ring.create(pk)
    # The text of a settled request is not needed: what the person wishes is known.
    person = PersonPayload(
        addresses=[Address(text=address.text, exact=address.exact)],
        text="" if asked.settled else asked.text,
        raw=b64encode(asked.raw[:_RAW_AT_MOST]).decode() if asked.unread and not asked.settled else "",
        message_id=asked.message_id,
    )
    _insert(PersonRecord.build(pk, "person", person, ends=now + timedelta(days=_FOR_OFFICER_DAYS + 30)))
    payload = Request(
        rights=[Right(kind=kind) for kind in dict.fromkeys(asked.rights)],
        language=asked.language,
        unread=list(asked.unread),
        received_at=now,
        due_at=month_after(now),
    )
    if asked.settled:
        payload.await_confirmation()
    wait = timedelta(seconds=settings.current().waits.reminder) if asked.settled else timedelta(days=_FOR_OFFICER_DAYS)
    schedule(Due(DUE_KIND, pk.removeprefix("request#")), now + wait)
    ends = None if asked.settled else now + timedelta(days=_FOR_OFFICER_DAYS + 30)
    record = RequestRecord.build(pk, "request", payload, ends=ends)
    return record if _insert(record) else _existing(pk)


def _insert(record: PersonRecord | RequestRecord) -> bool:
    try:
        rows.put_new(record)
    except VersionConflict:
        return False  # a run before this one came that far
    return True


def _existing(pk: str) -> RequestRecord:
    found = rows.get(RequestRecord, pk, "request")
    if found is None:
        raise VersionConflict
    return found


def _answer(request: RequestRecord) -> None:
    payload = request.unsealed(Request)
    found = rows.get(PersonRecord, request.pk, "person")
    if found is None or "first" in payload.mails:
        return
    person = found.unsealed(PersonPayload)
    due = mails.day(payload.due_at)
    if payload.intake is Intake.AWAITING_CONFIRMATION:
        expires = clock.now() + timedelta(seconds=settings.current().waits.confirm_link)
        link = mails.link_for(request, payload, 0, expires)
        mails.once(request, payload, person, name="first", template="confirm_erasure", link=link, due=due)
    else:
        link = f"{settings.current().public_url}/privacy?lang={payload.language}"
        mails.once(request, payload, person, name="first", template="choose_right", link=link, due=due)


def month_after(moment: datetime) -> datetime:
    """Return the same day of the next month, or its last day (GDPR art. 12(3), Regulation 1182/71 art. 3)."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)  # noqa: PLR2004
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
