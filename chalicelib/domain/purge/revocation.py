"""Ending the grants of whoever goes, in as many goes as it takes: the payload says how far it is, so that none is tried again."""

from collections.abc import Callable, Mapping

from chalicelib.domain.purge.model import LeavingPayload, PurgePayload
from chalicelib.store.steps import HasTime

# The place after which to go on ("" from the beginning), and whether there is time -> whether all that were tried are known to
# have ended, and the place after which to go on, None where none is left.
Revoke = Callable[[str, HasTime], tuple[bool, str | None]]


def end(revoke: Mapping[str, Revoke], payload: PurgePayload | LeavingPayload, has_time: HasTime) -> bool:
    """Go on revoking the grants of each kind, and return whether none is left to try.

    The caller writes the payload.
    """
    for kind, of_kind in revoke.items():
        after = payload.revoked_to.get(kind, "")
        if after is None:
            continue
        confirmed, payload.revoked_to[kind] = of_kind(after, has_time)
        if not confirmed:
            payload.revocation_unconfirmed = sorted({*payload.revocation_unconfirmed, kind})
        if payload.revoked_to[kind] is not None:
            return False
    return True
