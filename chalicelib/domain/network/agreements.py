"""Which colleagues have agreed to be named to the caller, on the way to which company."""

from chalicelib.core import ids
from chalicelib.core.actor import Actor
from chalicelib.core.ids import MemberId
from chalicelib.domain.network.model import IntroductionPayload, IntroductionState
from chalicelib.domain.network.records import IntroductionRecord
from chalicelib.store import rows

Named = frozenset[tuple[str, MemberId]]  # companies' ids, and colleagues


def named(actor: Actor) -> Named:
    """Return the companies, each with a colleague who has agreed. One call."""
    prefix = ids.key_range(IntroductionRecord.declared.kind, actor.code)
    asked = (row.unsealed(IntroductionPayload) for row in rows.every(IntroductionRecord, actor.tenant, prefix))
    return frozenset((each.company_id, each.colleague) for each in asked if each.state is IntroductionState.AGREED)
