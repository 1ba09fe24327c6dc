"""What is noted of our officer: what it was told by mail, and what it did."""

from datetime import datetime

from chalicelib.core.models import Model
from chalicelib.domain.privacy.states import RightKind


class OfficerMail(Model):
    """What became of a mail to our officer, or to the operator, and the requests that it tells of."""

    mails: dict[str, str] = {}
    told: list[str] = []


class OfficerAction(Model):
    """What our officer did to a request: when, who (a keyed hash of the account), what, why, to which rights."""

    at: datetime
    by: str
    action: str
    reason: str = ""
    rights: list[RightKind] = []
