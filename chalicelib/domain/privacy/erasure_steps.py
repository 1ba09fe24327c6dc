"""The steps of an erasure: erase, look again, certify, tell. Each may be killed anywhere and done again."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, ids, log, settings
from chalicelib.domain.certificates import issue
from chalicelib.domain.privacy import mails
from chalicelib.domain.privacy.checkpoint import NOTE, Checkpoint
from chalicelib.domain.privacy.erasure import Pass
from chalicelib.domain.privacy.model import PersonPayload, Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.repository import RightStep, save
from chalicelib.domain.privacy.rights import Erasing, Right
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.privacy.verification import entomb_addresses, person_of, verified
from chalicelib.store import rows
from chalicelib.store.declaration import version
from chalicelib.store.steps import AGAIN, Outcome, Turn, later
from chalicelib.texts import render

_UNHANDLED_AGAIN = timedelta(hours=1)


def steps(registry: Registry) -> Sequence[RightStep]:
    """Return the steps of an erasure that searches every record class of `registry`."""
    return functools.partial(_erase, registry), functools.partial(_certify, registry)


def _erase(registry: Registry, turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    erasing = right.erasing
    if erasing.next_pass_at is not None and clock.now() < erasing.next_pass_at:
        return later(erasing.next_pass_at)
    if erasing.certificate_id:  # the last pass found nothing: only certifying and telling are left
        return None
    person_record = person_of(record)
    person = person_record.unsealed(PersonPayload)
    checked = verified(record, person)
    entomb_addresses(checked)
    if right.state is RightState.CONFIRMED:
        right.move(RightState.ERASING)
        save(record, request)
    work = Pass(checked, registry, turn.has_time, settled=erasing.passes > 0, number=erasing.passes)
    if not work.run():
        return AGAIN
    log.event("erasure_pass", count=work.changed, request_id=turn.id)
    if erasing.passes == 0 or work.changed or work.unhandled:
        right.move(RightState.SECOND_PASS)
        erasing.passes, erasing.deleted_at = erasing.passes + 1, clock.now()
        erasing.next_pass_at = clock.now() + _pause(work, turn.id)
        save(record, request)
        return later(erasing.next_pass_at)
    if not person.salt:
        person.salt = ids.secret(128)
        person_record.reseal(person)
        rows.put_if_unchanged(person_record)
    erasing.certificate_id, erasing.kinds = issue.new_id(), version(each.declared for each in registry)
    save(record, request)
    return None


def _pause(work: Pass, ident: str) -> timedelta:
    """Return how long to wait for the next pass. Where a pointer led to a kind of record that nothing erases or redacts, raise
    the alarm, and wait longer: until a deployment knows that kind, nothing is certified."""
    pause = timedelta(seconds=settings.current().waits.second_pass)
    if not work.unhandled:
        return pause
    tell_unhandled(work, ident)
    return max(pause, _UNHANDLED_AGAIN)


def tell_unhandled(work: Pass, ident: str) -> None:
    """Raise the alarm where the pass met kinds of records that nothing erases or redacts."""
    for kind in work.unhandled:
        log.event("erasure_unhandled", kind=kind, request_id=ident)
        log.metric("privacy", "UnhandledKinds", 1)  # an alarm of infra/resources.yaml waits for it


def _certify(registry: Registry, _turn: Turn, record: RequestRecord, request: Request, right: Right) -> Outcome | None:
    person = person_of(record).unsealed(PersonPayload)
    known = Checkpoint(record.pk).counts
    erased = [r.declared.kind for r in registry if r.declared.erase is not None or r.declared.erase_at is not None]
    counts = {kind: known.get(kind, 0) for kind in (*sorted({*erased, *known} - {NOTE}), NOTE)}
    statement = _statement(record, request, right.erasing, person, counts)
    issue.issue(right.erasing.certificate_id, statement)
    url = settings.current().public_url
    mails.once(
        record,
        request,
        person,
        name="closed",
        template="closed",
        values={
            "link": f"{url}/certificates/{right.erasing.certificate_id}",
            "keys_link": f"{url}/.well-known/jwks.json",
            "salt": person.salt,
            "counts": render.counts(request.language, counts),
            **{
                at: render.day(clock.parse_rfc3339(statement[at]), request.language)
                for at in ("live_deleted_at", "backups_expire_at")
            },
        },
    )
    request.close(RightKind.ERASURE)
    save(record, request)
    return None


def _statement(
    record: RequestRecord, request: Request, erasing: Erasing, person: PersonPayload, counts: dict[str, int]
) -> dict[str, Any]:
    deleted = erasing.deleted_at or clock.now()
    return {
        "typ": "erasure",
        "iat": int(clock.now().timestamp()),
        "request": mails.request_id(record),
        "received_at": clock.rfc3339(request.received_at),
        "confirmed_at": clock.rfc3339(request.confirmed_at or request.received_at),
        "scope": [
            {"sha256": hashlib.sha256((person.salt + address.exact).encode()).hexdigest()}
            for address in person.addresses
            if address.verified
        ],
        "deleted": counts,
        "searched_kinds": erasing.kinds,
        "live_deleted_at": clock.rfc3339(deleted),
        "backups_expire_at": clock.rfc3339(deleted + timedelta(days=issue.BACKUP_DAYS)),
        "kept": [
            {
                "what": "keyed hash of each address",
                "why": "refuses it if anybody brings it in again",
                "until": "lifted",
            },
            {
                "what": "keyed hashes of other addresses, profile links and source ids of deleted entries",
                "why": "refuses them in the workspace where they stood; an address that another contact there has is not kept",
                "until": "lifted, or the workspace ends",
            },
            {"what": "this certificate", "why": "shows that the request was answered", "until": "for ever"},
        ],
        "limits": "Entries without any identifier of the person could not be found. States what we did, not what others hold.",
    }
