"""Doing again, from the replay log, what restored tables have undone: certificates, the ends of requests, erasures.

Any of the tables may have been restored, each to another moment, or none: where nothing was undone, nothing changes.
Each is safe to kill and to repeat.
"""

from chalicelib.core import clock, log
from chalicelib.core.errors import KeyShredded
from chalicelib.domain.certificates import issue
from chalicelib.domain.certificates.replay_log import Certified, Erasure, Logged
from chalicelib.domain.privacy import checkpoint, erasure_steps, subject_tags, workflow
from chalicelib.domain.privacy.erasure import Pass
from chalicelib.domain.privacy.model import DUE_KIND, PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import save
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import entomb_tags
from chalicelib.store import rows
from chalicelib.store.due import Due, ensure, planned, schedule
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime, plan
from chalicelib.vault.tags import Identifier


def certificate(logged: Logged[Certified], _registry: Registry, _within: str, _has_time: HasTime) -> Replayed:
    """Keep the certificate and close the request that it answered; how many of these were undone.

    The person had its mail: none is sent. What a request that had ended forgot is forgotten again, its key too.
    """
    entry = logged.entry
    changed = int(issue.put_back(entry.certificate, entry.jws))
    if entry.request:
        changed += _close(entry.request, entry.certificate)
    return Replayed(changed)


def erasure(logged: Logged[Erasure], registry: Registry, within: str, has_time: HasTime) -> Replayed:
    """Set the tombstones and run a pass, from after the tenant `within`.

    Return how many records it erased or redacted. A request that was still under way goes on by itself.
    """
    entry = logged.entry
    entomb_tags(entry.tombstones, None)
    for tenant, known in entry.tenants.items():
        entomb_tags(known.tombstones, tenant)
    work = Pass(logged, registry, has_time, settled=True, after=within)
    ended = work.run()
    erasure_steps.tell_unhandled(work, entry.request)
    _go_on(entry, erased_again=work.changed > 0)
    return Replayed(work.changed, "" if ended else work.at)


def _close(ident: str, certificate_id: str) -> int:
    request = rows.get(RequestRecord, f"request#{ident}", "request")
    payload = request.unsealed(Request) if request else None
    erasure = payload.erasure if payload else None
    if request is None or payload is None or erasure is None:
        workflow.forget(ident)
        return 0
    if erasure.state is RightState.CLOSED:
        if payload.ended and not payload.unknown_mails:
            workflow.forget(ident)
        return 0
    payload.catch_up(RightKind.ERASURE)
    erasure.erasing.certificate_id = certificate_id
    payload.mails.setdefault("closed", "sent")
    save(request, payload)
    piece = Due(DUE_KIND, ident)
    plan(piece, workflow.end(request, payload), planned(piece))
    return 1


def _go_on(entry: Erasure, *, erased_again: bool) -> None:
    """Bring a request that has no certificate yet back to where the log knows it: confirmed, with its addresses verified.

    Both passes run again where records had come back, for they are in newer backups by now, which the certificate states.
    """
    pk = f"request#{entry.request}"
    request, record = rows.get(RequestRecord, pk, "request"), rows.get(PersonRecord, pk, "person")
    payload = request.unsealed(Request) if request else None
    if request is None or payload is None or record is None:
        workflow.forget(entry.request)
        return
    erasure = payload.erasure
    if erasure is None or payload.ended:
        return
    try:
        verified = _verify(record, entry)
    except KeyShredded:
        log.event("request_unreadable", request_id=entry.request)
        return
    if verified or erased_again or not erasure.running:
        checkpoint.begin_anew(pk)
        payload.resume(entry.confirmed_at)
        payload.begin_anew()
        save(request, payload)
        schedule(Due(DUE_KIND, entry.request), clock.now())  # a restored plan is that of an earlier state
    else:
        ensure(Due(DUE_KIND, entry.request), clock.now())


def _verify(record: PersonRecord, entry: Erasure) -> bool:
    """Verify the addresses whose tags the log has; whether one was not."""
    person = record.unsealed(PersonPayload)
    again = [
        address
        for address in person.addresses
        if not address.verified
        and set(subject_tags.index_tags([Mark(Identifier.EMAIL, address.exact)])) & set(entry.sought)
    ]
    for address in again:
        address.verified = True
    if again:
        record.reseal(person)
        rows.put_if_unchanged(record)
    return bool(again)
