"""A task of a member, as a person's request gives it, without the request."""

from datetime import timedelta

from chalicelib.core import clock, ids
from chalicelib.domain import kinds
from chalicelib.domain.accounts.member_lookup import readable
from chalicelib.domain.contacts.model import KIND, PREFIX
from chalicelib.domain.privacy import asking_model, task_rows, tasks
from chalicelib.domain.privacy.states import RightKind
from tests.conftest import Member


def given(member: Member, contact_id: str, address: str = "somebody@walk.example") -> str:
    """The id of a task that asks the member for a copy of that contact."""
    owner, local = ids.owner_code(member.id), ids.timeless()
    contact = ids.parse_owned(contact_id, PREFIX)
    assert contact
    task = asking_model.TaskPayload(
        request=ids.new("req"),
        right=RightKind.ACCESS,
        address=address,
        records=[str(ids.sort_key(KIND, owner, contact.local))],
        created_at=clock.now(),
        due_at=clock.now() + timedelta(days=20),
    )
    task_rows.add(member.tenant, task_rows.sk_of(owner, local), task)
    return f"{asking_model.PREFIX}_{owner}{local}"


def answer_all(tenant: str, member: str, request: str, said: str) -> None:
    """Answer every task of a request that waits, as the API does."""
    account = readable(ids.TenantId(tenant), ids.owner_code(ids.MemberId(member)))
    assert account
    for task in tasks.page(account.actor, kinds.BY_KIND, None, 100)[0]:
        if task.payload.request == request and task.payload.answer is None:
            tasks.answer(account.actor, task.id, kinds.BY_KIND, asking_model.TaskAnswer(said), "")
