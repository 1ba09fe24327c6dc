"""What is to be done next for a request: remind, lapse, erase, look again, certify, tell, forget. One step list, repeatable."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, ids, log, settings
from chalicelib.domain.certificates import issue
from chalicelib.domain.privacy import mails
from chalicelib.domain.privacy.erasure import Pass, Progress
from chalicelib.domain.privacy.model import RUNNING, PersonPayload, RequestPayload, State
from chalicelib.domain.privacy.records import ErasureRecord, PersonRecord, RequestRecord
from chalicelib.domain.privacy.verification import entomb_addresses, person_of, verified
from chalicelib.store import rows
from chalicelib.store.due import Due, done, lease, schedule
from chalicelib.texts import render
from chalicelib.vault.keys import ring

_LEASE_S = 300
_AFTER_END = timedelta(days=30)


DropExports = Callable[[str, str], object]


def advance(ident: str, *, drop_exports: DropExports) -> None:
    """Bring the request as far as it can go now; leaves a due row where something is left. Leased where another works on it.

    `drop_exports` deletes what a member, by tenant and owner code, has exported: it may hold the person.
    """
    due = Due("request", ident)
    lease(due, _LEASE_S)
    request = rows.get(RequestRecord, f"request#{ident}", "request")
    if request is None:
        forget(ident)
        done(due)
        return
    payload = request.unsealed(RequestPayload)
    if payload.state is State.AWAITING_CONFIRMATION:
        _remind(request, payload)
    elif payload.state in RUNNING:
        _erase(request, payload, drop_exports)
    elif outcome_unknown(payload) and request.expires_at is not None:
        schedule(due, request.expires_at)  # the salt is still to be read by the link until then
    else:
        forget(ident)
        done(due)


def outcome_unknown(payload: RequestPayload) -> bool:
    """Whether the last mail may never have been sent."""
    return payload.state is State.CLOSED and payload.mails.get("closed") == "claimed"


def _remind(request: RequestRecord, payload: RequestPayload) -> None:
    now, waits = clock.now(), settings.current().waits
    ident = mails.request_id(request)
    remind_at = payload.received_at + timedelta(seconds=waits.reminder)
    ends_at = max((link.expires_at for link in payload.links), default=remind_at)
    if now < remind_at:
        schedule(Due("request", ident), remind_at)
    elif "reminder" not in payload.mails:
        person = person_of(request).unsealed(PersonPayload)
        link = mails.link_for(request, payload, 0, now + timedelta(seconds=waits.confirm_link))
        mails.once(request, payload, person, name="reminder", template="reminder", link=link)
        schedule(Due("request", ident), now + timedelta(seconds=waits.confirm_link))
    elif now < ends_at:
        schedule(Due("request", ident), ends_at)
    else:
        person = person_of(request).unsealed(PersonPayload)
        link = f"{settings.current().public_url}/privacy?lang={payload.language}"
        mails.once(request, payload, person, name="lapsed", template="lapsed", link=link)
        end(request, payload, State.LAPSED)


def _erase(request: RequestRecord, payload: RequestPayload, drop_exports: DropExports) -> None:
    now, ident = clock.now(), mails.request_id(request)
    if payload.next_pass_at is not None and now < payload.next_pass_at:
        schedule(Due("request", ident), payload.next_pass_at)
        return
    if payload.certificate_id:  # the last pass found nothing: only certifying and telling are left
        _close(request, payload)
        return
    record = person_of(request)
    person = record.unsealed(PersonPayload)
    checked = verified(request, person)
    entomb_addresses(checked)
    if payload.state is State.CONFIRMED:
        payload.state = State.ERASING
        _save(request, payload)
    work = Pass(checked, settled=payload.passes > 0)
    found = work.run()
    for tenant, owner in sorted(
        work.touched
    ):  # after the deletion: what is exported from now on has nothing of the person
        drop_exports(tenant, owner)
    log.event("erasure_pass", count=found, request_id=ident)
    if payload.passes == 0 or found:
        payload.state, payload.passes, payload.deleted_at = State.SECOND_PASS, payload.passes + 1, clock.now()
        payload.next_pass_at = clock.now() + timedelta(seconds=settings.current().waits.second_pass)
        _save(request, payload)
        schedule(Due("request", ident), payload.next_pass_at)
        return
    if not person.salt:
        person.salt = ids.secret(128)
        record.reseal(person)
        rows.put_if_unchanged(record)
    payload.certificate_id = issue.new_id()
    _save(request, payload)
    _close(request, payload)


def _close(request: RequestRecord, payload: RequestPayload) -> None:
    person = person_of(request).unsealed(PersonPayload)
    counts = Progress.load(request.pk).payload.counts
    statement = _statement(request, payload, person, counts)
    issue.issue(payload.certificate_id, statement)
    url = settings.current().public_url
    mails.once(
        request,
        payload,
        person,
        name="closed",
        template="closed",
        link=f"{url}/certificates/{payload.certificate_id}",
        keys_link=f"{url}/.well-known/jwks.json",
        salt=person.salt,
        counts=render.counts(payload.language, counts),
        live_deleted_at=statement["live_deleted_at"],
        backups_expire_at=statement["backups_expire_at"],
    )
    end(request, payload, State.CLOSED)


def _statement(
    request: RequestRecord, payload: RequestPayload, person: PersonPayload, counts: dict[str, int]
) -> dict[str, Any]:
    deleted = payload.deleted_at or clock.now()
    return {
        "typ": "erasure",
        "iat": int(clock.now().timestamp()),
        "request": mails.request_id(request),
        "received_at": clock.rfc3339(payload.received_at),
        "confirmed_at": clock.rfc3339(payload.confirmed_at or payload.received_at),
        "scope": [
            {"sha256": hashlib.sha256((person.salt + address.exact).encode()).hexdigest()}
            for address in person.addresses
            if address.verified
        ],
        "deleted": {kind: counts.get(kind, 0) for kind in ("contact", "note", "invitation")},
        "live_deleted_at": clock.rfc3339(deleted),
        "backups_expire_at": clock.rfc3339(deleted + timedelta(days=issue.BACKUP_DAYS)),
        "kept": [
            {
                "what": "keyed hash of each address",
                "why": "refuses it if anybody brings it in again",
                "until": "lifted",
            },
            {"what": "this certificate", "why": "shows that the request was answered", "until": "for ever"},
        ],
        "limits": "Entries without any identifier of the person could not be found. States what we did, not what others hold.",
    }


def end(request: RequestRecord, payload: RequestPayload, state: State) -> None:
    """The end of a request. Where the last mail's outcome is unknown, the salt stays readable by the link for 30 days."""
    ident = mails.request_id(request)
    payload.state = state
    payload.links = [link for link in payload.links if link.address == 0]
    request.expires_at = clock.now() + _AFTER_END
    _save(request, payload)
    if outcome_unknown(payload):
        schedule(Due("request", ident), clock.now() + _AFTER_END)
    else:
        forget(ident)
        done(Due("request", ident))


def forget(ident: str) -> None:
    """The person's addresses, text and traces go, and the key that sealed them: also from what backups hold."""
    pk = f"request#{ident}"
    for record, sk in ((PersonRecord, "person"), (ErasureRecord, "erasure")):
        row = rows.get(record, pk, sk)
        if row is not None:
            rows.delete_if_unchanged(row)
    ring.shred(pk)


def _save(request: RequestRecord, payload: RequestPayload) -> None:
    request.reseal(payload)
    rows.put_if_unchanged(request)
