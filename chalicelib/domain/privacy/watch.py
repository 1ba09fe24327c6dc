"""The clock of what we owe: our officer is reminded before a request is due, the operator is told when one is overdue."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.core import clock, log, settings
from chalicelib.domain.privacy import deadlines, mails, open_requests
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.notes import OfficerMail
from chalicelib.domain.privacy.parsing.marks import Mark
from chalicelib.domain.privacy.records import OfficerMailRecord, RequestRecord
from chalicelib.domain.privacy.repository import save
from chalicelib.domain.work import mails as work_mails
from chalicelib.store import rows
from chalicelib.store.steps import Outcome, later

_ALARM_AGAIN = timedelta(days=1)
_SOON = timedelta(days=max(deadlines.REMIND_DAYS) + 1)  # what one mail tells of: all that is reminded of on that day
_KEPT = timedelta(days=7)
_NEXT_HOUR = timedelta(hours=1)
_LISTED = 100


def look(record: RequestRecord, request: Request) -> Outcome | None:
    """Remind, or raise the alarm, where it is time to. Return when to look again; None where it is not our turn."""
    due, now, ident = request.owed_by, clock.now(), mails.request_id(record)
    if due is None:
        return None
    if due <= now:
        return _overdue(record, request, due)
    if Mark.COMPLAINT in request.marks and not request.complaint_told:
        if not _tell(ident, now, settings.current().officer_address, "officer_complaint"):
            return later(now + _NEXT_HOUR)
        request.complaint_told = True
        save(record, request)
    level = deadlines.level(due, now)
    told = request.watch.reminded
    if level is not None and (told is None or level < told):
        _tell(ident, deadlines.remind_at(due, level), settings.current().officer_address, "officer_reminder")
        request.watch.reminded = level
        save(record, request)
    return later(deadlines.next_look(due, now))


def _overdue(record: RequestRecord, request: Request, due: datetime) -> Outcome:
    """Raise the alarm, each day as long as it is, and tell the operator once."""
    now, kept, ident = clock.now(), request.watch, mails.request_id(record)
    if kept.alarmed_at is None or kept.alarmed_at + _ALARM_AGAIN <= now:
        log.event("request_overdue", request_id=ident)
        log.metric("privacy", "OverdueRequests", 1)  # an alarm of infra/resources.yaml waits for it
        if kept.overdue_since is None and settings.current().operator_address:
            _tell(ident, due, settings.current().operator_address, "operator_request_overdue")
        kept.overdue_since, kept.alarmed_at = kept.overdue_since or now, now
        save(record, request)
    return later((kept.alarmed_at or now) + _ALARM_AGAIN)


def _tell(ident: str, planned: datetime, to: str, template: str) -> bool:
    """Send a list of what is due soon or overdue, one for all that were to be told of in the planned hour: many requests come due
    together, and a run after a kill finds what was told. What that mail does not tell of, one of this hour does. Return whether
    one of them did.

    Unavailable, VersionConflict as mails.once.
    """
    told = any(_told(ident, at, to, template) for at in (planned, clock.now()))
    if not told:
        log.event("officer_not_told", request_id=ident)
    return told


def _told(ident: str, at: datetime, to: str, template: str) -> bool:
    """Whether the mail of that hour, which goes now where it has not gone, tells of the request."""
    now, sk = clock.now(), f"officer_mail#{template}#{at:%Y-%m-%dT%H}"
    record = rows.get(OfficerMailRecord, "officer", sk)
    if record is not None and "sent" in record.unsealed(OfficerMail).mails:
        return ident in record.unsealed(OfficerMail).told
    found = _complaints() if template == "officer_complaint" else _due_soon(now)
    payload = OfficerMail(told=[each for _, each in found])
    row = record or OfficerMailRecord.build("officer", sk, payload, ends=now + _KEPT)
    if record is None:
        rows.put_new(row)

    def write() -> None:
        row.reseal(payload)
        rows.put_if_unchanged(row)

    work_mails.once(payload.mails, "sent", work_mails.written(to, template, "en", **_values(found, now)), write)
    return ident in payload.told


def _due_soon(now: datetime) -> list[tuple[datetime, str]]:
    found = ((request.owed_by, ident) for ident, request in open_requests.every())
    return sorted((due, ident) for due, ident in found if due is not None and due <= now + _SOON)


def _complaints() -> list[tuple[datetime, str]]:
    """The open requests that speak of a complaint, with which it is our turn."""
    found = ((request.owed_by, ident) for ident, request in open_requests.every() if Mark.COMPLAINT in request.marks)
    return sorted((due, ident) for due, ident in found if due is not None)


def _values(found: Sequence[tuple[datetime, str]], now: datetime) -> dict[str, str]:
    lines = [f"{ident}: {due.date().isoformat()}" for due, ident in found[:_LISTED]]
    if len(found) > _LISTED:
        lines.append("…")
    overdue = sum(due <= now for due, _ in found)
    desk = f"{settings.current().public_url}/officer"
    return {"count": str(len(found)), "overdue": str(overdue), "list": "\n".join(lines), "desk": desk}
