"""Searching the directory: by words of the name, a bounded page at a time, so many profiles a day and member, and noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.core import clock
from chalicelib.core.actor import Actor
from chalicelib.core.errors import TooManyProfiles
from chalicelib.domain.accounts.model import MemberPayload, TenantPayload, TenantState
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import Action
from chalicelib.domain.directory import names, repository
from chalicelib.domain.directory.model import SHOWN_A_DAY, ProfilePayload, Side, Values
from chalicelib.domain.directory.records import ProfileRecord, ProfileTokenRecord
from chalicelib.domain.suppression import wishes
from chalicelib.domain.suppression.wishes import Use
from chalicelib.store import batch, counters, rows
from chalicelib.store.counters import DAY

_LOOKED_AT = 100  # profiles of one request: where few of them are shown, its page is short and carries a cursor
_COUNTER = "profiles"


@dataclass(frozen=True)
class Profile:
    """A profile as members find it."""

    id: str
    values: Values


def page(actor: Actor, *, q: str, company: str, limit: int, after: str | None) -> tuple[list[Profile], str | None]:
    """Return the next profiles whose name has all words of `q`, at a company with all words of `company`, and where the next page
    begins. Noted in the member's audit log. TooManyProfiles where the day's are used up, whatever would be found."""
    left = SHOWN_A_DAY - counters.used(_COUNTER, _subject(actor), DAY)
    if left <= 0:
        raise _too_many()
    wanted = names.words(q)
    if not wanted:
        return [], None
    word = max(wanted, key=lambda each: len(min(each)))
    looked = rows.page(ProfileTokenRecord, names.token_pk(word), "", limit=_LOOKED_AT, after=after)
    found, last = _found(looked.records, wanted, names.words(company)), looked.last
    if len(found) > limit:
        found, last = found[:limit], found[limit - 1][0]
    granted = counters.take_up_to(_COUNTER, _subject(actor), len(found), SHOWN_A_DAY, DAY) if found else 0
    if found and not granted:
        raise _too_many()
    shown = found[:granted]
    if len(shown) < len(found):
        last = shown[-1][0]
    profiles = [profile for _, profile in shown]
    journal.own(actor, Action.DIRECTORY_SEARCHED, [each.id for each in profiles])
    return profiles, last


def _found(
    tokens: Sequence[ProfileTokenRecord], wanted: list[frozenset[str]], company: list[frozenset[str]]
) -> list[tuple[str, Profile]]:
    """The profiles to be shown, each with the sort key of what led to it, in that order."""
    now, there = clock.now(), batch.get_all(ProfileRecord, [repository.of_token(each) for each in tokens])
    fitting: list[tuple[str, ProfileRecord, ProfilePayload]] = []
    for token in tokens:
        row = there.get(repository.of_token(token))
        payload = row.unsealed(ProfilePayload) if row else None
        if row is None or payload is None:
            continue
        values = payload.shown(now)
        if names.has_all(wanted, values.name) and names.has_all(company, values.company):
            fitting.append((str(token.sk), row, payload))
    listed = _listed(fitting)
    hidden = wishes.forbidden(Use.DIRECTORY, {payload.exact for _, _, payload in fitting})
    return [
        (at, Profile(repository.public_id(row), payload.shown(now)))
        for at, row, payload in fitting
        if payload.exact not in hidden and _may_be_found(row, payload, listed)
    ]


def _may_be_found(row: ProfileRecord, payload: ProfilePayload, listed: Mapping[str, bool]) -> bool:
    """A listed one while its member wishes it; a public one once its person knows, and has none of its own."""
    if repository.side_of(row) is Side.LISTED:
        return listed.get(payload.exact, False)
    return payload.found_by_members(clock.now()) and not listed.get(payload.exact, False)


def _listed(fitting: Sequence[tuple[str, ProfileRecord, ProfilePayload]]) -> dict[str, bool]:
    """By address, whether its member wishes to be listed now, in a workspace that is active: under whatever name."""
    exact = sorted({payload.exact for _, _, payload in fitting})
    rows_of = batch.get_all(
        ProfileRecord, [(repository.place_of(each), repository.sort_key(Side.LISTED, each)) for each in exact]
    )
    own = [row.unsealed(ProfilePayload) for row in rows_of.values()]
    keys = [(f"tenant#{each.tenant}", sk) for each in own for sk in ("tenant", f"member#{each.member}")]
    there = batch.get_all(MemberRow, sorted(set(keys)))

    def wished(payload: ProfilePayload) -> bool:
        pk = f"tenant#{payload.tenant}"
        tenant, member = there.get((pk, "tenant")), there.get((pk, f"member#{payload.member}"))
        if tenant is None or member is None:
            return False
        of_tenant = tenant.unsealed(TenantPayload)
        stays = of_tenant.state is TenantState.ACTIVE and payload.member not in of_tenant.leaving
        return stays and member.unsealed(MemberPayload).settings.directory_listed

    return {each.exact: wished(each) for each in own}


def _subject(actor: Actor) -> str:
    return f"{actor.tenant}.{actor.member}"


def _too_many() -> TooManyProfiles:
    return TooManyProfiles(DAY - clock.epoch() % DAY, SHOWN_A_DAY, DAY)
