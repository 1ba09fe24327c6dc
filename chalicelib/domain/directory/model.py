"""A profile: what is said of somebody, by whom, and from when to when members find it."""

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.core.ids import MemberId, TenantId
from chalicelib.core.models import Model

KIND = "profile"
LIFE = timedelta(days=730)  # of what a public source said, after the day on which it said it
NOTICE_WITHIN = timedelta(days=28)  # of the day on which it was obtained: no later than a month (GDPR art. 14(3)(a))
QUIET = timedelta(days=14)  # between the notice and the day on which members find the profile
SHOWN_A_DAY = 100  # profiles, to one member
FEED_LIFE = timedelta(days=2)  # of how far a file of a feed was read; the bucket keeps the file for a day


class Side(StrEnum):
    """Who made a profile: its own person, who is a member, or a public source."""

    LISTED = "listed"
    PUBLIC = "public"


class Values(Model):
    """What members find: no address and no phone number, which is checked where it comes in. `links` are pages of professional
    networks."""

    name: str = ""
    title: str = ""
    company: str = ""
    links: list[str] = []


class Said(Values):
    """What a public source said on the day `seen_at`, and when we read it."""

    source: str
    url: str
    seen_at: datetime
    obtained_at: datetime

    def lives(self, now: datetime) -> bool:
        """Return whether it may be shown still."""
        return now < self.seen_at + LIFE


class Notice(Model):
    """The mail that tells a person of its profile: by when it must have gone, when it went, and what became of it."""

    due_by: datetime
    sent_at: datetime | None = None
    mails: dict[str, str] = {}


class ProfilePayload(Model):
    """`address` is the person's, where its notice goes; `exact` as it is compared. Of a listed one `values` are the member's own
    words; of a public one `said` has every source's, and `pinned` what the person set right, which stands above all of them."""

    address: str
    exact: str
    tenant: TenantId = TenantId("")
    member: MemberId = MemberId("")
    values: Values = Values()
    said: list[Said] = []
    pinned: Values | None = None
    pinned_fields: list[str] = []
    language: str = ""
    notice: Notice | None = None
    created_at: datetime
    updated_at: datetime

    def shown(self, now: datetime) -> Values:
        """Return what is said of the person now: the newest that a source said, under what the person set right."""
        living = sorted((said for said in self.said if said.lives(now)), key=lambda said: (said.seen_at, said.source))
        base = living[-1] if living else self.values
        right = {name: getattr(self.pinned, name) for name in self.pinned_fields} if self.pinned else {}
        return Values(**{name: right.get(name, getattr(base, name)) for name in Values.model_fields})

    def found_by_members(self, now: datetime) -> bool:
        """Return whether a public profile may be shown: its person was told long enough ago, and a source still says it."""
        told = self.notice.sent_at if self.notice else None
        return told is not None and told + QUIET <= now and any(said.lives(now) for said in self.said)

    @property
    def ends_at(self) -> datetime | None:
        """When the last source's word ends; None for a listed one, which ends with its member's wish."""
        return max((said.seen_at + LIFE for said in self.said), default=None)


class ListingPayload(Model):
    """Where a member's own profile stands."""

    pk: str
    sk: str


class FeedPayload(Model):
    """How far a file of a feed was read: `lines`, and what they came to. `version`: of the file, so that another under its name
    begins anew."""

    version: str
    lines: int = 0
    counts: dict[str, int] = {}
