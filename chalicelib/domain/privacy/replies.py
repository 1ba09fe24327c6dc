"""Replies of persons to what our officer asked: they join the request that waits for them, and open none of their own."""

import functools
from datetime import timedelta

from chalicelib.core import clock, settings
from chalicelib.core.errors import Gone
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.model import DUE_KIND, Address, PersonPayload, Watch
from chalicelib.domain.privacy.records import AnsweredRecord
from chalicelib.domain.privacy.repository import answered_pk, find, save_with_person
from chalicelib.domain.privacy.states import RightState
from chalicelib.domain.privacy.verification import person_of
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, wake

_PREFIX = "answered#asked#"
_LONGEST = 20_000  # characters of a reply
_SLACK = timedelta(days=1)


def expect(address: Address, ident: str) -> None:
    """Record that somebody who writes from the address may answer for that request. Safe to repeat."""
    now = clock.now()
    ends = now + timedelta(seconds=settings.current().waits.needs_more) + _SLACK
    batch.put_all([AnsweredRecord.build(answered_pk(address.exact), _PREFIX + ident, ends=ends, at=clock.rfc3339(now))])


def join(address: EmailAddress, text: str, ident: str) -> bool:
    """Hand a mail, by the id of the request that it would open, to each request that waits for it. Return whether there is one;
    safe to repeat."""
    waiting = rows.every(AnsweredRecord, answered_pk(address.exact), _PREFIX)
    joined = [rows.retry(functools.partial(_join, row.sk.removeprefix(_PREFIX), text, ident)) for row in waiting]
    return any(joined)


def _join(to: str, text: str, ident: str) -> bool:
    found = find(to)
    if found is None or found[1].ended:
        return False
    request = found[1]
    try:
        kept = person_of(found[0])
    except Gone:
        return False
    person = kept.unsealed(PersonPayload)
    if ident in person.more:
        return True
    asked = [right for right in request.rights if right.state is RightState.NEEDS_MORE]
    if not asked:
        return False
    for right in asked:
        right.move(RightState.FOR_OFFICER)
    request.watch = Watch()
    person.more[ident] = text[:_LONGEST]
    wake(Due(DUE_KIND, to), clock.now())
    save_with_person(found, kept, person)
    return True
