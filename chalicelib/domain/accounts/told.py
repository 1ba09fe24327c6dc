"""What the platform itself holds of somebody as a member, or as somebody who was invited: for a copy of their data."""

from collections.abc import Iterator

from chalicelib.core import clock
from chalicelib.core.told import Ground, Said, SourceKind, Told
from chalicelib.domain.accounts.account_index import members_of
from chalicelib.domain.accounts.invitations import found_under, place_of
from chalicelib.domain.accounts.model import MemberPayload


def invitations(exact: str) -> Iterator[Told]:
    """Yield what waiting invitations of the address (exact form) hold."""
    for found in found_under(place_of(exact)):
        payload = found.payload
        if payload.exact == exact:
            at = clock.rfc3339(payload.created_at)
            said = Said(source=SourceKind.MEMBER, at=at, ground=Ground.LEGITIMATE_INTEREST, notice_at=at)
            yield Told(kind="invitation", field="email", value=payload.email, sources=[said])
            yield Told(kind="invitation", field="expires_at", value=clock.rfc3339(payload.expires_at), sources=[said])


def accounts(exact: str) -> Iterator[Told]:
    """Yield what we hold of the accounts of whose the address (exact form) is, wherever they are members. What they brought in is
    in their own exports."""
    for row in members_of(exact):
        payload = row.unsealed(MemberPayload)
        at = clock.rfc3339(payload.created_at)
        said = Said(source=SourceKind.PERSON, at=at, ground=Ground.CONTRACT, notice_at=at)
        values = {"email": payload.email, "language": payload.settings.language, "kept_since": at}
        for field, value in values.items():
            yield Told(kind="member", field=field, value=value, sources=[said])
