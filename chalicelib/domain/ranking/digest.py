"""The weekly mail of a member that switched it on: five prospects with their reasons, and one link into the app.

No person's name stands in it, nor what members wrote freely of a signal: companies, and why each. It is claimed in the member's
own row before it is sent, so that it is sent once at most, whatever is killed.
"""

from datetime import datetime

from chalicelib.core import clock, settings
from chalicelib.core.ids import OwnerCode
from chalicelib.domain.accounts import digests, member_lookup
from chalicelib.domain.accounts.membership import Membership, in_team
from chalicelib.domain.accounts.model import DIGEST_DUE, MemberPayload, TenantPayload, TenantState
from chalicelib.domain.ranking import prospects, wording
from chalicelib.domain.ranking.model import Prospect
from chalicelib.domain.work import mails
from chalicelib.store import rows
from chalicelib.store.steps import DONE, Outcome, Turn, Work, later

_MOST, _REASONS = 5, 2  # prospects, and reasons of each
_MAIL = "weekly_digest"


def _advance(turn: Turn) -> Outcome:
    """Mail this week's prospects, unless that was done, and plan the next week's. It ends where the member has gone or switched
    it off; a locked workspace is not mailed."""
    found = member_lookup.readable(turn.due.tenant, OwnerCode(turn.due.about))
    if found is None or not found.own.unsealed(MemberPayload).settings.weekly_digest:
        return DONE
    now = clock.now()
    if found.tenant.unsealed(TenantPayload).state is TenantState.ACTIVE:
        _send(found, now)
    return later(digests.following(now), "planned")


WORK = Work(DIGEST_DUE, "work", (_advance,), shredded=lambda _: DONE)


def _send(found: Membership, now: datetime) -> None:
    member = found.own.unsealed(MemberPayload).model_copy(deep=True)
    year, number, _ = now.isocalendar()
    week = f"{year}-{number:02}"
    if week in member.digest:
        return
    first = prospects.ranking(in_team(found)).prospects[:_MOST]
    if not first:
        return
    language = member.settings.language
    here = settings.current()
    mail = mails.written(
        member.email,
        _MAIL,
        language,
        list="\n\n".join(_line(place, each, language) for place, each in enumerate(first, 1)),
        link=f"{here.app_url or here.public_url}/prospects",
    )
    member.digest = {}  # of weeks before nothing is asked any more

    def save() -> None:
        found.own.reseal(member)
        rows.put_if_unchanged(found.own, visible=False)

    mails.once(member.digest, week, mail, save)


def _line(place: int, prospect: Prospect, language: str) -> str:
    name = prospect.company.payload.name.value
    strongest = [reason for part in prospect.parts.values() for reason in part.reasons if reason.weight > 0][:_REASONS]
    told = [f"– {wording.said(reason, language, names=False)}" for reason in strongest]
    return "\n".join([f"{place}. {name} ({prospect.score:.0f})", *told])
