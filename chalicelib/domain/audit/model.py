"""What one row of the journal says: ids, kinds, times and effects; no name, no address, no text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from chalicelib.core.ids import MemberId, OwnerCode
from chalicelib.core.models import Model
from chalicelib.store.declaration import Share

KIND = "audit"
SHOWN_KIND = "shown"
PREFIX = "aud"
TEAM = OwnerCode("0" * 10)  # in the place of an owner code: what concerns the workspace and no member's resources
NO_MEMBER = MemberId("")  # where nobody of the team acted, or the range of the row says who did
LIFE_DAYS = 365  # a workspace may set less, which holds at once when the log is read
FEED_DAYS = 30  # that changes are told for
SHORTEST_LIFE_DAYS = FEED_DAYS + 1
SETTLING_S = 60  # longer than any request lives (29 s); writers that may take longer tell twice
# Each set of things that a member may share with colleagues, and the name of the view that they have then.
VIEWS: dict[tuple[Share, ...], str] = {
    (Share.CONTACTS,): "contacts",
    (Share.TAGS,): "tags",
    (Share.TAGS, Share.CONTACTS): "both",
}
SWITCHES = "switches"  # in the place of a view: what all colleagues are told after their view has changed
MOST_ENTRIES = 500  # of one row, whose item may have 400 KB


def view_of(*, share_tags: bool, share_contacts: bool) -> str:
    """Return the name of the view that colleagues of a member with these switches have, empty where they have none."""
    switches = {Share.TAGS: share_tags, Share.CONTACTS: share_contacts}
    return VIEWS.get(tuple(share for share, on in switches.items() if on), "")


def shares_of(view: str) -> tuple[Share, ...]:
    """Return what a member shares whose colleagues have the view of that name."""
    return next((shares for shares, name in VIEWS.items() if name == view), ())


class RestoredPayload(Model):
    """When tables were restored last."""

    at: datetime


class Action(StrEnum):
    """What was done; the word before the point is what it was done to."""

    CONTACT_CREATED = "contact.created"
    CONTACT_UPDATED = "contact.updated"
    CONTACT_DELETED = "contact.deleted"
    CONTACT_IMPORTED = "contact.imported"  # one part of an import; the log shows `import.finished` for all of them
    COMPANY_IMPORTED = "company.imported"  # the same of companies
    COMPANY_CREATED = "company.created"
    COMPANY_UPDATED = "company.updated"
    COMPANY_DELETED = "company.deleted"
    COMPANY_TAGGED = "company.tagged"
    COMPANY_UNTAGGED = "company.untagged"
    SIGNAL_TOLD = "signal.told"  # about the company
    IMPORT_FINISHED = "import.finished"
    EXPORT_REQUESTED = "export.requested"
    CONNECTION_CONNECTED = "connection.connected"
    CONNECTION_DISCONNECTED = "connection.disconnected"
    DIRECTORY_SEARCHED = "directory.searched"  # about the profiles that were shown
    PATHS_READ = "paths.read"  # who knows somebody at the company
    INTRODUCTION_ASKED = "introduction.asked"
    INTRODUCTION_ANSWERED = "introduction.answered"
    SETTINGS_CHANGED = "settings.changed"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    MEMBER_REMOVED = "member.removed"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    ROLE_CHANGED = "role.changed"
    SUBSCRIPTION_CHECKOUT = "subscription.checkout"
    SUBSCRIPTION_CANCELLING = "subscription.cancelling"  # asked for, and PayPal has not confirmed it
    SUBSCRIPTION_NOT_CANCELLED = "subscription.not_cancelled"  # and did not for three days
    SUBSCRIPTION_SURPLUS = "subscription.surplus"  # a second one was ended
    SUBSCRIPTION_CANCELLED = "subscription.cancelled"
    SUBSCRIPTION_CHANGED = "subscription.changed"
    WORKSPACE_SETTINGS_CHANGED = "workspace.settings_changed"


class By(StrEnum):
    """MEMBER: somebody of the team. SYSTEM: an erasure, the end of a life, a message from PayPal."""

    MEMBER = "member"
    SYSTEM = "system"


class Effect(StrEnum):
    """What a client that keeps copies does about a resource: read it (again), or drop it."""

    UPSERT = "upsert"
    DELETE = "delete"


class Entry(Model):
    """One resource that changed: `own` is the effect for its owner, `others` for colleagues to whom it is shared, None
    where they could see no difference; `bare` for those to whom the owner's companies are not shown. `shared_by`: for them
    only while the owner shares all of these; `since` when it was first shown to any. The owner's own row says nothing of the
    others."""

    kind: str
    id: str
    own: Effect | None = Effect.UPSERT
    others: Effect | None = Field(default=None, exclude=True)
    bare: Effect | None = Field(default=None, exclude=True)
    shared_by: tuple[Share, ...] = Field(default=(), exclude=True)
    since: str = Field(default="", exclude=True)


class Shown(Model):
    """One resource, and what a client of a colleague does about it. `since`: of what is deleted, when it was first shown;
    `version`: of what a switch tells, that of what was shown then."""

    kind: str
    id: str
    effect: Effect
    since: str = ""
    version: int = 0


class ShownPayload(Model):
    """What colleagues in one view are told of one row of the journal: nothing that they are not shown, not even its being."""

    changes: list[Shown] = []


@dataclass(frozen=True)
class Cause:
    """Why something changes: what is done, by whom, and for how many days the log keeps that."""

    action: Action
    by: By = By.MEMBER
    days: int = LIFE_DAYS


class JournalPayload(Model):
    """`at` is RFC 3339. `member` is who acted, where the row's range does not say it. `about` are ids besides the entries'."""

    action: Action
    at: str
    by: By = By.MEMBER
    member: MemberId = NO_MEMBER
    about: list[str] = []
    entries: list[Entry] = []
