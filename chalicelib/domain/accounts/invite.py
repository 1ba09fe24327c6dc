"""Inviting somebody into a workspace: one mail with a one-time link to their address.

The mail is claimed before it is sent, so no retry sends it twice; where its outcome is unknown, the owner sees that and may
invite again, which makes a fresh link and ends the old one. It goes to whoever the owner names, also to people whom we
erased: only they can say whether they want an account. So that nobody uses us to write to strangers, the mails are few,
and what the inviter named the workspace stands in them as plain words, never as a link.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.connectors.mail.sending import Outgoing, SendFailed, send
from chalicelib.core import clock, log, settings
from chalicelib.core.actor import Identity
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Forbidden, TooManyRequests, Unavailable, VersionConflict
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.core.ids import TenantId
from chalicelib.core.languages import MembersLanguage
from chalicelib.domain.accounts import addresses, invitations
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.accounts.model import (
    InvitationPayload,
    MailState,
    MemberPayload,
    Role,
    TenantPayload,
)
from chalicelib.domain.accounts.records import InvitationRow
from chalicelib.domain.accounts.team import refuse_unless_active
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action
from chalicelib.domain.certificates import replay_log
from chalicelib.store import counters, rows
from chalicelib.texts import render
from chalicelib.vault import signing

LIFE = timedelta(days=7)
PENDING_AT_MOST = 50  # a workspace
MAILS_A_DAY = 100  # a workspace
MAILS_TO_ONE = 10  # a day, workspace and address
TEAM_AT_MOST = 500  # members and invitations: a team is read by one query (membership.py)
_NAME_AT_MOST = 80  # characters of a workspace's name in a mail


@dataclass(frozen=True)
class Asked:
    """Whom an owner invites. `request` is the keyed hash of the Idempotency-Key: with the same one no second mail goes."""

    address: EmailAddress
    role: Role
    language: MembersLanguage
    request: str = ""


def invite(found: Membership, inviter: Identity, asked: Asked) -> InvitationRow:
    """Invite an address by mail, and return the invitation; its mail is sent, or of unknown outcome. OwnerOnly,
    Forbidden(email_unverified, workspace_locked), Conflict(already_member, too_many_invitations, team_full),
    TooManyRequests; Unavailable where the mail was surely not taken, and then all is as before."""
    found.actor.needs_owner()
    tenant = found.tenant.unsealed(TenantPayload)
    refuse_unless_active(tenant)
    sender = _proven(inviter)
    if asked.address.exact in {_exact(row.unsealed(MemberPayload).email) for row in found.team}:
        raise Conflict(
            "This address already belongs to a member of the workspace. Nothing is left to do.",
            code=Code.ALREADY_MEMBER,
        )
    waiting = {invitations.public_id(row): row for row in invitations.pending(found.actor.tenant)}
    kept = waiting.get(invitations.id_for(found.actor.tenant, asked.address.exact))
    if kept is not None and asked.request and kept.unsealed(InvitationPayload).request == asked.request:
        return kept
    if kept is None:
        _refuse_too_many(len(waiting), len(found.team))
    _count_mail(found.actor.tenant, asked.address)
    row, before, secret = _claim(found.actor.tenant, asked)
    link = invitations.token(found.actor.tenant, invitations.public_id(row), secret)
    _send(row, before, link, workspace=plain(tenant.name), inviter=sender)
    audit.team(found.actor.tenant, Action.MEMBER_INVITED, by=found.actor.member, about=invitations.public_id(row))
    return row


def plain(name: str) -> str:
    """Return a workspace's name as a mail shows it: one line of bounded length that no mail program makes a link of."""
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_NAME_AT_MOST]
    return re.sub(r"([.:/@])(?=\S)", "\\1\N{WORD JOINER}", words)


def _proven(inviter: Identity) -> str:
    """The inviter's address, which the mail names and answers go to."""
    address = addresses.verified(inviter)
    if address is None:
        raise Forbidden("Verify your own address before you invite others.", code=Code.EMAIL_UNVERIFIED)
    return address.text


def _exact(email: str) -> str:
    try:
        return EmailAddress.parse(email).exact
    except InvalidIdentifier:
        return email


def _refuse_too_many(waiting: int, members: int) -> None:
    if waiting >= PENDING_AT_MOST:
        raise Conflict(
            f"At most {PENDING_AT_MOST} invitations can be pending. Withdraw one first.", code=Code.TOO_MANY_INVITATIONS
        )
    if waiting + members >= TEAM_AT_MOST:
        raise Conflict(f"A workspace can have at most {TEAM_AT_MOST} members.", code=Code.TEAM_FULL)


def _count_mail(tenant: TenantId, address: EmailAddress) -> None:
    day = counters.DAY
    for name, subject, limit in (
        ("invite-one", f"{tenant}\0{address.base}", MAILS_TO_ONE),
        ("invite", tenant, MAILS_A_DAY),
    ):
        if not counters.take(name, subject, limit, day):
            raise TooManyRequests(
                day - clock.epoch() % day, limit, day, "Too many invitations today. Try again tomorrow."
            )


def _claim(tenant: TenantId, asked: Asked) -> tuple[InvitationRow, InvitationPayload | None, str]:
    """The invitation written with a fresh secret, before its mail: the row, what stood there before, the secret. Where another
    owner invites the same person at this moment, the later one's link holds."""
    try:
        return rows.retry(lambda: _write(tenant, asked))
    except VersionConflict as error:
        raise Conflict("Someone else is inviting this person. Try again.") from error


def _write(tenant: TenantId, asked: Asked) -> tuple[InvitationRow, InvitationPayload | None, str]:
    ident, now = invitations.id_for(tenant, asked.address.exact), clock.now()
    secret, hashed = signing.new_secret()
    row = invitations.find(tenant, ident)
    before = row.unsealed(InvitationPayload) if row else None
    payload = InvitationPayload(
        email=asked.address.text,
        exact=asked.address.exact,
        role=asked.role,
        language=asked.language,
        secret_hash=hashed,
        request=asked.request,
        expires_at=now + LIFE,
        created_at=before.created_at if before else now,
        updated_at=now,
    )
    invitations.make_findable(tenant, ident, payload.exact, payload.expires_at)
    if row is None:
        row = invitations.build(tenant, ident, payload)
        rows.put_new(row, deletable=True)  # whoever withdraws it means it
    else:
        replay_log.note_withdrawal(tenant, ident, row.unsealed(InvitationPayload).updated_at)  # the old link's
        _rewrite(row, payload)
    return row, before, secret


def _rewrite(row: InvitationRow, payload: InvitationPayload) -> None:
    row.reseal(payload)
    row.expires_at = payload.expires_at
    rows.put_if_unchanged(row)


def _send(row: InvitationRow, before: InvitationPayload | None, token: str, *, workspace: str, inviter: str) -> None:
    payload, here = row.unsealed(InvitationPayload), settings.current()
    mail = render.mail(
        "invitation",
        payload.language,
        workspace=workspace,
        inviter=inviter,
        link=f"{here.public_url}/invitations/{token}",
        due=payload.expires_at.date().isoformat(),
        privacy_address=here.privacy_address,
    )
    try:
        send(Outgoing(payload.email, mail.subject, mail.text, mail.html, reply_to=inviter))
    except SendFailed as error:
        log.failure("mail_not_sent", error, kind="invitation", state="retryable" if error.retryable else "final")
        if not error.retryable:
            return  # it may have been taken: the invitation waits, and shows that its mail's outcome is unknown
        _put_back(row, before)
        raise Unavailable("The mail could not be sent. Try again in a moment.") from error
    try:
        _rewrite(row, payload.model_copy(update={"mail": MailState.SENT}))
    except VersionConflict:
        return  # accepted, withdrawn or sent anew meanwhile


def _put_back(row: InvitationRow, before: InvitationPayload | None) -> None:
    """No mail went: an earlier link works again, and a first invitation is none. The earlier one is of now: as it was then, a
    replay after a restore withdraws it."""
    try:
        if before is None:
            rows.delete_if_unchanged(row)
            tenant = TenantId(str(row.pk).removeprefix("invitations#"))
            invitations.withdraw(tenant, invitations.public_id(row), row.unsealed(InvitationPayload).exact)
        else:
            _rewrite(row, before.model_copy(update={"updated_at": clock.now()}))
    except VersionConflict:
        return  # somebody invited the same person meanwhile, with success
