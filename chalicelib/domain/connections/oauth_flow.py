"""A member consents at a provider: begun with a state that is good once and for ten minutes, completed by whoever brings it back.

The state is bound to member, workspace, provider and tier by its row, whose key is the state's digest; RFC 7636's challenge
binds the code to that row too. What comes of it is a connection, its sealed tokens and its first sync.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.connectors import oauth, vendors
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.port import Grant, NoLogin, NotPermitted, Provider, Tier
from chalicelib.core import clock, ids, log
from chalicelib.core.actor import Actor
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    NotFound,
    Unavailable,
    Unprocessable,
    VersionConflict,
)
from chalicelib.domain.accounts import member_lookup, team
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.accounts.model import MemberPayload, TenantPayload
from chalicelib.domain.connections import connect, registrations
from chalicelib.domain.connections.model import ConsentPayload
from chalicelib.domain.connections.records import ConsentRow
from chalicelib.store import rows
from chalicelib.vault import tags

GIVEN_FOR = timedelta(minutes=10)
_SK = "consent"


class NotConnectable(Conflict):
    """The provider permits nothing that we could do with its consent."""

    code, title = Code.NOT_CONNECTABLE, "This provider cannot be connected"


class ConsentUnknown(Gone):
    """Nobody began such a consent here, or it was used, or its ten minutes have passed."""

    code, title = Code.CONSENT_UNKNOWN, "This consent has expired or was already used"


class NotOffered(Conflict):
    """The provider has such a tier, but nothing here would use what it permits."""

    code, title = Code.NOT_OFFERED, "This tier is not offered yet"


@dataclass(frozen=True)
class ConsentResult:
    """What came of a consent. `failure` is a stable word, empty where there is a connection now.

    access_denied: not given. refused, unavailable: the provider did not exchange the code. not_permitted: the member or its
    workspace may not connect any more. Others are connect.NotKept's codes or the provider's words of ours.
    """

    provider: Provider
    return_to: str
    language: str
    failure: str = ""
    connection: str = ""
    account: str = ""
    member: str = ""  # the address of whose consent it is
    workspace: str = ""


def begin(actor: Actor, provider: str, tier: str | None, return_to: str, login: str | None = None) -> str:
    """Return where the member consents. `return_to` is an address that was checked, or empty for our own page; `login`:
    where the member signs in, if not at the provider's usual page.

    NotFound for an unknown provider, NotConnectable, NotOffered, NotRegistered; Unprocessable for a tier or login that it
    does not have.
    """
    known = _provider(provider)
    if known not in vendors.CONNECTABLE:
        raise NotConnectable("This provider does not let apps read contacts. See GET /v1/providers.")
    vendor = vendors.of(known)
    wanted = _tier(known, tier)
    app = replace(registrations.app(known), login=_login(known, login) if login else "")
    now, state, verifier = clock.now(), ids.secret(), ids.secret()
    consent = ConsentPayload(
        tenant=actor.tenant,
        member=actor.member,
        provider=known,
        tier=wanted.name,
        login=app.login,
        verifier=verifier,
        return_to=return_to,
        created_at=now,
    )
    rows.put_new(ConsentRow.build(_pk(state), _SK, consent, ends=now + GIVEN_FOR))
    return vendor.consent_url(
        app,
        wanted,
        state=state,
        challenge=oauth.challenge_of(verifier),
        redirect_uri=registrations.redirect_uri(known),
    )


def complete(provider: str, *, state: str, code: str, error: str) -> ConsentResult:
    """Take what the provider sent the browser back with, and return the result. ConsentUnknown; Unavailable where our
    own services do not answer."""
    consent = _take(provider, state)
    found = member_lookup.readable(consent.tenant, ids.owner_code(consent.member))
    if found is None or not _may(found, consent):
        return _outcome(consent, found, "not_permitted")
    if error or not code:
        return _outcome(consent, found, "access_denied" if error == "access_denied" else "refused")
    try:
        grant = _exchange(consent, code)
        connection = connect.keep(found.actor, consent, grant)
    except (Unavailable, ProviderRefused, NotPermitted, registrations.NotRegistered, connect.NotKept) as failure:
        log.failure("consent_failed", failure, provider=str(consent.provider))
        return _outcome(consent, found, _word(failure))
    log.event("connected", tenant=consent.tenant, provider=str(consent.provider))
    return _outcome(consent, found, connection=connection, account=grant.address or grant.account)


def _word(failure: Exception) -> str:
    """For the client, of a failure to exchange the code or to keep what came of it."""
    if isinstance(failure, connect.NotKept):
        return failure.code
    if isinstance(failure, NotPermitted):
        return failure.reason
    return "unavailable" if isinstance(failure, Unavailable) else "refused"


def _provider(name: str) -> Provider:
    try:
        return Provider(name)
    except ValueError as error:
        raise NotFound from error


def _tier(provider: Provider, name: str | None) -> Tier:
    offered = vendors.offered(provider)
    if name is None:
        return offered[0]
    found = next((tier for tier in vendors.of(provider).tiers if tier.name == name), None)
    if found is None:
        raise Unprocessable([FieldError("tier", FieldCode.UNKNOWN_TIER, "This provider has no such tier.")])
    if found not in offered:
        raise NotOffered(f"Choose one of these tiers: {', '.join(tier.name for tier in offered)}.")
    return found


def _login(provider: Provider, told: str) -> str:
    try:
        return vendors.login(provider, told)
    except NoLogin as error:
        text = "Nobody signs in to this provider there."
        if error.known:
            text = "Salesforce's clouds for the US Department of Defense (.mil) and for China (.cn) are not offered."
        code = FieldCode.LOGIN_NOT_OFFERED if error.known else FieldCode.UNKNOWN_LOGIN
        raise Unprocessable([FieldError("login", code, text)]) from error


def _pk(state: str) -> str:
    return f"{_SK}#{tags.platform_digest(_SK, state)}"


def _take(provider: str, state: str) -> ConsentPayload:
    """The consent of that state; deleting its row on condition makes it good once, also for two that come at a time."""
    row = rows.get(ConsentRow, _pk(state), _SK)
    if row is None:
        raise ConsentUnknown
    try:
        rows.delete_if_unchanged(row)
    except VersionConflict as error:
        raise ConsentUnknown from error
    consent = row.unsealed(ConsentPayload)
    if consent.provider != provider:
        raise ConsentUnknown
    return consent


def _may(found: Membership, consent: ConsentPayload) -> bool:
    """Whether it is the same member still, and its workspace may be written to."""
    try:
        team.refuse_unless_active(found.tenant.unsealed(TenantPayload))
    except Forbidden:
        return False
    return found.actor.member == consent.member


def _exchange(consent: ConsentPayload, code: str) -> Grant:
    return vendors.of(consent.provider).exchange(
        replace(registrations.app(consent.provider), login=consent.login),
        code=code,
        verifier=consent.verifier,
        redirect_uri=registrations.redirect_uri(consent.provider),
    )


def _outcome(consent: ConsentPayload, found: Membership | None, failure: str = "", **more: str) -> ConsentResult:
    if found is None:
        return ConsentResult(consent.provider, consent.return_to, "", failure)
    member, workspace = found.own.unsealed(MemberPayload), found.tenant.unsealed(TenantPayload).name
    told = {"member": member.email, "workspace": workspace, **more}
    return ConsentResult(consent.provider, consent.return_to, member.settings.language, failure, **told)
