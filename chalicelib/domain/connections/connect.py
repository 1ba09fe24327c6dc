"""A grant becomes a connection, or the new consent of one: an account that its member connects again stays one connection."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.connectors import oauth, vendors
from chalicelib.connectors.port import Grant
from chalicelib.core import clock, ids, log
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict, Unavailable, VersionConflict
from chalicelib.core.identifiers import InvalidIdentifier
from chalicelib.domain.audit import journal as audit
from chalicelib.domain.audit.model import Action, Cause
from chalicelib.domain.audit.records import JournalRecord
from chalicelib.domain.certificates import narrowed
from chalicelib.domain.certificates.narrowed import Narrowing
from chalicelib.domain.connections import credentials, mailboxes, registrations, repository, tiers
from chalicelib.domain.connections.model import (
    PREFIX,
    SYNC_DUE,
    ConnectionPayload,
    ConnectionState,
    ConsentPayload,
)
from chalicelib.domain.connections.records import ConnectionRecord
from chalicelib.store import rows
from chalicelib.store.due import Due, wake
from chalicelib.store.steps import send
from chalicelib.vault import tags

_FIRST_LOOK = timedelta(seconds=60)


class NotKept(Conflict):
    """The grant does not become a connection now; trying again later helps. `code` says why."""


class StillEnding(NotKept):
    """The account is being disconnected just now: revoking its old grant could end the new one with it."""

    code, title = Code.STILL_DISCONNECTING, "This account is still being disconnected"


class AccountUnknown(NotKept):
    """The provider did not say which account consented, and it may be another than those that the member has connected."""

    code, title = Code.ACCOUNT_UNKNOWN, "The provider did not say which account this is"


def keep(actor: Actor, consent: ConsentPayload, grant: Grant) -> str:
    """Keep the grant, sync at once, and return the connection's id. StillEnding, AccountUnknown, Unavailable: the
    provider was asked to end the grant again.

    The id is made of the account, so that two consents at a time make one connection; it is the same again when an
    account that was disconnected comes back.
    """
    try:
        ident = _ident(actor, consent, grant)
    except AccountUnknown:
        oauth.give_back(vendors.of(consent.provider), registrations.app(consent.provider), grant)
        raise
    try:
        _keep(actor, consent, ident, grant)
    except (StillEnding, Unavailable):
        _give_back(actor, consent, ident, grant)
        raise
    return str(ident)


def _ident(actor: Actor, consent: ConsentPayload, grant: Grant) -> ids.OwnedId:
    """Of the connection that the member has of the account, or of a new one. Where the provider does not say which account it
    is, or did not when it was connected: of the only one that it can be. AccountUnknown."""
    payloads = ((each.sk, each.unsealed(ConnectionPayload)) for each in repository.of_member(actor.tenant, actor.code))
    held = [(ids.owned_of(PREFIX, sk), payload) for sk, payload in payloads if payload.provider == consent.provider]
    if grant.account:
        same = [ident for ident, payload in held if payload.account == grant.account]
        same = same or [ident for ident, payload in held if not payload.account]
    else:
        # One that is read already, of an account that is known, is not given the tokens of what may be another.
        if len(held) > 1 or any(each.account and each.state is ConnectionState.ACTIVE for _, each in held):
            raise AccountUnknown
        same = [ident for ident, _ in held]
    local = tags.natural_key(actor.tenant, f"connection\0{consent.provider}\0{grant.account}")
    return same[0] if same else ids.new_owned(PREFIX, actor.member, local)


def _keep(actor: Actor, consent: ConsentPayload, ident: ids.OwnedId, grant: Grant) -> None:
    due = Due(SYNC_DUE, f"{actor.tenant}.{ident}")
    # Before there is a connection, so that none is without its sync; a worker that finds none drops the row.
    wake(due, clock.now() + _FIRST_LOOK)
    _mailbox(consent, str(ident), grant)
    _write(actor, consent, ident, grant)
    if tiers.reads_mail(consent.provider, consent.tier):
        narrowed.forget(actor.tenant, str(ident))
    send("sync", due)


def _give_back(actor: Actor, consent: ConsentPayload, ident: ids.OwnedId, grant: Grant) -> None:
    """Not where the account's connection stands, or may stand: at some providers the end of one grant is the end of all."""
    try:
        stands = repository.find(actor.tenant, str(ident))
        if stands is None or not repository.shown(stands):
            oauth.give_back(vendors.of(consent.provider), registrations.app(consent.provider), grant)
    except (Unavailable, registrations.NotRegistered) as failure:
        log.failure("grant_not_given_back", failure, tenant=actor.tenant, provider=str(consent.provider))


def _write(actor: Actor, consent: ConsentPayload, ident: ids.OwnedId, grant: Grant) -> None:
    def attempt() -> None:
        record = repository.find(actor.tenant, str(ident))
        if record is None:
            _insert(actor, consent, ident, grant)
        else:
            _renew(actor, consent, record, grant)

    try:
        rows.retry(attempt)
    except VersionConflict as error:  # workers, or other consents, always wrote between our read and write
        raise Unavailable from error


def _insert(actor: Actor, consent: ConsentPayload, ident: ids.OwnedId, grant: Grant) -> None:
    """Connection, credential and the log's entry: all or nothing."""
    now = clock.now()
    payload = _granted(
        ConnectionPayload(provider=consent.provider, tier="", created_at=now, updated_at=now), consent, grant
    )
    record = ConnectionRecord.build(actor.tenant, repository.row_sk(ident), payload)
    credential = credentials.build(actor.tenant, str(ident), credentials.payload_of(grant))
    rows.put_new(record, [credential, _journal(actor, str(ident))])


def _renew(actor: Actor, consent: ConsentPayload, record: ConnectionRecord, grant: Grant) -> None:
    """The tokens first: a connection that says it is active has those of the consent that made it so."""
    payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
    if payload.state is ConnectionState.ENDING:
        raise StillEnding
    if not grant.account:
        grant = replace(grant, account=payload.account, address=payload.address)
    ident = repository.public_id(record)
    payload = _granted(payload, consent, grant)
    if payload.mail_ended:
        narrowed.note(
            Narrowing(
                tenant=actor.tenant,
                connection=ident,
                tier=payload.tier,
                at=payload.consented_at or clock.now(),
            )
        )
    credential = credentials.read(actor.tenant, ident)
    if credential is None:
        rows.put_new(credentials.build(actor.tenant, ident, credentials.payload_of(grant)))
    else:
        credentials.fill(credential, credentials.payload_of(grant))
        rows.put_if_unchanged(credential)
    repository.save(record, payload, [_journal(actor, ident)])


def _granted(payload: ConnectionPayload, consent: ConsentPayload, grant: Grant) -> ConnectionPayload:
    if tiers.reads_mail(payload.provider, payload.tier) and not tiers.reads_mail(payload.provider, consent.tier):
        payload.mail_ended = True
    payload.tier, payload.state, payload.reason = consent.tier, ConnectionState.ACTIVE, ""
    payload.account, payload.address, payload.base_url = grant.account, grant.address, grant.base_url
    payload.login = grant.login
    payload.scopes, payload.failures, payload.mails = list(grant.scopes), 0, {}
    payload.consented_at = clock.now()
    payload.refused_since = payload.forbidden_since = payload.failed_at = None
    return payload


def _mailbox(consent: ConsentPayload, connection_id: str, grant: Grant) -> None:
    """Let news of the account's mailbox find the connection where its tier reads mail, and only there."""
    if not tiers.reads_mail(consent.provider, consent.tier):
        mailboxes.forget(grant.address, consent.tenant, connection_id)
        return
    try:
        mailboxes.remember(grant.address, consent.tenant, connection_id)
    except InvalidIdentifier:
        return  # the provider did not say an address: the mailbox is asked by schedule only


def _journal(actor: Actor, connection_id: str) -> JournalRecord:
    cause = Cause(Action.CONNECTION_CONNECTED, days=actor.audit_days)
    return audit.journal(actor.tenant, actor.code, cause, about=[connection_id])
