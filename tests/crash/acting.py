"""What members do through the API, and a worker for them, to be killed in a process of its own."""

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import MemberId, TenantId


def _actor(tenant: TenantId, member: MemberId) -> Actor:
    return Actor(tenant, member, "owner", ids.owner_code(member))


def send_file(tenant: TenantId, member: MemberId, text: str) -> None:
    """POST /v1/imports with the file itself."""
    from chalicelib.domain.imports import direct_upload
    from chalicelib.domain.imports.model import HowToRead

    direct_upload.receive(_actor(tenant, member), text.encode(), content_type="text/csv", how=HowToRead())


def start_import(tenant: TenantId, member: MemberId, import_id: str) -> None:
    """POST /v1/imports/{id}/start."""
    from chalicelib.domain.imports import uploads

    uploads.start(_actor(tenant, member), import_id)


def disconnect(tenant: TenantId, member: MemberId, connection_id: str) -> None:
    """DELETE /v1/connections/{id}."""
    from chalicelib.domain.connections import disconnect

    disconnect.ask(_actor(tenant, member), connection_id)


def refresh(tenant: TenantId, connection_id: str, refused: str) -> str:
    """A worker whose token the provider has refused; the new one."""
    from chalicelib.domain.connections.tokens import ConnectionTokens

    return ConnectionTokens(tenant, connection_id).token(instead_of=refused)


def confirm_deletions(tenant: TenantId, member: MemberId, connection_id: str) -> None:
    """POST /v1/connections/{id}/confirm-deletions."""
    from chalicelib.domain.sync import on_demand

    on_demand.confirm(_actor(tenant, member), connection_id)


def hide(tenant: TenantId, member: MemberId) -> None:
    """PATCH /v1/me/settings: the member shares nothing any more."""
    from chalicelib.domain.accounts import member_lookup, own_settings
    from chalicelib.domain.accounts.model import SettingsPatch

    found = member_lookup.readable(tenant, ids.owner_code(member))
    assert found is not None
    own_settings.change(found, SettingsPatch(share_contacts=False, share_tags=False))


def close(tenant: TenantId, member: MemberId, other: MemberId) -> None:
    """An owner shares no contacts any more, has them kept for 90 days, and makes the other owner a member."""
    from chalicelib.domain.accounts import member_lookup, own_settings, retention_settings, team
    from chalicelib.domain.accounts.model import Role, SettingsPatch, WorkspacePatch

    found = member_lookup.readable(tenant, ids.owner_code(member))
    assert found is not None
    own_settings.change(found, SettingsPatch(share_contacts=False))
    retention_settings.change(found.tenant, found.actor, WorkspacePatch(contact_life_days=90), None)
    team.change_role(found, other, Role.MEMBER)


def forget_wishes(address: str) -> None:
    """An erasure's part for what its person said of the use of its data."""
    from chalicelib.domain.suppression import wishes

    for _ in wishes.erase_at(wishes.place_of(address), lambda _: True):
        pass


def ask_for_introduction(issuer: str, subject: str, email: str, company: str, path: str) -> None:
    """POST /v1/introductions."""
    from chalicelib.domain.network import introductions

    introductions.ask(_present(issuer, subject, email), company, path)


def decide_introduction(issuer: str, subject: str, email: str, ident: str) -> None:
    """POST /v1/introductions/{id}: the member agrees."""
    from chalicelib.domain.network import introductions
    from chalicelib.domain.network.model import Decision

    introductions.decide(_present(issuer, subject, email), ident, Decision.AGREE)


def merge_pair(issuer: str, subject: str, email: str, ident: str) -> None:
    """POST /v1/matches/{id}: the two are the same."""
    from chalicelib.domain.matching import decisions
    from chalicelib.domain.matching.proposal import Decision

    decisions.decide(_present(issuer, subject, email), ident, Decision.SAME, None)


def part_pair(issuer: str, subject: str, email: str, ident: str) -> None:
    """POST /v1/matches/{id}/undo."""
    from chalicelib.domain.matching import decisions

    decisions.undo_merge(_present(issuer, subject, email), ident, None)


def _present(issuer: str, subject: str, email: str) -> Actor:
    """The member as it acts in a request, with its colleagues."""
    from chalicelib.core.actor import Identity
    from chalicelib.domain.accounts import membership

    who = Identity(issuer, subject, email, email_verified=True, auth_time=0)
    return membership.membership(who).actor
