"""What members are told: all the date of the purge when the subscription ends, owners the certificate when all is gone."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock, settings
from chalicelib.core.ids import TenantId
from chalicelib.domain.accounts import member_lookup
from chalicelib.domain.certificates import issue
from chalicelib.domain.purge import ledger
from chalicelib.domain.purge.model import Owner, PurgePayload
from chalicelib.domain.purge.records import PurgeRecord
from chalicelib.domain.purge.subscription_end import End
from chalicelib.domain.work import mails
from chalicelib.store import rows

_KEY_BACKUP_DAYS = 1  # that of the table of keys: from then on no backup of the data can be read


def announce(tenant: TenantId, record: PurgeRecord, payload: PurgePayload, end: End) -> None:
    """Mail every owner and every other member, once, the date of the deletion and what can be done until then."""
    values = {"period_end": _day(end.period_end), "purge_at": _moment(end.purge_at)}
    _tell(record, payload, "workspace_ending", values)
    for member in member_lookup.addressed(tenant):
        if not member.is_owner:
            name = f"workspace_ending_member.{member.member}"
            _mail(record, payload, name, Owner(email=member.email, language=member.language), values)


def certify(tenant: TenantId, record: PurgeRecord) -> None:
    """Sign the certificate, and mail every owner its link once. Unavailable where a mail is not taken now."""
    payload = record.unsealed(PurgePayload)
    statement = _statement(tenant, payload)
    issue.issue(payload.certificate_id, statement)
    url = settings.current().public_url
    values = {
        "link": f"{url}/certificates/{payload.certificate_id}",
        "keys_link": f"{url}/.well-known/jwks.json",
        "live_deleted_at": statement["live_deleted_at"],
        "backups_expire_at": statement["backups_expire_at"],
    }
    _tell(record, payload, "workspace_purged", values)


def _tell(record: PurgeRecord, payload: PurgePayload, template: str, values: dict[str, str]) -> None:
    for number, owner in enumerate(payload.owners):
        _mail(record, payload, f"{template}.{number}", owner, values)


def _mail(record: PurgeRecord, payload: PurgePayload, name: str, to: Owner, values: dict[str, str]) -> None:
    """Mail once what `name` says before its point."""

    def save() -> None:
        record.reseal(payload)
        rows.put_if_unchanged(record)

    address = settings.current().privacy_address
    mail = mails.written(to.email, name.partition(".")[0], to.language, privacy_address=address, **values)
    mails.once(payload.mails, name, mail, save)


def _statement(tenant: TenantId, payload: PurgePayload) -> dict[str, Any]:
    deleted = payload.deleted_at or clock.now()
    shredded = payload.shredded_at or deleted
    return {
        "typ": "purge",
        "iat": int(clock.now().timestamp()),
        "workspace": tenant,
        "reason": payload.reason,
        "closed_at": clock.rfc3339(payload.closing_at or shredded),
        "keys_shredded_at": clock.rfc3339(shredded),
        "live_deleted_at": clock.rfc3339(deleted),
        "backups_unreadable_at": clock.rfc3339(shredded + timedelta(days=_KEY_BACKUP_DAYS)),
        "backups_expire_at": clock.rfc3339(deleted + timedelta(days=issue.BACKUP_DAYS)),
        "deleted": payload.counts,
        "searched_kinds": payload.kinds,
        "revocation_unconfirmed": payload.revocation_unconfirmed,
        "kept": ledger.listed(payload.closing_at or shredded),
        "limits": "States what we did with what we held, not what others hold.",
    }


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
