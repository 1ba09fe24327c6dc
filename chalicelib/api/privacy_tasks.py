"""What persons asked of the records that the caller holds: each task with what the records say, and its answer."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code
from chalicelib.core.models import Input, Model, Time
from chalicelib.core.told import Told
from chalicelib.core.written import ONE_LINE
from chalicelib.domain.privacy.asking_model import TaskAnswer
from chalicelib.domain.privacy.states import RightKind

if TYPE_CHECKING:
    from chalicelib.domain.privacy.tasks import Task

bp = Blueprint(__name__)
_LONGEST_REASON = 2_000  # characters


class HeldOut(Model):
    """What a record of the caller's says of the person, with the sources of each value; never the notes. Empty where the record
    has gone."""

    id: str
    values: list[Told]


class ChangeOut(Model):
    """What the person says is right. `old`: what the caller's records say now."""

    field: str
    old: list[str]
    new: str


class TaskOut(Model):
    """`right`: what is asked. Access, source and portability are answered `copy`, which gives the person what `held` shows,
    without your name; a rectification `corrected`, which puts `changes` into your records; a restriction `restricted` and an
    objection `objection_kept`, by which you keep to it wherever you have the person; all also `refused`, with a reason.
    `held` and `changes` stand there until it is answered."""

    id: str
    right: RightKind
    address: str
    held: list[HeldOut]
    changes: list[ChangeOut]
    answer: TaskAnswer | None
    reason: str
    created_at: Time
    due_at: Time
    answered_at: Time | None


class TasksOut(Model):
    items: list[TaskOut]
    next_cursor: str | None


class TaskAnswerIn(Input):
    """`reason`: why you refuse; needed then. It is for the privacy officer, and not shown to the person."""

    answer: TaskAnswer
    reason: Annotated[str, StringConstraints(max_length=_LONGEST_REASON, strip_whitespace=True), ONE_LINE] = ""


def task_out(task: "Task") -> TaskOut:
    """Return a task as it is shown."""
    payload = task.payload
    said = [told for _, values in task.held for told in values]
    changes = payload.changes if payload.answer is None else {}
    return TaskOut(
        id=task.id,
        right=payload.right,
        address=payload.address,
        held=[HeldOut(id=_public(sk), values=values) for sk, values in task.held],
        changes=[
            ChangeOut(field=field, old=list(dict.fromkeys(t.value for t in said if t.field == field)), new=new)
            for field, new in changes.items()
        ],
        answer=payload.answer,
        reason=payload.reason,
        created_at=payload.created_at,
        due_at=payload.due_at,
        answered_at=payload.answered_at,
    )


def _public(sk: str) -> str:
    """The id under which the record is read: of a contact its own."""
    from chalicelib.core import ids  # noqa: PLC0415 - cold start
    from chalicelib.domain.contacts.model import KIND, PREFIX  # noqa: PLC0415

    key = ids.SortKey(sk)
    return str(ids.owned_of(PREFIX if ids.kind_of(key) == KIND else ids.kind_of(key), key))


@route(bp, "GET", "/v1/privacy/tasks", query=pagination.ListQuery, answer=TasksOut)
def list_tasks(call: Call) -> Reply:
    """List what persons asked of the caller's records, what waits for an answer first."""
    from chalicelib.domain import kinds  # noqa: PLC0415 - cold start
    from chalicelib.domain.privacy import tasks  # noqa: PLC0415

    at = pagination.position(call.actor, "tasks", call.query.cursor)
    after = (at["place"], at["id"]) if at else None
    items, last = tasks.page(call.actor, kinds.BY_KIND, after, call.query.limit)
    behind = pagination.cursor(call.actor, "tasks", {"place": last[0], "id": last[1]} if last else None)
    return Reply(TasksOut(items=[task_out(each) for each in items], next_cursor=behind))


@route(
    bp,
    "POST",
    "/v1/privacy/tasks/{id}",
    body=TaskAnswerIn,
    answer=TaskOut,
    refuses=(Code.ALREADY_DECIDED, Code.ADDRESS_NOT_STORABLE),
    while_locked=True,
)
def answer_task(call: Call) -> Reply:
    """Answer a task: give the copy, put the correction in, keep to what the person wishes, or refuse with a reason."""
    from chalicelib.domain import kinds  # noqa: PLC0415 - cold start
    from chalicelib.domain.privacy import tasks  # noqa: PLC0415

    found = tasks.answer(call.actor, call.path["id"], kinds.BY_KIND, call.body.answer, call.body.reason)
    return Reply(task_out(found))
