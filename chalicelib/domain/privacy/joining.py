"""Letters beyond what a day answers join the open request that says the same: each is recorded, and no flood makes a pile.

A letter joins only what came the same way: what nobody proves adds nothing to a request that somebody proved. Nothing is asked
for by it that was not asked for before, and it is answered by the next mail that the limits let go.
"""

import functools
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.core import clock
from chalicelib.core.errors import VersionConflict
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy.limits import MAILS_PER_ADDRESS, MAILS_PER_ADDRESS_UNPROVEN, Way
from chalicelib.domain.privacy.model import DUE_KIND, NOT_ADDRESSED, Address, PersonPayload, Request
from chalicelib.domain.privacy.records import AnsweredRecord, RequestRecord
from chalicelib.domain.privacy.repository import answered_pk, find, save, save_with_person
from chalicelib.domain.privacy.states import Intake, RightState
from chalicelib.domain.privacy.verification import person_of
from chalicelib.domain.privacy.written import Later
from chalicelib.store import batch, rows
from chalicelib.store.due import Due, wake

PARTED = "parted"  # of a request that our officer made of a part of another: no letter joins it
_PREFIX = "answered#open#"
_REMEMBERED = timedelta(days=40)
_ANSWERED_WITHIN = timedelta(minutes=1)
_GOES_WITHIN = timedelta(minutes=2)  # a mail that is claimed; later, what became of it is not known
_LONGEST = 2_000  # characters of a letter that joined
_READ_AT_MOST = (
    25  # letters whose words are kept: with the first they fit into a row; of what comes after, only that it came
)
_UNPROVED = (Intake.RECEIVED, Intake.AWAITING_CONFIRMATION)


@dataclass(frozen=True)
class Letter:
    """A letter that may join: from whom, its words, and the id of the request that it would open by itself. `like` names what
    it has in common with those that it may join."""

    address: EmailAddress
    text: str
    ident: str
    way: Way
    like: str


def note(address: Address, like: str, ident: str) -> None:
    """Record that there is a request of that id from the address. Safe to repeat."""
    now = clock.now()
    sk = f"{_PREFIX}{like}#{ident}"
    row = AnsweredRecord.build(answered_pk(address.exact), sk, ends=now + _REMEMBERED, at=clock.rfc3339(now))
    batch.put_all([row])


def of_address(exact: str, like: str = "") -> list[str]:
    """Return the ids of requests from the address that may be open, those like that alone."""
    found = rows.every(AnsweredRecord, answered_pk(exact), f"{_PREFIX}{like}#" if like else _PREFIX)
    return [row.sk.rpartition("#")[2] for row in found]


def join(letter: Letter) -> bool:
    """Hand the letter to an open request that says the same, where there are as many of these as a day answers. Return whether
    it joined one."""
    known = of_address(letter.address.exact, letter.like)
    most = MAILS_PER_ADDRESS if letter.way is Way.PROVEN else MAILS_PER_ADDRESS_UNPROVEN
    if letter.ident in known or len(known) < most:
        return False
    try:
        return rows.retry(functools.partial(_join, letter, known, most))
    except VersionConflict:
        return False  # so many come at this moment that it is recorded by itself


def _join(letter: Letter, known: list[str], most: int) -> bool:
    rows_of = batch.get_all(RequestRecord, [(f"request#{ident}", "request") for ident in known])
    found = [(record, record.unsealed(Request)) for record in rows_of.values()]
    open_ones = [(record, request) for record, request in found if _open(request)]
    if len(open_ones) < most:
        return False
    # One whose mail is still to go answers this letter too; else the one that came last is answered anew.
    record, request = max(open_ones, key=lambda each: ("first" not in each[1].mails, each[1].asked_at))
    going = request.mails.get("first") == "claimed" and request.asked_at > clock.now() - _GOES_WITHIN
    request.joined += 1
    request.asked_again = clock.now()
    if not going and request.mails.get("first") not in (None, NOT_ADDRESSED):
        del request.mails["first"]
        wake(Due(DUE_KIND, str(record.pk).removeprefix("request#")), clock.now() + _ANSWERED_WITHIN)
    if not any(right.state is RightState.FOR_OFFICER for right in request.rights) or request.joined > _READ_AT_MOST:
        save(record, request)
        return True
    kept = person_of(record)
    person = kept.unsealed(PersonPayload)
    if letter.ident not in person.more:  # else it was delivered twice
        person.more[letter.ident] = Later(text=letter.text[:_LONGEST], way=letter.way)
        save_with_person((record, request), kept, person)
    return True


def _open(request: Request) -> bool:
    """Whether a letter may join. Where the person was asked for more, it may be the reply: nobody reads what joins there."""
    asked = any(right.state is RightState.NEEDS_MORE for right in request.rights)
    return request.intake in _UNPROVED and not request.ended and not asked


def open_of_address(exact: str, but: str) -> list[str]:
    """Return the ids of the open requests from the address, without that one."""
    found = ((ident, find(ident)) for ident in of_address(exact) if ident != but)
    return [ident for ident, each in found if each is not None and not each[1].ended]
