"""Asking "someone in your team" for an introduction: who asks sees a state and no more, until who is asked agrees to be named.

A path that is not shown cannot be asked for, so nobody finds out by asking who hides; and that somebody was asked who shows
nothing any more, or has left, looks like no answer. The two rows, of who asks and of who is asked, are written in one call.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import AlreadyThere, Conflict, NotFound, TooManyRequests
from chalicelib.core.ids import MemberId
from chalicelib.domain.audit.journal import journal
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.contacts import queries as contacts
from chalicelib.domain.network import companies, paths
from chalicelib.domain.network.model import (
    ASKED_PREFIX,
    INTRODUCTION_DAYS,
    REQUEST_PREFIX,
    Decision,
    IntroductionPayload,
    IntroductionRequestPayload,
    IntroductionState,
)
from chalicelib.domain.network.records import IntroductionRecord, IntroductionRequestRecord
from chalicelib.store import counters, rows
from chalicelib.store.records import TenantRecord

ANSWERED_WITHIN = timedelta(days=14)
ASKED_A_DAY = 20
_COUNTER = "introductions"
_KINDS: tuple[type["Row"], ...] = (
    IntroductionRequestRecord,
    IntroductionRecord,
)  # in the order in which they are listed
Row = IntroductionRecord | IntroductionRequestRecord
_Payload = IntroductionPayload | IntroductionRequestPayload


_DECIDED = {Decision.AGREE: IntroductionState.AGREED, Decision.DECLINE: IntroductionState.DECLINED}


@dataclass(frozen=True)
class About:
    """What an introduction is about. Where the actor asks: its company and the path there. Where it is asked: its own contact
    there, and the company as that says it; nothing once the contact has gone."""

    company_id: str | None = None
    company: str | None = None
    domain: str | None = None
    path: str | None = None
    contact_id: str | None = None


@dataclass(frozen=True)
class Introduction:
    """One as the actor may see it. `colleague`: who asks the actor; or who agreed. `expires_at`: while it is pending."""

    id: str
    asked_of_me: bool
    state: IntroductionState
    colleague: MemberId | None
    about: About
    created_at: str
    updated_at: str
    expires_at: datetime | None
    version: int


def ask(actor: Actor, company_id: str, path_id: str) -> IntroductionRecord:
    """Ask whoever stands behind a colleague's path, as it is shown now. NotFound where none is; AlreadyThere where it was asked,
    and has not let the time for its answer pass; TooManyRequests after so many of one day, whatever became of them."""
    if not counters.take(_COUNTER, f"{actor.tenant}.{actor.member}", ASKED_A_DAY, counters.DAY):
        wait = counters.DAY - clock.epoch() % counters.DAY
        raise TooManyRequests(wait, ASKED_A_DAY, counters.DAY, "You have asked as often today as you may.")
    every = paths.behind(actor, company_id)
    relation = next((found for path, found in every if path.id == path_id and not path.mine), None)
    if relation is None:
        raise NotFound
    for row in _rows(actor, IntroductionRecord):
        payload = row.unsealed(IntroductionPayload)
        if payload.path == path_id and _state(payload) is not IntroductionState.EXPIRED:
            raise AlreadyThere(_public(row), "You have asked this already. Read how it stands.")
    local, at = ids.ulid(), clock.rfc3339(clock.now())
    ends = clock.now() + timedelta(days=INTRODUCTION_DAYS)
    mine = IntroductionRecord.build(
        actor.tenant,
        ids.sort_key(IntroductionRecord.declared.kind, actor.code, local),
        IntroductionPayload(company_id=company_id, path=path_id, created_at=at),
        ends=ends,
    )
    theirs = IntroductionRequestRecord.build(
        actor.tenant,
        ids.sort_key(IntroductionRequestRecord.declared.kind, ids.owner_code(relation.seen.member), local),
        IntroductionRequestPayload(introduction=mine.sk, asker=actor.member, contact=relation.seen.id, created_at=at),
        ends=ends,
    )
    noted = _noted(actor, Action.INTRODUCTION_ASKED, mine)
    rows.put_new(mine, [rows.PutIf(theirs, new=True), rows.PutIf(noted, new=True)])
    return mine


def decide(actor: Actor, ident: str, decision: Decision) -> IntroductionRequestRecord:
    """Answer what the actor was asked. The same answer again changes nothing. NotFound for what it was not asked, or by whom has
    left; Conflict(already_decided) after another answer, or where its time is over."""
    asked = ids.parse_owned(ident, REQUEST_PREFIX)
    if asked is None or asked.owner != actor.code:
        raise NotFound
    sk = ids.sort_key(IntroductionRequestRecord.declared.kind, asked.owner, asked.local)

    def change(row: IntroductionRequestRecord) -> rows.Put | None:
        payload = row.unsealed(IntroductionRequestPayload)
        state = _state(payload)
        if not _is_there(actor, payload.asker):
            raise NotFound
        if state is _DECIDED[decision]:
            return None
        asker = rows.get(IntroductionRecord, actor.tenant, payload.introduction)
        if state is not IntroductionState.PENDING or asker is None:
            raise Conflict("This was answered, or its time is over.", code=Code.ALREADY_DECIDED)
        done = {"state": _DECIDED[decision], "decided_at": clock.rfc3339(clock.now())}
        told = {"colleague": actor.member} if decision is Decision.AGREE else {}
        asker.reseal(asker.unsealed(IntroductionPayload).model_copy(update={**done, **told}))
        row.reseal(payload.model_copy(update=done))
        noted = _noted(actor, Action.INTRODUCTION_ANSWERED, row)
        return rows.Put([rows.PutIf(asker), rows.PutIf(noted, new=True)])

    row = rows.update(rows.Key(IntroductionRequestRecord, actor.tenant, sk), change)
    if row is None:
        raise NotFound
    return row


def page(actor: Actor, limit: int, position: dict[str, str]) -> tuple[list[Introduction], dict[str, str] | None]:
    """Return the next of what the actor was asked, newest first, then of what it asks; and where to go on, None at the end."""
    found: list[Introduction] = []
    begin = next((at for at, kind in enumerate(_KINDS) if kind.declared.kind == position.get("kind")), 0)
    after: str | None = position.get("after")
    for kind in _KINDS[begin:]:
        while len(found) < limit:
            prefix = ids.key_range(kind.declared.kind, actor.code)
            left = limit - len(found)
            read = rows.page(kind, actor.tenant, prefix, limit=left, after=after, forward=False)
            found += [seen for row in read.records if (seen := shown(actor, row)) is not None]
            after = read.last
            if after is None:
                break
        if after is not None:
            return found, {"kind": kind.declared.kind, "after": after}
    return found, None


def get(actor: Actor, ident: str) -> Introduction:
    """Return one that the actor asked for or was asked. NotFound."""
    for kind in _KINDS:
        prefix = ASKED_PREFIX if kind is IntroductionRecord else REQUEST_PREFIX
        parsed = ids.parse_owned(ident, prefix)
        if parsed is not None and parsed.owner == actor.code:
            row = rows.get(kind, actor.tenant, ids.sort_key(kind.declared.kind, parsed.owner, parsed.local))
            seen = shown(actor, row) if row is not None else None
            if seen is not None:
                return seen
    raise NotFound


def shown(actor: Actor, row: Row, *, present: bool = True) -> Introduction | None:
    """Return a row of the actor's as it may see it; None where whoever asked has left. Without `present` it is not asked who is
    there: for an export, whose actor has no colleagues."""
    return _asks(actor, row, present) if isinstance(row, IntroductionRecord) else _was_asked(actor, row, present)


def _asks(actor: Actor, row: IntroductionRecord, present: bool) -> Introduction:
    payload = row.unsealed(IntroductionPayload)
    named = payload.colleague if payload.colleague and _is_there(actor, payload.colleague, present) else None
    return _introduction(row, payload, named, About(payload.company_id, path=payload.path))


def _was_asked(actor: Actor, row: IntroductionRequestRecord, present: bool) -> Introduction | None:
    payload = row.unsealed(IntroductionRequestPayload)
    if not _is_there(actor, payload.asker, present):
        return None
    try:
        contact = contacts.get(actor, payload.contact).payload
    except NotFound:
        return _introduction(row, payload, payload.asker, About())
    name = contact.company_name.value if contact.company_name else None
    domain = next(companies.domains(contact), None)
    about = About(contact.company_id, name, domain, contact_id=payload.contact)
    return _introduction(row, payload, payload.asker, about)


def _introduction(row: Row, payload: _Payload, colleague: MemberId | None, about: About) -> Introduction:
    state = _state(payload)
    return Introduction(
        id=_public(row),
        asked_of_me=isinstance(row, IntroductionRequestRecord),
        state=state,
        colleague=colleague,
        about=about,
        created_at=payload.created_at,
        updated_at=payload.decided_at or payload.created_at,
        expires_at=_expires(payload) if state is IntroductionState.PENDING else None,
        version=int(row.version),
    )


def _state(payload: _Payload) -> IntroductionState:
    pending = payload.state is IntroductionState.PENDING
    return IntroductionState.EXPIRED if pending and clock.now() >= _expires(payload) else payload.state


def _expires(payload: _Payload) -> datetime:
    return clock.parse_rfc3339(payload.created_at) + ANSWERED_WITHIN


def _is_there(actor: Actor, member: MemberId, present: bool = True) -> bool:
    return not present or any(each.member_id == member for each in actor.colleagues)


def _rows(actor: Actor, kind: type[IntroductionRecord]) -> Iterator[IntroductionRecord]:
    return rows.every(kind, actor.tenant, ids.key_range(kind.declared.kind, actor.code))


def _public(row: Row) -> str:
    prefix = ASKED_PREFIX if isinstance(row, IntroductionRecord) else REQUEST_PREFIX
    return str(ids.owned_of(prefix, row.sk))


def _noted(actor: Actor, action: Action, row: Row) -> TenantRecord:
    return journal(actor.tenant, actor.code, Cause(action, days=actor.audit_days), about=[_public(row)])
