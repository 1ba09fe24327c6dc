"""How long a workspace keeps what: set by its owner, shortened by each member for its own contacts, read for every request."""

from dataclasses import dataclass

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Lives
from chalicelib.core.errors import NotFound
from chalicelib.core.ids import OwnerCode, TenantId
from chalicelib.core.versions import Versions, require
from chalicelib.domain.accounts import choices, unread_streams
from chalicelib.domain.accounts.model import (
    LONGEST_DAYS,
    MemberPayload,
    TenantPayload,
    TenantState,
    WorkspacePatch,
    WorkspaceSettings,
)
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.certificates import replay_log
from chalicelib.store import rows

_MEMBERS_AT_ONCE = 1000


@dataclass(frozen=True)
class TeamLives:
    """The lives in one workspace: `own` by owner code; `common` for what no present member owns. `leaving`: the owner codes of
    members whose end has begun."""

    state: TenantState
    common: Lives
    own: dict[OwnerCode, Lives]
    leaving: frozenset[OwnerCode] = frozenset()

    def has(self, owner: OwnerCode) -> bool:
        """Return whether the member with the owner code is one of the team."""
        return owner in self.own and owner not in self.leaving

    def of(self, owner: OwnerCode) -> Lives:
        """Return the lives of the member with the owner code."""
        return self.own.get(owner, self.common)


def lives(workspace: WorkspaceSettings, member: MemberPayload | None = None) -> Lives:
    """Return a member's lives: the shorter of what the workspace and the member itself want. Without one: the workspace's."""
    if member is None:
        return Lives(min(workspace.contact_life_days, LONGEST_DAYS), workspace.connection_copy_days)
    return Lives(
        min(workspace.contact_life_days, member.settings.retention_days or LONGEST_DAYS),
        workspace.connection_copy_days,
        unread_streams.of(member),
    )


def of_team(tenant: TenantId) -> TeamLives | None:
    """Return the lives of everybody in a tenant, for jobs; None where there is no such tenant (any more). One call."""
    team = rows.page(MemberRow, f"tenant#{tenant}", "", limit=_MEMBERS_AT_ONCE).records
    row = next((row for row in team if row.sk == "tenant"), None)
    if row is None:
        return None
    payload = row.unsealed(TenantPayload)
    return TeamLives(
        payload.state,
        lives(payload.settings),
        {
            ids.owner_code(row.member): lives(payload.settings, row.unsealed(MemberPayload))
            for row in team
            if row.is_member
        },
        frozenset(map(ids.owner_code, payload.leaving)),
    )


def change(tenant: MemberRow, actor: Actor, patch: WorkspacePatch, if_match: Versions | None) -> MemberRow:
    """Set what the patch names in the workspace's settings; it holds from the next request on. The row may have been
    read before.

    OwnerOnly, PreconditionFailed where `if_match` names other versions, NotFound where the tenant has just gone, Unavailable
    while it cannot be noted.
    """
    actor.needs_owner("Only an owner of the workspace changes this.")
    earlier: list[str] = []

    def write(row: MemberRow) -> rows.Put:
        require(if_match, int(row.version))
        payload = row.unsealed(TenantPayload)
        changed = {**payload.settings.model_dump(), **patch.model_dump(exclude_unset=True)}
        after = WorkspaceSettings(**{name: days for name, days in changed.items() if days is not None})
        changed_payload = payload.model_copy(update={"settings": after, "updated_at": clock.now()})
        earlier[:] = choices.note_workspace(actor.tenant, payload, changed_payload)
        row.reseal(changed_payload)
        return rows.Put()

    row = rows.update(tenant, write)
    replay_log.forget(earlier)
    if row is None:
        raise NotFound
    return row
