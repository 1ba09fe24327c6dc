"""What is to be done next for a request: remind, lapse, erase, look again, certify, tell, forget. One step list, repeatable."""

import functools
import hashlib
from collections.abc import Container
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, ids, log, settings
from chalicelib.domain.certificates import issue
from chalicelib.domain.privacy import checkpoint, mails
from chalicelib.domain.privacy.checkpoint import NOTE, Checkpoint
from chalicelib.domain.privacy.erasure import Pass
from chalicelib.domain.privacy.model import DUE_KIND, RUNNING, PersonPayload, RequestPayload, State
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import entomb_addresses, person_of, verified
from chalicelib.store import rows
from chalicelib.store.declaration import version
from chalicelib.store.steps import AGAIN, DONE, Outcome, Turn, Work, after, later
from chalicelib.texts import render
from chalicelib.vault.keys import ring

_AFTER_END = timedelta(days=30)
_UNHANDLED_AGAIN = timedelta(hours=1)


def work(registry: Registry) -> Work:
    """Return requests as due work, by their ids. An erasure searches every record class of `registry`."""
    erase, certify = functools.partial(_erase, registry), functools.partial(_certify, registry)
    return Work(DUE_KIND, "deletions", (_remind, erase, certify, _forget_ended))


def _forget_ended(turn: Turn) -> Outcome | None:
    """Of a request that has ended, or is gone, nothing of the person is kept, once no link reads the salt any more."""
    request = rows.get(RequestRecord, f"request#{turn.id}", "request")
    if request is not None and outcome_unknown(request.unsealed(RequestPayload)) and request.expires_at is not None:
        return later(request.expires_at)
    forget(turn.id)
    return None


def outcome_unknown(payload: RequestPayload) -> bool:
    """Whether the last mail may never have been sent."""
    return payload.state is State.CLOSED and payload.mails.get("closed") == "claimed"


def _in(turn: Turn, states: Container[State]) -> tuple[RequestRecord, RequestPayload] | None:
    """The request, if it is in one of these states."""
    request = rows.get(RequestRecord, f"request#{turn.id}", "request")
    payload = request.unsealed(RequestPayload) if request else None
    return (request, payload) if request and payload and payload.state in states else None


def _remind(turn: Turn) -> Outcome | None:
    found = _in(turn, (State.AWAITING_CONFIRMATION,))
    if found is None:
        return None
    (request, payload), now, waits = found, clock.now(), settings.current().waits
    remind_at = payload.received_at + timedelta(seconds=waits.reminder)
    ends_at = max((link.expires_at for link in payload.links), default=remind_at)
    if now < remind_at:
        return later(remind_at)
    if "reminder" not in payload.mails:
        person = person_of(request).unsealed(PersonPayload)
        ends_at = now + timedelta(seconds=waits.confirm_link)
        link = mails.link_for(request, payload, 0, ends_at)
        mails.once(request, payload, person, name="reminder", template="reminder", link=link)
        return later(ends_at)
    if now < ends_at:
        return later(ends_at)
    person = person_of(request).unsealed(PersonPayload)
    link = f"{settings.current().public_url}/privacy?lang={payload.language}"
    mails.once(request, payload, person, name="lapsed", template="lapsed", link=link)
    return end(request, payload, State.LAPSED)


def _erase(registry: Registry, turn: Turn) -> Outcome | None:
    found = _in(turn, RUNNING)
    if found is None:
        return None
    request, payload = found
    if payload.next_pass_at is not None and clock.now() < payload.next_pass_at:
        return later(payload.next_pass_at)
    if payload.certificate_id:  # the last pass found nothing: only certifying and telling are left
        return None
    record = person_of(request)
    person = record.unsealed(PersonPayload)
    checked = verified(request, person)
    entomb_addresses(checked)
    if payload.state is State.CONFIRMED:
        payload.state = State.ERASING
        _save(request, payload)
    erasing = Pass(checked, registry, turn.has_time, settled=payload.passes > 0, number=payload.passes)
    if not erasing.run():
        return AGAIN
    log.event("erasure_pass", count=erasing.changed, request_id=turn.id)
    if payload.passes == 0 or erasing.changed or erasing.unhandled:
        payload.state, payload.passes, payload.deleted_at = State.SECOND_PASS, payload.passes + 1, clock.now()
        payload.next_pass_at = clock.now() + _pause(erasing, turn.id)
        _save(request, payload)
        return later(payload.next_pass_at)
    if not person.salt:
        person.salt = ids.secret(128)
        record.reseal(person)
        rows.put_if_unchanged(record)
    payload.certificate_id, payload.kinds = issue.new_id(), version(record.declared for record in registry)
    _save(request, payload)
    return None


def _pause(erasing: Pass, ident: str) -> timedelta:
    """Return how long to wait for the next pass. Where a pointer led to a kind of record that nothing erases or redacts, raise
    the alarm, and wait longer: until a deployment knows that kind, nothing is certified."""
    pause = timedelta(seconds=settings.current().waits.second_pass)
    if not erasing.unhandled:
        return pause
    tell_unhandled(erasing, ident)
    return max(pause, _UNHANDLED_AGAIN)


def tell_unhandled(erasing: Pass, ident: str) -> None:
    """Raise the alarm where the pass met kinds of records that nothing erases or redacts."""
    for kind in erasing.unhandled:
        log.event("erasure_unhandled", kind=kind, request_id=ident)
        log.metric("privacy", "UnhandledKinds", 1)  # an alarm of infra/resources.yaml waits for it


def _certify(registry: Registry, turn: Turn) -> Outcome | None:
    found = _in(turn, RUNNING)
    if found is None:
        return None
    request, payload = found
    person = person_of(request).unsealed(PersonPayload)
    known = Checkpoint(request.pk).counts
    erased = [r.declared.kind for r in registry if r.declared.erase is not None or r.declared.erase_at is not None]
    counts = {kind: known.get(kind, 0) for kind in (*sorted(erased), NOTE)}
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
    return end(request, payload, State.CLOSED)


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
        "deleted": counts,
        "searched_kinds": payload.kinds,
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


def end(request: RequestRecord, payload: RequestPayload, state: State) -> Outcome:
    """End a request; what is left of it to do. Where the last mail's outcome is unknown, the salt stays readable by the link
    for 30 days."""
    payload.state = state
    payload.links = [link for link in payload.links if link.address == 0]
    request.expires_at = clock.now() + _AFTER_END
    _save(request, payload)
    if outcome_unknown(payload):
        return after(_AFTER_END)
    forget(mails.request_id(request))
    return DONE


def forget(ident: str) -> None:
    """The person's addresses, text and traces go, and the key that sealed them: also from what backups hold."""
    pk = f"request#{ident}"
    checkpoint.forget(pk)
    person = rows.get(PersonRecord, pk, "person")
    if person is not None:
        rows.delete_if_unchanged(person)
    ring.shred(pk)


def _save(request: RequestRecord, payload: RequestPayload) -> None:
    request.reseal(payload)
    rows.put_if_unchanged(request)
