"""Sign-ins at the desk that were ended before their time: a copy of the cookie opens nothing from then on."""

from datetime import UTC, datetime

from chalicelib.core.errors import VersionConflict
from chalicelib.domain.privacy.records import SignedOutRecord
from chalicelib.store import rows
from chalicelib.vault import tags

_PK = "officer"


def end(session_id: str, until: int) -> None:
    """End the sign-in of that id. `until`: when its cookie would be over, in seconds of the epoch. Safe to repeat."""
    record = SignedOutRecord.build(_PK, _sk(session_id), ends=datetime.fromtimestamp(until, UTC))
    try:
        rows.put_new(record)
    except VersionConflict:
        return  # ended before


def ended(session_id: str) -> bool:
    """Return whether the sign-in of that id was ended. One call."""
    return rows.get(SignedOutRecord, _PK, _sk(session_id)) is not None


def _sk(session_id: str) -> str:
    return f"signed_out#{tags.platform_digest('officer-signed-out', session_id)}"
