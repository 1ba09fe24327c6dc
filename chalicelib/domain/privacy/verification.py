"""What a person does with a link: look, confirm, add another address. Only here does a VerifiedRequest come to be."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core import clock, ids
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Gone, NotFound
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.told import Changes
from chalicelib.domain.privacy import answering, limits, mails
from chalicelib.domain.privacy.model import DUE_KIND, Address, Link, PersonPayload, Request
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.repository import save_with_person
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import Intake, RightKind, RightState
from chalicelib.domain.suppression.model import Mark
from chalicelib.domain.suppression.tombstones import entomb
from chalicelib.store import rows
from chalicelib.store.due import Due, wake
from chalicelib.store.steps import send
from chalicelib.vault import signing
from chalicelib.vault.tags import Identifier

_SEAL = object()
_MAX_ADDRESSES = 10


class VerifiedRequest:
    """A request whose person has shown that the addresses are theirs. Erasure accepts nothing else."""

    def __init__(
        self, ident: str, addresses: tuple[str, ...], seal: object, confirmed_at: datetime | None = None
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("only a verified secret makes a VerifiedRequest")
        self.id, self.addresses, self.confirmed_at = ident, addresses, confirmed_at


@dataclass(frozen=True)
class Opened:
    """A request reached by a true link."""

    request: RequestRecord
    payload: Request
    link: Link

    @property
    def id(self) -> str:
        return mails.request_id(self.request)

    @property
    def expired(self) -> bool:
        unproved = self.payload.intake in (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION)
        return self.link.expires_at <= clock.now() and unproved


def by_token(token: str, source: str) -> Opened:
    """Return the request of a link.

    NotFound for a wrong link, TooManyRequests for too many of these. A true one always works.
    """
    ident, _, secret = token.partition(".")
    request = rows.get(RequestRecord, f"request#{ident}", "request") if ids.is_id(ident, "req") else None
    if request is not None and secret:
        payload = request.unsealed(Request).model_copy(deep=True)
        hashed = signing.hash_secret(secret)
        for link in payload.links:
            if hmac.compare_digest(link.secret_hash, hashed):
                return Opened(request, payload, link)
    limits.wrong_guess(source)
    raise NotFound


def confirm(token: str, source: str, *, erase: bool = False) -> Opened:
    """Verify the address that the link was sent to and start what waits for it; `erase`: also an erasure that is offered since
    its copy was made, which nothing else begins. Safe to repeat. Gone when expired."""
    # Two clicks at once: see what the other one did.
    return rows.retry(lambda: _confirm(by_token(token, source), erase=erase))


def _confirm(opened: Opened, *, erase: bool) -> Opened:
    if opened.expired or opened.payload.intake is Intake.LAPSED:
        raise Gone
    if opened.payload.ended:
        return opened
    erase = erase and opened.payload.intake is Intake.VERIFIED and opened.link.address == 0
    if erase and opened.link.expires_at <= clock.now():
        raise Gone
    _reopen(opened)
    _verify_address(opened)
    if opened.link.address == 0 or opened.payload.intake is Intake.VERIFIED:
        _start(opened, erase=erase)
    return opened


def amend(token: str, source: str, changes: Changes) -> Opened:
    """Begin a rectification that waits for what is right, by the link of a verified request. Safe to repeat: what is sent first
    counts. Gone when expired, or where none is offered."""
    return rows.retry(lambda: _amend(by_token(token, source), changes))


def _amend(opened: Opened, changes: Changes) -> Opened:
    payload, right = opened.payload, opened.payload.right(RightKind.RECTIFICATION)
    late = opened.link.expires_at <= clock.now() or opened.link.address != 0
    if right is None or late or payload.intake is not Intake.VERIFIED:
        raise Gone
    if right not in payload.offered():
        return opened
    kept = person_of(opened.request)
    person = kept.unsealed(PersonPayload)
    payload.begin(RightKind.RECTIFICATION)
    wake(Due(DUE_KIND, opened.id), clock.now())
    changed = person.model_copy(update={"changes": dict(changes)})
    save_with_person((opened.request, payload), kept, changed)
    send("deletions", Due(DUE_KIND, opened.id))
    return opened


def verify_by_officer(request: Request, person: PersonPayload, kinds: Collection[RightKind]) -> list[Right]:
    """Verify the address that a request came from on our officer's word, as if its person had confirmed it, and return the rights
    of these kinds, all where none is named: of these an erasure begins. The caller writes it. Tombstones first, as for a link.

    Conflict (ALREADY_DECIDED) where there is none of these that is not over.
    """
    rights = [right for right in request.rights if not right.state.final and (not kinds or right.kind in kinds)]
    if not rights or set(kinds) - {right.kind for right in rights} or all(right.running for right in rights):
        raise Conflict(code=Code.ALREADY_DECIDED)
    person.addresses[0].verified = True
    request.believe(clock.now(), rights)
    if any(right.kind is RightKind.ERASURE and right.running for right in rights):
        entomb([Mark(Identifier.EMAIL, person.addresses[0].exact)], None)
    return rights


def verified(request: RequestRecord, person: PersonPayload) -> VerifiedRequest:
    """Return the verified part of a confirmed request. NotFound where nothing of it is verified."""
    addresses = tuple(address.exact for address in person.addresses if address.verified)
    if not addresses:
        raise NotFound
    confirmed_at = request.unsealed(Request).confirmed_at
    return VerifiedRequest(mails.request_id(request), addresses, _SEAL, confirmed_at)


def _reopen(opened: Opened) -> None:
    """A running erasure begins its passes anew for an address that joins it, so that the certificate names none that had
    not both. Gone where the last pass is over: the address then needs a request of its own.

    Written before the address counts: a worker in the midst of a pass meets the new version and cannot certify.
    """
    payload = opened.payload
    if payload.erasure is None or not payload.erasure.running or _is_verified(opened):
        return
    if payload.erasure.erasing.certificate_id:
        raise Gone
    payload.begin_anew()
    opened.request.reseal(payload)
    rows.put_if_unchanged(opened.request)


def _is_verified(opened: Opened) -> bool:
    return person_of(opened.request).unsealed(PersonPayload).addresses[opened.link.address].verified


def _verify_address(opened: Opened) -> None:
    record = person_of(opened.request)
    person = record.unsealed(PersonPayload)
    if not person.addresses[opened.link.address].verified:
        person.addresses[opened.link.address].verified = True
        record.reseal(person)
        rows.put_if_unchanged(record)


def _start(opened: Opened, *, erase: bool) -> None:
    """Tombstones first, so that nothing comes in while an erasure runs; then state, due row and message."""
    payload = opened.payload
    fresh = payload.intake is Intake.AWAITING_CONFIRMATION
    if fresh:
        payload.verify(clock.now())
    elif erase and payload.erasure in payload.offered():
        payload.begin(RightKind.ERASURE)
        fresh = True
    if payload.erasure is not None and payload.erasure.state is not RightState.AWAITING_CONFIRMATION:
        entomb_addresses(verified(opened.request, person_of(opened.request).unsealed(PersonPayload)))
    wake(Due(DUE_KIND, opened.id), clock.now())
    if fresh:
        opened.request.reseal(payload)
        rows.put_if_unchanged(opened.request)
    send("deletions", Due(DUE_KIND, opened.id))


def entomb_addresses(request: VerifiedRequest) -> None:
    """Block the verified addresses everywhere."""
    entomb([Mark(Identifier.EMAIL, exact) for exact in request.addresses], None)


def add_address(opened: Opened, address: EmailAddress, source: str) -> bool:
    """Send that address a link of its own; the address counts once it is confirmed. Return whether it went, or went before: False
    where a limit holds it back. Until somebody confirms the request, it is then sent later.

    Gone where the link has expired or the request has ended.
    """
    if opened.expired or opened.payload.ended:
        raise Gone
    record = person_of(opened.request)
    person = record.unsealed(PersonPayload)
    known = next((i for i, kept in enumerate(person.addresses) if kept.exact == address.exact), None)
    if known is None:
        if len(person.addresses) >= _MAX_ADDRESSES:
            return False
        person.addresses.append(Address(text=address.text, exact=address.exact))
        record.reseal(person)
        rows.put_if_unchanged(record)
        known = len(person.addresses) - 1
    origin = limits.origin_of_form(source)
    held = answering.send(opened.request, opened.payload, person, answering.other(known), origin)
    if held is not None:
        wake(Due(DUE_KIND, opened.id), held)
    return held is None


def person_of(request: RequestRecord) -> PersonRecord:
    """Return the row with the person's addresses. Gone where the request has ended."""
    found = rows.get(PersonRecord, request.pk, "person")
    if found is None:
        raise Gone
    return found
