"""Asking members for what they hold of a person: a task each, reminders, and who does not answer is our officer's affair.

The person learns that customers were asked and which kinds of answers came; nobody's name, and no number.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.core import clock, log, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.core.ids import OwnerCode, SortKey, TenantId, kind_of, owner_of
from chalicelib.core.told import ONE_OF, Changes, Said, Told
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.privacy import mails, subject_tags, task_rows
from chalicelib.domain.privacy.asking_model import PREFIX, AskedPayload, TaskAnswer, TaskPayload
from chalicelib.domain.privacy.asking_records import AskedRecord
from chalicelib.domain.privacy.model import Request
from chalicelib.domain.privacy.records import RequestRecord
from chalicelib.domain.privacy.rights import Right
from chalicelib.domain.privacy.search import TenantSearch
from chalicelib.domain.privacy.states import RightKind
from chalicelib.domain.privacy.subject_tags import Registry
from chalicelib.domain.suppression.model import Mark, with_aliases
from chalicelib.domain.work import mails as work_mails
from chalicelib.store import batch, pointers, rows
from chalicelib.store.handlers import Handler
from chalicelib.store.pointers import Pointer
from chalicelib.store.steps import HasTime
from chalicelib.texts import render
from chalicelib.vault import tags
from chalicelib.vault.tags import Identifier

_ASKED = "asked#"
REMIND_DAYS = (7, 3)  # before a task is due
_LATE = "late"  # in the place of a mail's claim: there is no time for it
_FOR_US = timedelta(days=3)  # between the tasks' end and our own: our officer answers what is left
Holders = Mapping[tuple[TenantId, OwnerCode], Sequence[SortKey]]


@dataclass(frozen=True)
class Question:
    """What of which request is asked: by which verified addresses (exact forms), the first as it was written, and what is right
    where something is to be corrected."""

    record: RequestRecord
    request: Request
    right: Right
    addresses: Sequence[str]
    written: str
    changes: Changes

    @property
    def due_at(self) -> datetime:
        """Until when a member is to answer: some days before we must."""
        due = self.request.due_of(self.right)
        return max(due - _FOR_US, min(clock.now() + timedelta(days=1), due))


def ask(question: Question, registry: Registry, has_time: HasTime) -> bool:
    """Give every member who holds the person a task, as far as time allows. Return whether all have one. Safe to repeat."""
    for place in _holders(question.addresses, registry):
        for (tenant, owner), records in place.items():
            _ask_one(question, tenant, owner, records)
        if not has_time():
            return False
    return True


def asked(record: RequestRecord, kinds: Sequence[RightKind]) -> list[tuple[AskedRecord, AskedPayload]]:
    """Return whom we asked for these rights of the request, with what came of it."""
    found = [
        (row, row.unsealed(AskedPayload).model_copy(deep=True)) for row in rows.every(AskedRecord, record.pk, _ASKED)
    ]
    return [(row, payload) for row, payload in found if payload.right in kinds]


def look(found: Sequence[tuple[AskedRecord, AskedPayload]]) -> tuple[bool, datetime | None]:
    """Mail the members whose answer is open where it is time to. Return whether somebody's time is over, and when to look again.

    Unavailable, VersionConflict as work.mails.once.
    """
    late, again = False, list[datetime]()
    for row, payload in found:
        if not payload.open:
            continue
        if payload.due_at <= clock.now():
            late = True
            continue
        _tell(row, payload)
        again += [at for at in _times(payload) if at > clock.now()]
    return late, min(again, default=None)


def answers(found: Iterable[tuple[AskedRecord, AskedPayload]]) -> list[TaskAnswer]:
    """Return which kinds of answers came, each once, in an order that tells nothing."""
    return sorted({payload.answer for _, payload in found if payload.answer is not None})


def given(found: Iterable[tuple[AskedRecord, AskedPayload]]) -> list[Told]:
    """Return what members gave: each value once, whoever gave it, of each kind of source the oldest, and of the times of records
    one, so that nobody can count who holds the person."""
    united: dict[tuple[str, str, str], Told] = {}
    for told in (told for _, payload in found for told in payload.values):
        one = ONE_OF.get(told.field)
        key = (told.kind, told.field, "" if one else told.value)
        known = united.get(key)
        value = one(known.value, told.value) if one and known else told.value
        sources = _oldest([*(known.sources if known else ()), *told.sources])
        united[key] = told.model_copy(update={"value": value, "sources": sources})
    return [told for _, told in sorted(united.items())]


def _oldest(sources: Sequence[Said]) -> list[Said]:
    """Of each kind of source its oldest word, the oldest first."""
    first: dict[tuple[str, str, str], Said] = {}
    for said in sorted(sources, key=lambda said: (said.at, said.source, said.connector)):
        first.setdefault((said.source, said.connector, said.ground), said)
    return list(first.values())


def withdraw(record_pk: str) -> None:
    """Delete what was asked for a request that ends, and the tasks that nobody has answered. Safe to repeat."""
    take_back(rows.every(AskedRecord, record_pk, _ASKED))
    for page in rows.keys(AskedRecord, record_pk, _ASKED):
        batch.delete_all(AskedRecord, [(record_pk, sk) for sk in page])


def take_back(asked_of: Iterable[AskedRecord]) -> None:
    """Delete the tasks of these that nobody has answered. Safe to repeat."""
    for row in asked_of:
        tenant, sk = place_of(row)
        with contextlib.suppress(KeyShredded):
            task = task_rows.find(tenant, sk)
            if task is not None and task.unsealed(TaskPayload).answer is None:
                task_rows.remove(tenant, sk)


def place_of(row: AskedRecord) -> tuple[TenantId, SortKey]:
    """Return where the task of the row stands."""
    _, tenant, owner, local = str(row.sk).split("#")
    return TenantId(tenant), task_rows.sk_of(OwnerCode(owner), local)


def row_of(request: str, tenant: TenantId, task: SortKey) -> AskedRecord | None:
    """Return the row of the request that tells what came of a task, None where the request is over."""
    _, owner, local = task.split("#")
    return rows.get(AskedRecord, f"request#{request}", f"{_ASKED}{tenant}#{owner}#{local}")


def _ask_one(question: Question, tenant: TenantId, owner: OwnerCode, records: Sequence[SortKey]) -> None:
    """The task first, then the row that says that there is one."""
    request, right = mails.request_id(question.record), question.right.kind
    local = tags.platform_digest("task", f"{request}\0{right}\0{tenant}\0{owner}")[:26]
    sk = task_rows.sk_of(owner, local)
    row_sk = f"{_ASKED}{tenant}#{owner}#{local}"
    if member_lookup.readable(tenant, owner) is None or rows.get(AskedRecord, question.record.pk, row_sk) is not None:
        return
    due = question.due_at
    task = TaskPayload(
        request=request,
        right=right,
        address=question.written,
        records=[str(each) for each in records],
        changes=dict(question.changes),
        created_at=clock.now(),
        due_at=due,
    )
    with contextlib.suppress(KeyShredded):
        task_rows.add(tenant, sk, task)
        payload = AskedPayload(right=right, task=f"{PREFIX}_{owner}{local}", due_at=due)
        batch.put_all([AskedRecord.build(question.record.pk, row_sk, payload)])
        log.event("member_asked", request_id=request, tenant=tenant)


def _holders(addresses: Sequence[str], registry: Registry) -> Iterable[Holders]:
    """Tenant by tenant, the records that hold the person, by whose they are."""
    classes = {record.declared.kind: record for record in registry}
    marks = with_aliases([Mark(Identifier.EMAIL, exact) for exact in addresses])
    found: dict[TenantId, list[Pointer]] = {}
    for tag in subject_tags.index_tags(marks):
        for pointer in pointers.find(tag):
            found.setdefault(pointer.tenant, []).append(pointer)
    for tenant, start in sorted(found.items()):
        search = TenantSearch(tenant, classes, start, ())
        with contextlib.suppress(KeyShredded):
            search.more(None)
        holders: dict[tuple[TenantId, OwnerCode], list[SortKey]] = {}
        for sk in sorted(search.found):
            if isinstance(classes[kind_of(sk)].declared.told, Handler):
                holders.setdefault((tenant, owner_of(sk)), []).append(sk)
        yield holders


def _times(payload: AskedPayload) -> list[datetime]:
    return [*(payload.due_at - timedelta(days=days) for days in REMIND_DAYS), payload.due_at]


def _tell(row: AskedRecord, payload: AskedPayload) -> None:
    """The mail that asks, or the last reminder whose time has come; whom it would go to may have left."""
    passed = [days for days in REMIND_DAYS if payload.due_at - timedelta(days=days) <= clock.now()]
    name = f"remind_{min(passed)}" if passed and "asked" in payload.mails else "asked"
    if name in payload.mails:
        return
    tenant, sk = place_of(row)
    found = member_lookup.readable(tenant, owner_of(sk))

    def save() -> None:
        row.reseal(payload)
        rows.put_if_unchanged(row)

    if found is None:
        payload.gone = True
        save()
        return
    member = found.own.unsealed(MemberPayload)
    language = member.settings.language
    template = "privacy_task" if name == "asked" else "privacy_task_reminder"
    if name == "asked":  # so late that a reminder would follow at once
        payload.mails |= {f"remind_{days}": _LATE for days in passed}
    values = {"due": render.day(payload.due_at, language), "privacy_address": settings.current().privacy_address}
    mail = work_mails.written(member.email, template, language, **values)
    work_mails.once(payload.mails, name, mail, save)
