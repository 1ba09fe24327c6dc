"""What a member does with its tasks: see what a person asked of its records, and answer, which the person's request then has."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import Conflict, FieldError, KeyShredded, NotFound, Unprocessable
from chalicelib.core.ids import SortKey
from chalicelib.core.told import Told
from chalicelib.domain.privacy import asking, task_rows
from chalicelib.domain.privacy.asking_model import ANSWERS, KIND, PREFIX, AskedPayload, TaskAnswer, TaskPayload
from chalicelib.domain.privacy.asking_records import AskedRecord, TaskRecord
from chalicelib.domain.privacy.model import DUE_KIND
from chalicelib.store import rows
from chalicelib.store.due import Due, wake
from chalicelib.store.handlers import Handler
from chalicelib.store.records import SealedRecord
from chalicelib.store.steps import send

Kinds = Mapping[str, type[SealedRecord]]
_MOST = 1_000  # that one look reads


@dataclass(frozen=True)
class Task:
    """A task with what the member's records say now; a record that has gone says nothing."""

    id: str
    version: int
    payload: TaskPayload
    held: list[tuple[str, list[Told]]]  # by record


def page(
    actor: Actor, kinds: Kinds, after: tuple[str, str] | None, limit: int
) -> tuple[list[Task], tuple[str, str] | None]:
    """Return the member's own tasks, those that wait first, the most urgent first, and where the next page begins."""
    found: list[tuple[tuple[str, str], TaskRecord]] = []
    for row in rows.every(TaskRecord, actor.tenant, ids.key_range(KIND, actor.code)):
        payload = row.unsealed(TaskPayload)
        place = ("1" if payload.answer else "0") + clock.rfc3339(payload.due_at)
        found.append(((place, str(ids.owned_of(PREFIX, row.sk))), row))
        if len(found) >= _MOST:
            break
    left = [each for each in sorted(found, key=lambda each: each[0]) if after is None or each[0] > after]
    shown = [seen(row, kinds) for _, row in left[:limit]]
    return shown, left[limit - 1][0] if len(left) > limit else None


def answer(actor: Actor, ident: str, kinds: Kinds, said: TaskAnswer, reason: str) -> Task:
    """Answer a task and return it. The request has it first, so that a kill leaves a task that can be answered once more, alike.

    NotFound; Conflict (ALREADY_DECIDED) where it was answered otherwise; Unprocessable for an answer that is none to what was
    asked, or a refusal without a reason; AddressNotStorable as for any change of a contact.
    """
    owned = ids.parse_owned(ident, PREFIX)
    if owned is None or owned.owner != actor.code:
        raise NotFound
    sk = task_rows.sk_of(owned.owner, owned.local)

    def attempt() -> Task:
        row = task_rows.find(actor.tenant, sk)
        if row is None:
            raise NotFound
        task = row.unsealed(TaskPayload)
        _check(task, said, reason)
        if task.answer is None:
            if said is TaskAnswer.CORRECTED:
                _correct(actor, task, kinds)
            reached = _hand_over(row, task, kinds, said, reason)
            after = {"answer": said, "reason": reason, "answered_at": clock.now()}
            task_rows.save(row, task.model_copy(update=after))
            if reached:
                send("deletions", Due(DUE_KIND, task.request))
        return seen(row, kinds)

    return rows.retry(attempt)


def _check(task: TaskPayload, said: TaskAnswer, reason: str) -> None:
    if said not in ANSWERS[task.right]:
        raise Unprocessable([FieldError("answer", FieldCode.NOT_A_CHOICE, "This does not answer what was asked.")])
    if said is TaskAnswer.REFUSED and not reason:
        raise Unprocessable([FieldError("reason", FieldCode.MISSING, "Say why you refuse.")])
    if task.answer not in (None, said):
        raise Conflict("This was answered already.", code=Code.ALREADY_DECIDED)


def _correct(actor: Actor, task: TaskPayload, kinds: Kinds) -> None:
    for sk in map(SortKey, task.records):
        correct = kinds[ids.kind_of(sk)].declared.correct
        if correct is not None:
            try:
                correct.load()(actor, sk, task.changes)
            except NotFound:
                continue  # the record has gone


def _hand_over(row: TaskRecord, task: TaskPayload, kinds: Kinds, said: TaskAnswer, reason: str) -> bool:
    """Write the answer, and what a copy gives, into the person's request; whether that is still there."""
    values = [told for _, held in _held(row, task, kinds) for told in held] if said is TaskAnswer.COPY else []

    def change(asked: AskedRecord) -> rows.Put | None:
        payload = asked.unsealed(AskedPayload)
        if payload.answer is not None:
            return None
        asked.reseal(payload.model_copy(update={"answer": said, "reason": reason, "values": values}))
        return rows.Put()

    asked = asking.row_of(task.request, row.tenant, row.sk)
    if asked is None:
        return False
    try:
        rows.update(asked, change)
    except KeyShredded:
        return False  # the request has just ended
    wake(Due(DUE_KIND, task.request), clock.now())
    return True


def seen(row: TaskRecord, kinds: Kinds) -> Task:
    """Return a task with what the records that it is about say, until it is answered."""
    payload = row.unsealed(TaskPayload)
    held = _held(row, payload, kinds) if payload.answer is None else []
    return Task(str(ids.owned_of(PREFIX, row.sk)), int(row.version), payload, held)


def _held(row: TaskRecord, task: TaskPayload, kinds: Kinds) -> list[tuple[str, list[Told]]]:
    found = list[tuple[str, list[Told]]]()
    for sk in map(SortKey, task.records):
        told = kinds[ids.kind_of(sk)].declared.told
        if isinstance(told, Handler):
            found.append((sk, list(told.load()(row.tenant, sk))))
    return found
