"""Introductions as they are sealed, and what becomes of one."""

from enum import StrEnum

from chalicelib.core.ids import MemberId, SortKey
from chalicelib.core.models import Model

INTRODUCTION_DAYS = 90  # from the asking on, whatever was answered
ASKED_PREFIX, REQUEST_PREFIX = "int", "inr"


class IntroductionState(StrEnum):
    """PENDING: nobody has answered. EXPIRED: nobody did in time; no row says so, its age does."""

    PENDING = "pending"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"


class IntroductionPayload(Model):
    """What the member asked for: the company, as it has it, and the path there. Times are RFC 3339. `colleague`: who agreed;
    until then the row does not say whom it went to, so that nothing that is read of it does."""

    company_id: str
    path: str
    state: IntroductionState = IntroductionState.PENDING
    colleague: MemberId = MemberId("")
    created_at: str
    decided_at: str = ""


class IntroductionRequestPayload(Model):
    """What the member is asked: by whom, and about which of its own contacts, whose company it is told. `introduction`: the sort
    key of the asker's row."""

    introduction: SortKey
    asker: MemberId
    contact: str
    state: IntroductionState = IntroductionState.PENDING
    created_at: str
    decided_at: str = ""


class Decision(StrEnum):
    """What whoever is asked answers."""

    AGREE = "agree"
    DECLINE = "decline"
