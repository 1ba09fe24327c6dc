"""What the platform itself holds of somebody as a member, or as somebody who was invited: for a copy of their data."""

from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.told import Ground, Said, SourceKind, Told
from chalicelib.domain.accounts.invitations import found_under, place_of


def invitations(exact: str) -> Iterator[Told]:
    """Yield what waiting invitations of the address (exact form) hold."""
    for found in found_under(place_of(exact)):
        payload = found.payload
        if payload.exact == exact:
            at = clock.rfc3339(payload.created_at)
            said = Said(source=SourceKind.MEMBER, at=at, ground=Ground.LEGITIMATE_INTEREST, notice_at=at)
            yield Told(kind="invitation", field="email", value=payload.email, sources=[said])
            yield Told(kind="invitation", field="expires_at", value=clock.rfc3339(payload.expires_at), sources=[said])
