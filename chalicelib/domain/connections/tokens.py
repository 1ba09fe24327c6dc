"""Access tokens of one connection: kept in memory while they are good, refreshed by one worker at a time.

Whoever refreshes first claims the credential's row for a while; the others wait until the row changes or the claim ends. What
a refresh brought goes in where the tokens that it was traded for still stand there, whoever has the claim by then: a slow
worker overwrites nothing newer, and a refresh token that the provider gave in exchange for the old one is not lost.
"""

import threading
import time
from datetime import timedelta

from chalicelib.connectors import oauth, vendors
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import App, Grant, GrantEnded, Misconfigured, NotPermitted, Provider, RefreshRefused
from chalicelib.core import clock, ids, log
from chalicelib.core.codes import RunOutcome
from chalicelib.core.errors import SealBroken, Unavailable, VersionConflict
from chalicelib.core.ids import TenantId
from chalicelib.core.stream_codes import StreamReason
from chalicelib.domain.connections import credentials, registrations, repository
from chalicelib.domain.connections.model import ConnectionPayload, CredentialPayload
from chalicelib.domain.connections.records import CredentialRecord
from chalicelib.store import rows

EARLY = timedelta(seconds=60)  # before a token ends, it is refreshed
# Longer than the longest refresh: two of connectors.oauth's, should our registration be a new one, and our own calls.
CLAIM_S = 45
_LONGEST_WAIT_S = 60.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.0


class TokensBroken(SealBroken):
    """What is kept of the grant opens no more, now or ever: only a new consent mends it."""


class ConnectionTokens:
    """A port.TokenSource. Thread-safe; one a run of a worker."""

    def __init__(self, tenant: TenantId, connection_id: str) -> None:
        self.tenant, self.connection_id = tenant, connection_id
        self._lock = threading.Lock()
        self._raw, self._kept = b"", CredentialPayload()
        self._connection: ConnectionPayload | None = None

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:
        """Return a bearer token, never `instead_of`. GrantEnded, TokensBroken; NotPermitted where nothing brings another than
        that, which has not ended yet; ProviderDown, also where another worker's refresh takes too long; Misconfigured,
        NotRegistered."""
        with self._lock:
            if self._good(instead_of):
                return self._kept.access_token
            return self._from_row(until, instead_of)

    @property
    def renewable(self) -> bool:
        """Return whether what was opened last has a refresh token."""
        return bool(self._kept.refresh_token)

    def grant(self) -> Grant:
        """Return what the connection knows of its grant, without the tokens. GrantEnded where there is no connection
        any more."""
        known = self._known()
        return Grant(
            "",
            scopes=tuple(known.scopes),
            base_url=known.base_url,
            account=known.account,
            address=known.address,
            login=known.login,
            consented_at=known.consented_at,
        )

    def whole_grant(self) -> Grant:
        """Return the grant with its tokens as they stand, for whoever ends it. GrantEnded where there are none (any
        more); TokensBroken."""
        self._open(self._row())
        return self._grant()

    def _from_row(self, until: float | None, instead_of: str) -> str:
        deadline = min(clock.monotonic() + _LONGEST_WAIT_S, until if until is not None else float("inf"))
        pause = _FIRST_PAUSE_S
        while True:
            row = self._row()
            self._open(row)
            if self._good(instead_of):
                return self._kept.access_token
            if not self._kept.refresh_token:
                if instead_of and self._good(""):  # nothing brings another one, and this one has not ended by its age
                    raise NotPermitted(StreamReason.SESSION_REFUSED)
                raise GrantEnded
            if _claimed(row):
                if clock.monotonic() >= deadline:
                    raise ProviderDown(str(self._known().provider), sent=False)
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                late = row.refreshing is not None  # whose claim ended without a word: killed, or only slow
                token = self._refresh(row, late) if _claim(row) else ""
                if token and token == instead_of:  # given anew, and refused before: asking again would bring it again
                    raise RefreshRefused(str(self._known().provider), sent=False)
                if token:
                    return token

    def _refresh(self, row: CredentialRecord, late: bool) -> str:
        """The new token; empty where another worker's word counts: look at the row again. GrantEnded, ProviderDown.

        `late`: another worker's claim had ended without a word. It may be about to store what it traded in, so an end of the
        grant is believed at the next try only.
        """
        try:
            fresh = self._ask()
        except GrantEnded:
            if not _give_up(row):
                return ""  # another has stored, or is about to: perhaps what ended was what it traded in
            if late:
                raise ProviderDown(str(self._known().provider)) from None
            raise
        except (ProviderRefused, registrations.NotRegistered, Unavailable) as error:
            log.failure("refresh_failed", error, tenant=self.tenant, provider=str(self._known().provider))
            _give_up(row)
            if isinstance(error, oauth.AppRefused):
                raise Misconfigured(error.provider, RunOutcome.APP_REFUSED) from None
            if isinstance(error, ProviderRefused):  # nothing that asking again would mend soon; and final after a while
                raise RefreshRefused(error.provider) from None
            raise
        return self._store(row, fresh)

    def _ask(self) -> Grant:
        provider = self._known().provider
        vendor, app = vendors.of(provider), registrations.app(provider)
        try:
            return vendor.refresh(app, self._grant())
        except ProviderRefused:
            rotated = _rotated(provider, app)
            if rotated is None:
                raise
            return vendor.refresh(rotated, self._grant())

    def _store(self, row: CredentialRecord, fresh: Grant) -> str:
        """Put them in where nothing but claims has changed since; empty where newer ones stand there. GrantEnded where the row
        has gone."""
        traded, payload = bytes(row.tokens or b""), credentials.payload_of(fresh, self._kept)
        newer = False

        def change(found: CredentialRecord) -> rows.Put | None:
            nonlocal newer
            newer = bytes(found.tokens or b"") != traded
            if newer:
                return None
            credentials.fill(found, payload)
            return rows.Put(visible=False)

        stored = rows.update(row, change)
        if stored is None:
            raise GrantEnded
        if newer:
            return ""
        self._raw, self._kept = bytes(stored.tokens or b""), payload
        self._moved(fresh)
        return payload.access_token

    def _moved(self, fresh: Grant) -> None:
        """Remember where the account's API is now, for the next run too."""
        if not fresh.base_url or fresh.base_url == self._known().base_url:
            return
        self._known().base_url = fresh.base_url
        record = repository.find(self.tenant, self.connection_id)
        if record is not None:
            payload = record.unsealed(ConnectionPayload).model_copy(deep=True)
            payload.base_url = fresh.base_url
            try:
                repository.save(record, payload)
            except VersionConflict:
                return  # the next refresh says it again

    def _good(self, instead_of: str) -> bool:
        kept = self._kept
        if not kept.access_token or kept.access_token == instead_of:
            return False
        # One that nothing can replace is used to its last second.
        early = EARLY if kept.refresh_token else timedelta(0)
        return kept.expires_at is None or clock.now() + early < kept.expires_at

    def _row(self) -> CredentialRecord:
        row = credentials.read(self.tenant, self.connection_id)
        if row is None:
            raise GrantEnded
        return row

    def _open(self, row: CredentialRecord) -> None:
        """One call to KMS where the row has other tokens than were opened last. TokensBroken."""
        raw = bytes(row.tokens or b"")
        if raw == self._raw:
            return
        try:
            self._kept = credentials.opened(row)
        except SealBroken as error:
            log.failure("tokens_broken", error, tenant=self.tenant)
            log.metric("sync", "BrokenTokens", 1)  # an alarm of infra/resources.yaml waits for it
            raise TokensBroken from error
        self._raw = raw

    def _known(self) -> ConnectionPayload:
        if self._connection is None:
            record = repository.find(self.tenant, self.connection_id)
            if record is None:
                raise GrantEnded
            self._connection = record.unsealed(ConnectionPayload).model_copy(deep=True)
        return self._connection

    def _grant(self) -> Grant:
        kept, known = self._kept, self._known()
        return Grant(
            access_token=kept.access_token,
            refresh_token=kept.refresh_token,
            expires_at=kept.expires_at,
            scopes=tuple(kept.scopes),
            base_url=known.base_url,
            account=known.account,
            address=known.address,
            login=known.login,
        )


def _claimed(row: CredentialRecord) -> bool:
    return row.refreshing_until is not None and clock.parse_rfc3339(row.refreshing_until) > clock.now()


def _claim(row: CredentialRecord) -> bool:
    """Take the row for a while; whether it was still as read."""
    row.refreshing = ids.secret(80)
    row.refreshing_until = clock.rfc3339(clock.now() + timedelta(seconds=CLAIM_S))
    try:
        rows.put_if_unchanged(row)
    except VersionConflict:
        return False
    return True


def _give_up(row: CredentialRecord) -> bool:
    """End the claim; whether it was still ours, so that nobody has changed the tokens since."""
    row.refreshing = row.refreshing_until = None
    try:
        rows.put_if_unchanged(row)
    except VersionConflict:
        return False
    return True


def _rotated(provider: Provider, app: App) -> App | None:
    """Our registration as it is now, where it is another than the one that was refused."""
    fresh = registrations.app(provider, fresh=True)
    return fresh if fresh != app else None
