"""Setting again, from the replay log, what restored tables have more open than it was last set; and saying so where the log does
not know either, or the tables have lost what was opened since."""

from chalicelib.core import clock
from chalicelib.domain.accounts import choices, invitations
from chalicelib.domain.accounts.model import MemberPayload, TenantPayload
from chalicelib.domain.accounts.records import MemberRow, TenantRow
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Charter, Choice, Logged, Withdrawal
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.store.handlers import Replayed
from chalicelib.store.steps import HasTime


def choice(logged: Logged[Choice], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Set a member's settings to the more private of what the log and the tables say; 1 where the tables were more open. The
    member is told where the log says more than one thing, or something more open than holds now."""
    entry = logged.entry
    noted, changed, untold = replay_log.of_same(entry), list[str](), 0

    def change(row: MemberRow) -> rows.Put | None:
        payload = row.unsealed(MemberPayload)
        after = choices.private_settings(payload.settings, noted.values())
        changed[:] = [row.sk] if after != payload.settings else []
        if not changed:
            return None
        row.reseal(payload.model_copy(update={"settings": after, "updated_at": clock.now()}))
        return rows.Put()

    row = rows.update(rows.Key(MemberRow, f"tenant#{entry.tenant}", f"member#{entry.member}"), change)
    if row is not None:
        now = choices.choice(entry.tenant, entry.member, row.unsealed(MemberPayload).settings)
        if any(choices.opens(each, now) for each in noted.values()):
            untold = _tell(row, "settings_restored", max(noted))
    return Replayed(len(changed), untold=untold)


def charter(logged: Logged[Charter], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Do the same for a workspace's days and owners; all present owners are told."""
    tenant = logged.entry.tenant
    noted, changed, untold = replay_log.of_same(logged.entry), list[str](), 0
    members = {row.member: row for row in rows.every(MemberRow, f"tenant#{tenant}", "member#")}

    def change(row: TenantRow) -> rows.Put | None:
        payload = row.unsealed(TenantPayload)
        after = choices.private_payload(payload, list(noted.values()), {*members})
        changed[:] = [row.sk] if after != payload else []
        if not changed:
            return None
        row.reseal(after.model_copy(update={"updated_at": clock.now()}))
        return rows.Put()

    row = rows.update(rows.Key(TenantRow, f"tenant#{tenant}", "tenant"), change)
    if row is not None:
        now = choices.charter(tenant, row.unsealed(TenantPayload))
        if any(choices.opens(each, now) for each in noted.values()):
            told = [members[owner] for owner in now.owners if owner in members]
            untold = sum(_tell(owner, "workspace_restored", max(noted)) for owner in told)
    return Replayed(len(changed), untold=untold)


def invitation(logged: Logged[Withdrawal], _registry: object, _within: str, _has_time: HasTime) -> Replayed:
    """Withdraw an invitation again; 1 where it had come back."""
    entry = logged.entry
    return Replayed(invitations.withdrawn_again(entry.tenant, entry.invitation, entry.at))


def _tell(row: MemberRow, template: str, of: str) -> int:
    """Mail the member once about this state of the log; a later loss has another. Return 1 where no mail is taken now: that
    holds up no deletion that the log has after this, and a later replay mails."""
    payload = row.unsealed(MemberPayload).model_copy(deep=True)
    mail = mails.written(payload.email, template, payload.settings.language)

    def save() -> None:
        row.reseal(payload)
        rows.put_if_unchanged(row, visible=False)

    try:
        mails.once(payload.mails, f"{template}.{of.rpartition('.')[2]}", mail, save)
    except mails.NotTaken:
        return 1  # logged where it was tried
    return 0
