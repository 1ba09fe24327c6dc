"""The rows of a person's copy, of whom we asked for theirs, and of what each of these is asked."""

from chalicelib.domain.privacy.asking_model import KIND, AskedPayload, OwnPart, TaskPayload
from chalicelib.domain.privacy.records import NOT_A_MEMBERS, OWN, UnderRequestKey
from chalicelib.store.declaration import Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import TenantRecord

TASK_DAYS = 180  # longer than any request waits


class OwnPartRecord(UnderRequestKey):
    """PK `request#id`, SK `own_part#number`: what the platform itself holds of the person, as the copy has it."""

    declared = Declaration(
        kind="own_part",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the request ends",
        ended=Ended.WORK,
        payload=OwnPart,
        tenant_end=TenantEnd.OUTLIVES,
        export=NOT_A_MEMBERS,
        because=OWN,
    )


class AskedRecord(UnderRequestKey):
    """PK `request#id`, SK `asked#tenant#task`: a member was asked, and what came of it."""

    declared = Declaration(
        kind="asked",
        holds=Holds.PERSON,
        found=Found.NEVER,
        life="until the request ends",
        ended=Ended.WORK,
        payload=AskedPayload,
        tenant_end=TenantEnd.OUTLIVES,
        export=NOT_A_MEMBERS,
        because=OWN,
    )


class TaskRecord(TenantRecord):
    """SK `task#owner code#id`: what a person asks of records that this member holds."""

    declared = Declaration(
        kind=KIND,
        holds=Holds.PERSON,
        found=Found.POINTER,
        subject=Handler("chalicelib.domain.privacy.task_rows:subject_of"),
        erase=Handler("chalicelib.domain.privacy.task_rows:erase"),
        redact=Handler("chalicelib.domain.privacy.task_rows:redact"),
        told=Because("the request itself, which the person has in its copy"),
        life="180 days; an erasure of the person, or the end of a request that nobody answered, deletes it before",
        life_days=TASK_DAYS,
        ended=Ended.TTL,
        payload=TaskPayload,
        export=Exported("privacy_tasks", "TasksOut", about="what persons asked of your records, and what you answered"),
    )
