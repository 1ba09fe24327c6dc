"""What members and owners chose, as it is noted outside the tables and set again after a restore: the more private side always.

A change is noted before it takes effect, and what was noted before it is forgotten after (see replay_log.note_setting). So one
note says how things stand, two that a change was killed, and then nobody knows which of them counts.
"""

from collections.abc import Iterable, Sequence

from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.domain.accounts.model import LONGEST_DAYS, MemberSettings, TenantPayload, WorkspaceSettings
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Charter, Choice

_RETENTION = "retention_days"


def note_member(tenant: TenantId, member: MemberId, before: MemberSettings, after: MemberSettings) -> list[str]:
    """Note what the member chooses, where it differs from before. Return what is to be forgotten once it holds."""
    chosen = choice(tenant, member, after)
    return [] if chosen == choice(tenant, member, before) else replay_log.note_setting(chosen)


def note_workspace(tenant: TenantId, before: TenantPayload, after: TenantPayload) -> list[str]:
    """Note who owns the workspace and how long it keeps what, where it differs from before. Return as above."""
    chosen = charter(tenant, after)
    return [] if chosen == charter(tenant, before) else replay_log.note_setting(chosen)


def choice(tenant: TenantId, member: MemberId, settings: MemberSettings) -> Choice:
    """Return the settings as the log has them."""
    on = [name for name, value in settings if value is True]
    return Choice(tenant=tenant, member=member, on=on, days={_RETENTION: settings.retention_days or LONGEST_DAYS})


def charter(tenant: TenantId, payload: TenantPayload) -> Charter:
    """Return the workspace's rules as the log has them."""
    owners = sorted(set(payload.owners) - set(payload.leaving))
    return Charter(tenant=tenant, owners=owners, days=payload.settings.model_dump())


def private_settings(settings: MemberSettings, noted: Iterable[Choice]) -> MemberSettings:
    """Return the settings with whatever one of the notes has more private."""
    now = choice(TenantId(""), MemberId(""), settings)
    for each in noted:
        now.on, now.days = [name for name in now.on if name in each.on], _fewest(now.days, each.days)
    switches = {name: name in now.on for name, value in settings if isinstance(value, bool)}
    kept = None if now.days[_RETENTION] == LONGEST_DAYS else now.days[_RETENTION]
    return settings.model_copy(update={**switches, _RETENTION: kept})


def private_payload(payload: TenantPayload, noted: Sequence[Charter], present: set[MemberId]) -> TenantPayload:
    """Return the workspace with whatever one of the notes has more private: fewer days, fewer owners.

    Where none of the owners would be left, those come in who are owners by every note and `present` in the team; where there
    are none, those who are stay: a workspace has an owner. Without a note nothing changes: the last may just have been forgotten.
    """
    if not noted:
        return payload
    days, known = payload.settings.model_dump(), set(noted[0].owners)
    for each in noted:
        days, known = _fewest(days, each.days), known.intersection(each.owners)
    here = sorted(known & present - set(payload.leaving))
    owners = [owner for owner in payload.owners if owner in known] or here or payload.owners
    return payload.model_copy(update={"owners": owners, "settings": WorkspaceSettings(**days)})


def opens(noted: Choice | Charter, now: Choice | Charter) -> bool:
    """Return whether a note lets somebody do or keep more than what holds now."""
    if any(days > now.days.get(name, days) for name, days in noted.days.items()):
        return True
    if isinstance(noted, Charter) and isinstance(now, Charter):
        return not set(noted.owners) <= set(now.owners)
    return isinstance(noted, Choice) and isinstance(now, Choice) and not set(noted.on) <= set(now.on)


def forget_tenant(tenant: TenantId) -> int:
    """Forget what is noted of a workspace that ends; 0, for that is bookkeeping. Safe to repeat."""
    replay_log.forget_settings(tenant)
    return 0


def forget_member(tenant: TenantId, owner: OwnerCode) -> None:
    """Forget what is noted of a member who goes. Safe to repeat."""
    replay_log.forget_settings(tenant, owner)


def _fewest(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: min(days, other.get(name, days)) for name, days in one.items()}
