"""Opening a request, by mail or by the form. The answer is the same whether or not we know the person."""

import calendar
from datetime import datetime, timedelta

from chalicelib.core import clock, ids, log, settings
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import limits, mails
from chalicelib.domain.privacy.model import DUE_KIND, Address, PersonPayload, RequestPayload, State
from chalicelib.domain.privacy.parsing.intent import Right
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.store import rows
from chalicelib.store.due import Due, schedule
from chalicelib.vault import tags
from chalicelib.vault.keys import ring

_FOR_OFFICER_DAYS = 90  # a month to answer, two more if extended (GDPR art. 12(3))


def id_of_mail(ses_message_id: str) -> str:
    """The request that a mail opens: the same for the same mail, however often it is delivered."""
    return "req_" + tags.platform_digest("inbound-mail", ses_message_id)[:26]


def open_request(
    address: EmailAddress, *, right: str, certain: bool, language: str, text: str, message_id: str = "", ident: str = ""
) -> None:
    """Record the request and answer by mail; with `ident` safe to repeat. Silently nothing where a limit is reached."""
    ident = ident or ids.new("req")
    pk = f"request#{ident}"
    request = rows.get(RequestRecord, pk, "request")
    if request is None:
        if not limits.mail_allowed(address.exact):
            log.event("request_limited")
            return
        request = _record(
            pk, address, right=right, certain=certain, language=language, text=text, message_id=message_id
        )
    if request.unsealed(RequestPayload).state in (State.AWAITING_CONFIRMATION, State.FOR_OFFICER):
        _answer(request)


def _record(
    pk: str, address: EmailAddress, *, right: str, certain: bool, language: str, text: str, message_id: str
) -> RequestRecord:
    now = clock.now()
    erasure = certain and right == Right.ERASURE
    ring.create(pk)
    # The text of a settled request is not needed: what the person wishes is known.
    person = PersonPayload(
        addresses=[Address(text=address.text, exact=address.exact)], text="" if erasure else text, message_id=message_id
    )
    _insert(PersonRecord.build(pk, "person", person, ends=now + timedelta(days=_FOR_OFFICER_DAYS + 30)))
    payload = RequestPayload(
        right=right,
        state=State.AWAITING_CONFIRMATION if erasure else State.FOR_OFFICER,
        language=language,
        received_at=now,
        due_at=month_after(now),
    )
    wait = timedelta(seconds=settings.current().waits.reminder) if erasure else timedelta(days=_FOR_OFFICER_DAYS)
    schedule(Due(DUE_KIND, pk.removeprefix("request#")), now + wait)
    ends = None if erasure else now + timedelta(days=_FOR_OFFICER_DAYS + 30)
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
    payload = request.unsealed(RequestPayload)
    found = rows.get(PersonRecord, request.pk, "person")
    if found is None or "first" in payload.mails:
        return
    person = found.unsealed(PersonPayload)
    due = mails.day(payload.due_at)
    if payload.state is State.AWAITING_CONFIRMATION:
        expires = clock.now() + timedelta(seconds=settings.current().waits.confirm_link)
        link = mails.link_for(request, payload, 0, expires)
        mails.once(request, payload, person, name="first", template="confirm_erasure", link=link, due=due)
    else:
        link = f"{settings.current().public_url}/privacy?lang={payload.language}"
        mails.once(request, payload, person, name="first", template="choose_right", link=link, due=due)


def month_after(moment: datetime) -> datetime:
    """The same day of the next month, or its last day (GDPR art. 12(3), Regulation 1182/71 art. 3)."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)  # noqa: PLR2004
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
