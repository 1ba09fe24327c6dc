"""The copy of a person's data as its page gives it: what we hold, and what those who were asked have given so far."""

from datetime import datetime

from chalicelib.core import clock
from chalicelib.core.errors import Gone
from chalicelib.domain.privacy import asking, own_part, verification
from chalicelib.domain.privacy.asking_model import Copy, Customers
from chalicelib.domain.privacy.model import PersonPayload
from chalicelib.domain.privacy.states import COPIES, Intake, RightKind
from chalicelib.domain.privacy.verification import Opened


def until(opened: Opened) -> datetime:
    """Return until when the link shows the copy. Gone where there is none (yet, or any more)."""
    right = next((right for kind in COPIES if (right := opened.payload.right(kind))), None)
    ends: datetime = opened.link.expires_at
    ready = right is not None and right.ready_at is not None and not opened.payload.ended
    if not ready or opened.payload.intake is not Intake.VERIFIED or opened.link.address != 0 or ends <= clock.now():
        raise Gone
    return ends


def stands(opened: Opened) -> bool:
    """Return whether the link shows a copy now."""
    try:
        until(opened)
    except Gone:
        return False
    return True


def read(opened: Opened) -> Copy:
    """Return the copy. Gone as in `until`."""
    until(opened)
    own = own_part.read(opened.request.pk)
    if own is None:
        raise Gone
    found = asking.asked(opened.request, COPIES)
    return Copy(
        request=opened.id,
        made_at=clock.rfc3339(own.made_at or opened.payload.received_at),
        addresses=own.addresses,
        ours=own.values,
        customers=Customers(
            asked=bool(found),
            waiting=any(payload.open for _, payload in found),
            answers=asking.answers(found),
            values=asking.given(found),
        ),
    )


def offers_erasure(opened: Opened) -> bool:
    """Return whether the person may go straight on to the erasure that it asked for too."""
    return any(right.kind is RightKind.ERASURE for right in opened.payload.offered())


def offers_form(opened: Opened) -> bool:
    """Return whether the person may say what is right."""
    verified = opened.payload.intake is Intake.VERIFIED and opened.link.address == 0
    asked = any(right.kind is RightKind.RECTIFICATION for right in opened.payload.offered())
    return verified and asked and opened.link.expires_at > clock.now()


def form(opened: Opened) -> dict[str, str]:
    """Return what the form of a rectification is filled with: what the letter said, by field. Gone where there is none."""
    if not offers_form(opened):
        raise Gone
    return dict(verification.person_of(opened.request).unsealed(PersonPayload).changes)
