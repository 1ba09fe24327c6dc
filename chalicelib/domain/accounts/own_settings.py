"""A member's own settings: noted outside the tables, written, and told to the feed where they change what the team sees."""

from dataclasses import replace
from typing import Any

from chalicelib.core import clock
from chalicelib.core.errors import NotFound
from chalicelib.core.versions import Versions, require
from chalicelib.domain.accounts import choices, digests, sharing
from chalicelib.domain.accounts.membership import Membership
from chalicelib.domain.accounts.model import MemberPayload, MemberSettings, SettingsPatch
from chalicelib.domain.accounts.records import MemberRow
from chalicelib.domain.audit import journal
from chalicelib.domain.audit.model import Action
from chalicelib.domain.certificates import replay_log
from chalicelib.store import rows
from chalicelib.store.steps import send


def change(found: Membership, patch: SettingsPatch, if_match: Versions | None = None) -> Membership:
    """Set the member's settings that the patch names; they hold from the next request on. PreconditionFailed where
    `if_match` is another version; NotFound where the member has just gone; Unavailable while it cannot be noted.

    What a switch changes for those who follow the feed is told by the worker; where this is killed, within minutes.
    """
    earlier: list[str] = []
    switched: dict[str, Any] = {}

    def set_them(row: MemberRow) -> rows.Put:
        nonlocal switched
        require(if_match, int(row.version))
        payload = row.unsealed(MemberPayload)
        changed = {**payload.settings.model_dump(), **patch.model_dump(exclude_unset=True)}
        # A switch cannot be null; only retention can be unset.
        after = MemberSettings(**{k: v for k, v in changed.items() if v is not None})
        earlier[:] = choices.note_member(found.actor.tenant, row.member, payload.settings, after)
        now = clock.now()
        switched = sharing.noted(payload, after, now)
        row.reseal(payload.model_copy(update={"settings": after, "updated_at": now, **switched}))
        asking = sharing.asking(found.actor.tenant, found.actor.code) if switched else []
        return rows.Put([*asking, *digests.asking(found.actor, payload.settings, after)])

    own = rows.update(found.own, set_them)
    replay_log.forget(earlier)
    if own is None:
        raise NotFound
    if switched and found.actor.colleagues:  # alone in a team, nobody waits for it
        sharing.holds(own, clock.now())
        send("work", sharing.due_of(found.actor.tenant, found.actor.code))
    journal.own(found.actor, Action.SETTINGS_CHANGED, [found.actor.member])
    return replace(found, own=own)
