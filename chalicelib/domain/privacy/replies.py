"""Replies of persons to our mails: they join the request that they answer, or that waits for them, and open none of their own."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock, settings
from chalicelib.core.errors import Gone
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.limits import Way
from chalicelib.domain.privacy.model import DUE_KIND, Address, PersonPayload, Request, Watch
from chalicelib.domain.privacy.records import AnsweredRecord
from chalicelib.domain.privacy.repository import answered_pk, find, save_with_person
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.states import RightKind, RightState
from chalicelib.domain.privacy.verification import person_of
from chalicelib.domain.privacy.written import Later
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, wake

_PREFIX = "answered#asked#"
_LONGEST = 20_000  # characters of a reply
_REPLIES_AT_MOST = 10  # that nobody asked for: with the letter they fit into a row; more open requests of their own
_SLACK = timedelta(days=1)


def expect(address: Address, ident: str) -> None:
    """Record that somebody who writes from the address may answer for that request. Safe to repeat."""
    now = clock.now()
    ends = now + timedelta(seconds=settings.current().waits.needs_more) + _SLACK
    batch.put_all([AnsweredRecord.build(answered_pk(address.exact), _PREFIX + ident, ends=ends, at=clock.rfc3339(now))])


@dataclass(frozen=True)
class Reply:
    """A mail, by the id of the request that it would open and how it came, with the rights that were read in it; `answers`: the
    request that it says it answers."""

    ident: str
    text: str
    way: Way
    kinds: Sequence[RightKind] = ()
    answers: str = ""


def join(address: EmailAddress, reply: Reply) -> frozenset[RightKind] | None:
    """Hand a mail to each request that waits for it, and to the one that it answers where that is the same person's. Return the
    rights of these that wait for their person's click or run; None where there is no such request. Safe to repeat."""
    waiting = {row.sk.removeprefix(_PREFIX) for row in rows.every(AnsweredRecord, answered_pk(address.exact), _PREFIX)}
    named = {reply.answers} - {""}
    joined = [rows.retry(functools.partial(_join, to, address, reply)) for to in sorted(waiting | named)]
    found = [each for each in joined if each is not None]
    return frozenset().union(*found) if found else None


def _join(to: str, address: EmailAddress, reply: Reply) -> frozenset[RightKind] | None:
    found = find(to)
    if found is None or found[1].ended:
        return None
    request = found[1]
    try:
        kept = person_of(found[0])
    except Gone:
        return None
    person = kept.unsealed(PersonPayload)
    under_way = frozenset(
        right.kind for right in request.rights if right.running or right.state is RightState.AWAITING_CONFIRMATION
    )
    if reply.ident in person.more:
        return under_way
    asked = [right for right in request.rights if right.state is RightState.NEEDS_MORE]
    theirs = to == reply.answers and address.exact in {each.exact for each in person.addresses}
    if not asked and not (theirs and len(person.more) < _REPLIES_AT_MOST):
        return None
    for right in asked:
        right.move(RightState.FOR_OFFICER)
    if theirs and not asked:
        _ask_more(request, reply.kinds)
    request.watch = Watch()
    person.more[reply.ident] = Later(text=reply.text[:_LONGEST], way=reply.way, quotes=to == reply.answers)
    wake(Due(DUE_KIND, to), clock.now())
    save_with_person(found, kept, person)
    return under_way


def _ask_more(request: Request, kinds: Sequence[RightKind]) -> None:
    """Have the request ask for what it did not yet. What nothing was read in is for our officer, who sees it with any right."""
    known = {right.kind for right in request.rights}
    seen = any(right.state is RightState.FOR_OFFICER for right in request.rights)
    new = [kind for kind in kinds if kind not in known and not (seen and kind is RightKind.UNCLEAR)]
    request.rights += [Right(kind=kind) for kind in new]
